//! Nearest: which known word somebody probably meant.
//!
//! Used on the way to an error message only. Knows nothing of roles, units or licences; it is handed the words to choose from.

/// The candidate that differs in the fewest letters, case aside, the first of several; `None` when even that one is far off.
pub(crate) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let limit = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for each in among {
        let theirs: Vec<char> = each.to_lowercase().chars().take(64).collect();
        let far = distance(&wanted, &theirs);
        if far <= limit && best.is_none_or(|(so_far, _)| far < so_far) {
            best = Some((far, each));
        }
    }
    best.map(|(_, each)| each)
}

/// `; the nearest is ...`, or nothing.
pub(crate) fn suggestion<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, among).map_or(String::new(), |near| format!("; the nearest is `{near}`"))
}

/// Letters put in, left out or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (place, ours) in a.iter().enumerate() {
        let mut row = vec![place + 1];
        for (at, theirs) in b.iter().enumerate() {
            let change = last[at] + usize::from(ours != theirs);
            row.push(change.min(last[at + 1] + 1).min(row[at] + 1));
        }
        last = row;
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_word_that_was_meant_and_nonsense_to_none() {
        let words = ["case.decide", "case.advise", "case.read"];
        assert_eq!(nearest("case.decid", words), Some("case.decide"));
        assert_eq!(nearest("CASE.READ", words), Some("case.read"));
        assert_eq!(nearest("everything", words), None);
        assert_eq!(nearest("", words), None);
    }
}
