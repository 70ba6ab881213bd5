//! Near misses: which known word somebody probably meant.
//!
//! Knows nothing of columns or countries; it is handed the words to choose from. Used on the way to an
//! error message only, so it may take its time, but not an hour over ten million bad rows.

/// The candidate that differs from `text` in the fewest letters, case aside; the first of several.
/// `None` when even the best differs in half its letters or more.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = letters(text);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let longest = wanted.len().max(candidate.chars().count());
        let half = longest.saturating_sub(1) / 2 * SLIP;
        let half = if longest > 3 { half.max(CHANGE) } else { half };
        let limit = best.map_or(half, |(distance, _)| distance.saturating_sub(1));
        if let Some(distance) = distance(&wanted, &letters(candidate), limit)
            && best.is_none_or(|(so_far, _)| distance < so_far)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Lower case, and no more letters than a name has.
fn letters(text: &str) -> Vec<char> {
    text.chars().take(64).flat_map(char::to_lowercase).collect()
}

/// A letter left out, put in twice or swapped with the next one.
const SLIP: usize = 2;
/// A letter instead of another; rarer, so that `end_usr` is `end_user` before it is `end_use`.
const CHANGE: usize = 3;

/// How far apart two words are in slips and changes; `None` beyond the limit.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) * SLIP > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).map(|count| count * SLIP).collect();
    for (i, ours) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push((i + 1) * SLIP);
        for (j, theirs) in b.iter().enumerate() {
            let change = last[j] + if ours == theirs { 0 } else { CHANGE };
            let mut least = change.min(last[j + 1] + SLIP).min(row[j] + SLIP);
            if i > 0 && j > 0 && *ours == b[j - 1] && a[i - 1] == *theirs {
                least = least.min(before_last[j - 1] + SLIP);
            }
            row.push(least);
        }
        // Rows only grow from here on, but for a swap, which looks one row back.
        if row.iter().chain(&last).all(|so_far| *so_far > limit) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_the_one_with_the_fewest_changes() {
        let words = [
            "end_user",
            "end_use",
            "exporter",
            "exporter.country",
            "to",
            "from",
        ];
        let near = |text| nearest(text, words.into_iter());
        assert_eq!(near("end_usr"), Some("end_user"));
        assert_eq!(near("exporter.contry"), Some("exporter.country"));
        assert_eq!(near("FORM"), Some("from"));
        assert_eq!(near("\u{0456}d"), None);
        assert_eq!(near("colour of the box"), None);
        assert_eq!(near(""), None);
    }
}
