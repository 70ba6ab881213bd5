//! A page: the text as stored, the same text folded for reading, and the way back from one to the other.
//!
//! Folding evens out what house styles and scanners differ in: quotation marks, dashes, ligatures, accents, words broken
//! at the end of a line, hard-wrapped lines. It never loses the place: [`Page::span`] gives the range in the file.
//! Knows nothing of names, dates or statements.

use crate::reading::Span;

/// A stretch of output that comes from a stretch of input.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// First byte of the output.
    pub out: usize,
    /// First byte of the input.
    pub src: usize,
    /// Bytes of output.
    pub out_len: usize,
    /// Bytes of input; where it equals `out_len` the two go in step, else the run is one thing.
    pub src_len: usize,
}

/// Text with its way back to where it came from.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    /// The text.
    pub text: String,
    runs: Vec<Run>,
    /// For every so many bytes of the output, how many runs begin before them; empty until the text is whole.
    marks: Vec<u32>,
}

/// Bytes of output between two marks of [`Mapped`].
const STRIDE: usize = 256;

impl Mapped {
    /// Adds a piece that goes in step with the input.
    pub fn copy(&mut self, piece: &str, src: usize) {
        if piece.is_empty() {
            return;
        }
        let (out, len) = (self.text.len(), piece.len());
        self.text.push_str(piece);
        if let Some(last) = self.runs.last_mut() {
            let in_step = last.out_len == last.src_len && last.src + last.src_len == src;
            if in_step && last.out + last.out_len == out {
                last.out_len += len;
                last.src_len += len;
                return;
            }
        }
        self.runs.push(Run {
            out,
            src,
            out_len: len,
            src_len: len,
        });
    }

    /// Adds a piece that stands for a stretch of input of another form.
    pub fn replace(&mut self, piece: &str, src: usize, src_len: usize) {
        if piece.len() == src_len {
            self.copy(piece, src);
            return;
        }
        if piece.is_empty() {
            return;
        }
        self.runs.push(Run {
            out: self.text.len(),
            src,
            out_len: piece.len(),
            src_len,
        });
        self.text.push_str(piece);
    }

    /// Marks the runs, when the text is whole, so that none need be searched for.
    fn settle(&mut self) {
        self.marks.clear();
        for (index, run) in self.runs.iter().enumerate() {
            while self.marks.len() * STRIDE <= run.out {
                self.marks.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
    }

    fn run_at(&self, out: usize) -> Option<&Run> {
        let mark = self.marks.get(out / STRIDE).or(self.marks.last());
        let mut index = mark.copied().unwrap_or_default() as usize;
        while self.runs.get(index).is_some_and(|run| run.out <= out) {
            index += 1;
        }
        index.checked_sub(1).and_then(|index| self.runs.get(index))
    }

    /// First input byte of the output byte.
    #[must_use]
    pub fn start(&self, out: usize) -> usize {
        self.run_at(out).map_or(0, |run| {
            if run.out_len == run.src_len {
                run.src + (out - run.out).min(run.src_len)
            } else {
                run.src
            }
        })
    }

    /// The input byte behind the output byte before `out`.
    #[must_use]
    pub fn end(&self, out: usize) -> usize {
        let Some(last) = out.checked_sub(1) else {
            return self.start(0);
        };
        self.run_at(last).map_or(0, |run| {
            if run.out_len == run.src_len {
                run.src + (out - run.out).min(run.src_len)
            } else {
                run.src + run.src_len
            }
        })
    }
}

/// Counts scalar values up to a byte, in constant time.
#[derive(Clone, Debug, Default)]
pub struct Ruler {
    marks: Vec<usize>,
    ascii: bool,
}

/// Bytes between two marks of a [`Ruler`].
const STEP: usize = 128;

impl Ruler {
    /// Measures a text once.
    #[must_use]
    pub fn of(text: &str) -> Ruler {
        if text.is_ascii() {
            return Ruler {
                marks: Vec::new(),
                ascii: true,
            };
        }
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STEP) {
            marks.push(count);
            count += chunk.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        }
        marks.push(count);
        Ruler {
            marks,
            ascii: false,
        }
    }

    /// Scalar values before the byte.
    #[must_use]
    pub fn scalars(&self, text: &str, byte: usize) -> usize {
        if self.ascii {
            return byte;
        }
        let mark = byte / STEP;
        let base = self.marks.get(mark).copied().unwrap_or_default();
        let tail = text.as_bytes().get(mark * STEP..byte).unwrap_or_default();
        base + tail.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
    }
}

/// The page under the reader's eyes.
#[derive(Debug, Default)]
pub struct Page {
    /// The text that spans count in.
    pub stored: String,
    /// The text folded, with its case.
    pub folded: String,
    /// The same in small letters, byte for byte beside `folded`.
    pub lower: String,
    plain: Mapped,
    fold: Mapped,
    scan: Option<Mapped>,
    noise: usize,
    ruler: Ruler,
}

impl Page {
    /// Folds a text.
    #[must_use]
    pub fn new(stored: String, mut plain: Mapped) -> Page {
        let mut fold = folded(&plain.text);
        // From here on only the way back is asked for.
        plain.text = String::new();
        plain.settle();
        fold.settle();
        let mut folded = std::mem::take(&mut fold.text);
        let noise = crate::scan::mend(&mut folded);
        let lower = small(&folded);
        let ruler = Ruler::of(&stored);
        Page {
            stored,
            folded,
            lower,
            plain,
            fold,
            scan: None,
            noise,
            ruler,
        }
    }

