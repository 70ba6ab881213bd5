//! Formats: every form of list that is read, one row each, and which one a file is.
//!
//! Says nothing of how a form is read; that is the publisher's own file. To add one: one row in [`FORMATS`].

use super::entry::Reading;
use super::input::Input;
use super::{
    Part, Refusal, au_dfat, bis_dpl, bis_entity, ca_sema, ch_seco, eu_fsf, ftm, ofac_advanced,
    ofac_csv, ofac_xml, plain, uk, un, us_csl,
};

/// The files of one import, in the order of the format's parts.
pub(super) type Inputs<'a> = Vec<Option<Input<'a>>>;

/// One form of list.
pub struct Format {
    /// Its id, as a person names it.
    pub id: &'static str,
    /// The list that it is of.
    pub list: &'static str,
    /// The list's title.
    pub title: &'static str,
    /// The files that it has.
    pub parts: &'static [PartRow],
    /// Whether a file with this name and these first bytes is of this form.
    signs: fn(&str, &str) -> bool,
    pub(super) read: fn(&mut Inputs<'_>, &mut Reading<'_>) -> Result<(), Refusal>,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// One file of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartRow {
    /// The publisher's name for it.
    pub name: &'static str,
    /// What a file's name holds when it is this part; empty for the part that takes every other name.
    pub hint: &'static str,
    /// Whether an import needs it.
    pub required: bool,
}

/// A form that was found.
#[derive(Clone, Copy, Debug)]
pub struct Detected {
    /// The form.
    pub format: &'static Format,
}

const fn one(name: &'static str) -> PartRow {
    PartRow {
        name,
        hint: "",
        required: true,
    }
}

const SDN_PARTS: &[PartRow] = &[
    one("sdn.csv"),
    PartRow {
        name: "alt.csv",
        hint: "alt",
        required: false,
    },
    PartRow {
        name: "add.csv",
        hint: "add",
        required: false,
    },
    PartRow {
        name: "sdn_comments.csv",
        hint: "comment",
        required: false,
    },
];

const CONS_PARTS: &[PartRow] = &[
    one("cons_prim.csv"),
    PartRow {
        name: "cons_alt.csv",
        hint: "alt",
        required: false,
    },
    PartRow {
        name: "cons_add.csv",
        hint: "add",
        required: false,
    },
    PartRow {
        name: "cons_comments.csv",
        hint: "comment",
        required: false,
    },
];

const SDN: &str = "OFAC Specially Designated Nationals and Blocked Persons List";
const CONS: &str = "OFAC Consolidated (non-SDN) Sanctions List";

