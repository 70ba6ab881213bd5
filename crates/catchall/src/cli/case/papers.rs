//! `case letter` and `case bundle`: what leaves the house, and whether a bundle is what was sealed.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::{Context, anyhow};
use catchall_ledger::case::command::Command;
use catchall_ledger::case::letter;

use super::{seen, stop};
use crate::bundle::{self, Form};
use crate::cli::Stop;
use crate::cli::office::Desk;
use crate::load;

pub(super) fn write_letter(
    desk: &Desk,
    id: &str,
    request: Option<u32>,
    to: &str,
    html: bool,
    sent: bool,
) -> Result<String, Stop> {
    let case = seen(desk, id)?;
    let letter = match request {
        Some(number) => {
            let found = case
                .requests
                .iter()
                .find(|request| request.number == number);
            letter::asking(
                &case,
                found.ok_or_else(|| Stop::usage(anyhow!("case {id} has no request {number}")))?,
            )
        }
        None => {
            let decision = case.decision().ok_or_else(|| Stop::usage(anyhow!("case {id} is not decided, so that there is no decision to tell; `--request N` writes the letter of a request")))?;
            letter::deciding(&case, decision, to)
                .ok_or_else(|| anyhow!("the decision does not stand"))?
        }
    };
    if sent {
        let command = Command::SendLetter {
            to: letter.to.clone(),
            subject: letter.subject.clone(),
            text: letter.text(),
        };
        desk.work()
            .act(id, Some(case.seen), command)
            .map_err(stop)?;
    }
    Ok(if html { letter.html() } else { letter.text() })
}

pub(super) fn sealed(
    desk: &Desk,
    id: &str,
    output: Option<&Path>,
    form: Form,
) -> Result<String, Stop> {
    let case = seen(desk, id)?;
    desk.may("case.bundle", case.place())?;
    if output.is_none() && form == Form::Pdf && std::io::stdout().is_terminal() {
        return Err(Stop::usage(anyhow!(
            "a terminal cannot show a PDF; write it to a file: `--output FILE`"
        )));
    }
    let sealed = bundle::sealed(&desk.work(), &case, load::today(), form).map_err(stop)?;
    let Some(path) = output else {
        let mut out = std::io::stdout().lock();
        out.write_all(&sealed)?;
        out.flush()?;
        return Ok(String::new());
    };
    std::fs::write(path, &sealed).with_context(|| format!("cannot write `{}`", path.display()))?;
    crate::talk::say!("catchall: {id} sealed into {}", path.display());
    Ok(String::new())
}

pub(super) fn check_bundle(desk: &Desk, file: &str) -> Result<u8, Stop> {
    let bytes = std::fs::read(file)
        .with_context(|| format!("cannot read `{file}`"))
        .map_err(Stop::usage)?;
    let told = bundle::check(&bytes).map_err(Stop::usage)?;
    let mut wrong = 0;
    for (number, hash) in &told {
        let entry = desk.ledger.entry(*number)?;
        if entry
            .as_ref()
            .map(|entry| entry.hash.to_string())
            .as_deref()
            != Some(hash)
        {
            wrong += 1;
            crate::talk::say!("catchall: entry {number} is not the one that the bundle names");
        }
    }
    if wrong > 0 {
        return Err(Stop::from(anyhow!(
            "{wrong} of {} entries differ: this ledger is another, or one of the two was changed",
            told.len()
        )));
    }
    crate::talk::say!(
        "catchall: the seal is whole, and all {} entries stand in the ledger as the bundle names them",
        told.len()
    );
    Ok(0)
}
