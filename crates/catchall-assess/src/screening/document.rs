//! Hits and answers as the documents of the contract.

use catchall_model::{Flag, Hit, HitAnswer, HitListing, HitPart, HitReason, Likelihood, Party};
use catchall_screen::{Answer, Band, Says};

/// A person's answer as the contract has it.
pub fn answer_document(answer: &Answer, standing: &catchall_screen::Standing) -> HitAnswer {
    HitAnswer {
        says: match answer.says {
            Says::Same => "same",
            Says::NotSame | Says::Open => "not_same",
        },
        by: answer.by.clone(),
        at: answer.at,
        until: answer.until,
        why: answer.why.clone(),
        holds: standing.holds(),
        lapsed: standing.lapse(),
        id: answer.id(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 1000"
)]
pub(super) fn thousandths(share: f32) -> Likelihood {
    Likelihood((share.clamp(0.0, 1.0) * 1000.0).round() as u16)
}

pub(super) fn part(aligned: &catchall_screen::Aligned) -> HitPart {
    HitPart {
        asked: aligned.asked.clone(),
        listed: aligned.listed.clone(),
        by: aligned.by.and_then(word),
        weight: thousandths(aligned.weight),
    }
}

/// The word that a value of a closed list is written as.
fn word(value: impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}

/// A hit of the index as the contract has it.
pub(crate) fn told(party: &Party, hit: catchall_screen::Hit) -> Hit {
    let reason = |reason: catchall_screen::Reason| HitReason {
        about: reason.about.to_owned(),
        says: reason.says,
        weight: reason.weight,
    };
    let found = hit.listing;
    Hit {
        party: hit.party,
        role: party.role.clone(),
        listing: HitListing {
            list: found.list,
            source_id: found.source_id,
            name: found.name,
            matched: found.matched,
            kind: word(found.kind).unwrap_or_default(),
            programmes: found.programmes,
            listed: found.listed,
            delisted: found.delisted,
            citation: found.citation,
        },
        score: Likelihood(hit.score.0),
        band: match hit.band {
            Band::Strong => "strong",
            Band::Review => "review",
            Band::WeakAlias => "weak_alias",
        },
        alignment: hit.alignment.iter().map(part).collect(),
        speaks_for: hit.reasons_for.into_iter().map(reason).collect(),
        speaks_against: hit.reasons_against.into_iter().map(reason).collect(),
        unknown: hit.unknown.iter().map(|each| (*each).to_owned()).collect(),
        truncated: hit.truncated,
        answer: None,
    }
}

/// A hit of an index as the contract has it, for a party that stands by itself.
pub fn hit_document(hit: catchall_screen::Hit) -> Hit {
    told(&Party::default(), hit)
}

/// The question that a weaker hit raises.
pub(crate) fn question(hit: &Hit) -> Flag {
    let unknown = match hit.unknown.as_slice() {
        [] => String::new(),
        unknown => format!(" What would decide: {}.", unknown.join(", ")),
    };
    Flag {
        flag: format!(
            "`{}` may be `{}` of the list {} ({} in 1,000)",
            hit.party, hit.listing.name, hit.listing.list, hit.score.0
        ),
        question: format!("Is it the same party?{unknown}"),
        evidence: "hits".to_owned(),
        open: true,
    }
}