    /// Whether the page shows that it was scanned: words that only a scanner writes, more than a slip of the pen.
    #[must_use]
    pub fn scanned(&self) -> bool {
        self.noise >= 2 && self.noise * 3000 >= self.folded.len()
    }

    /// Puts a scanned page right, as far as the lists know its words.
    pub fn restore(&mut self, words: &crate::gazetteer::Gazetteers) {
        if self.scan.is_some() {
            return;
        }
        if !self.scanned() {
            self.noise += crate::scan::signs(&self.lower, words);
        }
        if !self.scanned() {
            return;
        }
        let mut scan = crate::scan::restore(&self.folded, words);
        scan.settle();
        self.folded = std::mem::take(&mut scan.text);
        self.lower = small(&self.folded);
        self.scan = Some(scan);
    }

    /// The range in the file of a range of the folded text.
    #[must_use]
    pub fn span(&self, from: usize, to: usize) -> Span {
        let (from, to) = match &self.scan {
            Some(scan) => (scan.start(from), scan.end(to)),
            None => (from, to),
        };
        let from = self.plain.start(self.fold.start(from));
        let to = self.plain.end(self.fold.end(to)).max(from);
        Span {
            span: [
                self.ruler.scalars(&self.stored, from),
                self.ruler.scalars(&self.stored, to),
            ],
            bytes: [from, to],
        }
    }

    /// The words of the file at a span.
    #[must_use]
    pub fn words(&self, span: Span) -> &str {
        self.stored
            .get(span.bytes[0]..span.bytes[1])
            .unwrap_or_default()
    }

    /// Scalar values in the stored text.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.ruler.scalars(&self.stored, self.stored.len())
    }
}

fn small(folded: &str) -> String {
    if folded.is_ascii() {
        return folded.to_ascii_lowercase();
    }
    let mut lower = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some(plain) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (head, tail) = rest.split_at(plain);
        lower.push_str(head);
        let Some(piece) = tail.chars().next() else {
            break;
        };
        rest = tail.get(piece.len_utf8()..).unwrap_or_default();
        let mut forms = piece.to_lowercase();
        match (forms.next(), forms.next()) {
            (Some(one), None) if one.len_utf8() == piece.len_utf8() => lower.push(one),
            _ => lower.push(piece),
        }
    }
    lower.push_str(rest);
    lower.make_ascii_lowercase();
    lower
}

/// Evens out marks, accents and broken lines.
fn folded(text: &str) -> Mapped {
    let mut out = Mapped {
        text: String::with_capacity(text.len()),
        ..Mapped::default()
    };
    let breaks = Breaks::of(text);
    let mut before = ' ';
    let mut at = 0;
    while let Some(piece) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let len = piece.len_utf8();
        let plain = plain_run(text.as_bytes(), at);
        if plain > at {
            out.copy(text.get(at..plain).unwrap_or_default(), at);
            before = char::from(text.as_bytes()[plain - 1]);
            at = plain;
            continue;
        }
        let next = text
            .get(at + len..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or(' ');
        let mut end = at + len;
        match piece {
            '\r' => {}
            '\n' => out.replace(if breaks.hard(at) { "\n" } else { " " }, at, 1),
            '-' if broken_word(text, at, before) => {
                let rest = text.get(end..).unwrap_or_default();
                at = end + (rest.len() - rest.trim_start().len());
                continue;
            }
            '-' if next == '-' => {
                end += 1;
                out.replace("—", at, 2);
            }
            '–' | '—' | '―' | '−' | '‒' | '‑' | '\u{97}' | '\u{96}' => {
                let digits = before.is_ascii_digit() && next.is_ascii_digit();
                let within = piece == '‑' || digits;
                out.replace(if within { "-" } else { "—" }, at, len);
            }
            _ => match plain_mark(piece) {
                Some(mark) => out.replace(mark, at, len),
                None => out.copy(text.get(at..at + len).unwrap_or_default(), at),
            },
        }
        before = piece;
        at = end;
    }
    out
}

