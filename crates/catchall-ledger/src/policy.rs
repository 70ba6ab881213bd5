//! Policy: roles, and the acts that each may do in the own team's cases or in any.
//!
//! Read from one file (`data/policy/roles.toml`), by the page, the server and the command line alike. The acts are a closed
//! list, [`ACTS`]: what the program can do, and so what can be allowed. The file says who. What no role says is refused.
//! The rules that no file can lift (nobody countersigns their own) stand in `case/rules.rs`, not here.
//!
//! To add an act: one row in [`ACTS`], one word in the roles that may do it. Knows nothing of cases, clocks or stores.

mod acts;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::Actor;
use crate::nearest::suggestion;

pub use acts::{ACTS, Act, ActRow};

/// Where a right holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// In what belongs to the own team.
    Own,
    /// Everywhere.
    Any,
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its word.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Whether it reads cases that were closed to all but some teams.
    pub sees_restricted: bool,
    rights: BTreeMap<Act, Reach>,
}

impl Role {
    /// Where it may do this act; `None` for nowhere.
    pub fn reach(&self, act: Act) -> Option<Reach> {
        self.rights.get(&act).copied()
    }
}

/// What belongs to whom: the team of a case or licence, and the teams that it was closed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The team it belongs to; none for what belongs to nobody.
    pub team: Option<&'a str>,
    /// When not empty, only these teams and the owner's may see it.
    pub only: &'a [String],
}

