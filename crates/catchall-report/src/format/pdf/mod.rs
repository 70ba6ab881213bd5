//! PDF: the text layer, page by page, as the file tells it.
//!
//! A narrow reader: pages in their order, operators of text, fonts with a table to Unicode or a Latin encoding. Not read, and
//! listed as such: encrypted files, pages without a text layer (scans), fonts that tell no letters, streams under filters other
//! than Flate, ASCIIHex and ASCII85. Forms to fill in and notes are not looked at. Offsets count in the text that comes out.

mod font;
mod object;
mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Opened;
use crate::page::{Mapped, Page};
use font::Font;
use object::{File, Value};
use show::Shown;

/// The most pages that are looked at.
const PAGES: usize = 20_000;

/// Opens a file; at most `most` bytes of text come out.
pub(super) fn open(bytes: &[u8], most: usize) -> Opened {
    let file = File::open(bytes);
    let mut text = String::new();
    let mut unread: Vec<(String, usize, usize)> = Vec::new();
    if file.encrypted {
        let what = "an encrypted PDF; save it without a password first";
        unread.push((what.to_owned(), 0, 0));
        return opened(text, unread);
    }
    let pages = pages(&file);
    if pages.is_empty() {
        unread.push(("a PDF in which no page was found".to_owned(), 0, 0));
    }
    let mut fonts: BTreeMap<u32, Rc<Font>> = BTreeMap::new();
    let mut silent: Vec<usize> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let number = index + 1;
        let left = most.saturating_sub(text.len());
        if left == 0 {
            let what = format!(
                "pages {number} to {}: {}",
                pages.len(),
                super::too_long(most)
            );
            unread.push((what, text.len(), text.len()));
            break;
        }
        let mut shown = Shown::new(&file, &mut fonts, left);
        let mut faults: BTreeSet<String> = BTreeSet::new();
        let content = content(&file, page, &mut faults);
        shown.run(&content, &inherited(&file, page, "Resources"), 0);
        let (own, mute) = (shown.text, shown.mute);
        let at = text.len();
        if !text.is_empty() && !own.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(own.trim_end());
        for fault in faults {
            unread.push((format!("page {number}: {fault} is not read"), at, at));
        }
        if mute > 0 {
            let what = format!("page {number}: {mute} letters of fonts without a table of letters");
            unread.push((what, at, text.len()));
        } else if own.trim().is_empty() {
            silent.push(number);
        }
    }
    if !silent.is_empty() {
        let what = format!(
            "{} without a text layer: a scan, or letters drawn as pictures; recognise the text first",
            listed(&silent)
        );
        unread.push((what, text.len(), text.len()));
    }
    opened(text, unread)
}

fn opened(text: String, unread: Vec<(String, usize, usize)>) -> Opened {
    let mut plain = Mapped::default();
    plain.copy(&text, 0);
    Opened {
        page: Page::new(text, plain),
        offsets: "decoded",
        unread,
        ..Opened::default()
    }
}

/// `page 3`, `pages 1 to 4, 7`.
fn listed(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let words: Vec<String> = ranges
        .iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first} to {last}")
            }
        })
        .collect();
    let head = if numbers.len() == 1 { "page" } else { "pages" };
    format!("{head} {}", words.join(", "))
}

/// The pages in their order; where the tree is broken, in the order of their numbers.
fn pages(file: &File<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    let mut open: Vec<Value> = Vec::new();
    if let Some(top) = file.root.as_ref().and_then(|root| root.get("Pages")) {
        open.push(top.clone());
    }
    while let Some(next) = open.pop() {
        if let Value::Ref(number) = next
            && !seen.insert(number)
        {
            continue;
        }
        if found.len() >= PAGES || open.len() > 4 * PAGES {
            break;
        }
        let node = file.resolved(&next);
        match file.field(&node, "Kids") {
            Value::List(kids) => open.extend(kids.into_iter().rev()),
            _ if node.map().is_some() => found.push(node),
            _ => {}
        }
    }
    found
}

/// A field of a page, or of the nodes above it.
fn inherited(file: &File<'_>, page: &Value, key: &str) -> Value {
    let mut node = page.clone();
    for _ in 0..32 {
        let own = file.field(&node, key);
        if own != Value::Null {
            return own;
        }
        node = file.field(&node, "Parent");
    }
    Value::Null
}

/// The operators of a page, its streams put together.
fn content(file: &File<'_>, page: &Value, faults: &mut BTreeSet<String>) -> Vec<u8> {
    let streams = match page.get("Contents") {
        Some(Value::Ref(number)) => match file.object(*number) {
            Value::List(list) => list,
            _ => vec![Value::Ref(*number)],
        },
        Some(Value::List(list)) => list.clone(),
        _ => Vec::new(),
    };
    let mut bytes = Vec::new();
    for stream in streams.iter().take(10_000) {
        let Value::Ref(number) = stream else { continue };
        match file.stream(*number, &file.object(*number)) {
            Ok(own) => {
                bytes.extend(own);
                bytes.push(b'\n');
            }
            Err(fault) => {
                faults.insert(fault);
            }
        }
    }
    bytes
}
