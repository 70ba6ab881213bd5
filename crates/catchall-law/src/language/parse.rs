//! Recursive descent over the words of a condition, resolving every name on the way.

mod days;
mod item;
mod measure;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use catchall_model::Unit;

use super::lex::{LexError, Token, tokens};
use super::{Cond, Test, TestKind};
use crate::check::names::lookalike;
use crate::diagnostic::{Diagnostic, Source, nearest, suggestion};
use crate::vocabulary::{FactId, Vocabulary};

/// How deep conditions may nest: far beyond any law, well before the stack ends.
const DEEPEST: usize = 60;

/// The names a condition may use.
pub(crate) struct Names<'a> {
    pub vocabulary: &'a Vocabulary,
    /// Dated sets of countries, and lists of parties, by id.
    pub country_sets: &'a BTreeMap<String, usize>,
    pub party_sets: &'a BTreeMap<String, usize>,
    pub lists: &'a [ListNames],
}

/// What a condition may say of one control list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListNames {
    pub id: String,
    pub codes: BTreeSet<String>,
    pub tags: BTreeSet<String>,
}

/// Reads a condition. `base` is the byte of the file at which `text` begins.
pub(crate) fn parse_condition(
    text: &str,
    source: &Source,
    base: usize,
    names: &Names,
) -> Result<Cond, Diagnostic> {
    let at = |start: usize, end: usize| source.at(base + start, base + end);
    let words = tokens(text).map_err(|error| match error {
        LexError::OpenQuote(start) => Diagnostic::error(
            "open-quote",
            at(start, start + 1),
            "a quotation mark without its partner",
            "close it on the same line, as in \"mtcr:annex\"",
        ),
        LexError::Tab(start) => Diagnostic::error(
            "tab",
            at(start, start + 1),
            "a tab in front of a line",
            "indent with spaces: how far a line is indented says what it belongs to",
        ),
    })?;
    let parser = Parser {
        text,
        source,
        base,
        names,
    };
    if words.is_empty() {
        return Err(Diagnostic::error(
            "empty-condition",
            at(0, text.len()),
            "the condition is empty",
            "write what must hold, or `always` when the provision holds for every transfer",
        ));
    }
    if let Some((token, (letter, latin, alphabet))) = words
        .iter()
        .find_map(|token| lookalike(token.text).map(|found| (token, found)))
    {
        let message = format!(
            "`{}` holds `{letter}`, a {alphabet} letter (U+{:04X}) that looks like `{latin}`",
            token.text,
            u32::from(letter)
        );
        return Err(parser.error(
            "lookalike",
            token,
            message,
            format!("write the Latin `{latin}`"),
        ));
    }
    parser.condition(&words, 0)
}

struct Parser<'a> {
    text: &'a str,
    source: &'a Source,
    base: usize,
    names: &'a Names<'a>,
}

type Parsed<T> = Result<T, Diagnostic>;

/// The words still to read, with the last one read for errors at the end.
struct Cursor<'t, 'a> {
    words: &'t [Token<'a>],
    next: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    fn peek(&self) -> Option<&'t Token<'a>> {
        self.words.get(self.next)
    }
    fn take(&mut self) -> Option<&'t Token<'a>> {
        let token = self.words.get(self.next);
        self.next += usize::from(token.is_some());
        token
    }
    fn is(&self, ahead: usize, word: &str) -> bool {
        self.words
            .get(self.next + ahead)
            .is_some_and(|token| !token.quoted && token.text == word)
    }
    /// Takes these words if they all come next.
    fn eat(&mut self, words: &[&str]) -> bool {
        let all = words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.is(ahead, word));
        if all {
            self.next += words.len();
        }
        all
    }
    fn last(&self) -> Option<&'t Token<'a>> {
        self.words.get(
            self.next
                .saturating_sub(1)
                .min(self.words.len().saturating_sub(1)),
        )
    }
}

impl<'a> Parser<'a> {
    fn error(
        &self,
        code: &'static str,
        token: &Token,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::error(
            code,
            self.source
                .at(self.base + token.start, self.base + token.end),
            message,
            help,
        )
    }

    fn at_end(&self, cursor: &Cursor, wanted: &str) -> Diagnostic {
        self.wanted(cursor, wanted, None)
    }

    /// Something else should stand here; `help` says why, or how else.
    fn wanted(&self, cursor: &Cursor, wanted: &str, help: Option<&str>) -> Diagnostic {
        let write = || help.map_or_else(|| format!("write {wanted} here"), str::to_owned);
        match (cursor.peek(), cursor.last()) {
            (Some(token), _) => self.error(
                "unexpected",
                token,
                format!("`{}` stands where {wanted} should", token.text),
                write(),
            ),
            (None, Some(token)) => {
                let should = help.map_or_else(
                    || format!("{wanted} should follow"),
                    |help| format!("{wanted} should follow: {help}"),
                );
                self.error(
                    "unfinished",
                    token,
                    format!("the test ends after `{}`", token.text),
                    should,
                )
            }
            (None, None) => Diagnostic::error(
                "unfinished",
                self.source.at(self.base, self.base),
                "the condition ends here",
                format!("{wanted} should follow"),
            ),
        }
    }

