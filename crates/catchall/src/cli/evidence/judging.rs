//! The flags that judge one statement, and the command of the engine that they come to: accepted, rejected, reopened, corrected, or
//! answered by a reply, a relief or a retraction. A correction starts from what stands; a flag changes one thing of it.

use anyhow::anyhow;
use catchall_ledger::statement::Statement;
use catchall_ledger::statement::event::{Bearing, Identified, RelationKind, Told};
use catchall_ledger::statement::rules::Command;

use super::super::Stop;
use crate::evidence::Held;

/// What is done to which statement.
#[derive(Debug, clap::Args)]
pub(super) struct Judging {
    /// Accept a statement.
    #[arg(long, value_name = "ID", requires = "ledger", group = "judged")]
    accept: Option<String>,
    /// Reject a statement; say why.
    #[arg(
        long,
        value_name = "ID",
        requires = "ledger",
        requires = "why",
        group = "judged"
    )]
    reject: Option<String>,
    /// Take acceptance or rejection back; say why.
    #[arg(
        long,
        value_name = "ID",
        requires = "ledger",
        requires = "why",
        group = "judged"
    )]
    reopen: Option<String>,
    /// Put a right reading in the place of a wrong one, and accept it; say why, and what was told (`--speaker`, `--kind` ...).
    #[arg(
        long,
        value_name = "ID",
        requires = "ledger",
        requires = "why",
        group = "judged"
    )]
    correct: Option<String>,
    /// Record what the party answers to a statement: a denial with full rank.
    #[arg(
        long,
        value_name = "ID",
        requires_all = ["ledger", "said", "content", "source"],
        group = "judged"
    )]
    reply: Option<String>,
    /// Record that what a statement tells was lifted or made good.
    #[arg(
        long,
        value_name = "ID",
        requires_all = ["ledger", "said", "content", "source"],
        group = "judged"
    )]
    relieve: Option<String>,
    /// Record that its source took a statement back.
    #[arg(
        long,
        value_name = "ID",
        requires_all = ["ledger", "said", "content", "source"],
        group = "judged"
    )]
    retract: Option<String>,
    /// Why.
    #[arg(long, value_name = "WORDS")]
    why: Option<String>,
    /// A party in the accepted statement that was identified beyond its name, with its country and an identifier where they were
    /// settled: `Balkan Foundry`, `Balkan Foundry; BG`, `Balkan Foundry; BG; vat:BG123`. One flag each.
    #[arg(long, value_name = "NAME[; COUNTRY[; TYPE:NUMBER]]")]
    identified: Vec<String>,
    /// An undertaking on which the accepted statement bears, and what it shows: `ru-us-1995/wind-down=broken`.
    #[arg(long, value_name = "UNDERTAKING[=SHOWS]")]
    bears_on: Vec<String>,
    /// Of a correction or an answer: who speaks.
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Of a correction: the office of the speaker at that time.
    #[arg(long = "in-office", value_name = "OFFICE")]
    office: Option<String>,
    /// Of a correction or an answer: the speaker's country, ISO 3166 alpha-2.
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// Of a correction: `said`, `promised`, `denied`, `alleged`, `ordered`, `conceded` or `reported`.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Of a correction or an answer: when it was said; a day, a month, a year or an interval.
    #[arg(long, value_name = "DATE")]
    said: Option<String>,
    /// Of a correction or an answer: what, in a few words.
    #[arg(long, value_name = "WORDS")]
    content: Option<String>,
    /// Of a correction or an answer: a party that the words are about; one flag each.
    #[arg(long, value_name = "NAME")]
    about: Vec<String>,
    /// Of an answer: where it comes from, as `letter of 3 May 2000`.
    #[arg(long, value_name = "WORDS")]
    source: Option<String>,
}

impl Judging {
    /// The statement, where one is judged.
    pub(super) fn statement(&self) -> Option<&str> {
        [
            &self.accept,
            &self.reject,
            &self.reopen,
            &self.correct,
            &self.reply,
            &self.relieve,
            &self.retract,
        ]
        .into_iter()
        .find_map(Option::as_deref)
    }

