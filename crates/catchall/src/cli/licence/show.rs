//! `licence list` and `licence show`: what is left and what happened, in lines for people and in JSON.

use anyhow::anyhow;
use catchall_ledger::licence::event::Named;
use catchall_ledger::licence::{Discrepancy, Licence, Summary, shown};
use serde::Serialize;

use crate::cli::Stop;
use crate::cli::assess::Format;
use crate::cli::office::Desk;
use crate::{licensing, load};

pub(super) const COLUMNS: &[(&str, usize)] = &[
    ("id", 14),
    ("standing", 11),
    ("until", 10),
    ("holder", 20),
    ("authority", 9),
    ("discrepancies", 13),
    ("left", 60),
];

pub(super) fn list(desk: &Desk, standing: Option<&str>) -> Result<String, Stop> {
    const WORDS: [&str; 6] = [
        "not_yet",
        "in_force",
        "suspended",
        "revoked",
        "surrendered",
        "expired",
    ];
    if let Some(word) = standing.filter(|word| !WORDS.contains(word)) {
        return Err(Stop::usage(anyhow!(
            "--standing: `{word}` is none; write one of {}",
            WORDS.join(", ")
        )));
    }
    let (licences, broken) = licensing::all(&desk.ledger)?;
    for (id, error) in broken {
        crate::talk::say!("catchall: licence {id}: {error}");
    }
    let mut refused = None;
    let mut rows: Vec<Summary> = Vec::new();
    for licence in &licences {
        match desk.may("licence.read", licence.place()) {
            Ok(()) => rows.push(licence.summary(load::today())),
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        Some(why) if rows.is_empty() => return Err(why),
        _ => {}
    }
    rows.retain(|row| standing.is_none_or(|word| row.standing == word));
    desk.rows(
        &rows,
        COLUMNS,
        "the ledger knows no such licence; `catchall licence issue` issues or registers one",
    )
}

pub(super) fn show(desk: &Desk, licence: &Licence) -> Result<String, Stop> {
    #[derive(Serialize)]
    struct Shown<'a> {
        summary: Summary,
        #[serde(flatten)]
        licence: &'a Licence,
        discrepancies: Vec<Discrepancy>,
    }
    // Balances are whole counts of 10⁻¹² of base units; JSON tells them as text in the line's own unit.
    let shown = Shown {
        summary: licence.summary(load::today()),
        licence,
        discrepancies: licence.discrepancies(),
    };
    if matches!(desk.format, Format::Json | Format::Jsonl) {
        let value = serde_json::json!({ "summary": shown.summary, "terms": licence.terms, "balances": balances(licence), "movements": licence.movements, "discrepancies": shown.discrepancies, "irregular": licence.irregular });
        return desk.one(&value, String::new);
    }
    Ok(in_text(licence, &shown.summary, &shown.discrepancies))
}

fn balances(licence: &Licence) -> Vec<serde_json::Value> {
    let lines = licence.terms.lines.iter().filter_map(|line| {
        let balance = licence.balance(line.number)?;
        Some(serde_json::json!({
            "line": line.number, "item": line.item, "granted": shown(line, balance.granted), "reserved": shown(line, balance.reserved),
            "shipped": shown(line, balance.shipped), "seen_by_customs": shown(line, balance.seen), "available": shown(line, balance.available),
        }))
    });
    lines.collect()
}

fn in_text(licence: &Licence, summary: &Summary, discrepancies: &[Discrepancy]) -> String {
    let terms = &licence.terms;
    let until = terms
        .until
        .map_or("no end stated".to_owned(), |until| until.to_string());
    let mut text = format!(
        "{}  {}  {} to {until}\n  held by {}, authority {}\n",
        licence.id, summary.standing, summary.from, terms.holder, terms.authority
    );
    let names = |named: &[Named]| {
        named
            .iter()
            .map(|each| each.name.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    for (what, said) in [
        ("end user", names(&terms.end_users)),
        ("consignee", names(&terms.consignees)),
        ("to", terms.destinations.join(", ")),
        ("conditions", terms.conditions.join("; ")),
        ("case", terms.case.clone().unwrap_or_default()),
        ("paper", terms.paper.clone().unwrap_or_default()),
    ] {
        if !said.is_empty() {
            text.push_str(&format!("  {what}: {said}\n"));
        }
    }
    text.push_str("\nBalance\n");
    for line in &terms.lines {
        let Some(balance) = licence.balance(line.number) else {
            continue;
        };
        let of = |counts| shown(line, counts);
        text.push_str(&format!(
            "  line {} {}: granted {}; reserved {}; shipped {}; left {}; customs has seen {}\n",
            line.number,
            line.item,
            of(balance.granted),
            of(balance.reserved),
            of(balance.shipped),
            of(balance.available),
            of(balance.seen)
        ));
    }
    text.push_str("\nMovements\n");
    for movement in &licence.movements {
        text.push_str(&format!(
            "  {:>6}  {}  {}\n",
            movement.stamp.number,
            movement.stamp.day(),
            movement.says
        ));
    }
    if !discrepancies.is_empty() {
        text.push_str("\nDiscrepancies\n");
        for each in discrepancies {
            let answered = each
                .answered
                .as_ref()
                .map_or(String::new(), |(_, how)| format!(" (answered: {how})"));
            text.push_str(&format!("  {}\n    {}{answered}\n", each.key, each.says));
        }
    }
    text
}
