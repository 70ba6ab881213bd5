//! Back-references: `see the Monitor, March 16`, a volume and an issue, `yesterday's Monitor`.

use super::{Apparatus, Reader, Referred};
use crate::dates::{Expr, Found};
use crate::gazetteer::words::Class;
use crate::segment::Parts;
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    pub(super) fn sees(&self, at: usize) -> bool {
        self.tokens.is(self.words, at, "outlet", "sees") && !self.lower(at + 1).is_empty()
    }

    pub(super) fn refers(&self, group: Stretch) -> bool {
        (group.from..group.to.min(group.from + 4))
            .any(|at| self.tokens.is(self.words, at, "outlet", "see"))
    }

    /// Whether the group names another serial that we know.
    pub(super) fn names_serial(&self, group: Stretch) -> bool {
        let (from, to) = self.tokens.bytes(group);
        let text = self.page.lower.get(from..to).unwrap_or_default();
        let head = text.trim_start_matches("the ").trim_start_matches(' ');
        self.words.serials.iter().any(|serial| {
            std::iter::once(&serial.title)
                .chain(&serial.also)
                .any(|title| head.starts_with(&title.to_lowercase()))
        })
    }

    /// Whether the group names the publication itself.
    pub(super) fn names_title(&self, group: Stretch) -> bool {
        let Some(title) = self.title else {
            return false;
        };
        let title = title.to_lowercase();
        let title = title.strip_prefix("the ").unwrap_or(&title);
        let (from, to) = self.tokens.bytes(group);
        let text = self.page.lower.get(from..to).unwrap_or_default();
        let plural = format!("{title}s");
        let head = text.strip_prefix("the ").unwrap_or(text);
        title.len() > 3
            && (head.starts_with(title)
                || head.starts_with(&plural)
                || self.short_title(self.headed(group)))
            && self.dates_in(group).next().is_some()
            && !self.known_outlet_in(group)
    }

    /// Where a group begins behind its article.
    fn headed(&self, group: Stretch) -> usize {
        group.from + usize::from(self.lower(group.from) == "the")
    }

    /// Whether a word is the publication's own name in short: its initials, or the first or last word of it.
    pub(super) fn short_title(&self, at: usize) -> bool {
        let Some(title) = self.title else {
            return false;
        };
        let Some(token) = self.tokens.all.get(at).filter(|token| token.capital) else {
            return false;
        };
        let word = self.tokens.text(&self.page.folded, at);
        let length = (token.end - token.start) as usize;
        let names: Vec<&str> = title
            .split(|piece: char| !piece.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        if (2..=6).contains(&length) && word.chars().all(char::is_uppercase) && names.len() > 1 {
            let initials = |all: bool| -> String {
                names
                    .iter()
                    .filter(|part| all || part.len() > 3)
                    .filter_map(|part| part.chars().next())
                    .flat_map(char::to_uppercase)
                    .collect()
            };
            if initials(true) == word || initials(false) == word {
                return true;
            }
        }
        length > 4
            && [names.first(), names.last()]
                .into_iter()
                .flatten()
                .any(|part| part.eq_ignore_ascii_case(word))
    }

    /// A title other than words of reference: capitalised words before the first date.
    pub(super) fn title_in(&self, group: Stretch) -> Option<String> {
        let first = self
            .dates_in(group)
            .next()
            .map_or(group.to, |(_, date)| date.from);
        let mut words: Vec<&str> = Vec::new();
        for at in group.from..first {
            let token = self.tokens.all[at];
            let refers = self.tokens.is(self.words, at, "outlet", "see");
            let numeral = self.lower(at).len() <= 6
                && self.lower(at).chars().all(|piece| "ivxlc".contains(piece));
            let counts = self.tokens.is(self.words, at, "serial", "issue")
                || self.tokens.is(self.words, at, "serial", "volume");
            if token.shape == Shape::Word
                && token.capital
                && !refers
                && !numeral
                && !counts
                && self.lower(at) != "the"
                && self.lower(at) != "for"
            {
                words.push(self.tokens.text(&self.page.folded, at));
            } else if !words.is_empty()
                && !refers
                && !matches!(
                    token.class,
                    Class::None | Class::Preposition | Class::Article
                )
            {
                break;
            }
        }
        if words.is_empty() {
            return None;
        }
        let title = words.join(" ");
        if let Some(own) = self.title {
            let bare = own.strip_prefix("The ").unwrap_or(own);
            let one = title.strip_suffix('s').unwrap_or(&title);
            let (small, short) = (bare.to_lowercase(), one.to_lowercase());
            let part = small
                .strip_suffix(&short)
                .is_some_and(|head| head.is_empty() || head.ends_with(' '))
                || small
                    .strip_prefix(&short)
                    .is_some_and(|tail| tail.is_empty() || tail.starts_with(' '));
            let initials = words.len() == 1
                && (group.from..first).any(|at| {
                    self.tokens.text(&self.page.folded, at) == title && self.short_title(at)
                });
            if bare.eq_ignore_ascii_case(&title) || part || initials {
                return Some(own.to_owned());
            }
        }
        Some(title)
    }

    /// `from 1997:` and `of 1997`: a year that holds for the list behind it.
    pub(super) fn list_year(&self, group: Stretch) -> Option<i16> {
        self.dates_in(group).find_map(|(_, date)| match date.expr {
            Expr::Year { from, to, .. } if from == to => Some(from),
            _ => None,
        })
    }

    pub(super) fn references(
        &self,
        group: Stretch,
        title: Option<String>,
        year: Option<i16>,
        apparatus: &mut Apparatus,
    ) {
        let counted =
            (group.from..group.to).any(|at| self.tokens.is(self.words, at, "serial", "issue"));
        let dates: Vec<(usize, Found)> = self
            .dates_in(group)
            .filter(|(_, date)| {
                matches!(
                    date.expr,
                    Expr::Day { .. } | Expr::Offset(_) | Expr::Weekday { .. }
                ) || (counted && matches!(date.expr, Expr::Month { year: Some(_), .. }))
            })
            .map(|(index, date)| (index, *date))
            .collect();
        let alone = dates.len() == 1;
        if dates.is_empty() {
            let (volume, issue) = self.number_before(group.from, group.to);
            let plain = (group.from..group.to).all(|at| {
                !matches!(
                    self.tokens.all[at].class,
                    Class::Verb(..) | Class::Be | Class::Modal
                )
            });
            if issue.is_some() && counted && plain {
                apparatus.referred.push(Referred {
                    title,
                    date: None,
                    number: (volume, issue),
                    year,
                    at: group,
                });
            }
            return;
        }
        let from = (group.from..group.to)
            .find(|at| self.sees(*at))
            .unwrap_or(group.from);
        for (index, date) in dates {
            let behind = date.to.max(date.from + 1);
            let at = if alone && from < date.from {
                Stretch { from, to: behind }
            } else {
                Stretch {
                    from: date.from,
                    to: behind,
                }
            };
            apparatus.referred.push(Referred {
                title: title.clone(),
                date: Some(index),
                number: self.number_before(group.from, date.from),
                year,
                at,
            });
        }
    }

    /// Volume and issue printed before a date: `no. 11 (24 August)`, `IX, 6 (10 February)`, `Weekly 209, 6 Oct`.
    fn number_before(&self, from: usize, date: usize) -> (Option<u32>, Option<u32>) {
        let (mut volume, mut issue) = (None, None);
        let low = date.saturating_sub(8).max(from);
        for at in low..date {
            if matches!(self.lower(at), ";" | ")") {
                (volume, issue) = (None, None);
                continue;
            }
            let text = self.lower(at);
            let roman = crate::segment::roman(self.tokens.text(&self.page.folded, at));
            let value = text
                .parse::<u32>()
                .ok()
                .filter(|value| *value < 1900)
                .or(roman);
            let Some(value) = value else { continue };
            let before = at.checked_sub(1).map_or("", |before| {
                let point = usize::from(self.lower(before) == "." && before > 0);
                self.lower(before - point)
            });
            if self.words.is("serial", "volume", before) || roman.is_some() {
                volume = Some(value);
            } else {
                issue = Some(value);
            }
        }
        (volume, issue)
    }

    /// `yesterday's Monitor`, `the Monitor of March 16`, `our issue of 3 June`, in running text.
    pub(super) fn own_issues(&self, parts: &Parts, apparatus: &mut Apparatus) {
        let Some(title) = self.title else { return };
        let lower = title.to_lowercase();
        let last = lower.rsplit(' ').next().unwrap_or(&lower);
        if last.len() < 4 {
            return;
        }
        let mut found = Vec::new();
        for at in 0..self.tokens.all.len() {
            let token = self.tokens.all[at];
            let length = (token.end - token.start) as usize;
            if !matches!(length, 5 | 6 | 8) && length != last.len() && length != last.len() + 1 {
                continue;
            }
            let word = self.lower(at);
            let named = token.capital && (word == last || word.strip_suffix('s') == Some(last));
            let ours = matches!(word, "issue" | "issues") && at > 0 && self.lower(at - 1) == "our";
            // `as we reported on April 27`.
            let ours = ours
                || (matches!(word, "reported" | "noted" | "wrote")
                    && at > 0
                    && self.lower(at - 1) == "we"
                    && self.lower(at + 1) == "on");
            if !(named || ours) || !parts.is_body(at) || self.covered(apparatus, at) {
                continue;
            }
            // `Circular 9/2021 of 2 March 2021`: the number stands between.
            let numbered = self.tokens.all.get(at + 1).is_some_and(|next| {
                next.shape == Shape::Number || matches!(self.lower(at + 1), "no" | "nos")
            }) && self
                .dates_in(Stretch {
                    from: at + 1,
                    to: at + 2,
                })
                .next()
                .is_none();
            let skips = |place: usize| {
                matches!(self.lower(place), "of" | "for" | "," | "on" | "'s")
                    || (numbered
                        && (matches!(self.lower(place), "/" | "no" | "." | "(")
                            || (self
                                .tokens
                                .all
                                .get(place)
                                .is_some_and(|own| own.shape == Shape::Number)
                                && self
                                    .dates_in(Stretch {
                                        from: place,
                                        to: place + 1,
                                    })
                                    .next()
                                    .is_none())))
            };
            let behind = (at + 1..at + 4 + 5 * usize::from(numbered)).find(|place| !skips(*place));
            let after = behind.and_then(|place| {
                self.dates_in(Stretch {
                    from: place,
                    to: place + 1,
                })
                .next()
            });
            let low = at.saturating_sub(6);
            let before = self
                .dates_in(Stretch { from: low, to: at })
                .filter(|(_, date)| {
                    date.to == at || (date.to + 1 == at && self.lower(date.to) == "'s")
                })
                .last();
            let Some((index, date)) = after.or(before) else {
                continue;
            };
            let day = matches!(
                date.expr,
                Expr::Day { .. } | Expr::Offset(_) | Expr::Weekday { .. }
            );
            if day {
                found.push(Referred {
                    title: Some(title.to_owned()),
                    date: Some(index),
                    number: (None, None),
                    year: None,
                    at: Stretch {
                        from: at.min(date.from),
                        to: date.to.max(at + 1),
                    },
                });
            }
        }
        let mut dates: std::collections::BTreeSet<Option<usize>> =
            apparatus.referred.iter().map(|own| own.date).collect();
        for own in found {
            if dates.insert(own.date) {
                apparatus.referred.push(own);
            }
        }
    }

    /// `Prior coverage:`, `Earlier articles on the matter:`: the token behind the label.
    fn back_label(&self, at: Stretch) -> Option<usize> {
        let colon =
            (at.from + 1..at.to.min(at.from + 8)).find(|place| self.lower(*place) == ":")?;
        let head = self.tokens.is(self.words, at.from, "outlet", "back");
        let noun = (at.from + 1..colon)
            .any(|place| self.tokens.is(self.words, place, "outlet", "backnouns"));
        (head && noun).then_some(colon + 1)
    }

    /// `Members are referred to`, `reference is made to`.
    fn sent_to(&self, at: usize) -> bool {
        self.lower(at + 1) == "to"
            && ((self.lower(at) == "referred" && self.tokens.all[at].class != Class::None)
                || (self.lower(at) == "made" && at > 1 && self.lower(at - 2) == "reference"))
    }

    /// `See the Bulletin, 3 June.` and `(...) see also our issue of 3 June` as sentences.
    pub(super) fn sentences_that_see(&self, parts: &Parts, apparatus: &mut Apparatus) {
        for sentence in &self.tokens.sentences {
            let at = sentence.at;
            if at.to - at.from > 70 || !parts.is_body(at.from) || self.covered(apparatus, at.from) {
                continue;
            }
            // A rule of marks may stand before the word that sends the reader back.
            let head = (at.from..at.to)
                .find(|place| self.tokens.all[*place].shape != Shape::Mark)
                .unwrap_or(at.from);
            let label = self.back_label(Stretch {
                from: head,
                to: at.to,
            });
            let opens = self.sees(head)
                || label.is_some()
                || (matches!(self.lower(head), "for" | "on")
                    && (head..at.to.min(head + 8)).any(|place| self.sees(place)))
                || (self.tokens.is(self.words, head, "outlet", "see")
                    && (head..at.to.min(head + 4)).any(|place| self.lower(place) == ":"));
            if !opens {
                let sent = (at.from..at.to).find(|place| self.sent_to(*place));
                if let Some(sent) = sent {
                    let tail = Stretch {
                        from: sent,
                        to: at.to,
                    };
                    if !self.known_outlet_in(tail) {
                        self.references(tail, self.title_in(tail), None, apparatus);
                    }
                }
                continue;
            }
            let at = Stretch {
                from: label.unwrap_or(head),
                to: at.to,
            };
            if self.text(at).contains('(') {
                let title = self.title_in(at);
                self.references(at, title, self.list_year(at), apparatus);
                continue;
            }
            let mut back = Some((None, None));
            for group in self.groups(at) {
                if self.refers(group) || self.dates_only(group) || self.names_serial(group) {
                    self.group(group, at, &mut back, apparatus);
                } else {
                    let title = self.title_in(group);
                    let year = self.list_year(group);
                    self.references(group, title.clone(), year, apparatus);
                    back = Some((title, year));
                }
            }
        }
    }
}
