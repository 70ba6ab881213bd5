//! Conditions and notices: who wrote them, and what became of them.

use super::{in_work, next_number, no_such, said};
use crate::case::command::{Command, Office, Refused};
use crate::case::event::CaseEvent;
use crate::case::{Case, same_person};

impl Office<'_> {
    pub(super) fn condition(
        &self,
        case: &Case,
        command: Command,
    ) -> Result<Vec<CaseEvent>, Refused> {
        let find = |number: u32| {
            let found = case
                .standing_conditions()
                .find(|each| each.number == number);
            found.ok_or_else(|| {
                no_such(
                    case,
                    "condition",
                    number,
                    case.standing_conditions().map(|each| each.number),
                )
            })
        };
        match command {
            Command::SetCondition { text } => {
                in_work(case, "set a condition")?;
                said("the condition", &text, "write it in words")?;
                let condition = next_number(case.conditions.iter().map(|each| each.number));
                Ok(vec![CaseEvent::ConditionSet { condition, text }])
            }
            Command::ChangeCondition {
                condition,
                text,
                why,
            } => {
                in_work(case, "change a condition")?;
                said("the condition", &text, "write its new words")?;
                said("the reason", &why, "its author is told why")?;
                let notice = self.notice(
                    case,
                    find(condition)?,
                    &format!("condition {condition} is changed to `{text}`: {why}"),
                );
                Ok(notice
                    .into_iter()
                    .chain([CaseEvent::ConditionChanged {
                        condition,
                        text,
                        why,
                    }])
                    .collect())
            }
            Command::DropCondition { condition, why } => {
                in_work(case, "drop a condition")?;
                said("the reason", &why, "its author is told why")?;
                let notice = self.notice(
                    case,
                    find(condition)?,
                    &format!("condition {condition} is dropped: {why}"),
                );
                Ok(notice
                    .into_iter()
                    .chain([CaseEvent::ConditionDropped { condition, why }])
                    .collect())
            }
            Command::Acknowledge { notice } => {
                let open = case.open_notices().find(|each| each.number == notice);
                let open = open.ok_or_else(|| {
                    no_such(
                        case,
                        "open notice",
                        notice,
                        case.open_notices().map(|each| each.number),
                    )
                })?;
                let own_team = open.team.is_some() && open.team == self.actor.team;
                if !same_person(&open.to, &self.actor.name) && !own_team {
                    return Err(Refused::OthersNotice {
                        notice,
                        to: open.to.clone(),
                    });
                }
                Ok(vec![CaseEvent::Acknowledged { notice }])
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The notice to a condition's author; none when the author acts.
    fn notice(
        &self,
        case: &Case,
        condition: &crate::case::Condition,
        text: &str,
    ) -> Option<CaseEvent> {
        let author = &condition.author.by;
        (!same_person(&author.name, &self.actor.name)).then(|| CaseEvent::Notified {
            notice: next_number(case.notices.iter().map(|notice| notice.number)),
            to: author.name.clone(),
            team: author.team.clone(),
            text: text.to_owned(),
        })
    }
}
