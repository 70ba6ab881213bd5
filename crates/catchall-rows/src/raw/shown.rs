//! What a person sees in a cell of a sheet, from what is stored there.
//!
//! A spreadsheet stores a number and how to show it; a person reads `24 %` or `320 km` where `0.24` or
//! `320` is stored. The unit that only the format carries is kept, since a figure without its unit is an
//! error here. Decimals that the format hides are kept too: a threshold is compared with what was stored,
//! not with what was rounded for the eye. A date is a day; a format that shows only a part of one is no
//! statement of a day, and is turned down.

use catchall_model::Day;

/// A cell as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text; for a fault, what stands there.
    pub text: String,
    /// Whether the text can be taken.
    pub kind: CellKind,
}

/// What is to be known of a cell beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Nothing.
    #[default]
    Plain,
    /// A number that the sheet shows with an exponent: perhaps a code once.
    Scientific,
    /// A cell that cannot be taken.
    Fault {
        /// What is wrong.
        problem: String,
        /// What would have been right.
        cure: &'static str,
    },
}

impl Cell {
    /// A cell with a text.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            kind: CellKind::Plain,
        }
    }

    /// A cell that cannot be taken: what stands there, what is wrong with it, what would have been right.
    pub fn fault(text: impl Into<String>, problem: impl Into<String>, cure: &'static str) -> Cell {
        Cell {
            text: text.into(),
            kind: CellKind::Fault {
                problem: problem.into(),
                cure,
            },
        }
    }
}

/// How a cell shows the number it stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// With an exponent.
    Scientific,
    /// As a day.
    Day,
    /// As a time of day, or a span of hours.
    Time,
    /// As a number, with the decimal point moved and signs around it.
    Number {
        before: String,
        behind: String,
        shift: i32,
    },
    /// In a way that does not say what is meant.
    Unclear(&'static str),
}

const PART_OF_A_DATE: &str = "the cell shows only a part of a date";
const CONDITIONAL: &str = "the cell's number format depends on the number";

/// What to write in place of a cell that is not clear.
pub(crate) const WRITE_AS_TEXT: &str =
    "give the cell the format text and write what is meant, with unit, days as `1998-03-25`";

impl Shown {
    /// The number as it is.
    pub(crate) fn plainly() -> Shown {
        Shown::Number {
            before: String::new(),
            behind: String::new(),
            shift: 0,
        }
    }

    /// Formats that a workbook names by number only (ECMA-376, 18.8.30; the East Asian ones by what is
    /// common to all languages).
    pub(crate) fn builtin(id: u32) -> Shown {
        match id {
            9 | 10 => Shown::of("0%"),
            11 | 48 => Shown::Scientific,
            14 | 15 | 22 | 30 | 31 => Shown::Day,
            16 | 17 | 27..=29 | 36 | 50..=54 | 57 | 58 => Shown::Unclear(PART_OF_A_DATE),
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Shown::Time,
            _ => Shown::plainly(),
        }
    }

    /// A number format, by its code.
    pub(crate) fn of(code: &str) -> Shown {
        Reading::default().read(code)
    }

    /// The cell that stores this number, as the file writes it.
    pub(crate) fn cell(&self, stored: &str, since_1904: bool) -> Cell {
        let number = Decimal::read(stored);
        match self {
            Shown::Scientific => match number {
                Some(number) => Cell {
                    text: number.to_string(),
                    kind: CellKind::Scientific,
                },
                None => not_a_number(stored),
            },
            Shown::Number {
                before,
                behind,
                shift,
            } => match number {
                Some(number) => {
                    let sign = if number.negative && !before.is_empty() {
                        "-"
                    } else {
                        ""
                    };
                    let shifted = Decimal {
                        negative: number.negative && before.is_empty(),
                        exponent: number.exponent + shift,
                        ..number
                    };
                    Cell::plain(format!("{sign}{before}{shifted}{behind}").trim())
                }
                None => not_a_number(stored),
            },
            Shown::Day => day(stored, since_1904),
            Shown::Time => time(stored, since_1904),
            Shown::Unclear(why) => Cell::fault(stored, *why, WRITE_AS_TEXT),
        }
    }
}

fn not_a_number(stored: &str) -> Cell {
    Cell::fault(
        stored,
        "the cell says it is a number and stores none",
        "write the cell anew",
    )
}

fn no_day(stored: &str) -> Cell {
    Cell::fault(
        stored,
        "the cell is shown as a date, and stores no day of the calendar",
        "write the day as text, for example `1998-03-25`",
    )
}

