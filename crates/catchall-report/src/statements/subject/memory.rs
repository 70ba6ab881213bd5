//! What pronouns and `the minister` go back to: who spoke and who was spoken of, in this paragraph and the one before.

use super::candidate::{candidate, named};
use super::phrase::governed;
use super::{Memory, Subject};
use crate::statements::{Ground, lower};
use crate::tokens::Stretch;

impl Memory {
    pub(crate) fn enter(&mut self, paragraph: usize) {
        if paragraph > self.paragraph + 1 {
            *self = Memory {
                turns: self.turns,
                turn: self.turn.take(),
                ..Memory::default()
            };
        }
        self.paragraph = paragraph;
    }

    /// A transcript names its speakers before a colon; whose turn it is, if anybody's that can be told.
    pub(crate) fn take_turn(&mut self, turn: Option<Subject>) {
        self.turns = true;
        self.turn = turn;
    }

    /// Whose turn it is.
    pub(crate) fn turn(&self) -> Option<&Subject> {
        self.turn.as_ref()
    }

    pub(crate) fn spoke(&mut self, subject: &Subject) {
        if subject.anonymity == "unattributed" {
            return;
        }
        self.speaker = Some(subject.clone());
        if subject.entity.is_some() && subject.anonymity == "named" && !subject.outlet {
            self.offices.retain(|own| own.entity != subject.entity);
            self.offices.push(subject.clone());
            if self.offices.len() > 6 {
                self.offices.remove(0);
            }
        }
        if subject.many {
            self.many = Some(subject.clone());
        } else if subject.anonymity == "named" && !subject.outlet
            || subject.anonymity == "anonymous"
        {
            self.person = Some(subject.clone());
        } else {
            self.body = Some(subject.clone());
        }
    }

    /// The subject of a sentence without a statement may be taken up by the next.
    pub(crate) fn leave(&mut self, ground: &Ground<'_>, sentence: Stretch) {
        let named: Vec<usize> = ground
            .parties
            .within(sentence)
            .map(|mention| mention.entity)
            .filter(|entity| {
                matches!(
                    ground.parties.entities[*entity].kind,
                    "company" | "agency" | "institute"
                )
            })
            .collect();
        // What a sentence names first is what the next takes up.
        for entity in named.into_iter().rev() {
            self.bodies.retain(|own| *own != entity);
            self.bodies.push(entity);
        }
        let surplus = self.bodies.len().saturating_sub(8);
        self.bodies.drain(..surplus);
        let first = (sentence.from..(sentence.from + 9).min(sentence.to)).find_map(|at| {
            candidate(ground, sentence, at).filter(|found| !governed(ground, sentence, found.from))
        });
        let Some(found) = first else { return };
        if lower(ground, found.to) == "'s" {
            return;
        }
        let person = found
            .subject
            .entity
            .is_some_and(|entity| ground.parties.entities[entity].kind == "person");
        if person {
            self.person = Some(found.subject);
        } else if found.subject.many {
            self.many = Some(found.subject);
        } else {
            self.body = Some(found.subject);
        }
    }

    pub(crate) fn last_speaker(&self) -> Option<Subject> {
        self.speaker.clone()
    }

    /// "the same officials", "the officials": those who spoke last, where the role is the same.
    pub(super) fn taken_up(&self, ground: &Ground<'_>, subject: Subject) -> Subject {
        if subject.entity.is_some() || subject.country.is_some() || subject.outlet {
            return subject;
        }
        let bare = subject
            .name
            .as_deref()
            .is_some_and(|name| Some(name) == subject.role.as_deref());
        let held = |own: &Subject| {
            let entity = own.entity.map(|entity| &ground.parties.entities[entity])?;
            let role = entity.role.as_deref()?.to_lowercase();
            let said = subject.role.as_deref()?;
            role.ends_with(said).then_some(())
        };
        let known = [&self.many, &self.person, &self.speaker]
            .into_iter()
            .flatten()
            .chain(self.offices.iter().rev())
            .find(|own| {
                (own.role.is_some() && own.role == subject.role && own.country(ground).is_some())
                    || held(own).is_some()
            });
        match known {
            Some(own) if bare => own.clone(),
            _ => match self.body_taken_up(ground, &subject).filter(|_| bare) {
                Some(entity) => named(ground, entity),
                None => self.at_home(ground, subject),
            },
        }
    }

