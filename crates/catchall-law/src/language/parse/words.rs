//! Tests of a fact by its words: yes or no, one of several, a set that includes another.

use catchall_model::Unit;

use super::super::lex::Token;
use super::super::{Cond, TestKind};
use super::{Cursor, Parsed, Parser};
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::vocabulary::{Bits, Domain, FactId};

impl<'a> Parser<'a> {
    pub(super) fn fact_test(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        start: usize,
        fact: FactId,
    ) -> Parsed<Cond> {
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
    pub(super) fn words(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        several: bool,
    ) -> Parsed<Vec<Token<'a>>> {
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
}
