//! Acts: everything that can be allowed, as a closed list. To add one: one row in [`ACTS`], one word in the roles that may
//! do it (`data/policy/roles.toml`).

use std::fmt;

/// One thing that somebody may be allowed to do; the name of a row of [`ACTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Act(&'static str);

/// One row of the list of acts.
#[derive(Clone, Copy, Debug)]
pub struct ActRow {
    /// Its word in the policy file.
    pub word: &'static str,
    /// Whether something is different afterwards.
    pub changes: bool,
    /// What it is, in plain words: completes "may ...".
    pub about: &'static str,
}

const fn act(word: &'static str, changes: bool, about: &'static str) -> ActRow {
    ActRow {
        word,
        changes,
        about,
    }
}

/// Every act, by subject.
pub const ACTS: &[ActRow] = &[
    act("transfer.assess", false, "assess a transfer"),
    act(
        "transfer.record",
        true,
        "record a determination in the ledger",
    ),
    act("party.screen", false, "screen a party"),
    act("item.classify", false, "classify an item"),
    act("determination.read", false, "read recorded determinations"),
    act("case.read", false, "read a case"),
    act("case.open", true, "open a case"),
    act("case.take", true, "take a case that nobody has"),
    act(
        "case.assign",
        true,
        "hand a case to a person, a team or a queue",
    ),
    act("case.ask", true, "ask for information"),
    act("case.answer", true, "record an answer to a request"),
    act("case.advise", true, "advise"),
    act("case.condition", true, "set, change or drop a condition"),
    act("case.acknowledge", true, "acknowledge a notice"),
    act("case.hit", true, "confirm or dismiss a possible match"),
    act("case.note", true, "write a note"),
    act("case.reassess", true, "assess a case again"),
    act("case.decide", true, "decide"),
    act("case.countersign", true, "countersign or return a decision"),
    act("case.letter", true, "send a letter"),
    act("case.appeal", true, "record an appeal"),
    act("case.reopen", true, "open a case again"),
    act("case.withdraw", true, "withdraw a case"),
    act("case.restrict", true, "close a case to all but some teams"),
    act("case.bundle", false, "print a case bundle"),
    act("licence.read", false, "read a licence"),
    act("licence.issue", true, "issue or register a licence"),
    act("licence.amend", true, "amend a licence"),
    act("licence.suspend", true, "suspend a licence"),
    act("licence.resume", true, "resume a licence"),
    act("licence.revoke", true, "revoke a licence"),
    act("licence.surrender", true, "surrender a licence"),
    act("licence.expire", true, "close a licence that has run out"),
    act("licence.reserve", true, "reserve of a licence"),
    act("licence.release", true, "release what was reserved"),
    act("licence.ship", true, "record a shipment under a licence"),
    act(
        "licence.correct",
        true,
        "correct a recorded shipment, or answer a discrepancy",
    ),
    act("licence.reconcile", true, "take a customs return"),
    act("statement.read", false, "read statements"),
    act("statement.make", true, "make a statement"),
    act("statement.accept", true, "accept or reject a statement"),
    act("law.read", false, "read the law in the packs"),
    act("law.write", true, "write a pack"),
    act(
        "law.publish",
        true,
        "publish a pack that somebody else wrote",
    ),
    act("list.read", false, "read the lists held"),
    act("list.import", true, "import a list"),
    act("ledger.read", false, "read the ledger's entries"),
    act("ledger.verify", false, "verify the ledger"),
    act("ledger.export", false, "export the ledger"),
    act("ledger.checkpoint", true, "sign a checkpoint"),
    act("ledger.backup", false, "back up the ledger"),
    act(
        "ledger.shred",
        true,
        "erase personal data that law orders erased",
    ),
    act("account.read", false, "read accounts"),
    act("account.manage", true, "make and change accounts"),
    act("token.manage", true, "make and revoke service tokens"),
    act("webhook.manage", true, "set up webhooks"),
    act("job.read", false, "read jobs and their progress"),
];

impl Act {
    /// The act of this word.
    pub fn find(word: &str) -> Option<Act> {
        let row = ACTS.iter().find(|row| row.word == word)?;
        Some(Act(row.word))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        self.0
    }

    /// What it is, in plain words.
    pub fn about(self) -> &'static str {
        self.row().map_or(self.0, |row| row.about)
    }

    /// Whether something is different afterwards.
    pub fn changes(self) -> bool {
        self.row().is_none_or(|row| row.changes)
    }

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Act> {
        ACTS.iter().map(|row| Act(row.word))
    }

    fn row(self) -> Option<&'static ActRow> {
        ACTS.iter().find(|row| row.word == self.0)
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
