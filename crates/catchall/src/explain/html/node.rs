//! Node: one line of the tree on the page, and the small pieces around it.

use super::mark;
use crate::explain::markup::Markup;
use crate::explain::reasons::SURE;
use crate::explain::words::{Mood, Status};

/// A node of the tree: mark, name, status word, label, and a second line.
pub(super) struct Node {
    pub(super) mark: &'static str,
    pub(super) mood: Mood,
    pub(super) name: String,
    pub(super) word: String,
    pub(super) tag: &'static str,
    pub(super) class: &'static str,
    pub(super) says: String,
}

impl Node {
    pub(super) fn new(status: &Status, name: &str) -> Node {
        Node {
            mark: status.mark,
            mood: status.mood,
            name: name.to_owned(),
            word: String::new(),
            tag: "",
            class: "",
            says: String::new(),
        }
    }

    pub(super) fn markup(&self) -> Markup {
        let mut made = Markup::new();
        made.raw("<span class=\"node ")
            .raw(self.class)
            .raw("\">")
            .add(mark(self.mark, self.mood.class()));
        made.element("<span><span class=\"says\">", &self.name, "</span> ");
        if !self.word.is_empty() {
            made.raw("<span class=\"tf ")
                .raw(self.mood.class())
                .raw("\">")
                .text(&self.word)
                .raw("</span> ");
        }
        match self.tag {
            "" => {}
            SURE | "other dates" => {
                made.raw("<span class=\"tag\">")
                    .raw(self.tag)
                    .raw("</span>");
            }
            tag => {
                made.raw("<span class=\"tag tag-decides\">")
                    .raw(tag)
                    .raw("</span>");
            }
        }
        if !self.says.is_empty() {
            made.element("<span class=\"val\">", &self.says, "</span>");
        }
        made.raw("</span></span>");
        made
    }
}

pub(super) fn plain(mark: &'static str) -> Status {
    Status {
        words: String::new(),
        mood: Mood::Plain,
        mark,
    }
}

pub(super) fn word(status: &Status) -> Markup {
    let mut made = Markup::new();
    made.raw("<span class=\"tf ")
        .raw(status.mood.class())
        .raw("\">")
        .text(&status.words.to_uppercase())
        .raw("</span>");
    made
}

pub(super) fn item(path: bool) -> Markup {
    let mut made = Markup::new();
    made.raw(if path { "<li class=\"path\">" } else { "<li>" });
    made
}

pub(super) fn operator(path: bool) -> Markup {
    let mut made = Markup::new();
    made.raw(if path {
        "<li class=\"path op\"><span class=\"ops\">"
    } else {
        "<li class=\"op\"><span class=\"ops\">"
    });
    made
}