/// Every form; where several would fit a file, the first one does.
pub(super) static FORMATS: &[Format] = &[
    Format {
        id: "ofac-cons-advanced-xml",
        list: "ofac-cons",
        title: CONS,
        parts: &[one("cons_advanced.xml")],
        signs: |name, head| head.contains("<Sanctions ") && consolidated(name),
        read: ofac_advanced::read,
    },
    Format {
        id: "ofac-sdn-advanced-xml",
        list: "ofac-sdn",
        title: SDN,
        parts: &[one("sdn_advanced.xml")],
        signs: |_, head| head.contains("<Sanctions ") || head.contains("<Sanctions>"),
        read: ofac_advanced::read,
    },
    Format {
        id: "ofac-cons-xml",
        list: "ofac-cons",
        title: CONS,
        parts: &[one("consolidated.xml")],
        signs: |name, head| head.contains("<sdnList") && consolidated(name),
        read: ofac_xml::read,
    },
    Format {
        id: "ofac-sdn-xml",
        list: "ofac-sdn",
        title: SDN,
        parts: &[one("sdn.xml")],
        signs: |_, head| head.contains("<sdnList"),
        read: ofac_xml::read,
    },
    Format {
        id: "un-xml",
        list: "un",
        title: "United Nations Security Council Consolidated List",
        parts: &[one("consolidated.xml")],
        signs: |_, head| head.contains("<CONSOLIDATED_LIST"),
        read: un::read,
    },
    Format {
        id: "eu-fsf-xml",
        list: "eu-fsf",
        title: "European Union Consolidated Financial Sanctions List",
        parts: &[one("xmlFullSanctionsList_1_1.xml")],
        signs: |_, head| {
            head.contains("<export")
                && (head.contains("fsd/export") || head.contains("<sanctionEntity"))
        },
        read: eu_fsf::read,
    },
    Format {
        id: "uk-xml",
        list: "uk",
        title: "UK Sanctions List",
        parts: &[one("UK-Sanctions-List.xml")],
        signs: |_, head| head.contains("<Designations"),
        read: uk::read_xml,
    },
    Format {
        id: "ch-seco-xml",
        list: "ch-seco",
        title: "Swiss sanctions list (SECO)",
        parts: &[one("consolidated-list.xml")],
        signs: |_, head| head.contains("<swiss-sanctions-list"),
        read: ch_seco::read,
    },
    Format {
        id: "ca-sema-xml",
        list: "ca-sema",
        title: "Consolidated Canadian Autonomous Sanctions List",
        parts: &[one("sema-lmes.xml")],
        signs: |_, head| head.contains("<data-set"),
        read: ca_sema::read,
    },
    Format {
        id: "us-csl-json",
        list: "us-csl",
        title: "US Consolidated Screening List",
        parts: &[one("consolidated.json")],
        signs: |_, head| {
            head.trim_start().starts_with('{')
                && (head.contains("Consolidated Screening List")
                    || (head.contains("\"results\"") && head.contains("\"source\"")))
        },
        read: us_csl::read_json,
    },
    Format {
        id: "bis-entity",
        list: "bis-entity",
        title: "BIS Entity List (15 CFR 744, supplement 4)",
        parts: &[one("entity-list.json")],
        signs: |_, head| {
            head.trim_start().starts_with('{')
                && head.contains("\"rows\"")
                && head.contains("\"entity\"")
        },
        read: bis_entity::read,
    },
    Format {
        id: "ftm",
        list: "ftm",
        title: "FollowTheMoney entities, whole or as changes",
        parts: &[one("entities.ftm.json")],
        signs: |_, head| {
            let line = head.lines().next().unwrap_or("");
            line.trim_start().starts_with('{')
                && (line.contains("\"schema\"") || line.contains("\"op\""))
        },
        read: ftm::read,
    },
    Format {
        id: "us-csl-csv",
        list: "us-csl",
        title: "US Consolidated Screening List",
        parts: &[one("consolidated.csv")],
        signs: |_, head| first_line_has(head, &["source", "entity_number", "alt_names"]),
        read: us_csl::read_csv,
    },
    Format {
        id: "bis-dpl",
        list: "bis-dpl",
        title: "BIS Denied Persons List",
        parts: &[one("dpl.txt")],
        signs: |_, head| first_line_has(head, &["name", "effective_date", "fr_citation"]),
        read: bis_dpl::read,
    },
    Format {
        id: "uk-csv",
        list: "uk",
        title: "UK Sanctions List",
        parts: &[one("UK-Sanctions-List.csv")],
        signs: |_, head| head.contains("Unique ID") && head.contains("Regime Name"),
        read: uk::read_csv,
    },
    Format {
        id: "au-dfat-csv",
        list: "au-dfat",
        title: "Australian Sanctions Consolidated List",
        parts: &[one("Australian_Sanctions_Consolidated_List.csv")],
        signs: |_, head| first_line_has(head, &["reference", "name of individual or entity"]),
        read: au_dfat::read,
    },
    Format {
        id: "plain-csv",
        list: "own",
        title: "A list of one's own",
        parts: &[one("list.csv")],
        signs: |_, head| {
            let line = head.lines().next().unwrap_or("").to_lowercase();
            let line = line.trim_start_matches('\u{feff}');
            let mut cells = line
                .split([',', ';'])
                .map(|cell| cell.trim_matches(['"', ' ']));
            cells.next() == Some("id") && cells.any(|cell| cell == "name")
        },
        read: plain::read,
    },
    Format {
        id: "ofac-cons-csv",
        list: "ofac-cons",
        title: CONS,
        parts: CONS_PARTS,
        signs: |name, head| consolidated(name) && numbered(name, head),
        read: ofac_csv::read,
    },
    Format {
        id: "ofac-sdn-csv",
        list: "ofac-sdn",
        title: SDN,
        parts: SDN_PARTS,
        signs: numbered,
        read: ofac_csv::read,
    },
];

