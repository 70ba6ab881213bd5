//! Other days: a delivery or departure that is stated for another day than the act, and falls under other law then.
//!
//! A transfer is judged by the law of the day of the act. That goods leave later, under law that came in between, must not go unsaid.

use catchall_law::Value;
use catchall_model::{Day, Effect, Flag, Number, Outcome, Transfer};

use crate::conclude::stands;
use crate::gather::Gathered;
use crate::{Assessor, Room};

/// Says of each line what the law of the day of its delivery or departure would come to, where that is another answer.
pub(crate) fn flag_other_days(
    assessor: &Assessor,
    transfer: &Transfer,
    lines: &mut [Gathered],
    room: &mut Room,
) {
    let (Some(on), None) = (transfer.date, assessor.asked.as_of) else {
        return;
    };
    let days = [
        ("delivery", transfer.dates.delivery),
        ("departure", transfer.dates.departure),
    ];
    for (what, day) in days {
        let Some(day) = day.filter(|day| *day != on) else {
            continue;
        };
        for line in &mut *lines {
            let flag = on_another_day(assessor, line, (on, what, day), room);
            line.flags.extend(flag);
        }
    }
}

fn on_another_day(
    assessor: &Assessor,
    line: &Gathered,
    (on, what, day): (Day, &str, Day),
    room: &mut Room,
) -> Option<Flag> {
    let date = assessor.law.vocabulary.fact("date")?;
    let now = stands(assessor, &line.facts, room);
    let mut facts = line.facts.clone();
    let number = Number::from_grid(i128::from(day.number()));
    facts.set(date, Value::Between(number, number));
    let then = stands(assessor, &facts, room);
    (then != now).then(|| Flag {
        flag: format!(
            "judged by the law of {on}, the day of the act: {}; by the law of {day}, the day of {what}, it would be {}",
            in_words(now),
            in_words(then)
        ),
        question: format!(
            "Is the {what} on {day} an act of its own? Then ask again with that day as the date."
        ),
        evidence: format!("dates.{what}"),
        // What is milder then is good to know, and nothing for a person to settle.
        open: then > now,
    })
}

fn in_words((least, most): (Effect, Effect)) -> String {
    let word = |effect: Effect| Outcome::from(effect).to_string().replace('_', " ");
    if least == most {
        word(least)
    } else {
        format!("not known ({} to {})", word(least), word(most))
    }
}
