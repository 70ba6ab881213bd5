//! Goods, software, technology, a service or arms, where nobody says which: as far as the number claimed for an item, or its kind, says so.
//!
//! Which numbers and kinds say it, and what, the packs hold (`form` of a list and of a kind). A number comes first: technology for a gyro is
//! stated as a gyro by its kind, and its number tells. A release of technology names by its kind what the technology is for, and is read from
//! the number only.

use catchall_law::{Claim, ControlList, Value};
use catchall_model::Transfer;

use super::Filling;
use super::key::Key;

impl Filling<'_> {
    /// Runs after further facts, so that a form stated by its own key stands.
    pub(super) fn form(&mut self, transfer: &Transfer) {
        if self.stated(Key::ItemForm).is_some() {
            return;
        }
        let (forms, source) = match self.forms_of_codes() {
            Some((forms, code)) => (forms, format!("read from the number {code}")),
            None if transfer.kind.as_deref() == Some("technology_release") => return,
            None => match self.forms_of_kind() {
                Some(forms) => (forms, "read from the kind of the item".to_owned()),
                None => match self.forms_of_no_number(transfer) {
                    Some(forms) => (
                        forms,
                        "read from the list of which it has no number".to_owned(),
                    ),
                    None => return,
                },
            },
        };
        let value = match forms.as_slice() {
            [one] => Value::One(*one),
            _ => Value::OneOf(forms),
        };
        self.set(Key::ItemForm, value);
        self.evidence
            .push((Key::ItemForm.name().into(), source.into()));
    }

    /// The forms that every claimed number of a list leaves, with the first of these numbers.
    fn forms_of_codes(&self) -> Option<(Vec<u32>, String)> {
        let lists: &[ControlList] = &self.law.lists;
        let mut said = self.facts.claims.iter().filter_map(|claim| {
            let code = claim.code.as_deref()?;
            let forms = lists.get(claim.list?)?.forms_of(code);
            (!forms.is_empty()).then_some((forms, code))
        });
        let (first, code) = said.next()?;
        let mut left = first.to_vec();
        for (forms, _) in said {
            left.retain(|form| forms.contains(form));
        }
        (!left.is_empty()).then(|| (left, code.to_owned()))
    }

    /// What is said to have no number of a list (`EAR99`) is of the forms that the list is of all the same, where something moves: no
    /// service.
    fn forms_of_no_number(&self, transfer: &Transfer) -> Option<Vec<u32>> {
        let act = transfer.kind.as_deref()?;
        if !matches!(
            act,
            "export" | "reexport" | "transfer_in_country" | "transit"
        ) {
            return None;
        }
        let stated = |claim: &&Claim| claim.code.is_none();
        let claim = self.facts.claims.iter().find(stated)?;
        let forms = &self.law.lists.get(claim.list?)?.forms;
        let mut all: Vec<u32> = forms.iter().flat_map(|row| row.forms.clone()).collect();
        all.sort_unstable();
        all.dedup();
        (!all.is_empty()).then_some(all)
    }

    /// The forms in which items of the stated kind come; of several kinds that it may be, those of each.
    fn forms_of_kind(&self) -> Option<Vec<u32>> {
        let kinds = match self.stated(Key::ItemKind)? {
            Value::One(kind) => vec![kind],
            Value::OneOf(kinds) => kinds,
            _ => return None,
        };
        let mut forms = Vec::new();
        for kind in kinds {
            let own = &self
                .law
                .vocabulary
                .kinds
                .get(usize::try_from(kind).ok()?)?
                .forms;
            if own.is_empty() {
                return None;
            }
            forms.extend_from_slice(own);
        }
        forms.sort_unstable();
        forms.dedup();
        (!forms.is_empty()).then_some(forms)
    }
}
