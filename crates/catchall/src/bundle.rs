//! Bundle: a case for the file or the court, sealed: what was asked, why it was answered so, who did what, and how to check it.
//!
//! One page that needs nothing but itself: the page of reasons (`explain`), the case before it, and behind it everything that
//! was recorded, each entry with its hash. The last line is the seal, a digest of all above it. Nothing is decided or asked
//! again here. The same for paper is a PDF (`bundle/pdf.rs`), which takes the page along. `bundle/words.rs` has what both say, and the case
//! for a terminal.

mod pdf;
mod words;

use std::fmt::Write as _;

use catchall_ledger::case::Case;
use catchall_ledger::case::clock::Reading;
use catchall_ledger::case::letter::escaped;
use catchall_ledger::{Entry, Hash, Receipt, Timestamp};
use catchall_model::Day;
use serde_json::Value;

pub use self::words::text;
use self::words::{Part, facts_of, log_of, parts_of, rows_of};
use crate::casework::{Trouble, Work};
use crate::{board, explain};

/// What goes into a bundle.
pub struct Bundle<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its clock on the day of the bundle.
    pub clock: &'a Reading,
    /// The transfer as it stands now.
    pub transfer: &'a Value,
    /// The determination that it rests on.
    pub document: &'a Value,
    /// Number and hash of its entry.
    pub determined: (u64, &'a str),
    /// The case's entries.
    pub entries: &'a [Entry],
    /// The ledger's last entry.
    pub head: Option<Receipt>,
    /// When the bundle was made.
    pub made: Timestamp,
    /// By whom.
    pub by: &'a str,
}

/// What the last line begins with.
const SEAL: &str = "<!-- seal, sha-256 of everything above this line: ";

/// What a bundle is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A page for a browser.
    #[default]
    Html,
    /// For paper; the page goes along inside.
    Pdf,
}

/// A case as it stands in the ledger, sealed.
///
/// # Errors
/// When what was determined of it can no longer be read, and what the ledger says.
pub fn sealed(work: &Work<'_>, case: &Case, today: Day, form: Form) -> Result<Vec<u8>, Trouble> {
    let standing = work.standing(case)?;
    let head = work.ledger.head()?;
    let entries = board::whole(work.ledger, &Case::stream(&case.id))?;
    let bundle = Bundle {
        case,
        clock: &case.clock(today, work.calendar),
        transfer: &standing.transfer,
        document: &standing.document,
        determined: (standing.number, &standing.hash),
        entries: &entries,
        head,
        made: work.at,
        by: &work.actor.name,
    };
    Ok(match form {
        Form::Html => page(&bundle).into_bytes(),
        Form::Pdf => pdf::pages(&bundle),
    })
}

/// The sealed page.
pub fn page(bundle: &Bundle<'_>) -> String {
    let reasons = explain::html(bundle.document);
    let mut own = String::new();
    front(bundle, &mut own);
    // The page of reasons becomes a part: its title is one below the case's.
    let mut page = reasons
        .replacen("<h1>", "<h2 id=\"why\">", 1)
        .replacen("</h1>", "</h2>", 1);
    let title = format!(
        "<title>Case {}, sealed · Catchall</title>",
        escaped(&bundle.case.id)
    );
    if let (Some(start), Some(end)) = (page.find("<title>"), page.find("</title>")) {
        page.replace_range(start..end + "</title>".len(), &title);
    }
    if let Some(main) = page.find("id=\"main\">") {
        page.insert_str(main + "id=\"main\">".len(), &own);
    }
    let mut rest = String::new();
    back(bundle, &mut rest);
    if let Some(end) = page.rfind("</main>") {
        page.insert_str(end, &rest);
    }
    let seal = Hash::of(page.as_bytes());
    let _ = writeln!(page, "{SEAL}{seal} -->");
    page
}

/// Checks the seal of a bundle, of the page inside too where it is a PDF; gives the entries that it names, with their hashes.
///
/// # Errors
/// When it has no seal, or another one than its bytes make.
pub fn check(bytes: &[u8]) -> anyhow::Result<Vec<(u64, String)>> {
    if bytes.starts_with(b"%PDF-") {
        return check(pdf::inside(bytes)?);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        anyhow::anyhow!(
            "this is no bundle: it is not UTF-8 from byte {} on",
            error.valid_up_to()
        )
    })?;
    let place = text
        .rfind(SEAL)
        .ok_or_else(|| anyhow::anyhow!("this is no bundle: it does not end with a seal"))?;
    let (above, line) = text.split_at(place);
    let told = line
        .strip_prefix(SEAL)
        .and_then(|rest| rest.strip_suffix(" -->\n"))
        .unwrap_or_default();
    fits(above.as_bytes(), told)?;
    let rows = above.split("<tr data-entry=\"").skip(1);
    Ok(rows
        .filter_map(|row| {
            let (number, rest) = row.split_once('"')?;
            let hash = rest.strip_prefix(" data-hash=\"")?.split('"').next()?;
            Some((number.parse().ok()?, hash.to_owned()))
        })
        .collect())
}