impl<'a> Place<'a> {
    /// What belongs to this team and is open to the others.
    pub fn of_team(team: Option<&'a str>) -> Place<'a> {
        Place { team, only: &[] }
    }
}

/// Roles, and the figures that stand beside them.
#[derive(Clone, Debug)]
pub struct Policy {
    roles: Vec<Role>,
    two_persons: Vec<String>,
    /// Working days for a case that is opened without a figure of its own.
    pub target: u32,
    /// Working days after which a request without answer may be closed as lapsed.
    pub request_lapses: u32,
}

/// One thing wrong with the policy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("roles.toml line {line}: {problem}")]
pub struct PolicyError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// Why somebody may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// A role that the policy does not hold.
    #[error("`{role}` is no role of the policy{near}; the roles are {known}")]
    UnknownRole {
        /// As stated.
        role: String,
        /// A near one.
        near: String,
        /// All of them.
        known: String,
    },
    /// None of the roles may.
    #[error("{name} ({roles}) may not {about}; {who} may")]
    Act {
        /// Who asked.
        name: String,
        /// In which roles.
        roles: String,
        /// What for.
        about: &'static str,
        /// Who may.
        who: String,
    },
    /// Only in the own team.
    #[error("{name} may {about} for team {own} only, and this belongs to {theirs}; {who} may")]
    OtherTeam {
        /// Who asked.
        name: String,
        /// What for.
        about: &'static str,
        /// The person's team.
        own: String,
        /// Whose it is.
        theirs: String,
        /// Who may.
        who: String,
    },
    /// Closed to all but some teams.
    #[error("this was closed to all but {teams}; ask its owner")]
    Restricted {
        /// Who sees it.
        teams: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    two_persons: TwoPersons,
    clock: ClockFigures,
    role: Vec<RoleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoPersons {
    decisions: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockFigures {
    target: u32,
    request_lapses: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleRow {
    id: Spanned<String>,
    title: String,
    about: String,
    #[serde(default = "yes")]
    changes: bool,
    #[serde(default)]
    sees_restricted: bool,
    #[serde(default)]
    own: Vec<Spanned<String>>,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    #[serde(default)]
    never: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Policy {
    /// Reads the file. `decisions` are the words of decisions that it may name.
    ///
    /// # Errors
    /// Everything that is wrong with it, by line.
    pub fn read(text: &str, decisions: &[&str]) -> Result<Policy, Vec<PolicyError>> {
        let line_of = |at: usize| {
            text.get(..at)
                .map_or(1, |before| before.matches('\n').count() + 1)
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(span.start));
            let problem = error.message().trim_end().replace('\n', "; ");
            vec![PolicyError { line, problem }]
        })?;
        let mut errors = Vec::new();
        let mut wrong = |at: usize, problem: String| {
            errors.push(PolicyError {
                line: line_of(at),
                problem,
            });
        };
        let mut roles: Vec<Role> = Vec::new();
        for row in &file.role {
            let id = row.id.get_ref();
            if id.trim().is_empty() || roles.iter().any(|role| role.id == *id) {
                let problem =
                    format!("the role `{id}` stands twice, or has no name; a role stands once");
                wrong(row.id.span().start, problem);
            }
            let rights = rights(row, &mut wrong);
            roles.push(Role {
                id: id.clone(),
                title: row.title.clone(),
                about: row.about.clone(),
                sees_restricted: row.sees_restricted,
                rights,
            });
        }
        for word in &file.two_persons.decisions {
            if !decisions.contains(&word.get_ref().as_str()) {
                let near = suggestion(word.get_ref(), decisions.iter().copied());
                let problem = format!(
                    "`{}` is no decision{near}; write one of {}",
                    word.get_ref(),
                    decisions.join(", ")
                );
                wrong(word.span().start, problem);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let two_persons = file.two_persons.decisions.into_iter();
        Ok(Policy {
            roles,
            two_persons: two_persons.map(Spanned::into_inner).collect(),
            target: file.clock.target,
            request_lapses: file.clock.request_lapses,
        })
    }

    /// The roles, in the order of the file.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The role of this word.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// Whether a decision of this word counts only when a second person has signed it.
    pub fn needs_second(&self, decision: &str) -> bool {
        self.two_persons.iter().any(|word| word == decision)
    }

    /// Whether the actor may do this to what stands in this place.
    ///
    /// # Errors
    /// Why not, and who may.
    pub fn may(&self, actor: &Actor, act: Act, place: Place<'_>) -> Result<(), NotAllowed> {
        let mut reach = None;
        let mut sees_restricted = false;
        for id in &actor.roles {
            let Some(role) = self.role(id) else {
                return Err(self.unknown(id));
            };
            reach = reach.max(role.reach(act));
            sees_restricted |= role.sees_restricted && role.reach(act).is_some();
        }
        let own = actor.team.as_deref();
        match reach {
            None => Err(NotAllowed::Act {
                name: actor.name.clone(),
                roles: spoken(&actor.roles, "no role"),
                about: act.about(),
                who: self.who_may(act),
            }),
            Some(Reach::Own) if own.is_none() || own != place.team => Err(NotAllowed::OtherTeam {
                name: actor.name.clone(),
                about: act.about(),
                own: own.unwrap_or("(none)").to_owned(),
                theirs: place
                    .team
                    .map_or("no team".to_owned(), |team| format!("team {team}")),
                who: self.who_may_anywhere(act),
            }),
            Some(_) => {
                let among = own.is_some_and(|own| {
                    place.team == Some(own) || place.only.iter().any(|team| team == own)
                });
                if place.only.is_empty() || among || sees_restricted {
                    return Ok(());
                }
                let mut teams: Vec<&str> = place.only.iter().map(String::as_str).collect();
                teams.extend(place.team.filter(|team| !teams.contains(team)));
                Err(NotAllowed::Restricted {
                    teams: teams.join(", "),
                })
            }
        }
    }

    /// The roles that may do this somewhere, in words.
    pub fn who_may(&self, act: Act) -> String {
        self.titles(|role| role.reach(act).is_some())
    }

    fn who_may_anywhere(&self, act: Act) -> String {
        let anywhere = self.titles(|role| role.reach(act) == Some(Reach::Any));
        if anywhere == NOBODY {
            return "somebody of that team".to_owned();
        }
        anywhere
    }

    fn titles(&self, fits: impl Fn(&Role) -> bool) -> String {
        let fitting: Vec<String> = self
            .roles
            .iter()
            .filter(|role| fits(role))
            .map(|role| role.title.to_lowercase())
            .collect();
        spoken(&fitting, NOBODY)
    }

    fn unknown(&self, id: &str) -> NotAllowed {
        let ids = || self.roles.iter().map(|role| role.id.as_str());
        NotAllowed::UnknownRole {
            role: id.to_owned(),
            near: suggestion(id, ids()),
            known: ids().collect::<Vec<_>>().join(", "),
        }
    }
}

const NOBODY: &str = "nobody";

fn spoken(words: &[String], none: &str) -> String {
    match words {
        [] => none.to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn rights(row: &RoleRow, wrong: &mut impl FnMut(usize, String)) -> BTreeMap<Act, Reach> {
    let mut rights = BTreeMap::new();
    let own = row.own.iter().map(|word| (word, Reach::Own));
    let any = row.any.iter().map(|word| (word, Reach::Any));
    for (word, reach) in own.chain(any) {
        let (at, text) = (word.span().start, word.get_ref());
        let Some(act) = Act::find(text) else {
            let near = suggestion(text, ACTS.iter().map(|row| row.word));
            wrong(
                at,
                format!("`{text}` is no act{near}; `catchall case acts` lists them"),
            );
            continue;
        };
        let role = row.id.get_ref();
        if !row.changes && act.changes() {
            wrong(
                at,
                format!(
                    "the role `{role}` changes nothing, but `{text}` does; take it out, or take out `changes = false`"
                ),
            );
        }
        if let Some(start) = row
            .never
            .iter()
            .find(|start| text.starts_with(start.as_str()))
        {
            wrong(
                at,
                format!(
                    "the role `{role}` may never hold an act of `{start}`, but `{text}` is one; take one of the two out"
                ),
            );
        }
        if rights.insert(act, reach).is_some() {
            wrong(
                at,
                format!(
                    "the role `{role}` holds `{text}` twice; write it under `own` or under `any`"
                ),
            );
        }
    }
    rights
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECISIONS: [&str; 6] = [
        "no_licence_required",
        "approve",
        "approve_with_conditions",
        "refuse",
        "prohibited",
        "return_without_action",
    ];
    const FILE: &str = include_str!("../../../data/policy/roles.toml");

    fn shipped() -> Policy {
        Policy::read(FILE, &DECISIONS).unwrap()
    }

    fn person(roles: &[&str], team: Option<&str>) -> Actor {
        Actor {
            name: "R. Haas".to_owned(),
            team: team.map(str::to_owned),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        }
    }

    fn act(word: &str) -> Act {
        Act::find(word).unwrap()
    }

    #[test]
    fn every_act_is_held_by_some_role_and_every_role_of_the_design_is_there() {
        let policy = shipped();
        let orphans: Vec<&str> = Act::all()
            .filter(|act| policy.who_may(*act) == NOBODY)
            .map(Act::word)
            .collect();
        assert!(orphans.is_empty(), "{orphans:?}");
        let ids: Vec<&str> = policy.roles().iter().map(|role| role.id.as_str()).collect();
        let design = [
            "reader",
            "submitter",
            "technical-assessor",
            "screener",
            "licensing-officer",
            "countersigner",
            "evidence-analyst",
            "rule-author",
            "rule-publisher",
            "auditor",
            "admin",
            "service",
        ];
        assert_eq!(ids, design);
    }

    #[test]
    fn whoever_may_answer_may_have_the_answer_assessed() {
        for role in shipped().roles() {
            assert!(
                role.reach(act("case.reassess")) >= role.reach(act("case.answer")),
                "{}",
                role.id
            );
        }
    }

    #[test]
    fn the_auditor_reads_all_cases_and_changes_nothing_and_the_admin_reads_none() {
        let policy = shipped();
        let teams = ["Screening".to_owned()];
        let closed = Place {
            team: Some("Dual-use"),
            only: &teams,
        };
        let auditor = person(&["auditor"], None);
        let admin = person(&["admin"], Some("Dual-use"));
        for each in Act::all() {
            if each.changes() {
                assert!(policy.may(&auditor, each, closed).is_err(), "{each}");
            }
            if each.word().starts_with("case.") || each.word().starts_with("licence.") {
                assert!(policy.may(&admin, each, closed).is_err(), "{each}");
            }
        }
        assert_eq!(policy.may(&auditor, act("case.read"), closed), Ok(()));
    }

    #[test]
    fn a_right_in_the_own_team_ends_at_its_door_and_says_who_may() {
        let policy = shipped();
        let officer = person(&["licensing-officer"], Some("Dual-use"));
        let ours = Place::of_team(Some("Dual-use"));
        let theirs = Place::of_team(Some("Military"));
        assert_eq!(policy.may(&officer, act("case.decide"), ours), Ok(()));
        let refused = policy
            .may(&officer, act("case.decide"), theirs)
            .unwrap_err()
            .to_string();
        assert_eq!(
            refused,
            "R. Haas may decide for team Dual-use only, and this belongs to team Military; somebody of that team may"
        );
        assert!(
            policy
                .may(&officer, act("case.decide"), Place::default())
                .is_err()
        );
        let nobody = person(&["licensing-officer"], None);
        assert!(
            policy
                .may(&nobody, act("case.decide"), Place::default())
                .is_err()
        );
        let reader = policy.may(
            &person(&["reader"], Some("Dual-use")),
            act("case.decide"),
            ours,
        );
        assert_eq!(
            reader.unwrap_err().to_string(),
            "R. Haas (reader) may not decide; licensing officer may"
        );
        let slip = policy
            .may(&person(&["screner"], None), act("case.read"), ours)
            .unwrap_err()
            .to_string();
        assert!(slip.starts_with("`screner` is no role of the policy; the nearest is `screener`; the roles are reader,"), "{slip}");
    }

    #[test]
    fn a_closed_case_is_seen_by_the_teams_named_and_by_its_own() {
        let policy = shipped();
        let teams = ["Screening".to_owned()];
        let closed = Place {
            team: Some("Dual-use"),
            only: &teams,
        };
        for (team, may) in [("Dual-use", true), ("Screening", true), ("Military", false)] {
            let officer = person(&["technical-assessor"], Some(team));
            assert_eq!(
                policy.may(&officer, act("case.read"), closed).is_ok(),
                may,
                "{team}"
            );
        }
    }

    #[test]
    fn a_fault_in_the_file_is_told_with_its_line_and_the_nearest_word() {
        let faults = FILE
            .replace("\"case.decide\"", "\"case.decidee\"")
            .replace(
                "changes = false\nown     = [\"case.read\", \"case.bundle\"",
                "changes = false\nown     = [\"case.note\", \"case.bundle\"",
            )
            .replace("\"approve\",", "\"aprove\",");
        let errors = Policy::read(&faults, &DECISIONS).unwrap_err();
        let line = |needle: &str| {
            faults
                .lines()
                .position(|line| line.contains(needle))
                .unwrap()
                + 1
        };
        let told: Vec<String> = errors.iter().map(PolicyError::to_string).collect();
        assert_eq!(
            told,
            [
                format!(
                    "roles.toml line {}: the role `reader` changes nothing, but `case.note` does; take it out, or take out `changes = false`",
                    line("\"case.note\", \"case.bundle\"")
                ),
                format!(
                    "roles.toml line {}: `case.decidee` is no act; the nearest is `case.decide`; `catchall case acts` lists them",
                    line("case.decidee")
                ),
                format!(
                    "roles.toml line {}: `aprove` is no decision; the nearest is `approve`; write one of {}",
                    line("aprove"),
                    DECISIONS.join(", ")
                ),
            ]
        );
        let broken = Policy::read(
            "[two_persons]\ndecisions = []\n[clock]\ntarget = \"ten\"\n",
            &DECISIONS,
        )
        .unwrap_err();
        assert_eq!(broken[0].line, 4, "{broken:?}");
        assert!(Policy::read("", &DECISIONS).is_err());
    }
}