    /// "its spokesman": whose he is, where the words before were about a body.
    pub(super) fn of_body(&self, ground: &Ground<'_>, subject: &Subject) -> Option<Subject> {
        let bare = subject.entity.is_none() && subject.country.is_none();
        let role = subject.role.as_deref().filter(|_| bare)?;
        let body = self.body.as_ref().filter(|own| own.entity.is_some())?;
        let name = format!("{} {role}", body.name_in(ground));
        Some(Subject {
            entity: body.entity,
            name: Some(name),
            country: body.country(ground).map(str::to_owned),
            ..subject.clone()
        })
    }

    /// "his government": that of the man who was spoken of.
    pub(super) fn of_person(&self, ground: &Ground<'_>, subject: &Subject) -> Option<Subject> {
        let role = subject.role.as_deref()?;
        let domestic = matches!(
            role,
            "government" | "cabinet" | "regime" | "administration" | "ministry" | "army"
        );
        let bare = subject.entity.is_none() && subject.country.is_none();
        let person = self.person.as_ref().filter(|_| domestic && bare)?;
        let code = person.country(ground)?;
        let entity = (role != "ministry" && role != "army")
            .then(|| ground.parties.government(code))
            .flatten();
        let state = crate::undertakings::state_name(ground, code)?;
        Some(Subject {
            entity,
            name: Some(format!("{state} {role}")),
            country: Some(code.to_owned()),
            ..subject.clone()
        })
    }

    /// "one of them", "some of them": of those who spoke last.
    pub(super) fn one_of_them(&self, one: bool) -> Option<Subject> {
        let many = self.many.as_ref()?;
        Some(Subject {
            many: !one,
            ..many.clone()
        })
    }

    /// "the company", "the ministry": the firm or the office of that kind that was named last.
    fn body_taken_up(&self, ground: &Ground<'_>, subject: &Subject) -> Option<usize> {
        let word = subject.role.as_deref()?;
        let firm = ground.work.words.is("commitment", "firm", word);
        let office = matches!(
            word,
            "ministry" | "department" | "agency" | "bureau" | "commission" | "institute" | "office"
        );
        self.bodies.iter().rev().copied().find(|entity| {
            let own = &ground.parties.entities[*entity];
            (firm && own.kind == "company")
                || (office
                    && own
                        .name
                        .to_lowercase()
                        .split(|piece: char| !piece.is_alphanumeric())
                        .any(|part| part == word))
        })
    }

    /// `the government`, in a text of one country: that of who spoke last.
    fn at_home(&self, ground: &Ground<'_>, mut subject: Subject) -> Subject {
        let bare = subject
            .name
            .as_deref()
            .is_some_and(|name| Some(name) == subject.role.as_deref());
        let domestic = subject
            .role
            .as_deref()
            .is_some_and(|role| matches!(role, "government" | "cabinet" | "parliament" | "regime"));
        if bare && domestic {
            subject.country = self
                .speaker
                .as_ref()
                .and_then(|speaker| speaker.country(ground))
                .map(str::to_owned);
        }
        subject
    }

    pub(super) fn pronoun(&self, word: &str) -> Option<Subject> {
        match word {
            "he" | "she" | "он" | "она" => self
                .person
                .clone()
                .or_else(|| self.speaker.clone().filter(|own| !own.many && !own.outlet)),
            "they" | "они" => self.many.clone().or_else(|| {
                self.speaker
                    .clone()
                    .filter(|own| own.many || own.anonymity != "named")
            }),
            "it" => self.body.clone().or_else(|| {
                self.speaker
                    .clone()
                    .filter(|own| own.anonymity != "named" || own.outlet)
            }),
            "i" | "we" => self.turn.clone(),
            _ => None,
        }
    }
}
