//! Numbers on the exact grid, and the reading of them as people write them.

use std::fmt;

use super::{AmountError, short};

/// A number on the exact grid: whole counts of 10⁻¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

impl Number {
    /// Counts of the grid in one.
    pub const ONE: i128 = 1_000_000_000_000;
    /// Nothing.
    pub const ZERO: Number = Number(0);
    /// Below every figure that can be stated.
    pub const MIN: Number = Number(-(1 << 120));
    /// Above every figure that can be stated.
    pub const MAX: Number = Number(1 << 120);

    /// From counts of the grid.
    pub const fn from_grid(grid: i128) -> Number {
        Number(grid)
    }

    /// Counts of the grid.
    pub const fn grid(self) -> i128 {
        self.0
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Number {
        Number(number as i128 * Number::ONE)
    }

    /// The next number on the grid.
    pub const fn up(self) -> Number {
        Number(self.0 + 1)
    }

    /// The number before on the grid.
    pub const fn down(self) -> Number {
        Number(self.0 - 1)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = Number::ONE.unsigned_abs();
        let (whole, rest) = (magnitude / one, magnitude % one);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if rest > 0 {
            let digits = format!("{rest:012}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// The number at the start of a text, exact, and what follows it.
///
/// Takes `1100`, `1,100`, `1 100` and `1_100` for a thousand and a hundred, `1.100` for one and a tenth, `1.1e6`.
pub(super) fn split_number(text: &str) -> Result<(Number, &str), AmountError> {
    let text = text.trim();
    let bad = |found: &str| AmountError::Number {
        found: short(found),
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    let negative = match text.chars().next() {
        Some('-') => {
            at = 1;
            true
        }
        Some('−') => {
            at = '−'.len_utf8();
            true
        }
        Some('+') => {
            at = 1;
            false
        }
        _ => false,
    };
    let start = at;
    let mut whole = String::new();
    let mut groups: Vec<(char, usize)> = Vec::new();
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        if c.is_ascii_digit() {
            whole.push(c);
            if let Some(group) = groups.last_mut() {
                group.1 += 1;
            }
            at += 1;
        } else if matches!(c, ',' | ' ' | '_' | '\u{a0}' | '\u{202f}' | '\'')
            && !whole.is_empty()
            && rest[c.len_utf8()..].starts_with(|d: char| d.is_ascii_digit())
        {
            groups.push((c, 0));
            at += c.len_utf8();
        } else {
            break;
        }
    }
    if whole.is_empty() && !text[at..].starts_with('.') {
        return Err(AmountError::NoNumber { found: short(text) });
    }
    // Separators must all be the same and stand before groups of three: `1,1` and `1 10` are not numbers.
    let regular = groups
        .iter()
        .all(|(c, digits)| *digits == 3 && *c == groups[0].0);
    let first_group = whole.len() - groups.iter().map(|(_, digits)| digits).sum::<usize>();
    if !regular || (!groups.is_empty() && !(1..=3).contains(&first_group)) {
        return Err(bad(&text[start..]));
    }
    let mut fraction = String::new();
    if text[at..].starts_with('.') && !text[at..].starts_with("..") {
        at += 1;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            fraction.push(char::from(bytes[at]));
            at += 1;
        }
        if fraction.is_empty() {
            return Err(bad(text));
        }
    }
    let mut exponent: i32 = 0;
    let tail = &text[at..];
    if tail.starts_with(['e', 'E']) {
        let mut end = at + 1;
        if end < bytes.len() && (bytes[end] == b'+' || bytes[end] == b'-') {
            end += 1;
        }
        let digits = end;
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        if end > digits {
            exponent = text[at + 1..end]
                .parse()
                .map_err(|_| AmountError::OutOfReach { found: short(text) })?;
            at = end;
        }
    }
    // A digit or point right after, as in `1.2.3`, is no number.
    if text[at..].starts_with(|c: char| c.is_ascii_digit() || c == ',')
        || (text[at..].starts_with('.') && !text[at..].starts_with(".."))
    {
        return Err(bad(text));
    }
    let number = exact(&whole, &fraction, exponent, negative)
        .ok_or_else(|| AmountError::OutOfReach { found: short(text) })?;
    Ok((number, &text[at..]))
}

/// Digits and exponent to the grid; `None` when the value is too great or too fine for it.
fn exact(whole: &str, fraction: &str, exponent: i32, negative: bool) -> Option<Number> {
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let mut places = 12 + i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some(Number::ZERO);
    }
    places += i64::try_from(digits.len() - kept.len()).ok()?;
    if !(0..=36).contains(&places) || kept.len() > 36 {
        return None;
    }
    let value: i128 = kept.parse().ok()?;
    let scaled = value.checked_mul(10i128.checked_pow(u32::try_from(places).ok()?)?)?;
    let signed = if negative { -scaled } else { scaled };
    (Number::MIN.0..=Number::MAX.0)
        .contains(&signed)
        .then_some(Number(signed))
}
