//! From the codes of a font to letters: its own table to Unicode, else its encoding; and how wide each code is.
//!
//! Letters come from `ToUnicode`, from `Differences` by the names of the Adobe Glyph List that Latin text needs, or from
//! WinAnsi, Standard and MacRoman. A composite font without a table tells no letters, and says so. Knows no page.

use std::collections::BTreeMap;

use super::object::{File, Lexer, Value};

/// A font.
#[derive(Debug, Default)]
pub(super) struct Font {
    letters: BTreeMap<u32, String>,
    widths: BTreeMap<u32, f64>,
    usual: f64,
    /// Bytes of a code.
    pub(super) bytes: usize,
    base: Base,
    /// Whether codes can be told as letters.
    pub(super) readable: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Base {
    #[default]
    Standard,
    Windows,
    Macintosh,
    None,
}

/// The most codes that one range of a table may name.
const RANGE: u32 = 65_536;

impl Font {
    pub(super) fn of(file: &File<'_>, value: &Value) -> Font {
        let composite = value.get("Subtype").and_then(Value::name) == Some("Type0");
        let mut font = Font {
            bytes: if composite { 2 } else { 1 },
            base: if composite {
                Base::None
            } else {
                Base::Standard
            },
            usual: 500.0,
            readable: !composite,
            ..Font::default()
        };
        if composite {
            font.composite_widths(file, value);
        } else {
            font.simple_widths(file, value);
            font.encoding(file, &file.field(value, "Encoding"));
        }
        if let Some(Value::Ref(number)) = value.get("ToUnicode") {
            let table = file.object(*number);
            if let Ok(bytes) = file.stream(*number, &table) {
                font.table(&bytes, composite);
            }
        }
        font
    }

    /// The letters of a code.
    pub(super) fn letters(&self, code: u32) -> Option<String> {
        if let Some(own) = self.letters.get(&code) {
            return Some(own.clone());
        }
        let byte = u8::try_from(code).ok()?;
        match self.base {
            Base::None => None,
            Base::Windows => windows(byte),
            Base::Standard => standard(byte),
            Base::Macintosh => macintosh(byte),
        }
        .map(str::to_owned)
        .or_else(|| {
            (self.base != Base::None && (0x20..0x7f).contains(&byte))
                .then(|| char::from(byte).to_string())
        })
        .or_else(|| {
            (self.base == Base::Windows && byte >= 0xa0).then(|| char::from(byte).to_string())
        })
    }

    /// The width of a code in thousandths of the size.
    pub(super) fn width(&self, code: u32) -> f64 {
        self.widths.get(&code).copied().unwrap_or(self.usual)
    }

    fn simple_widths(&mut self, file: &File<'_>, value: &Value) {
        let first = file.field(value, "FirstChar").number().unwrap_or(0.0);
        let Value::List(list) = file.field(value, "Widths") else {
            return;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float saturates"
        )]
        let first = first as u32;
        for (code, width) in (first..).zip(list.iter().take(256)) {
            if let Some(width) = file.resolved(width).number() {
                self.widths.insert(code, width);
            }
        }
    }

