//! The answer in one plain sentence.

use catchall_model::{Determination, Hit, Outcome};

use super::LeftToAPerson;
use crate::{Assessor, Detail};

/// One plain sentence.
pub(super) fn summary(
    assessor: &Assessor,
    made: &Determination,
    left: Option<LeftToAPerson>,
    detail: Detail,
) -> String {
    let lead = |outcome: Outcome| match outcome {
        Outcome::NoLicenceRequired => "May go ahead",
        Outcome::CoveredByLicence => "May go ahead under a licence or exception",
        Outcome::Notify => "Notify the authority first, and wait where the law says so",
        Outcome::LicenceRequired => "A licence is required",
        Outcome::PresumptionOfDenial => "A licence is required, and policy is to refuse it",
        Outcome::Prohibited => "Prohibited",
        Outcome::NotKnown => "Not known yet",
        Outcome::Refer => "A person must judge",
        Outcome::NotScreened => "Not screened",
    };
    let first = made
        .jurisdictions
        .first()
        .and_then(|first| first.deciding.first());
    let decides = first.and_then(|id| assessor.provision(id));
    let by = decides.map_or(String::new(), |provision| {
        let political = if provision.force.binds_in_law() {
            ""
        } else {
            ", a political commitment"
        };
        format!(" under {}{political}", provision.cite)
    });
    let lead = lead(made.outcome);
    match made.outcome {
        Outcome::NoLicenceRequired => {
            let rest = match (detail, made.not_checked.len()) {
                (Detail::Brief, _) => "; what was not checked stands in the full answer",
                (Detail::Full, 0 | 1) => "",
                (Detail::Full, _) => "; see what was not checked",
            };
            let later = made.flags.iter();
            let later = later.filter(|flag| flag.open && flag.evidence.starts_with("dates."));
            let later: String = later
                .map(|flag| format!(" But it was {}.", flag.flag))
                .collect();
            format!("{lead}: nothing that was checked stands in the way{rest}.{later}")
        }
        Outcome::NotKnown => {
            let bounds = format!("{} to {}", made.bounds.least, made.bounds.most);
            match &made.missing.next {
                Some(next) => format!("{lead} ({bounds}): {}", next.question),
                None => match made.missing.essential.first() {
                    Some(first) => format!("{lead} ({bounds}): {}", first.question),
                    None => format!("{lead} ({bounds})."),
                },
            }
        }
        Outcome::Refer if left == Some(LeftToAPerson::RedFlag) => {
            format!("{lead}: a red flag is open.")
        }
        Outcome::Refer if left == Some(LeftToAPerson::Match) => {
            let open = |hit: &&Hit| !hit.dismissed();
            let weak = |hit: &&Hit| hit.band != "strong" && !hit.settled();
            let mut hits = made.hits.iter();
            let hit = hits.clone().find(weak).or_else(|| hits.find(open));
            let who = hit.map_or_else(String::new, |hit| {
                format!(
                    " `{}` may be `{}` of the list {}.",
                    hit.party, hit.listing.name, hit.listing.list
                )
            });
            format!("{lead}: a match of a party is not settled.{who}")
        }
        Outcome::NotScreened => {
            let problems = &assessor.screening.imported.problems;
            format!("{lead}: {}.", problems.join("; "))
        }
        Outcome::Refer => format!(
            "{lead}: the law itself is disputed or not fixed to the day{by}; from {} to {}.",
            made.bounds.least, made.bounds.most
        ),
        _ => format!("{lead}{by}."),
    }
}
