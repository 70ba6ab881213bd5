//! What a page shows: the operators of text, in the order of the file, to lines and paragraphs.
//!
//! A gap on the line is a blank, a step down is a new line, a larger one a new paragraph. Letters drawn as paths, pictures and
//! text turned on its side are not read. Columns come in the order in which the file draws them. Knows the page's resources.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::font::{Font, big};
use super::object::{File, Lexer, Value};

type Matrix = [f64; 6];

const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// How deep forms may lie in one another.
const FORMS: usize = 6;

/// The text of one page as it grows.
pub(super) struct Shown<'a> {
    file: &'a File<'a>,
    /// Fonts met, by the number of their object.
    fonts: &'a mut BTreeMap<u32, Rc<Font>>,
    /// The text.
    pub(super) text: String,
    /// Codes of fonts that tell no letters.
    pub(super) mute: usize,
    /// The most bytes of text.
    most: usize,
    /// Where the last letters ended, and how large they were.
    last: Option<(f64, f64, f64)>,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_gap: f64,
    word_gap: f64,
    stretch: f64,
    leading: f64,
}

struct Lines {
    matrix: Matrix,
    line: Matrix,
}

impl<'a> Shown<'a> {
    pub(super) fn new(
        file: &'a File<'a>,
        fonts: &'a mut BTreeMap<u32, Rc<Font>>,
        most: usize,
    ) -> Shown<'a> {
        Shown {
            file,
            fonts,
            text: String::new(),
            mute: 0,
            most,
            last: None,
        }
    }

    /// Runs the operators of a page or form.
    pub(super) fn run(&mut self, bytes: &[u8], resources: &Value, depth: usize) {
        let state = State {
            matrix: UNIT,
            font: None,
            size: 1.0,
            letter_gap: 0.0,
            word_gap: 0.0,
            stretch: 1.0,
            leading: 0.0,
        };
        self.within(bytes, resources, depth, state);
    }

    fn within(&mut self, bytes: &[u8], resources: &Value, depth: usize, mut state: State) {
        let mut kept: Vec<State> = Vec::new();
        let mut lines = Lines {
            matrix: UNIT,
            line: UNIT,
        };
        let mut held: Vec<Value> = Vec::new();
        let mut lexer = Lexer::new(bytes, 0);
        while let Some(value) = lexer.next() {
            let Value::Word(word) = value else {
                if held.len() < 1000 {
                    held.push(value);
                }
                continue;
            };
            match word.as_str() {
                "q" if kept.len() < 200 => kept.push(state.clone()),
                "Q" => state = kept.pop().unwrap_or(state),
                "cm" => {
                    if let Some(own) = matrix(&held) {
                        state.matrix = times(&own, &state.matrix);
                    }
                }
                "Do" if depth < FORMS => self.form(&held, resources, depth, &state),
                // A picture in the page: its bytes are no operators.
                "ID" => {
                    let rest = lexer.bytes.get(lexer.at..).unwrap_or_default();
                    let end = rest
                        .windows(4)
                        .position(|own| {
                            own[0].is_ascii_whitespace()
                                && own[1..3] == *b"EI"
                                && own[3].is_ascii_whitespace()
                        })
                        .map_or(rest.len(), |end| end + 3);
                    lexer.at += end;
                }
                "Tf" => self.set_font(&held, resources, &mut state),
                other => self.text_operator(other, &held, &mut state, &mut lines),
            }
            held.clear();
            if self.text.len() > self.most {
                return;
            }
        }
    }

    fn text_operator(&mut self, word: &str, held: &[Value], state: &mut State, lines: &mut Lines) {
        let number = |at: usize| held.get(at).and_then(Value::number).unwrap_or(0.0);
        match word {
            "BT" => {
                lines.matrix = UNIT;
                lines.line = UNIT;
            }
            "Td" => lines.step(number(0), number(1)),
            "TD" => {
                state.leading = -number(1);
                lines.step(number(0), number(1));
            }
            "T*" => lines.step(0.0, -state.leading),
            "Tm" => {
                if let Some(own) = matrix(held) {
                    lines.matrix = own;
                    lines.line = own;
                }
            }
            "TL" => state.leading = number(0),
            "Tc" => state.letter_gap = number(0),
            "Tw" => state.word_gap = number(0),
            "Tz" => state.stretch = number(0) / 100.0,
            "Tj" => self.show(held.last(), state, lines),
            "'" => {
                lines.step(0.0, -state.leading);
                self.show(held.last(), state, lines);
            }
            "\"" => {
                state.word_gap = number(0);
                state.letter_gap = number(1);
                lines.step(0.0, -state.leading);
                self.show(held.last(), state, lines);
            }
            "TJ" => {
                let Some(Value::List(pieces)) = held.last() else {
                    return;
                };
                for piece in pieces {
                    match piece {
                        Value::Number(back) => {
                            lines.advance(-back / 1000.0 * state.size * state.stretch);
                        }
                        text => self.show(Some(text), state, lines),
                    }
                }
            }
            _ => {}
        }
    }

    fn set_font(&mut self, held: &[Value], resources: &Value, state: &mut State) {
        state.size = held.get(1).and_then(Value::number).unwrap_or(state.size);
        let Some(name) = held.first().and_then(Value::name) else {
            return;
        };
        let fonts = self.file.field(resources, "Font");
        state.font = match fonts.get(name) {
            Some(Value::Ref(number)) => {
                let file = self.file;
                let font = self
                    .fonts
                    .entry(*number)
                    .or_insert_with(|| Rc::new(Font::of(file, &file.object(*number))));
                Some(Rc::clone(font))
            }
            Some(own @ Value::Map(_)) => Some(Rc::new(Font::of(self.file, own))),
            _ => None,
        };
    }

    fn form(&mut self, held: &[Value], resources: &Value, depth: usize, state: &State) {
        let objects = self.file.field(resources, "XObject");
        let Some(Value::Ref(number)) = held
            .first()
            .and_then(Value::name)
            .and_then(|name| objects.get(name))
        else {
            return;
        };
        let form = self.file.object(*number);
        if self.file.field(&form, "Subtype").name() != Some("Form") {
            return;
        }
        let Ok(bytes) = self.file.stream(*number, &form) else {
            return;
        };
        let own = self.file.field(&form, "Resources");
        let own = if own == Value::Null {
            resources.clone()
        } else {
            own
        };
        let mut inner = state.clone();
        if let Value::List(list) = self.file.field(&form, "Matrix")
            && let Some(own) = matrix(&list)
        {
            inner.matrix = times(&own, &state.matrix);
        }
        self.within(&bytes, &own, depth + 1, inner);
    }

    fn show(&mut self, text: Option<&Value>, state: &State, lines: &mut Lines) {
        let (Some(Value::Text(bytes)), Some(font)) = (text, state.font.as_ref()) else {
            return;
        };
        if !font.readable {
            self.mute += bytes.len();
            return;
        }
        for code in bytes.chunks(font.bytes) {
            let number = big(code);
            let at = times(&lines.matrix, &state.matrix);
            let size = state.size.abs() * at[3].abs().max(at[1].abs());
            match font.letters(number) {
                Some(letters) => self.put(&letters, at[4], at[5], size),
                None => self.mute += 1,
            }
            let space = if code == b" " { state.word_gap } else { 0.0 };
            let wide = font.width(number) / 1000.0 * state.size + state.letter_gap + space;
            lines.advance(wide * state.stretch);
            let end = times(&lines.matrix, &state.matrix);
            self.last = Some((end[4], end[5], size));
        }
    }

    /// Letters at a place of the page.
    fn put(&mut self, letters: &str, x: f64, y: f64, size: f64) {
        if let Some((end, line, before)) = self.last {
            let height = size.max(before).max(0.1);
            let down = line - y;
            if down.abs() < 0.45 * height {
                if (x - end > 0.16 * height || end - x > 2.0 * height)
                    && !self.text.ends_with([' ', '\n'])
                {
                    self.text.push(' ');
                }
            } else {
                while self.text.ends_with(' ') {
                    self.text.pop();
                }
                // Up again is another column or a heading; far down is another paragraph.
                let apart = down < 0.0 || down > 1.7 * height;
                if !self.text.is_empty() && !self.text.ends_with("\n\n") {
                    let ended = self.text.ends_with('\n');
                    self.text.push_str(match (apart, ended) {
                        (true, false) => "\n\n",
                        (false, true) => "",
                        _ => "\n",
                    });
                }
            }
        }
        let blank = letters.chars().all(char::is_whitespace);
        if blank && (self.text.is_empty() || self.text.ends_with([' ', '\n'])) {
            return;
        }
        let plain = |own: char| if own.is_control() { ' ' } else { own };
        self.text.extend(letters.chars().map(plain));
    }
}

impl Lines {
    fn step(&mut self, x: f64, y: f64) {
        self.line = times(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.matrix = self.line;
    }

    fn advance(&mut self, x: f64) {
        self.matrix = times(&[1.0, 0.0, 0.0, 1.0, x, 0.0], &self.matrix);
    }
}

fn matrix(held: &[Value]) -> Option<Matrix> {
    let mut own = UNIT;
    for (place, value) in own.iter_mut().zip(held.get(..6)?) {
        *place = value.number()?;
    }
    Some(own)
}