/// A count of days since the end of 1899 (in which a 29 February 1900 was counted that never was), or
/// since the beginning of 1904.
fn day(stored: &str, since_1904: bool) -> Cell {
    let Ok(serial) = stored.trim().parse::<f64>() else {
        return not_a_number(stored);
    };
    if !(0.0..2_958_466.0).contains(&serial) {
        return no_day(stored);
    }
    // In range, so the cut is exact.
    let count = serial.trunc() as i64;
    let since_1970 = match (since_1904, count) {
        (true, _) => count - 24_107,
        (false, 0 | 60) => return no_day(stored),
        (false, 1..60) => count - 25_568,
        (false, _) => count - 25_569,
    };
    if since_1970 > Day::MAX.number() {
        return no_day(stored);
    }
    Cell::plain(Day::from_number(since_1970).to_string())
}

fn time(stored: &str, since_1904: bool) -> Cell {
    match stored.trim().parse::<f64>() {
        Ok(serial) if (0.0..1.0).contains(&serial) => {
            let seconds = (serial * 86_400.0).round() as u32;
            Cell::plain(format!(
                "{:02}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            ))
        }
        Ok(_) => day(stored, since_1904),
        Err(_) => not_a_number(stored),
    }
}

/// A number in decimal figures: no more of them than a spreadsheet keeps, so that `0.1 + 0.2` is `0.3`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    figures: String,
    /// Powers of ten behind the last figure.
    exponent: i32,
}

/// A spreadsheet keeps and shows so many figures; those behind them are noise of binary arithmetic.
const FIGURES: usize = 15;

impl Decimal {
    fn read(text: &str) -> Option<Decimal> {
        let read = Decimal::exactly(text.trim())?;
        if read.figures.len() <= FIGURES {
            return Some(read);
        }
        let rounded = format!("{:.*e}", FIGURES - 1, text.trim().parse::<f64>().ok()?);
        Decimal::exactly(&rounded)
    }

    fn exactly(text: &str) -> Option<Decimal> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let right =
            !all.is_empty() && all.len() < 400 && all.bytes().all(|byte| byte.is_ascii_digit());
        if !right || exponent.abs() > 1000 {
            return None;
        }
        let trimmed = all.trim_end_matches('0');
        let dropped = all.len() - trimmed.len();
        let figures = trimmed.trim_start_matches('0').to_owned();
        let places = i32::try_from(fraction.len()).ok()? - i32::try_from(dropped).ok()?;
        Some(Decimal {
            negative: negative && !figures.is_empty(),
            exponent: if figures.is_empty() {
                0
            } else {
                exponent - places
            },
            figures,
        })
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.figures.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let figures = i32::try_from(self.figures.len()).unwrap_or(i32::MAX);
        let before_point = figures.saturating_add(self.exponent);
        match self.exponent {
            0..=24 => {
                let zeros = "0".repeat(usize::try_from(self.exponent).unwrap_or(0));
                write!(f, "{}{zeros}", self.figures)
            }
            -40..0 if before_point > 0 => {
                let (whole, fraction) = self
                    .figures
                    .split_at(usize::try_from(before_point).unwrap_or(0));
                write!(f, "{whole}.{fraction}")
            }
            -40..0 => {
                let zeros = "0".repeat(usize::try_from(-before_point).unwrap_or(0));
                write!(f, "0.{zeros}{}", self.figures)
            }
            _ => write!(f, "{}E{:+}", self.figures, self.exponent),
        }
    }
}

/// A number format, half read. Only its first part counts: what it shows for positive numbers.
#[derive(Debug, Default)]
struct Reading {
    before: String,
    behind: String,
    /// Placeholders for figures have begun.
    number: bool,
    /// Commas since the last placeholder: each divides by a thousand if no placeholder follows.
    commas: i32,
    shift: i32,
    year: bool,
    month: bool,
    day: bool,
    clock: bool,
}