    fn composite_widths(&mut self, file: &File<'_>, value: &Value) {
        let Value::List(list) = file.field(value, "DescendantFonts") else {
            return;
        };
        let Some(inner) = list.first().map(|own| file.resolved(own)) else {
            return;
        };
        self.usual = file.field(&inner, "DW").number().unwrap_or(1000.0);
        let Value::List(rows) = file.field(&inner, "W") else {
            return;
        };
        let mut at = 0;
        while let Some(first) = rows.get(at).and_then(Value::number) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a cast of a float saturates"
            )]
            let first = first as u32;
            match rows.get(at + 1).map(|own| file.resolved(own)) {
                Some(Value::List(widths)) => {
                    for (code, width) in (first..).zip(widths.iter()) {
                        self.widths
                            .insert(code, width.number().unwrap_or(self.usual));
                    }
                    at += 2;
                }
                Some(Value::Number(last)) => {
                    let width = rows.get(at + 2).and_then(Value::number);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a cast of a float saturates"
                    )]
                    let last = (last as u32).min(first.saturating_add(RANGE));
                    for code in first..=last {
                        self.widths.insert(code, width.unwrap_or(self.usual));
                    }
                    at += 3;
                }
                _ => break,
            }
        }
    }

    fn encoding(&mut self, file: &File<'_>, value: &Value) {
        let named = value
            .name()
            .map(str::to_owned)
            .or_else(|| file.field(value, "BaseEncoding").name().map(str::to_owned));
        self.base = match named.as_deref() {
            Some("WinAnsiEncoding") => Base::Windows,
            Some("MacRomanEncoding") => Base::Macintosh,
            _ => Base::Standard,
        };
        let Value::List(list) = file.field(value, "Differences") else {
            return;
        };
        let mut code = 0;
        for own in &list {
            match own {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a cast of a float saturates"
                )]
                Value::Number(number) => code = *number as u32,
                Value::Name(name) => {
                    if let Some(letters) = glyph(name) {
                        self.letters.insert(code, letters);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// The table to Unicode: `beginbfchar`, `beginbfrange`, and how long a code is.
    fn table(&mut self, bytes: &[u8], composite: bool) {
        let mut lexer = Lexer::new(bytes, 0);
        let mut held: Vec<Value> = Vec::new();
        while let Some(value) = lexer.next() {
            let Value::Word(word) = &value else {
                held.push(value);
                if held.len() > 100_000 {
                    held.clear();
                }
                continue;
            };
            match word.as_str() {
                "endcodespacerange" => {
                    if let (Some(Value::Text(first)), true) = (held.first(), composite) {
                        self.bytes = first.len().clamp(1, 4);
                    }
                }
                "endbfchar" => {
                    for pair in held.chunks(2) {
                        if let [Value::Text(code), Value::Text(letters)] = pair {
                            self.letters.insert(big(code), utf16(letters));
                        }
                    }
                }
                "endbfrange" => {
                    for row in held.chunks(3) {
                        self.range(row);
                    }
                }
                _ => {}
            }
            held.clear();
        }
        self.readable |= !self.letters.is_empty();
    }

    fn range(&mut self, row: &[Value]) {
        match row {
            [Value::Text(low), Value::Text(high), Value::Text(letters)] => {
                let (low, high) = (big(low), big(high));
                let first = utf16(letters);
                let mut all = first.chars();
                let Some(last) = all.next_back() else { return };
                let head = all.as_str();
                for code in low..=high.min(low.saturating_add(RANGE)) {
                    let own = char::from_u32(u32::from(last).saturating_add(code - low));
                    if let Some(own) = own {
                        self.letters.insert(code, format!("{head}{own}"));
                    }
                }
            }
            [Value::Text(low), Value::Text(_), Value::List(list)] => {
                for (code, own) in (big(low)..).zip(list) {
                    if let Value::Text(letters) = own {
                        self.letters.insert(code, utf16(letters));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A code of up to four bytes.
pub(super) fn big(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks(2)
        .map(|pair| u16::try_from(big(pair)).unwrap_or_default());
    char::decode_utf16(units)
        .map(|own| own.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Where WinAnsi differs from Latin-1.
fn windows(byte: u8) -> Option<&'static str> {
    const HIGH: [&str; 32] = [
        "€", "•", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "•", "Ž", "•", "•", "‘",
        "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "•", "ž", "Ÿ",
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied(),
        0xad => Some("-"),
        _ => None,
    }
}

/// Where the Standard encoding differs from ASCII, as far as Latin text needs it.
fn standard(byte: u8) -> Option<&'static str> {
    Some(match byte {
        0x27 => "’",
        0x60 => "‘",
        0xa1 => "¡",
        0xa2 => "¢",
        0xa3 => "£",
        0xa7 => "§",
        0xa9 => "'",
        0xaa => "“",
        0xab => "«",
        0xac => "‹",
        0xad => "›",
        0xae => "fi",
        0xaf => "fl",
        0xb1 => "–",
        0xb2 => "†",
        0xb7 => "•",
        0xb8 => "‚",
        0xb9 => "„",
        0xba => "”",
        0xbb => "»",
        0xbc => "…",
        0xd0 => "—",
        0xe1 => "Æ",
        0xe9 => "Ø",
        0xea => "Œ",
        0xf1 => "æ",
        0xf5 => "ı",
        0xf8 => "ł",
        0xf9 => "ø",
        0xfa => "œ",
        0xfb => "ß",
        _ => return None,
    })
}

/// Where MacRoman differs from ASCII, as far as Latin text needs it.
fn macintosh(byte: u8) -> Option<&'static str> {
    const LETTERS: [&str; 32] = [
        "Ä", "Å", "Ç", "É", "Ñ", "Ö", "Ü", "á", "à", "â", "ä", "ã", "å", "ç", "é", "è", "ê", "ë",
        "í", "ì", "î", "ï", "ñ", "ó", "ò", "ô", "ö", "õ", "ú", "ù", "û", "ü",
    ];
    Some(match byte {
        0x80..=0x9f => return LETTERS.get(usize::from(byte - 0x80)).copied(),
        0xa3 => "£",
        0xa4 => "§",
        0xa5 => "•",
        0xa7 => "ß",
        0xae => "Æ",
        0xaf => "Ø",
        0xbe => "æ",
        0xbf => "ø",
        0xc7 => "«",
        0xc8 => "»",
        0xc9 => "…",
        0xca => " ",
        0xd0 => "–",
        0xd1 => "—",
        0xd2 => "“",
        0xd3 => "”",
        0xd4 => "‘",
        0xd5 => "’",
        0xde => "fi",
        0xdf => "fl",
        _ => return None,
    })
}

/// Letters of a glyph's name.
fn glyph(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let mut letters = base.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        return only.is_alphabetic().then(|| only.to_string());
    }
    let code = base
        .strip_prefix("uni")
        .or_else(|| base.strip_prefix('u'))
        .filter(|digits| digits.len() >= 4)
        .and_then(|digits| u32::from_str_radix(digits.get(..4)?, 16).ok())
        .and_then(char::from_u32);
    if let Some(code) = code {
        return Some(code.to_string());
    }
    GLYPHS
        .binary_search_by_key(&base, |(own, _)| own)
        .ok()
        .and_then(|at| GLYPHS.get(at))
        .map(|(_, letters)| (*letters).to_owned())
}

/// Names of the Adobe Glyph List that Latin text needs, in the order of their bytes.
const GLYPHS: [(&str, &str); 92] = [
    ("Aacute", "Á"),
    ("Adieresis", "Ä"),
    ("Aring", "Å"),
    ("Ccaron", "Č"),
    ("Ccedilla", "Ç"),
    ("Eacute", "É"),
    ("Odieresis", "Ö"),
    ("Oslash", "Ø"),
    ("Scaron", "Š"),
    ("Udieresis", "Ü"),
    ("Zcaron", "Ž"),
    ("aacute", "á"),
    ("acircumflex", "â"),
    ("adieresis", "ä"),
    ("ae", "æ"),
    ("agrave", "à"),
    ("ampersand", "&"),
    ("aring", "å"),
    ("asterisk", "*"),
    ("at", "@"),
    ("atilde", "ã"),
    ("braceleft", "{"),
    ("braceright", "}"),
    ("bracketleft", "["),
    ("bracketright", "]"),
    ("bullet", "•"),
    ("ccaron", "č"),
    ("ccedilla", "ç"),
    ("colon", ":"),
    ("comma", ","),
    ("copyright", "©"),
    ("dollar", "$"),
    ("eacute", "é"),
    ("ecaron", "ě"),
    ("ecircumflex", "ê"),
    ("edieresis", "ë"),
    ("egrave", "è"),
    ("eight", "8"),
    ("ellipsis", "…"),
    ("emdash", "—"),
    ("endash", "–"),
    ("equal", "="),
    ("exclam", "!"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("fi", "fi"),
    ("five", "5"),
    ("fl", "fl"),
    ("four", "4"),
    ("germandbls", "ß"),
    ("greater", ">"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("hyphen", "-"),
    ("iacute", "í"),
    ("icircumflex", "î"),
    ("idieresis", "ï"),
    ("less", "<"),
    ("lslash", "ł"),
    ("minus", "-"),
    ("nine", "9"),
    ("ntilde", "ñ"),
    ("numbersign", "#"),
    ("oacute", "ó"),
    ("ocircumflex", "ô"),
    ("odieresis", "ö"),
    ("one", "1"),
    ("oslash", "ø"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("percent", "%"),
    ("period", "."),
    ("plus", "+"),
    ("question", "?"),
    ("quotedbl", "\""),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("quotesingle", "'"),
    ("scaron", "š"),
    ("section", "§"),
    ("semicolon", ";"),
    ("seven", "7"),
    ("six", "6"),
    ("slash", "/"),
    ("space", " "),
    ("three", "3"),
    ("two", "2"),
    ("udieresis", "ü"),
    ("zero", "0"),
];
