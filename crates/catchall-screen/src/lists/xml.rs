//! XML: the records of a publisher's file, one small tree at a time.
//!
//! The file itself never stands in memory. A document type, an entity that is not one of XML's own five, and nesting
//! beyond [`DEEPEST`] are refused: no list needs them, and they are how a small file becomes a large one. Knows nothing
//! of what a record means.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use super::input::Input;

/// The deepest nesting that is read; the deepest known list has 14.
const DEEPEST: usize = 64;

/// An element with what is in it. Names are without prefix.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The value of an attribute; empty where there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Its own text, trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The first child with this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child with this name; empty where there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", Element::text)
    }

    /// The children with this name.
    pub(super) fn each<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The children, all of them.
    pub(super) fn children(&self) -> &[Element] {
        &self.children
    }

    /// All elements below with this name, in the order of the file.
    pub(super) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }
}

/// What is read from a file.
pub(super) struct Plan<'p> {
    /// The root element.
    pub(super) root: &'p str,
    /// Elements that are handed over whole.
    pub(super) records: &'p [&'p str],
    /// Elements inside a record that are left out, with all that is in them.
    pub(super) skip: &'p [&'p str],
}

/// Calls back with the root (its attributes only), then with each record.
pub(super) fn records(
    input: &mut Input<'_>,
    plan: &Plan<'_>,
    mut each: impl FnMut(Element) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let file = input.file.clone();
    let mark = input.marker();
    let mut walk = Walk::default();
    let failed = {
        let mut xml = quick_xml::Reader::from_reader(&mut input.from);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = match xml.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => break Some(error.to_string()),
            };
            let end = matches!(event, Event::Eof);
            let step = walk
                .step(event, plan, &file, xml.buffer_position())?
                .map_or(Ok(()), |element| {
                    mark();
                    each(element)
                });
            step?;
            if end {
                break None;
            }
        }
    };
    match failed {
        Some(why) => Err(input.refusal(&why)),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Walk {
    depth: usize,
    rooted: bool,
    skipping: usize,
    open: Vec<Element>,
}

impl Walk {
    fn step(
        &mut self,
        event: Event<'_>,
        plan: &Plan<'_>,
        file: &str,
        at: u64,
    ) -> Result<Option<Element>, Refusal> {
        let broken = |why: String| Refusal::Broken {
            file: file.to_owned(),
            at,
            why,
        };
        match event {
            Event::Start(tag) => self.start(&tag, plan, file, at),
            Event::Empty(tag) => {
                let root = self.start(&tag, plan, file, at)?;
                Ok(self.end().or(root))
            }
            Event::End(_) => Ok(self.end()),
            Event::Text(text) => {
                self.push(&text.xml_content(XmlVersion::Implicit1_0));
                Ok(None)
            }
            Event::CData(text) => {
                self.push(&text.xml_content(XmlVersion::Implicit1_0));
                Ok(None)
            }
            Event::GeneralRef(reference) => {
                match reference.resolve_char_ref() {
                    Ok(Some(c)) => self.push(c.encode_utf8(&mut [0; 4])),
                    Ok(None) => match resolve_predefined_entity(&reference) {
                        Some(text) => self.push(text),
                        None => {
                            return Err(broken(format!("unknown entity `&{};`", &*reference)));
                        }
                    },
                    Err(error) => return Err(broken(error.to_string())),
                }
                Ok(None)
            }
            Event::DocType(_) => Err(Refusal::Doctype {
                file: file.to_owned(),
            }),
            Event::Eof if !self.rooted => Err(broken("no element in it".to_owned())),
            Event::Eof if self.depth > 0 => Err(Refusal::Truncated {
                file: file.to_owned(),
                why: format!("{} elements are still open at its end", self.depth),
            }),
            Event::Eof | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(None),
        }
    }

    fn start(
        &mut self,
        tag: &BytesStart<'_>,
        plan: &Plan<'_>,
        file: &str,
        at: u64,
    ) -> Result<Option<Element>, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::Broken {
                file: file.to_owned(),
                at,
                why: format!("elements are nested deeper than {DEEPEST}"),
            });
        }
        let local = tag.local_name();
        let name: &str = local.as_ref();
        if self.depth == 1 {
            if self.rooted || name != plan.root {
                return Err(Refusal::Form {
                    file: file.to_owned(),
                    found: format!("an element `{name}`"),
                    wanted: format!("one element `{}`", plan.root),
                });
            }
            self.rooted = true;
            return element(tag, file, at).map(Some);
        }
        if self.skipping > 0 || (!self.open.is_empty() && plan.skip.contains(&name)) {
            self.skipping += 1;
        } else if !self.open.is_empty() || plan.records.contains(&name) {
            self.open.push(element(tag, file, at)?);
        }
        Ok(None)
    }

    /// An element ends; the record, when it is one.
    fn end(&mut self) -> Option<Element> {
        self.depth = self.depth.saturating_sub(1);
        if self.skipping > 0 {
            self.skipping -= 1;
            return None;
        }
        let done = self.open.pop()?;
        match self.open.last_mut() {
            Some(parent) => {
                parent.children.push(done);
                None
            }
            None => Some(done),
        }
    }

    fn push(&mut self, text: &str) {
        if self.skipping == 0
            && let Some(open) = self.open.last_mut()
        {
            open.text.push_str(text);
        }
    }
}

fn element(tag: &BytesStart<'_>, file: &str, at: u64) -> Result<Element, Refusal> {
    let broken = |why: String| Refusal::Broken {
        file: file.to_owned(),
        at,
        why,
    };
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| broken(error.to_string()))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| broken(error.to_string()))?;
        let key = attribute.key.local_name();
        let key: &str = key.as_ref();
        attributes.push((key.to_owned(), value.into_owned()));
    }
    let local = tag.local_name();
    let name: &str = local.as_ref();
    Ok(Element {
        name: name.to_owned(),
        attributes,
        ..Element::default()
    })
}