/// Every form of list that is read.
pub fn formats() -> &'static [Format] {
    FORMATS
}

/// The form of files, by their names and first bytes (a few thousand will do). `None` when no form fits, or the files
/// are of several.
pub fn detect(files: &[(&str, &[u8])]) -> Option<Detected> {
    let mut found: Option<&'static Format> = None;
    for (name, head) in files {
        let name = name.to_lowercase();
        let head = &head[..head.len().min(8192)];
        let head = String::from_utf8_lossy(head);
        let format = FORMATS.iter().find(|format| (format.signs)(&name, &head))?;
        if found.is_some_and(|found| found.id != format.id) {
            return None;
        }
        found = Some(format);
    }
    let format = found?;
    (files.len() <= format.parts.len()).then_some(Detected { format })
}

/// Gives each file its place among the format's parts, and opens it.
pub(super) fn assign<'a>(
    format: &'static Format,
    parts: Vec<Part<'a>>,
) -> Result<Inputs<'a>, Refusal> {
    let mut inputs: Inputs<'a> = format.parts.iter().map(|_| None).collect();
    for part in parts {
        let name = part.name.to_lowercase();
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        let hinted = format
            .parts
            .iter()
            .position(|row| !row.hint.is_empty() && stem.contains(row.hint));
        let place = hinted.or_else(|| format.parts.iter().position(|row| row.hint.is_empty()));
        let slot = place.and_then(|place| inputs.get_mut(place));
        match slot {
            Some(slot @ None) => *slot = Some(Input::open(part.name, part.from)?),
            _ => {
                let wanted: Vec<&str> = format.parts.iter().map(|row| row.name).collect();
                return Err(Refusal::StrayPart {
                    file: part.name.to_owned(),
                    format: format.id,
                    wanted: wanted.join(", "),
                });
            }
        }
    }
    for (row, input) in format.parts.iter().zip(&inputs) {
        if row.required && input.is_none() {
            return Err(Refusal::MissingPart {
                format: format.id,
                part: row.name,
            });
        }
    }
    Ok(inputs)
}

/// The only file of a format with one part.
pub(super) fn only<'i, 'a>(inputs: &'i mut Inputs<'a>) -> Option<&'i mut Input<'a>> {
    inputs.first_mut().and_then(Option::as_mut)
}

/// Refuses text that is a web page: what a server sends in place of a list.
pub(super) fn refuse_page(input: &mut Input<'_>, wanted: &str) -> Result<(), Refusal> {
    use std::io::BufRead as _;
    let file = input.file.clone();
    let head = match input.from.fill_buf() {
        Ok(head) => String::from_utf8_lossy(&head[..head.len().min(512)]).to_lowercase(),
        Err(error) => return Err(input.refusal(&error)),
    };
    let start = head.trim_start();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err(Refusal::Form {
            file,
            found: "a web page".to_owned(),
            wanted: wanted.to_owned(),
        });
    }
    Ok(())
}

fn consolidated(name: &str) -> bool {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    stem.contains("cons")
}

fn first_line_has(head: &str, wanted: &[&str]) -> bool {
    let line = head.lines().next().unwrap_or("").to_lowercase();
    wanted.iter().all(|word| line.contains(word))
}

/// Rows that begin with a number and a comma, with the null of OFAC's files among them; its comments have none.
fn numbered(name: &str, head: &str) -> bool {
    let digits = head.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && head[digits..].starts_with(',')
        && (head.contains("-0-") || name.contains("comment"))
}