/// The end of the stretch of bytes that need no folding.
fn plain_run(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii() && !matches!(byte, b'\n' | b'-' | b'\t' | b'\r' | b'`'))
        .count();
    at + length
}

/// A hyphen at the end of a line, between small letters.
fn broken_word(text: &str, at: usize, before: char) -> bool {
    if !before.is_lowercase() {
        return false;
    }
    let rest = text.get(at + 1..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
    let Some(line) = trimmed.strip_prefix('\n') else {
        return false;
    };
    line.trim_start_matches([' ', '\t'])
        .chars()
        .next()
        .is_some_and(char::is_lowercase)
}

fn plain_mark(piece: char) -> Option<&'static str> {
    Some(match piece {
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2002}' | '\u{2003}' | '\t' => " ",
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{2060}' => "",
        '’' | '‘' | 'ʼ' | '`' | '´' | '′' | '\u{92}' | '\u{91}' => "'",
        '“' | '”' | '„' | '«' | '»' | '″' | '‟' | '\u{93}' | '\u{94}' => "\"",
        '…' => "...",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬀ' => "ff",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' => "u",
        'ş' | 'š' | 'ś' => "s",
        'ž' | 'ź' | 'ż' => "z",
        'ğ' => "g",
        'ł' => "l",
        'ý' => "y",
        'đ' => "d",
        'Á' | 'À' | 'Ä' | 'Å' | 'Â' => "A",
        'Ç' | 'Č' => "C",
        'É' | 'È' => "E",
        'İ' => "I",
        'Ö' | 'Ø' | 'Ó' => "O",
        'Ü' | 'Ú' => "U",
        'Ş' | 'Š' => "S",
        'Ž' => "Z",
        'ё' => "е",
        _ => return None,
    })
}

/// Which line ends close a paragraph.
struct Breaks {
    hard: Vec<usize>,
}

impl Breaks {
    fn of(text: &str) -> Breaks {
        let mut hard = Vec::new();
        let mut at = 0;
        let mut lines = text.split('\n').peekable();
        let mut total = 0_usize;
        let mut count = 0_usize;
        for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
            total += line.len();
            count += 1;
        }
        let usual = total / count.max(1);
        while let Some(line) = lines.next() {
            at += line.len();
            let Some(next) = lines.peek() else { break };
            if closes(line, next, usual) {
                hard.push(at);
            }
            at += 1;
        }
        Breaks { hard }
    }

    fn hard(&self, at: usize) -> bool {
        self.hard.binary_search(&at).is_ok()
    }
}

/// Whether the end of this line ends a paragraph, and not only a wrapped line.
fn closes(line: &str, next: &str, usual: usize) -> bool {
    let (line, next_line) = (line.trim_end(), next.trim());
    if line.trim().is_empty() || next_line.is_empty() {
        return true;
    }
    let last = line.chars().next_back().unwrap_or(' ');
    let ended = matches!(
        last,
        '.' | '!' | '?' | ')' | ']' | '"' | '”' | '»' | ':' | '>'
    );
    let first = next_line.chars().next().unwrap_or(' ');
    let opens = first.is_uppercase() || !first.is_alphanumeric() || first.is_ascii_digit();
    if next.starts_with("  ") && opens && ended {
        return true;
    }
    // A line far shorter than its neighbours is a heading or a last line; a very long one is a whole paragraph.
    let short = line.len() * 3 < usual.min(90) * 2 && line.len() < 72;
    let long = line.len() > 120;
    opens
        && ((ended && (short || long))
            || (short
                && !line.ends_with(',')
                && next_line.len() + 12 >= line.len()
                && line.len() < 60
                && heading(line)))
}

/// A line of a header, or one without small words, such as a heading.
fn heading(line: &str) -> bool {
    let letters = line.chars().filter(|piece| piece.is_alphabetic()).count();
    let capitals = line.chars().filter(|piece| piece.is_uppercase()).count();
    let colon = line.split_once(':').is_some_and(|(key, _)| key.len() < 20);
    colon || capitals * 2 > letters || line.chars().any(|piece| piece.is_ascii_digit())
}
