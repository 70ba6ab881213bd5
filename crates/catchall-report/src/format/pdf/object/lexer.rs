//! The lexer: bytes to the objects of a PDF.

use std::collections::BTreeMap;

use super::Value;

/// Reads values one after the other.
pub(in crate::format::pdf) struct Lexer<'a> {
    pub(in crate::format::pdf) bytes: &'a [u8],
    pub(in crate::format::pdf) at: usize,
}

impl<'a> Lexer<'a> {
    pub(in crate::format::pdf) fn new(bytes: &'a [u8], at: usize) -> Lexer<'a> {
        Lexer { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self
                    .peek()
                    .is_some_and(|byte| !matches!(byte, b'\n' | b'\r'))
                {
                    self.at += 1;
                }
            } else if blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next value; nothing at the end, or where lists lie too deep.
    pub(in crate::format::pdf) fn next(&mut self) -> Option<Value> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            self.at = self.bytes.len();
            return None;
        }
        self.skip_blank();
        match self.peek()? {
            b'/' => Some(Value::Name(self.name())),
            b'(' => Some(Value::Text(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Some(self.dictionary(depth))
            }
            b'<' => Some(Value::Text(self.hexadecimal())),
            b'[' => {
                self.at += 1;
                let mut list = Vec::new();
                while let Some(value) = self.value(depth + 1) {
                    if value == Value::Word("]".to_owned()) {
                        break;
                    }
                    list.push(value);
                }
                Some(Value::List(list))
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.numeral()),
            byte @ (b']' | b'{' | b'}' | b')') => {
                self.at += 1;
                Some(Value::Word(char::from(byte).to_string()))
            }
            b'>' => {
                self.at += if self.bytes.get(self.at + 1) == Some(&b'>') {
                    2
                } else {
                    1
                };
                Some(Value::Word(">>".to_owned()))
            }
            _ => {
                let from = self.at;
                while self
                    .peek()
                    .is_some_and(|byte| !blank(byte) && !delimiter(byte))
                {
                    self.at += 1;
                }
                let word = self.bytes.get(from..self.at).unwrap_or_default();
                Some(match word {
                    b"null" => Value::Null,
                    word => Value::Word(String::from_utf8_lossy(word).into_owned()),
                })
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Value {
        let mut map = BTreeMap::new();
        while let Some(Value::Name(key)) = self.value(depth + 1) {
            match self.value(depth + 1) {
                Some(Value::Word(word)) if word == ">>" => break,
                Some(value) => {
                    map.insert(key, value);
                }
                None => break,
            }
        }
        Value::Map(map)
    }

    fn name(&mut self) -> String {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self
            .peek()
            .filter(|byte| !blank(*byte) && !delimiter(*byte))
        {
            let pair = self.bytes.get(self.at + 1..self.at + 3);
            let escaped = pair
                .filter(|_| byte == b'#')
                .and_then(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?));
            name.push(escaped.unwrap_or(byte));
            self.at += if escaped.is_some() { 3 } else { 1 };
        }
        String::from_utf8_lossy(&name).into_owned()
    }

    fn numeral(&mut self) -> Value {
        let number = self.plain_number();
        // `12 0 R`: a reference to another object.
        let whole = number.fract() == 0.0 && (0.0..8_388_608.0).contains(&number);
        if whole {
            let mut ahead = Lexer::new(self.bytes, self.at);
            ahead.skip_blank();
            let digits = ahead.at;
            while ahead.peek().is_some_and(|byte| byte.is_ascii_digit()) && ahead.at < digits + 6 {
                ahead.at += 1;
            }
            if ahead.at > digits {
                ahead.skip_blank();
                let ends = ahead
                    .bytes
                    .get(ahead.at + 1)
                    .is_none_or(|byte| blank(*byte) || delimiter(*byte));
                if ahead.peek() == Some(b'R') && ends {
                    self.at = ahead.at + 1;
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "whole and between nought and 8,388,608"
                    )]
                    return Value::Ref(number as u32);
                }
            }
        }
        Value::Number(number)
    }

    fn plain_number(&mut self) -> f64 {
        let from = self.at;
        self.at += 1;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
        {
            self.at += 1;
        }
        let text = self.bytes.get(from..self.at).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        text.parse().unwrap_or(0.0)
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' | b'f' => {}
            b'\r' => self.at += usize::from(self.peek() == Some(b'\n')),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next) = self.peek().filter(|next| (b'0'..=b'7').contains(next)) else {
                        break;
                    };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push(u8::try_from(code & 0xff).unwrap_or_default());
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            digits.extend(digit(byte));
        }
        halves(&digits)
    }
}

pub(in crate::format::pdf) fn blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

pub(in crate::format::pdf) fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

pub(in crate::format::pdf) fn halves(digits: &[u8]) -> Vec<u8> {
    digits
        .chunks(2)
        .map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0))
        .collect()
}

/// How deep lists and maps may lie in one another.
const DEPTH: usize = 40;
