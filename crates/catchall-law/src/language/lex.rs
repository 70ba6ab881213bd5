//! Words of a condition, each with its bytes, its line and how far the line is indented.

/// One word or sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    pub line: usize,
    pub indent: usize,
    pub quoted: bool,
}

/// Why a text cannot be cut into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LexError {
    /// A quotation mark without its partner on the line.
    OpenQuote(usize),
    /// A tab in front of a line.
    Tab(usize),
}

/// Cuts a condition into tokens. Comments run from `#` to the end of the line.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, LexError> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (line, content) in text.split('\n').enumerate() {
        let indent = content.len() - content.trim_start_matches(' ').len();
        if content[indent..].starts_with('\t') {
            return Err(LexError::Tab(begin + indent));
        }
        let mut at = indent;
        while at < content.len() {
            let rest = &content[at..];
            let Some(c) = rest.chars().next() else { break };
            let length = match c {
                _ if c.is_whitespace() => {
                    at += c.len_utf8();
                    continue;
                }
                '#' => break,
                '(' | ')' | ',' | ';' => 1,
                '"' => match rest[1..].find('"') {
                    Some(close) => close + 2,
                    None => return Err(LexError::OpenQuote(begin + at)),
                },
                '>' | '<' | '=' => {
                    if rest[1..].starts_with('=') {
                        2
                    } else {
                        1
                    }
                }
                '≥' | '≤' => c.len_utf8(),
                _ => {
                    let run = rest
                        .find(|c: char| {
                            c.is_whitespace()
                                || matches!(
                                    c,
                                    '(' | ')' | ',' | ';' | '"' | '>' | '<' | '=' | '#' | '≥' | '≤'
                                )
                        })
                        .unwrap_or(rest.len());
                    // A colon ends a word only at its end: `any of:`.
                    if run > 1 && rest[..run].ends_with(':') {
                        run - 1
                    } else {
                        run
                    }
                }
            };
            let quoted = c == '"';
            found.push(Token {
                text: if quoted {
                    &rest[1..length - 1]
                } else {
                    &rest[..length]
                },
                start: begin + at,
                end: begin + at + length,
                line,
                indent,
                quoted,
            });
            at += length;
        }
        begin += content.len() + 1;
    }
    Ok(found)
}
