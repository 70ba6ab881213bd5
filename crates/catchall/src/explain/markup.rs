//! Markup: a page or picture being written, in which nothing can stand unescaped.
//!
//! Markup itself is only ever a literal of this program (`&'static str`); whatever comes from a document goes
//! through [`Markup::text`] or [`Markup::letters`], which escape it. The types leave no third way.

use super::measure;

/// What is written so far.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
}

impl Markup {
    pub(crate) fn new() -> Markup {
        Markup::default()
    }

    /// A picture that was itself written by this type.
    pub(crate) fn drawn(picture: String) -> Markup {
        Markup { out: picture }
    }

    /// Markup of the program's own.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Markup {
        self.out.push_str(markup);
        self
    }

    /// Text between tags of a page; what runs from right to left is isolated in an element.
    pub(crate) fn text(&mut self, text: &str) -> &mut Markup {
        for (turned, stretch) in measure::stretches(text) {
            if turned {
                self.out.push_str("<bdi dir=\"rtl\">");
            }
            escape(&stretch, &mut self.out);
            if turned {
                self.out.push_str("</bdi>");
            }
        }
        self
    }

    /// Text where no element can stand: in an attribute, a title, a line of a picture. What runs from right to
    /// left is isolated by characters.
    pub(crate) fn letters(&mut self, text: &str) -> &mut Markup {
        for (turned, stretch) in measure::stretches(text) {
            if turned {
                self.out.push('\u{2068}');
            }
            escape(&stretch, &mut self.out);
            if turned {
                self.out.push('\u{2069}');
            }
        }
        self
    }

    /// An element with nothing but text in it: opening tag, text, closing tag.
    pub(crate) fn element(
        &mut self,
        open: &'static str,
        text: &str,
        close: &'static str,
    ) -> &mut Markup {
        self.raw(open).text(text).raw(close)
    }

    /// A length or place of a picture, with at most one decimal.
    pub(crate) fn number(&mut self, number: f64) -> &mut Markup {
        let shown = format!("{number:.1}");
        self.out
            .push_str(shown.strip_suffix(".0").unwrap_or(&shown));
        self
    }

    /// A count.
    pub(crate) fn count(&mut self, count: usize) -> &mut Markup {
        self.out.push_str(&count.to_string());
        self
    }

    pub(crate) fn add(&mut self, other: Markup) -> &mut Markup {
        self.out.push_str(&other.out);
        self
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

fn escape(text: &str, into: &mut String) {
    for each in text.chars() {
        match each {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            each => into.push(each),
        }
    }
}
