//! The ladder of what is known: who stands behind a statement, and how openly. No probability; the best rung is reported beside the
//! number of origins.

use serde::Serialize;

use crate::reading::Statement;

/// A rung, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// An act of an authority: an order, a law, a sanction.
    OfficialAct,
    /// On record, against the speaker's own interest.
    Admission,
    /// On record, by a person with a name.
    OnRecord,
    /// By an office or for a state.
    Spokesman,
    /// A named outlet's own reporting.
    OwnReporting,
    /// By somebody without a name.
    Anonymous,
    /// By nobody in particular.
    Unattributed,
}

impl Rung {
    /// The rung of a statement.
    #[must_use]
    pub fn of(statement: &Statement) -> Rung {
        let open = matches!(
            statement.speaker.anonymity,
            "named" | "office" | "collective"
        );
        match (statement.kind, statement.speaker.anonymity) {
            ("ordered", _) if open && statement.act == "concrete_action" => Rung::OfficialAct,
            ("conceded", _) if open => Rung::Admission,
            ("reported", "named" | "office" | "collective") => Rung::OwnReporting,
            (_, "named") => Rung::OnRecord,
            (_, "office" | "collective") => Rung::Spokesman,
            (_, "anonymous") => Rung::Anonymous,
            _ => Rung::Unattributed,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Rung::OfficialAct => "official act",
            Rung::Admission => "admission on record",
            Rung::OnRecord => "on record",
            Rung::Spokesman => "office or state",
            Rung::OwnReporting => "an outlet's own reporting",
            Rung::Anonymous => "anonymous",
            Rung::Unattributed => "unattributed",
        }
    }

    /// Whether somebody can be held to it.
    #[must_use]
    pub fn on_record(self) -> bool {
        self <= Rung::Spokesman
    }
}
