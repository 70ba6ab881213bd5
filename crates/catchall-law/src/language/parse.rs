//! Recursive descent over the words of a condition, resolving every name on the way.

use std::collections::{BTreeMap, BTreeSet};

use catchall_model::{AmountError, Day, Number, Quantity, Unit};

use super::lex::{LexError, Token, tokens};
use super::{Cond, Shift, Test, TestKind};
use crate::check::names::lookalike;
use crate::diagnostic::{Diagnostic, Source, nearest, suggestion};
use crate::state::day_error;
use crate::vocabulary::{Bits, Domain, FactId, Vocabulary};

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

    fn item(&self, cursor: &mut Cursor<'_, 'a>, start: usize) -> Parsed<Cond> {
        if cursor.is(0, "can") || cursor.is(0, "cannot") {
            let negated = cursor.is(0, "cannot") || cursor.is(1, "not");
            let subject = cursor.words[start];
            cursor.next += if cursor.is(0, "can") && cursor.is(1, "not") {
                2
            } else {
                1
            };
            let whole = Some("write `item can deliver at least 500 kg to at least 300 km`");
            if !cursor.eat(&["deliver", "at", "least"]) {
                return Err(self.wanted(cursor, "`deliver at least`", whole));
            }
            let (payload, said) = self.quantity(cursor, "mass")?;
            if !cursor.eat(&["to", "at", "least"]) {
                return Err(self.wanted(cursor, "`to at least`", whole));
            }
            let (range, reach) = self.quantity(cursor, "length")?;
            let fact = self.core("item.delivers", &subject)?;
            let threshold = format!("{said} to {reach}");
            return Ok(self.make(
                cursor,
                start,
                TestKind::Delivers(fact, payload, range),
                "delivers at least",
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        if !cursor.eat(&["is"]) {
            return Err(self.wanted(cursor, "`is` or `can`", Some("write `item is listed in ...`, `item is within ...`, `item can deliver ...`, or a fact such as `item.kind`")));
        }
        let negated = cursor.eat(&["not"]);
        if cursor.eat(&["listed", "in"]) {
            let name = self.quoted(cursor, "a control list")?;
            let list = self.list(&name, name.text)?;
            let mut threshold = name.text.to_owned();
            let mut tag = None;
            if cursor.eat(&["under"]) {
                let label = self.quoted(cursor, "a label of the list's entries")?;
                let tags = &self.names.lists[list].tags;
                if !tags.contains(label.text) {
                    let near = nearest(label.text, tags.iter().map(String::as_str));
                    return Err(self.error(
                        "unknown-label",
                        &label,
                        format!(
                            "no entry of `{}` carries the label `{}`{}",
                            name.text,
                            label.text,
                            suggestion(near)
                        ),
                        "use one of the labels (`tags`) of the list's entries",
                    ));
                }
                threshold = format!("{} under {}", name.text, label.text);
                tag = Some(label.text.to_owned());
            }
            let kind = TestKind::Listed {
                list,
                within: String::new(),
                tag,
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                "listed in",
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        if cursor.eat(&["within"]) {
            let name = self.quoted(
                cursor,
                "a control list with a code, as in \"mtcr:annex/1.A\"",
            )?;
            let Some((id, code)) = name.text.split_once('/') else {
                return Err(self.error(
                    "code-form",
                    &name,
                    format!("`{}` names no code", name.text),
                    "write the list, a slash and the code, as in \"mtcr:annex/1.A\"",
                ));
            };
            let list = self.list(&name, id)?;
            let codes = &self.names.lists[list].codes;
            if !codes.iter().any(|each| code_within(each, code)) {
                let near = nearest(code, codes.iter().map(String::as_str));
                return Err(self.error(
                    "unknown-code",
                    &name,
                    format!(
                        "`{id}` has no entry `{code}`, nor any below it{}",
                        suggestion(near)
                    ),
                    "correct the code, or add the entry to the list",
                ));
            }
            let kind = TestKind::Listed {
                list,
                within: code.to_owned(),
                tag: None,
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                "within",
                name.text,
                Unit::NONE,
                negated,
            ));
        }
        Err(self.wanted(cursor, "`listed in` or `within`", Some("write `is listed in \"list\"` or `is within \"list/code\"`; what an item is, is asked by `item.kind`")))
    }

    fn list(&self, token: &Token<'a>, id: &str) -> Parsed<usize> {
        self.names
            .lists
            .iter()
            .position(|list| list.id == id)
            .ok_or_else(|| {
                let near = nearest(id, self.names.lists.iter().map(|list| list.id.as_str()));
                self.error(
                    "unknown-list",
                    token,
                    format!("no pack holds the control list `{id}`{}", suggestion(near)),
                    "correct its id, or add the list to a pack's list/ folder",
                )
            })
    }

    fn fact_test(&self, cursor: &mut Cursor<'_, 'a>, start: usize, fact: FactId) -> Parsed<Cond> {
        let known = self.names.vocabulary.get(fact);
        match known.domain {
            Domain::YesNo => self.yes_no(cursor, start, fact),
            Domain::Words(_) | Domain::Kinds | Domain::Countries if known.many => {
                self.includes(cursor, start, fact)
            }
            Domain::Words(_) | Domain::Kinds | Domain::Countries => {
                self.one_of(cursor, start, fact)
            }
            Domain::Quantity(dimension) => self.compare(cursor, start, fact, dimension.name()),
            Domain::Date => self.compare_days(cursor, start, fact),
            Domain::Curve => Err(self.error(
                "wrong-test",
                &cursor.words[start],
                format!("`{}` is a curve", known.key),
                "ask it with `item can deliver at least 500 kg to at least 300 km`",
            )),
            Domain::Parties => Err(self.error(
                "wrong-test",
                &cursor.words[start],
                "parties are asked by list",
                "write `any party is listed in \"list-id\"`",
            )),
        }
    }

    fn yes_no(&self, cursor: &mut Cursor<'_, 'a>, start: usize, fact: FactId) -> Parsed<Cond> {
        let mut negated = false;
        if cursor.eat(&["is"]) {
            negated = cursor.eat(&["not"]);
            if cursor.eat(&["false"]) || cursor.eat(&["no"]) {
                negated = !negated;
            } else if !(cursor.eat(&["true"]) || cursor.eat(&["yes"])) {
                return Err(self.at_end(cursor, "`true` or `false`"));
            }
        }
        Ok(self.make(
            cursor,
            start,
            TestKind::Yes(fact),
            "is",
            "true",
            Unit::NONE,
            negated,
        ))
    }

    fn one_of(&self, cursor: &mut Cursor<'_, 'a>, start: usize, fact: FactId) -> Parsed<Cond> {
        let domain = self.names.vocabulary.get(fact).domain;
        if !cursor.eat(&["is"]) {
            let several = cursor
                .is(0, "includes")
                .then_some("this fact holds one value, not several: write `is`, `is one of (...)`");
            return Err(self.wanted(cursor, "`is`", several));
        }
        let negated = cursor.eat(&["not"]);
        if cursor.is(0, "in") && domain != Domain::Countries {
            return Err(self.wanted(
                cursor,
                "a word or `one of (...)`",
                Some("only countries lie in sets: write out the words"),
            ));
        }
        if cursor.eat(&["in"]) {
            let name = self.quoted(cursor, "a country set")?;
            let set = self.named(&name, "country set", self.names.country_sets)?;
            return Ok(self.make(
                cursor,
                start,
                TestKind::InSet(fact, set),
                "is in",
                name.text,
                Unit::NONE,
                negated,
            ));
        }
        if cursor.is(0, "within") && domain != Domain::Kinds {
            return Err(self.wanted(
                cursor,
                "a word or `one of (...)`",
                Some("only kinds of item form a tree: write out the words"),
            ));
        }
        let tree = cursor.eat(&["within"]);
        let several = if tree {
            cursor.eat(&["any", "of"])
        } else {
            cursor.eat(&["one", "of"])
        };
        let words = self.words(cursor, several)?;
        let members = self.places(domain, &words, tree)?;
        let shown = words
            .iter()
            .map(|token| token.text)
            .collect::<Vec<_>>()
            .join(", ");
        let operator = match (tree, several) {
            (true, _) => "is within",
            (false, true) => "is one of",
            (false, false) => "is",
        };
        Ok(self.make(
            cursor,
            start,
            TestKind::OneOf(fact, members),
            operator,
            &shown,
            Unit::NONE,
            negated,
        ))
    }

    fn includes(&self, cursor: &mut Cursor<'_, 'a>, start: usize, fact: FactId) -> Parsed<Cond> {
        let domain = self.names.vocabulary.get(fact).domain;
        let mut negated = false;
        if cursor.eat(&["does", "not", "include"]) {
            negated = true;
        } else if !cursor.eat(&["includes"]) {
            let one = cursor.is(0, "is").then_some(
                "this fact holds any number of values: write `includes`, `includes any of (...)`",
            );
            return Err(self.wanted(cursor, "`includes`", one));
        }
        if cursor.is(0, "any") && cursor.is(1, "in") && domain != Domain::Countries {
            return Err(self.wanted(
                cursor,
                "`any of (...)`",
                Some("only countries lie in sets: write out the words"),
            ));
        }
        if cursor.eat(&["any", "in"]) {
            let name = self.quoted(cursor, "a country set")?;
            let set = self.named(&name, "country set", self.names.country_sets)?;
            return Ok(self.make(
                cursor,
                start,
                TestKind::IncludesIn(fact, set),
                "includes any in",
                name.text,
                Unit::NONE,
                negated,
            ));
        }
        let none = cursor.eat(&["none", "of"]);
        let several = none || cursor.eat(&["any", "of"]);
        let words = self.words(cursor, several)?;
        let members = self.places(domain, &words, false)?;
        let shown = words
            .iter()
            .map(|token| token.text)
            .collect::<Vec<_>>()
            .join(", ");
        let operator = if several {
            "includes any of"
        } else {
            "includes"
        };
        Ok(self.make(
            cursor,
            start,
            TestKind::Includes(fact, members),
            operator,
            &shown,
            Unit::NONE,
            negated ^ none,
        ))
    }

    /// One word, or several in parentheses.
    fn words(&self, cursor: &mut Cursor<'_, 'a>, several: bool) -> Parsed<Vec<Token<'a>>> {
        let mut words = Vec::new();
        if !cursor.is(0, "(") {
            return match cursor.peek() {
                Some(token) if !matches!(token.text, ")" | "," | "and" | "or") => {
                    cursor.next += 1;
                    Ok(vec![*token])
                }
                _ => Err(self.at_end(
                    cursor,
                    if several {
                        "words in parentheses"
                    } else {
                        "a word"
                    },
                )),
            };
        }
        cursor.next += 1;
        loop {
            match cursor.take() {
                Some(token) if !token.quoted && token.text == ")" && !words.is_empty() => {
                    return Ok(words);
                }
                Some(token) if !token.quoted && matches!(token.text, "," | ")" | "(") => {
                    return Err(self.error(
                        "unexpected",
                        token,
                        format!("`{}` stands where a word should", token.text),
                        "write words with commas between them: (nuclear, missile)",
                    ));
                }
                Some(token) => {
                    words.push(*token);
                    if !cursor.eat(&[","]) && !cursor.is(0, ")") {
                        return Err(self.at_end(cursor, "`,` or `)`"));
                    }
                }
                None => return Err(self.at_end(cursor, "`)`")),
            }
        }
    }

    fn places(&self, domain: Domain, words: &[Token<'a>], tree: bool) -> Parsed<Bits> {
        let vocabulary = self.names.vocabulary;
        let mut members = Bits::default();
        for token in words {
            let place = match domain {
                Domain::Words(list) => {
                    let exact = vocabulary.lists[list]
                        .words
                        .iter()
                        .position(|word| word.word == token.text);
                    exact.and_then(|place| u32::try_from(place).ok())
                }
                Domain::Kinds => vocabulary
                    .kind(token.text)
                    .filter(|place| vocabulary.kinds[*place as usize].word == token.text),
                _ => catchall_model::Country::from_code(token.text)
                    .and_then(|country| vocabulary.country(country)),
            };
            let Some(place) = place else {
                return Err(self.unknown_word(domain, token));
            };
            if tree {
                for below in place..vocabulary.kinds[place as usize].end {
                    members.insert(below);
                }
            } else {
                members.insert(place);
            }
        }
        Ok(members)
    }

    fn unknown_word(&self, domain: Domain, token: &Token) -> Diagnostic {
        let vocabulary = self.names.vocabulary;
        let near = || {
            nearest(
                token.text,
                (0..vocabulary.size(domain)).map(|place| vocabulary.name(domain, place)),
            )
        };
        let meant = match domain {
            Domain::Kinds => vocabulary.kind(token.text),
            Domain::Words(list) => vocabulary.word(list, token.text),
            _ => None,
        };
        if let Some(place) = meant {
            let word = vocabulary.name(domain, place);
            return self.error(
                "unknown-word",
                token,
                format!("`{}` is another way to say `{word}`", token.text),
                format!("write `{word}`: packs use the word itself"),
            );
        }
        let (what, near, help) = match domain {
            Domain::Kinds => (
                "kind of item",
                near(),
                "kinds stand in packs/vocabulary/kinds.toml",
            ),
            Domain::Countries => (
                "country code",
                vocabulary.country_like(token.text),
                "write two capital letters, as in `IR`",
            ),
            _ => (
                "word of this fact",
                near(),
                "`catchall law vocabulary` lists the words of each fact",
            ),
        };
        self.error(
            "unknown-word",
            token,
            format!("`{}` is no {what}{}", token.text, suggestion(near)),
            help,
        )
    }

    /// A quantity in base units, with its own words.
    fn quantity(&self, cursor: &mut Cursor<'_, 'a>, wanted: &str) -> Parsed<(Number, String)> {
        let (number, quantity) = self.amount(cursor, wanted)?;
        Ok((number, quantity.to_string()))
    }

    fn amount(&self, cursor: &mut Cursor<'_, 'a>, wanted: &str) -> Parsed<(Number, Quantity)> {
        let Some(first) = cursor.peek() else {
            return Err(self.at_end(cursor, &article(wanted)));
        };
        // The words of a quantity are read from the text itself, since a unit may hold parentheses: `kg/(N*h)`.
        let rest = &self.text[first.start..];
        let line = rest.split('\n').next().unwrap_or(rest);
        let number_end = line.find(|c: char| c.is_whitespace()).unwrap_or(line.len());
        let number_end = line[..number_end]
            .find(['(', ')', ',', '#'])
            .unwrap_or(number_end);
        let after = &line[number_end..];
        let gap = after.len() - after.trim_start().len();
        let unit_text = unit_run(&after[gap..]);
        let takes = !matches!(unit_text, "and" | "or" | "to" | "of" | "")
            && !line[..number_end].contains('%');
        let end = if takes {
            number_end + gap + unit_text.len()
        } else {
            number_end
        };
        let words = &line[..end];
        let unit = first_unit(wanted);
        let quantity = Quantity::parse(words).map_err(|error| {
            let text = error.to_string();
            let (problem, help) = match &error {
                AmountError::Unit { .. } => (
                    text.as_str(),
                    "`catchall law vocabulary --units` lists every unit".to_owned(),
                ),
                AmountError::OutOfReach { .. } => {
                    (text.as_str(), "check the figure and its unit".to_owned())
                }
                _ => (
                    text.split("; ").next().unwrap_or(&text),
                    format!(
                        "write {}, as in `{}`",
                        article(wanted),
                        format!("3 {unit}").trim()
                    ),
                ),
            };
            self.error("quantity", first, problem, help)
        })?;
        let stop = first.start + end;
        while cursor.peek().is_some_and(|token| token.start < stop) {
            cursor.next += 1;
        }
        let dimension = quantity.unit.dimension();
        if dimension.name() != wanted {
            let problem = if quantity.unit == Unit::NONE {
                format!(
                    "`{words}` has no unit, but {} is asked for",
                    article(wanted)
                )
            } else {
                format!(
                    "`{words}` is {}, but {} is asked for",
                    dimension.with_article(),
                    article(wanted)
                )
            };
            return Err(self.error("wrong-dimension", first, problem, example_units(wanted)));
        }
        match quantity.in_base() {
            Some((low, high)) if low == high => Ok((low, quantity)),
            Some(_) => Err(self.error(
                "inexact-unit",
                first,
                format!("`{words}` does not convert exactly to `{unit}`, in which figures of {wanted} are compared"),
                "write the threshold in the unit of the law's text, or in one that converts exactly",
            )),
            None => Err(self.error("quantity", first, format!("`{words}` is beyond the figures that can be compared"), "check the figure and its unit")),
        }
    }

    fn compare(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        start: usize,
        fact: FactId,
        wanted: &str,
    ) -> Parsed<Cond> {
        let worded = cursor.eat(&["is"]);
        let negated = worded && cursor.eat(&["not"]);
        if worded && cursor.eat(&["between"]) {
            let (low, first) = self.amount(cursor, wanted)?;
            if !cursor.eat(&["and"]) {
                return Err(self.at_end(cursor, "`and` with the greater figure"));
            }
            let (high, second) = self.amount(cursor, wanted)?;
            if low > high {
                return Err(self.error(
                    "inverted-range",
                    &cursor.words[start],
                    format!("`between {first} and {second}` runs from the greater to the smaller"),
                    "write the smaller figure first",
                ));
            }
            let threshold = if first.unit == second.unit {
                format!("{} and {}", first.amount, second.amount)
            } else {
                format!("{first} and {second}")
            };
            let unit = if first.unit == second.unit {
                first.unit
            } else {
                Unit::NONE
            };
            return Ok(self.make(
                cursor,
                start,
                TestKind::Between(fact, low, high),
                "between",
                &threshold,
                unit,
                negated,
            ));
        }
        const OPERATORS: [(&[&str], &str, bool, bool, bool); 14] = [
            (&["at", "least"], "at least", true, false, false),
            (&["not", "less", "than"], "at least", true, false, false),
            (&[">="], "at least", true, false, false),
            (&["≥"], "at least", true, false, false),
            (&["more", "than"], "more than", true, false, true),
            (&[">"], "more than", true, false, true),
            (&["at", "most"], "at most", false, true, false),
            (&["<="], "at most", false, true, false),
            (&["≤"], "at most", false, true, false),
            (&["less", "than"], "less than", false, true, true),
            (&["<"], "less than", false, true, true),
            (&["exactly"], "exactly", true, true, false),
            (&["="], "exactly", true, true, false),
            (&["=="], "exactly", true, true, false),
        ];
        for (words, operator, from, to, strict) in OPERATORS {
            if cursor.eat(words) {
                let (number, quantity) = self.amount(cursor, wanted)?;
                let low = match (from, strict) {
                    (true, true) => number.up(),
                    (true, false) => number,
                    (false, _) => Number::MIN,
                };
                let high = match (to, strict) {
                    (true, true) => number.down(),
                    (true, false) => number,
                    (false, _) => Number::MAX,
                };
                let threshold = quantity.amount.to_string();
                return Ok(self.make(
                    cursor,
                    start,
                    TestKind::Between(fact, low, high),
                    operator,
                    &threshold,
                    quantity.unit,
                    negated,
                ));
            }
        }
        let all = "write `is at least`, `is more than`, `is at most`, `is less than`, `is exactly` or `is between ... and ...`";
        Err(self.wanted(cursor, "a comparison", Some(all)))
    }

    fn compare_days(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        start: usize,
        fact: FactId,
    ) -> Parsed<Cond> {
        if !cursor.eat(&["is"]) {
            return Err(self.wanted(cursor, "`is`", Some("days are compared with `is before`, `is after`, `is on or before`, `is on or after`, `is within 30 days after ...`")));
        }
        let negated = cursor.eat(&["not"]);
        if cursor.eat(&["within"]) {
            let span = Some("write a span such as `30 days after contract.signed`");
            let Some(number) = cursor
                .peek()
                .and_then(|token| token.text.parse().ok())
                .filter(|n| (0..=36_500).contains(n))
            else {
                return Err(self.wanted(cursor, "a whole number of days, months or years", span));
            };
            cursor.next += 1;
            let unit = cursor.peek().map_or("", |token| token.text);
            let shift = match unit {
                "day" | "days" => Shift {
                    months: 0,
                    days: number,
                },
                "month" | "months" => Shift {
                    months: number,
                    days: 0,
                },
                "year" | "years" => Shift {
                    months: number * 12,
                    days: 0,
                },
                _ => return Err(self.wanted(cursor, "`days`, `months` or `years`", span)),
            };
            cursor.next += 1;
            let later = cursor.peek().map_or("", |token| token.text);
            let (from, to) = match later {
                "after" => (Shift::default(), shift),
                "before" => (
                    Shift {
                        months: -shift.months,
                        days: -shift.days,
                    },
                    Shift::default(),
                ),
                _ => return Err(self.wanted(cursor, "`after` or `before`", span)),
            };
            cursor.next += 1;
            let other = self.other_day(cursor)?;
            let threshold = format!(
                "{number} {unit} {later} {}",
                self.names.vocabulary.get(other).key
            );
            let kind = TestKind::Relative {
                fact,
                other,
                from: Some(from),
                to: Some(to),
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                "within",
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        const OPERATORS: [(&[&str], &str, bool, i32); 6] = [
            (&["on", "or", "before"], "on or before", false, 0),
            (&["on", "or", "after"], "on or after", true, 0),
            (&["before"], "before", false, -1),
            (&["after"], "after", true, 1),
            (&["at", "latest"], "on or before", false, 0),
            (&["at", "earliest"], "on or after", true, 0),
        ];
        for (words, operator, later, by) in OPERATORS {
            if !cursor.eat(words) {
                continue;
            }
            let Some(token) = cursor.peek() else {
                return Err(self.at_end(
                    cursor,
                    "a day such as 1998-03-25, or another date of the transfer",
                ));
            };
            if token.text.starts_with(|c: char| c.is_ascii_digit()) {
                let day = Day::parse(token.text).map_err(|error| {
                    let error = day_error(&error);
                    self.error("date", token, error.problem, error.cure)
                })?;
                cursor.next += 1;
                let edge = Number::from_grid(i128::from(day.number() + i64::from(by)));
                let (low, high) = if later {
                    (edge, Number::MAX)
                } else {
                    (Number::MIN, edge)
                };
                return Ok(self.make(
                    cursor,
                    start,
                    TestKind::Between(fact, low, high),
                    operator,
                    &day.to_string(),
                    Unit::NONE,
                    negated,
                ));
            }
            let other = self.other_day(cursor)?;
            let edge = Some(Shift {
                months: 0,
                days: by,
            });
            let (from, to) = if later { (edge, None) } else { (None, edge) };
            let threshold = self.names.vocabulary.get(other).key.clone();
            let kind = TestKind::Relative {
                fact,
                other,
                from,
                to,
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                operator,
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        Err(self.wanted(cursor, "a comparison of days", Some("write `before`, `after`, `on or before`, `on or after` or `within 30 days after ...`")))
    }

    fn other_day(&self, cursor: &mut Cursor<'_, 'a>) -> Parsed<FactId> {
        let Some(token) = cursor.take() else {
            return Err(self.at_end(cursor, "another date of the transfer, as `contract.signed`"));
        };
        match self.names.vocabulary.fact(token.text) {
            Some(fact) if self.names.vocabulary.get(fact).domain == Domain::Date => Ok(fact),
            _ => Err(self.error(
                "wrong-test",
                token,
                format!("`{}` is no date of the transfer", token.text),
                "use `date`, `contract.signed`, `licence.issued`, `delivery` or `departure`",
            )),
        }
    }
}

/// A unit at the start of a text: up to white space, a comma, a comment or a parenthesis it did not open.
fn unit_run(text: &str) -> &str {
    let mut open = 0usize;
    let end = text
        .char_indices()
        .find(|(_, c)| match c {
            '(' => {
                open += 1;
                false
            }
            ')' if open > 0 => {
                open -= 1;
                false
            }
            ')' | ',' | '#' | '<' | '>' | '=' | '"' | ';' => true,
            _ => c.is_whitespace(),
        })
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn example_units(dimension: &str) -> String {
    let units: Vec<&str> = catchall_model::UNITS
        .iter()
        .filter(|row| {
            catchall_model::DIMENSIONS.get(usize::from(row.dimension)) == Some(&dimension)
        })
        .map(|row| row.name)
        .filter(|name| !name.is_empty())
        .collect();
    if units.is_empty() {
        format!("{} is written without a unit", article(dimension))
    } else {
        format!("units of {dimension}: {}", units.join(", "))
    }
}

fn first_unit(dimension: &str) -> &'static str {
    let own = |row: &&catchall_model::UnitRow| {
        catchall_model::DIMENSIONS.get(usize::from(row.dimension)) == Some(&dimension)
    };
    catchall_model::UNITS
        .iter()
        .find(own)
        .map_or("", |row| row.name)
}

/// The name of a dimension behind "a" or "an".
fn article(name: &str) -> String {
    format!(
        "{} {name}",
        if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        }
    )
}

/// Whether a code lies within another: `19.A.1` within `19.A`, never within `1`.
pub(crate) fn code_within(code: &str, within: &str) -> bool {
    within.is_empty()
        || code == within
        || code
            .strip_prefix(within)
            .is_some_and(|rest| rest.starts_with('.'))
}
