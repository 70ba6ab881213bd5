//! Cedar: the measured law as `forbid` policies, and transfers as requests.
//!
//! Cedar answers allow or deny; the policies that denied are named in the response, and the strongest of their
//! `@effect` annotations is the outcome.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use catchall_model::Effect;
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId,
    PolicySet, Request, RestrictedExpression,
};

use crate::further::{self, Further};
use crate::transfer::{KINDS, PARENTS, Plain};

/// The measured law in the authorizer.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    effects: HashMap<PolicyId, Effect>,
    principal: EntityUid,
    acts: HashMap<&'static str, EntityUid>,
    kinds: HashMap<&'static str, EntityUid>,
    no_act: EntityUid,
    no_kind: EntityUid,
}

fn uid(kind: &str, name: &str) -> EntityUid {
    let kind = EntityTypeName::from_str(kind).expect("a type of the program's own");
    EntityUid::from_type_name_and_id(kind, EntityId::new(name))
}

impl Cedar {
    /// The twelve provisions and these further ones.
    pub fn new(more: &[Further]) -> Result<Cedar, String> {
        let text = include_str!("../law/provisions.cedar").to_owned() + &further::cedar_text(more);
        let policies = PolicySet::from_str(&text).map_err(|error| error.to_string())?;
        let effects = policies
            .policies()
            .filter_map(|policy| {
                Some((
                    policy.id().clone(),
                    policy.annotation("effect")?.parse().ok()?,
                ))
            })
            .collect();
        let leaves = KINDS.map(|kind| {
            let above: HashSet<EntityUid> = PARENTS
                .iter()
                .filter(|(leaf, _)| *leaf == kind)
                .map(|(_, above)| uid("Kind", above))
                .collect();
            Entity::new_no_attrs(uid("Kind", kind), above)
        });
        let mut inner: Vec<&str> = PARENTS.iter().map(|(_, above)| *above).collect();
        inner.dedup();
        let all = leaves.into_iter().chain(
            inner
                .into_iter()
                .map(|kind| Entity::new_no_attrs(uid("Kind", kind), HashSet::new())),
        );
        let entities = Entities::from_entities(all, None).map_err(|error| error.to_string())?;
        Ok(Cedar {
            authorizer: Authorizer::new(),
            policies,
            entities,
            effects,
            principal: uid("Exporter", "any"),
            acts: ["export", "reexport", "transit", "brokering"]
                .into_iter()
                .map(|act| (act, uid("Action", act)))
                .collect(),
            kinds: KINDS
                .into_iter()
                .map(|kind| (kind, uid("Kind", kind)))
                .collect(),
            no_act: uid("Action", "not-stated"),
            no_kind: uid("Kind", "not-stated"),
        })
    }

    /// The request; what is not known is left out of the context, as usual.
    pub fn request(&self, plain: &Plain) -> Request {
        let mut pairs: Vec<(String, RestrictedExpression)> = Vec::with_capacity(8);
        let mut put = |key: &str, value: Option<RestrictedExpression>| {
            if let Some(value) = value {
                pairs.push((key.to_owned(), value));
            }
        };
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        put("from", plain.from.map(text));
        put("to", plain.to.map(text));
        put(
            "uses",
            plain
                .uses
                .as_ref()
                .map(|uses| RestrictedExpression::new_set(uses.iter().map(|each| text(each)))),
        );
        put(
            "informed",
            plain.informed.map(RestrictedExpression::new_bool),
        );
        put("range", plain.range.map(RestrictedExpression::new_long));
        put("payload", plain.payload.map(RestrictedExpression::new_long));
        put(
            "us_content",
            plain.us_content.map(RestrictedExpression::new_long),
        );
        put(
            "date",
            plain
                .date
                .map(|date| RestrictedExpression::new_long(date.whole)),
        );
        let context = Context::from_pairs(pairs).expect("each key once");
        let act = plain.act.map_or(&self.no_act, |act| &self.acts[act]);
        let kind = plain.kind.map_or(&self.no_kind, |kind| &self.kinds[kind]);
        Request::new(
            self.principal.clone(),
            act.clone(),
            kind.clone(),
            context,
            None,
        )
        .expect("no schema to fail")
    }

    /// The outcome of one request, and whether a policy was skipped for an error.
    pub fn decide(&self, request: &Request) -> (Effect, bool) {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, &self.entities);
        let diagnostics = response.diagnostics();
        let outcome = diagnostics
            .reason()
            .filter_map(|policy| self.effects.get(policy))
            .copied()
            .max()
            .unwrap_or(Effect::NoLicenceRequired);
        (outcome, diagnostics.errors().next().is_some())
    }
}