    fn condition(&self, words: &[Token<'a>], depth: usize) -> Parsed<Cond> {
        let mut cursor = Cursor { words, next: 0 };
        if depth > DEEPEST
            && let Some(token) = cursor.peek()
        {
            return Err(self.error(
                "too-deep",
                token,
                "conditions nest too deeply here",
                "split the provision, or use a group",
            ));
        }
        let mut parts = vec![self.part(&mut cursor, depth)?];
        let mut joined: Option<&str> = None;
        while let Some(token) = cursor.take() {
            let word = match token.text {
                "and" | "or" if !token.quoted => token.text,
                _ => {
                    return Err(self.error(
                        "unexpected",
                        token,
                        format!("`{}` stands where `and` or `or` should", token.text),
                        "join two tests with `and` or `or`; end the condition here otherwise",
                    ));
                }
            };
            match joined {
                Some(before) if before != word => {
                    return Err(self.error(
                        "mixed-and-or",
                        token,
                        format!("`{word}` beside `{before}`: which binds first cannot be told"),
                        "put parentheses around the part that belongs together, or use `any of:` and `all of:`",
                    ));
                }
                _ => joined = Some(word),
            }
            parts.push(self.part(&mut cursor, depth)?);
        }
        Ok(match (parts.len(), joined) {
            (1, _) => parts.swap_remove(0),
            (_, Some("or")) => Cond::Any(parts),
            _ => Cond::All(parts),
        })
    }

    fn part(&self, cursor: &mut Cursor<'_, 'a>, depth: usize) -> Parsed<Cond> {
        if depth > DEEPEST
            && let Some(token) = cursor.peek()
        {
            return Err(self.error(
                "too-deep",
                token,
                "conditions nest too deeply here",
                "split the provision, or use a group",
            ));
        }
        if cursor.eat(&["not"]) {
            return Ok(Cond::Not(Box::new(self.part(cursor, depth + 1)?)));
        }
        if cursor.is(0, "(") {
            let open = cursor.next;
            let mut level = 0usize;
            let close = cursor.words[open..].iter().position(|token| {
                match (token.quoted, token.text) {
                    (false, "(") => level += 1,
                    (false, ")") => level -= 1,
                    _ => {}
                }
                level == 0
            });
            let Some(length) = close else {
                return Err(self.error(
                    "open-parenthesis",
                    &cursor.words[open],
                    "a parenthesis that nothing closes",
                    "close it with `)`",
                ));
            };
            cursor.next = open + length + 1;
            let inside = &cursor.words[open + 1..open + length];
            if inside.is_empty() {
                return Err(self.error(
                    "unfinished",
                    &cursor.words[open],
                    "nothing stands between the parentheses",
                    "write a test between them",
                ));
            }
            return self.condition(inside, depth + 1);
        }
        let start = cursor.next;
        if cursor.eat(&["any", "of", ":"]) {
            return Ok(Cond::Any(self.members(cursor, start, depth)?));
        }
        if cursor.eat(&["all", "of", ":"]) {
            return Ok(Cond::All(self.members(cursor, start, depth)?));
        }
        if cursor.eat(&["none", "of", ":"]) {
            return Ok(Cond::Not(Box::new(Cond::Any(
                self.members(cursor, start, depth)?,
            ))));
        }
        if cursor.is(0, "at") && cursor.is(1, "least") && cursor.is(3, "of") && cursor.is(4, ":") {
            let count = &cursor.words[cursor.next + 2];
            let wanted: Option<usize> = count.text.parse().ok();
            cursor.next += 5;
            let members = self.members(cursor, start, depth)?;
            return match wanted {
                Some(wanted) if (1..=members.len()).contains(&wanted) => {
                    Ok(Cond::AtLeast(wanted, members))
                }
                _ => Err(self.error(
                    "group-count",
                    count,
                    format!("`at least {} of` a group of {}", count.text, members.len()),
                    format!("write a whole number from 1 to {}", members.len()),
                )),
            };
        }
        self.test(cursor)
    }

    /// The members of a group: one a line, deeper than the line that opens it.
    fn members(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        opened: usize,
        depth: usize,
    ) -> Parsed<Vec<Cond>> {
        let opener = cursor.words[opened];
        let Some(first) = cursor.peek() else {
            return Err(self.error(
                "empty-group",
                &opener,
                "the group has no members",
                "write them below, one a line, indented deeper",
            ));
        };
        if first.line == opener.line || first.indent <= opener.indent {
            return Err(self.error(
                "group-layout",
                first,
                "a group's members stand on lines of their own, indented deeper than the line that opens it",
                format!("begin a new line with at least {} spaces here", opener.indent + 2),
            ));
        }
        let indent = first.indent;
        let mut members = Vec::new();
        while let Some(token) = cursor.peek() {
            if token.indent < indent {
                if token.indent > opener.indent && token.line > first.line {
                    return Err(self.error(
                        "group-layout",
                        token,
                        "this line is indented neither as a member of the group nor as what follows it",
                        format!("indent it by {indent} spaces for a member, by {} to go on after the group", opener.indent),
                    ));
                }
                break;
            }
            let begin = cursor.next;
            let line = token.line;
            let mut end = begin;
            while cursor
                .words
                .get(end)
                .is_some_and(|next| next.line == line || next.indent > indent)
            {
                end += 1;
            }
            members.push(self.condition(&cursor.words[begin..end], depth + 1)?);
            cursor.next = end;
        }
        Ok(members)
    }

    fn test(&self, cursor: &mut Cursor<'_, 'a>) -> Parsed<Cond> {
        let Some(subject) = cursor.take() else {
            return Err(self.at_end(cursor, "a test"));
        };
        let start = cursor.next - 1;
        match subject.text {
            "always" => Ok(Cond::Always),
            "any" | "no" if cursor.is(0, "party") => {
                cursor.next += 1;
                self.party(cursor, start, subject.text == "no")
            }
            "item" => self.item(cursor, start),
            key => {
                let Some(fact) = self.names.vocabulary.fact(key) else {
                    let keys = self
                        .names
                        .vocabulary
                        .facts
                        .iter()
                        .map(|fact| fact.key.as_str());
                    let near = nearest(key, keys.chain(["any party", "item", "always"]));
                    return Err(self.error(
                        "unknown-fact",
                        subject,
                        format!("unknown fact `{key}`{}", suggestion(near)),
                        "`catchall law vocabulary` lists every fact; a new figure of an item is a row in packs/vocabulary/properties.toml",
                    ));
                };
                self.fact_test(cursor, start, fact)
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the words of one test, each used once"
    )]
    fn make(
        &self,
        cursor: &Cursor<'_, 'a>,
        start: usize,
        kind: TestKind,
        operator: &str,
        threshold: &str,
        unit: Unit,
        negated: bool,
    ) -> Cond {
        let first = cursor.words[start];
        let last = cursor.words[cursor.next - 1];
        let test = Cond::Test(Box::new(Test {
            at: self
                .source
                .at(self.base + first.start, self.base + last.end),
            kind,
            operator: operator.to_owned(),
            threshold: threshold.to_owned(),
            unit,
        }));
        if negated {
            Cond::Not(Box::new(test))
        } else {
            test
        }
    }

    fn quoted(&self, cursor: &mut Cursor<'_, 'a>, wanted: &str) -> Parsed<Token<'a>> {
        match cursor.peek() {
            Some(token) if token.quoted => {
                cursor.next += 1;
                Ok(*token)
            }
            _ => Err(self.at_end(cursor, &format!("{wanted} in quotation marks"))),
        }
    }

    fn named<T: Copy>(
        &self,
        token: &Token<'a>,
        what: &'static str,
        among: &BTreeMap<String, T>,
    ) -> Parsed<T> {
        among.get(token.text).copied().ok_or_else(|| {
            let near = nearest(token.text, among.keys().map(String::as_str));
            self.error(
                "unknown-set",
                token,
                format!(
                    "no pack defines the {what} `{}`{}",
                    token.text,
                    suggestion(near)
                ),
                format!(
                    "define it in a `toml {}` block, or correct its name",
                    if what == "country set" {
                        "set"
                    } else {
                        "parties"
                    }
                ),
            )
        })
    }

    fn party(&self, cursor: &mut Cursor<'_, 'a>, start: usize, none: bool) -> Parsed<Cond> {
        let whole = Some("write `any party is listed in \"list-id\"`");
        if !cursor.eat(&["is"]) {
            return Err(self.wanted(cursor, "`is listed in`", whole));
        }
        let negated = cursor.eat(&["not"]) ^ none;
        if !cursor.eat(&["listed", "in"]) {
            return Err(self.wanted(cursor, "`listed in`", whole));
        }
        let name = self.quoted(cursor, "a list of parties")?;
        let set = self.named(&name, "list of parties", self.names.party_sets)?;
        let fact = self.core("parties", &name)?;
        Ok(self.make(
            cursor,
            start,
            TestKind::PartyIn(fact, set),
            "listed in",
            name.text,
            Unit::NONE,
            negated,
        ))
    }

    fn core(&self, key: &str, token: &Token) -> Parsed<FactId> {
        self.names.vocabulary.fact(key).ok_or_else(|| {
            self.error(
                "unknown-fact",
                token,
                format!("the vocabulary has no fact `{key}`"),
                "restore it to the table of facts",
            )
        })
    }
}

/// Whether a code lies within another: `19.A.1` within `19.A`, never within `1`.
pub(crate) fn code_within(code: &str, within: &str) -> bool {
    within.is_empty()
        || code == within
        || code
            .strip_prefix(within)
            .is_some_and(|rest| rest.starts_with('.'))
}
