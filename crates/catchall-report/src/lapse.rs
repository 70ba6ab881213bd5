//! Lapses: from which day `within so long` counts.
//!
//! The day told in the sentence before it, else that of the source that closes the sentence; `of the cease-fire, which began on 12
//! October` brings its own. What counts from something that has not happened has no day. Knows no words: the date says what it
//! counts from, and here stands only where on the page that is looked for.

use crate::Work;
use crate::dates::{Anchor, Expr, Found, Since, Value, reckon};

/// The day or period that a lapse counts from, as far as the sentence tells it; nothing for other dates.
pub(crate) fn base(
    work: &Work<'_>,
    index: usize,
    values: &[Option<Value>],
    anchor: &Anchor,
) -> Option<Value> {
    let date = work.dates.get(index)?;
    let Expr::Within { since, .. } = date.expr else {
        return None;
    };
    let sentence = work.tokens.sentences[work.tokens.sentence_of(date.from)?].at;
    let told = |own: &Found| !own.deadline && !work.apparatus.holds(own.from);
    let behind = || {
        work.dates
            .iter()
            .skip(index + 1)
            .take_while(|own| own.from < sentence.to)
    };
    if matches!(since, Since::Event | Since::Open) {
        let own = behind()
            .take_while(|own| own.from < date.to + 14)
            .find(|own| told(own) && matches!(own.expr, Expr::Day { .. } | Expr::Weekday { .. }))
            .and_then(|own| reckon(own, anchor));
        if own.is_some() || since == Since::Open {
            return own;
        }
    }
    let before = work
        .dates
        .iter()
        .zip(values)
        .take(index)
        .rev()
        .take_while(|(own, _)| own.from >= sentence.from)
        .filter(|(own, _)| told(own))
        .find_map(|(_, value)| value.filter(|value| value.to <= anchor.published));
    // `... within 30 days (AP, May 5).` or `... within 30 days. (AP, May 5)`.
    let source = || {
        work.dates
            .iter()
            .skip(index + 1)
            .take_while(|own| own.from < sentence.to + 6)
            .filter(|own| work.apparatus.holds(own.from) && matches!(own.expr, Expr::Day { .. }))
            .last()
            .and_then(|own| reckon(own, anchor))
    };
    before.or_else(source)
}
