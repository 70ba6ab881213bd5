//! Tests of the item: what kind it is, whether a list holds it, what is claimed of it.

use catchall_model::Unit;

use super::super::lex::Token;
use super::super::{Cond, TestKind};
use super::{Cursor, Parsed, Parser, code_within};
use crate::diagnostic::{nearest, suggestion};

impl<'a> Parser<'a> {
    pub(super) fn item(&self, cursor: &mut Cursor<'_, 'a>, start: usize) -> Parsed<Cond> {
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
}