    /// The command for this statement.
    pub(super) fn command(&self, held: &Held, of: &Statement) -> Result<Command, Stop> {
        let why = self.why.clone().unwrap_or_default();
        let identified = self.identified.iter().map(|text| identified(text));
        let bears_on = self.bears_on.iter().map(|text| bearing(text)).collect();
        let told_right = self.correct.is_some();
        let judges = told_right || self.accept.is_some();
        let settles = !self.identified.is_empty() || !self.bears_on.is_empty();
        if settles && !judges {
            return Err(Stop::usage(anyhow!(
                "--identified and --bears-on go with --accept or --correct"
            )));
        }
        let answers = [
            (&self.reply, RelationKind::Reply),
            (&self.relieve, RelationKind::Relief),
            (&self.retract, RelationKind::Retraction),
        ];
        let answer = answers.into_iter().find(|(id, _)| id.is_some());
        if !told_right && answer.is_none() && self.tells() {
            return Err(Stop::usage(anyhow!(
                "what was told is changed by a correction only; use --correct, or leave --speaker, --in-office, --country, --kind, --said, --content and --about out"
            )));
        }
        Ok(match answer {
            Some((_, is)) => Command::Answer {
                id: held.fresh(of, is),
                is,
                told: self.answered(),
                source: self.source.clone().unwrap_or_default(),
            },
            None if told_right => Command::Correct {
                id: held.fresh(of, RelationKind::Correction),
                told: self.corrected(of),
                identified: identified.collect(),
                bears_on,
                why,
            },
            None if self.accept.is_some() => Command::Accept {
                identified: identified.collect(),
                bears_on,
                why,
            },
            None if self.reject.is_some() => Command::Reject { why },
            None => Command::Reopen { why },
        })
    }

    /// Whether anything of what was told is stated.
    fn tells(&self) -> bool {
        let words = [
            &self.speaker,
            &self.office,
            &self.country,
            &self.kind,
            &self.said,
            &self.content,
        ];
        words.into_iter().any(Option::is_some) || !self.about.is_empty()
    }

    /// What stands, with what is stated put over it.
    fn corrected(&self, of: &Statement) -> Told {
        let mut told = of.made.told.clone();
        let over = |to: &mut Option<String>, from: &Option<String>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        over(&mut told.speaker, &self.speaker);
        over(&mut told.role, &self.office);
        over(&mut told.country, &self.country);
        over(&mut told.said, &self.said);
        if let Some(kind) = &self.kind {
            told.kind.clone_from(kind);
        }
        if let Some(content) = &self.content {
            told.content.clone_from(content);
        }
        if !self.about.is_empty() {
            told.about.clone_from(&self.about);
        }
        told
    }

    /// What an answer says; the engine takes it to be about whom the statement is about, unless somebody says otherwise.
    fn answered(&self) -> Told {
        Told {
            speaker: self.speaker.clone(),
            role: self.office.clone(),
            country: self.country.clone(),
            kind: self.kind.clone().unwrap_or_default(),
            content: self.content.clone().unwrap_or_default(),
            said: self.said.clone(),
            about: self.about.clone(),
            ..Told::default()
        }
    }
}

fn identified(text: &str) -> Identified {
    let mut pieces = text.splitn(3, ';').map(str::trim);
    let name = pieces.next().unwrap_or_default().to_owned();
    let mut next = || {
        let piece = pieces.next().filter(|piece| !piece.is_empty());
        piece.map(str::to_owned)
    };
    Identified {
        name,
        country: next().map(|country| country.to_uppercase()),
        identifier: next(),
    }
}

fn bearing(text: &str) -> Bearing {
    let (undertaking, shows) = match text.split_once('=') {
        Some((undertaking, shows)) => (undertaking, Some(shows.trim().to_owned())),
        None => (text, None),
    };
    Bearing {
        undertaking: undertaking.trim().to_owned(),
        shows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_identified_by_name_by_country_or_by_number() {
        let all = identified("Balkan Foundry; bg; vat:BG123");
        assert_eq!(all.name, "Balkan Foundry");
        assert_eq!(all.country.as_deref(), Some("BG"));
        assert_eq!(all.identifier.as_deref(), Some("vat:BG123"));
        let number = identified("Balkan Foundry;;vat:BG123");
        assert_eq!(number.country, None);
        assert_eq!(number.identifier.as_deref(), Some("vat:BG123"));
        assert_eq!(identified("Balkan Foundry").country, None);
    }

    #[test]
    fn a_bearing_may_say_what_it_shows() {
        let shows = bearing("ru-us-1995/wind-down = broken");
        assert_eq!(shows.undertaking, "ru-us-1995/wind-down");
        assert_eq!(shows.shows.as_deref(), Some("broken"));
        assert_eq!(bearing("x").shows, None);
    }
}