impl Reading {
    fn read(mut self, code: &str) -> Shown {
        let code = code.trim();
        if code.eq_ignore_ascii_case("general") || code.is_empty() || code == "@" {
            return Shown::plainly();
        }
        let mut rest = code.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                ';' => break,
                '"' => {
                    let text: String = rest.by_ref().take_while(|c| *c != '"').collect();
                    self.literal(&text);
                }
                '\\' => {
                    if let Some(c) = rest.next() {
                        self.literal(c.encode_utf8(&mut [0; 4]));
                    }
                }
                '_' | '*' => {
                    rest.next();
                }
                '[' => {
                    let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                    if let Some(symbol) = inside.strip_prefix('$') {
                        let symbol = symbol
                            .split_once('-')
                            .map_or(symbol, |(symbol, _)| symbol)
                            .to_owned();
                        self.literal(&symbol);
                    } else if inside.starts_with(['<', '>', '=']) {
                        return Shown::Unclear(CONDITIONAL);
                    } else if inside
                        .chars()
                        .all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'))
                    {
                        self.clock = true;
                    }
                }
                '0' | '#' | '?' => {
                    self.number = true;
                    self.commas = 0;
                }
                ',' if self.number => self.commas += 1,
                '.' if self.number
                    || rest
                        .peek()
                        .is_some_and(|next| matches!(next, '0' | '#' | '?')) =>
                {
                    self.number = true
                }
                '%' => {
                    self.shift += 2;
                    self.literal("%");
                }
                'E' | 'e'
                    if self.number && rest.peek().is_some_and(|next| matches!(next, '+' | '-')) =>
                {
                    return Shown::Scientific;
                }
                // A fraction: `# ?/?`; what is stored says it as well.
                '/' if self.number => return Shown::plainly(),
                'G' | 'g'
                    if rest
                        .clone()
                        .take(6)
                        .collect::<String>()
                        .eq_ignore_ascii_case("eneral") =>
                {
                    self.number = true;
                    rest.nth(5);
                }
                'y' | 'Y' | 'e' | 'E' => self.year = true,
                'm' | 'M' => self.month = true,
                'd' | 'D' => self.day = true,
                'h' | 'H' | 's' | 'S' => self.clock = true,
                c => self.literal(c.encode_utf8(&mut [0; 4])),
            }
        }
        self.end()
    }

    fn literal(&mut self, text: &str) {
        if self.number {
            self.behind.push_str(text);
        } else {
            self.before.push_str(text);
        }
    }

    fn end(self) -> Shown {
        match (self.year, self.month, self.day, self.clock) {
            (true, true, true, _) => return Shown::Day,
            (false, _, false, true) => return Shown::Time,
            (false, false, false, false) => {}
            _ => return Shown::Unclear(PART_OF_A_DATE),
        }
        if !self.number {
            // Text alone, whatever the number: nothing of the number is seen.
            return if self.before.is_empty() {
                Shown::plainly()
            } else {
                Shown::Unclear("the cell's number format hides its number")
            };
        }
        Shown::Number {
            before: self.before.trim_start().to_owned(),
            behind: self.behind.trim_end().to_owned(),
            shift: self.shift - 3 * self.commas,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(code: &str, stored: &str) -> String {
        let cell = Shown::of(code).cell(stored, false);
        match cell.kind {
            CellKind::Plain => cell.text,
            CellKind::Scientific => format!("scientific {}", cell.text),
            CellKind::Fault { problem, .. } => format!("fault: {problem}"),
        }
    }

    #[test]
    fn a_number_keeps_what_the_person_sees_and_what_was_stored() {
        for (code, stored, text) in [
            ("General", "320", "320"),
            ("General", "5.0999999999999996", "5.1"),
            ("General", "0.30000000000000004", "0.3"),
            ("General", "1E-3", "0.001"),
            ("General", "1E+308", "1E+308"),
            ("General", "-12.50", "-12.5"),
            ("General", "123456789012345678", "123456789012346000"),
            ("0%", "0.24", "24%"),
            ("0.0 %", "0.1", "10 %"),
            ("0.00", "0.499", "0.499"),
            ("#,##0\" km\"", "1100", "1100 km"),
            ("0\\ \\k\\g", "500", "500 kg"),
            ("[$€-407] #,##0.00", "17.5", "€ 17.5"),
            ("\"USD \"0", "-3", "-USD 3"),
            ("0.0,,\" million USD\"", "17300000", "17.3 million USD"),
            (
                "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
                "-5",
                "-5",
            ),
            ("# ?/?", "0.5", "0.5"),
            ("0.00E+00", "500", "scientific 500"),
            ("@", "5", "5"),
            (
                "[<1000]0\" g\";0\" kg\"",
                "5",
                "fault: the cell's number format depends on the number",
            ),
            (
                "\"hidden\"",
                "5",
                "fault: the cell's number format hides its number",
            ),
            (
                "0",
                "abc",
                "fault: the cell says it is a number and stores none",
            ),
        ] {
            assert_eq!(seen(code, stored), text, "{code} {stored}");
        }
    }

    #[test]
    fn a_date_is_a_day_and_half_a_date_is_none() {
        for (code, stored, text) in [
            ("yyyy-mm-dd", "35879", "1998-03-25"),
            ("dd/mm/yyyy hh:mm", "35879.75", "1998-03-25"),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "1", "1900-01-01"),
            ("m/d/yy", "59", "1900-02-28"),
            ("m/d/yy", "61", "1900-03-01"),
            (
                "m/d/yy",
                "60",
                "fault: the cell is shown as a date, and stores no day of the calendar",
            ),
            (
                "m/d/yy",
                "2958466",
                "fault: the cell is shown as a date, and stores no day of the calendar",
            ),
            (
                "mmm-yy",
                "35855",
                "fault: the cell shows only a part of a date",
            ),
            (
                "d-mmm",
                "35879",
                "fault: the cell shows only a part of a date",
            ),
            ("h:mm AM/PM", "0.5", "12:00:00"),
            ("[h]:mm:ss", "0.25", "06:00:00"),
        ] {
            assert_eq!(seen(code, stored), text, "{code} {stored}");
        }
        assert_eq!(Shown::Day.cell("34417", true).text, "1998-03-25");
    }
}