fn fits(above: &[u8], told: &str) -> anyhow::Result<()> {
    let seal = Hash::of(above).to_string();
    if told != seal {
        anyhow::bail!(
            "the seal is broken: the text makes {seal}, and the seal says `{}`",
            told.chars().take(64).collect::<String>()
        );
    }
    Ok(())
}

fn front(bundle: &Bundle<'_>, page: &mut String) {
    let case = bundle.case;
    let _ = write!(
        page,
        "\n<h1>Case {}: <bdi>{}</bdi></h1>\n<section class=\"card\" aria-labelledby=\"b-case\"><h2 id=\"b-case\">The case</h2>\n<dl class=\"kv\">",
        escaped(&case.id),
        escaped(&case.title)
    );
    for (name, value) in rows_of(bundle) {
        let _ = write!(
            page,
            "<dt>{name}</dt><dd><bdi>{}</bdi></dd>",
            escaped(&value)
        );
    }
    page.push_str("</dl></section>\n");
    facts(bundle, page);
}

/// The transfer, field by field, with where each value came from.
fn facts(bundle: &Bundle<'_>, page: &mut String) {
    page.push_str("<section class=\"card\" aria-labelledby=\"b-facts\"><h2 id=\"b-facts\">Facts, as stated</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"b-facts\"><table><caption>What is not here nobody has said.</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Value</th><th scope=\"col\">From</th></tr></thead><tbody>\n");
    for [path, value, from] in facts_of(bundle) {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\"><code>{}</code></th><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td></tr>",
            escaped(&path),
            escaped(&value),
            escaped(&from)
        );
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn back(bundle: &Bundle<'_>, page: &mut String) {
    for part in parts_of(bundle) {
        write_part(page, &part);
    }
    activity(bundle, page);
    verification(bundle, page);
}

fn write_part(page: &mut String, part: &Part) {
    let (title, id) = (
        part.title,
        format!("b-{}", part.title.to_lowercase().replace(' ', "-")),
    );
    let _ = write!(
        page,
        "<section class=\"card\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}\"><table><caption class=\"vh\">{title}</caption><thead><tr>"
    );
    for head in part.heads {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &part.rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td><bdi>{}</bdi></td>", escaped(cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn activity(bundle: &Bundle<'_>, page: &mut String) {
    page.push_str("<section class=\"card\" aria-labelledby=\"b-log\"><h2 id=\"b-log\">Activity</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"b-log\"><table><caption>Append-only; each entry of the ledger seals the one before it.</caption><thead><tr><th scope=\"col\">Entry</th><th scope=\"col\">When</th><th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">Hash</th></tr></thead><tbody>\n");
    for line in log_of(bundle) {
        let _ = writeln!(
            page,
            "<tr data-entry=\"{0}\" data-hash=\"{1}\"><td>{0}</td><td>{2}</td><td><bdi>{3}</bdi></td><td><bdi>{4}</bdi></td><td><code>{1}</code></td></tr>",
            line.number,
            line.hash,
            line.at,
            escaped(&line.by),
            escaped(&line.says)
        );
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn verification(bundle: &Bundle<'_>, page: &mut String) {
    let _ = writeln!(
        page,
        "<section class=\"card\" aria-labelledby=\"b-check\"><h2 id=\"b-check\">How to check this</h2>\n<ol><li>The seal: the last line of this file holds the SHA-256 of everything above it. <code>catchall case bundle --check FILE</code> works it out again; so does any program that hashes the file without its last line.</li><li>The entries: the same command compares each hash above with the ledger's own, and tells which entry differs.</li><li>The chain: <code>catchall ledger verify</code> checks, offline and over an export, that each entry seals the one before it, back to the first.</li><li>The answer: <code>catchall ledger replay</code> recomputes the determination from its basis; the bytes must be the same.</li></ol>\n<p>{}</p></section>",
        escaped(&words::head_of(bundle))
    );
}
