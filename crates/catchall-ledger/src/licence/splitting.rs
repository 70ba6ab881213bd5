//! Splitting: small orders to one end user that together pass a limit within a period.
//!
//! A pure function of orders and limits. It raises a question with the list of orders; it determines nothing. Limits are
//! data (`data/policy/limits.toml`): a limit is a figure, a period, and what it is about. An order that passes the limit by
//! itself is no splitting, and is left out: it is seen for what it is.

use std::collections::BTreeMap;

use catchall_model::Day;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::measure::{Kind, Measure};
use crate::written::folded;

/// A limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its id.
    pub id: String,
    /// What it is, in words.
    pub about: String,
    /// Where it comes from: a law, as cited, or the house.
    pub source: String,
    /// The figure that one order, or several together, may reach.
    pub figure: Measure,
    /// The period, in days.
    pub days: i64,
    /// Only orders to these places; to all when empty.
    pub to: Vec<String>,
    /// Only items of these kinds or codes; all when empty.
    pub items: Vec<String>,
}

/// An order, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The transfer's id.
    pub transfer: String,
    /// Its day.
    pub on: Day,
    /// To whom; orders without an end user are not put together.
    pub end_user: String,
    /// Where, by code.
    pub to: Option<String>,
    /// The item's kind and codes.
    pub items: Vec<String>,
    /// How much.
    pub quantity: Option<Measure>,
    /// Worth how much.
    pub value: Option<Measure>,
}

/// Orders that together pass a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Split {
    /// The limit.
    pub limit: String,
    /// To whom, as the first order writes it.
    pub end_user: String,
    /// First and last day.
    pub from: Day,
    /// The last order's day.
    pub to: Day,
    /// What they come to.
    pub total: String,
    /// The orders, by day.
    pub transfers: Vec<String>,
    /// In a sentence, as a flag.
    pub flag: String,
}

/// Why the limits cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limits.toml line {line}: {problem}")]
pub struct LimitError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    limit: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    about: String,
    source: String,
    #[serde(default)]
    quantity: Option<Spanned<String>>,
    #[serde(default)]
    value: Option<Spanned<String>>,
    days: Spanned<i64>,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    items: Vec<String>,
}

/// Reads the file of limits.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn limits(text: &str) -> Result<Vec<Limit>, LimitError> {
    let at = |place: usize, problem: String| LimitError {
        line: text
            .get(..place)
            .map_or(1, |before| before.matches('\n').count() + 1),
        problem,
    };
    let file: File = toml::from_str(text).map_err(|error| {
        at(
            error.span().map_or(0, |span| span.start),
            error.message().trim_end().replace('\n', "; "),
        )
    })?;
    let mut limits: Vec<Limit> = Vec::new();
    for row in file.limit {
        let figure = match (&row.quantity, &row.value) {
            (Some(goods), None) => Measure::goods(goods.get_ref())
                .map_err(|error| at(goods.span().start, error.to_string()))?,
            (None, Some(money)) => Measure::money(money.get_ref())
                .map_err(|error| at(money.span().start, error.to_string()))?,
            _ => {
                return Err(at(
                    row.id.span().start,
                    "a limit is a `quantity` or a `value`, one of the two".to_owned(),
                ));
            }
        };
        if *row.days.get_ref() < 1 {
            return Err(at(
                row.days.span().start,
                "a period has a day or more".to_owned(),
            ));
        }
        if limits.iter().any(|limit| limit.id == *row.id.get_ref()) {
            return Err(at(
                row.id.span().start,
                format!("the limit `{}` stands twice", row.id.get_ref()),
            ));
        }
        limits.push(Limit {
            id: row.id.into_inner(),
            about: row.about,
            source: row.source,
            figure,
            days: row.days.into_inner(),
            to: row.to,
            items: row.items,
        });
    }
    Ok(limits)
}

/// Orders that together pass a limit: for each end user and limit the periods that hold the most orders, by day.
///
/// The same orders in any sequence give the same answer. An order that states no figure of the limit's kind is left out;
/// so is one that repeats a transfer's id.
pub fn splits(orders: &[Order], limits: &[Limit]) -> Vec<Split> {
    let mut found = Vec::new();
    for limit in limits {
        let mut by_user: BTreeMap<String, Vec<(&Order, i128)>> = BTreeMap::new();
        for order in orders.iter().filter(|order| limit.covers(order)) {
            if let Some(figure) = limit.figure_of(order) {
                by_user
                    .entry(folded(&order.end_user))
                    .or_default()
                    .push((order, figure));
            }
        }
        for orders in by_user.values_mut() {
            orders.sort_by(|(a, _), (b, _)| (a.on, &a.transfer).cmp(&(b.on, &b.transfer)));
            let mut ids = std::collections::BTreeSet::new();
            orders.retain(|(order, _)| ids.insert(order.transfer.clone()));
            found.extend(windows(limit, orders));
        }
    }
    found
}

impl Limit {
    fn covers(&self, order: &Order) -> bool {
        let place = self.to.is_empty() || order.to.as_ref().is_some_and(|to| self.to.contains(to));
        let item = self.items.is_empty()
            || order
                .items
                .iter()
                .any(|item| self.items.iter().any(|own| folded(own) == folded(item)));
        place && item && !folded(&order.end_user).is_empty()
    }

    /// The order's figure of this limit's kind, when it does not pass the limit by itself.
    fn figure_of(&self, order: &Order) -> Option<i128> {
        let stated = match self.figure.kind() {
            Kind::Money(_) => order.value,
            _ => order.quantity,
        };
        let figure = stated?.base_as(&self.figure).ok()?;
        (figure <= self.figure.base().ok()?).then_some(figure)
    }
}

/// Periods whose orders pass the limit, none of which lies within another.
fn windows(limit: &Limit, orders: &[(&Order, i128)]) -> Vec<Split> {
    let Ok(most) = limit.figure.base() else {
        return Vec::new();
    };
    let mut found: Vec<Split> = Vec::new();
    let mut reached = 0;
    let mut end = 0;
    let mut sum: i128 = 0;
    for (start, (first, figure)) in orders.iter().enumerate() {
        while let Some((order, figure)) = orders
            .get(end)
            .filter(|(order, _)| order.on.number() - first.on.number() < limit.days)
        {
            let _ = order;
            sum = sum.saturating_add(*figure);
            end += 1;
        }
        // A period that ends where an earlier one ended holds nothing new.
        if sum > most && end > reached {
            found.push(split(
                limit,
                orders.get(start..end).unwrap_or_default(),
                sum,
            ));
            reached = end;
        }
        sum = sum.saturating_sub(*figure);
    }
    found
}

fn split(limit: &Limit, orders: &[(&Order, i128)], sum: i128) -> Split {
    let transfers: Vec<String> = orders
        .iter()
        .map(|(order, _)| order.transfer.clone())
        .collect();
    let first = orders.first().map(|(order, _)| *order);
    let last = orders.last().map(|(order, _)| *order);
    let end_user = first.map_or(String::new(), |order| order.end_user.clone());
    let (from, to) = (
        first.map_or(Day::MIN, |order| order.on),
        last.map_or(Day::MIN, |order| order.on),
    );
    let total = limit.figure.shown(sum);
    let flag = format!(
        "{} orders to {end_user} from {from} to {to} come to {total}, each of them under the limit of {} ({}): {}",
        transfers.len(),
        limit.figure,
        limit.about,
        transfers.join(", ")
    );
    Split {
        limit: limit.id.clone(),
        end_user,
        from,
        to,
        total,
        transfers,
        flag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(transfer: &str, on: &str, end_user: &str, quantity: &str) -> Order {
        Order {
            transfer: transfer.to_owned(),
            on: Day::parse(on).unwrap(),
            end_user: end_user.to_owned(),
            to: Some("TR".to_owned()),
            items: vec!["spindle".to_owned()],
            quantity: Measure::goods(quantity).ok(),
            value: None,
        }
    }

    fn ten_in_thirty_days() -> Vec<Limit> {
        limits("[[limit]]\nid = \"ten\"\nabout = \"ten spindles in thirty days\"\nsource = \"house\"\nquantity = \"10 pieces\"\ndays = 30\nitems = [\"spindle\"]\n").unwrap()
    }

    #[test]
    fn small_orders_that_together_pass_the_limit_are_listed() {
        let orders = [
            order("c", "2026-03-20", "KAYA Makina", "4 pieces"),
            order("a", "2026-03-01", "Kaya Makina", "4 pieces"),
            order("b", "2026-03-10", "Kaya  makina", "4 pieces"),
            order("x", "2026-03-10", "Another", "9 pieces"),
            order("big", "2026-03-11", "Kaya Makina", "11 pieces"),
            order("late", "2026-05-01", "Kaya Makina", "10 pieces"),
        ];
        let found = splits(&orders, &ten_in_thirty_days());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].transfers, ["a", "b", "c"]);
        assert_eq!(
            found[0].flag,
            "3 orders to Kaya Makina from 2026-03-01 to 2026-03-20 come to 12 pieces, each of them under the limit of 10 pieces (ten spindles in thirty days): a, b, c"
        );
        let mut turned = orders.to_vec();
        turned.reverse();
        turned.push(orders[0].clone());
        assert_eq!(
            splits(&turned, &ten_in_thirty_days()),
            found,
            "in any sequence, and with repeats"
        );
    }

    #[test]
    fn the_limit_itself_and_the_day_after_the_period_are_no_splitting() {
        let at_limit = [
            order("a", "2026-03-01", "K", "5 pieces"),
            order("b", "2026-03-30", "K", "5 pieces"),
        ];
        assert!(splits(&at_limit, &ten_in_thirty_days()).is_empty());
        let after = [
            order("a", "2026-03-01", "K", "6 pieces"),
            order("b", "2026-03-31", "K", "6 pieces"),
        ];
        assert!(splits(&after, &ten_in_thirty_days()).is_empty());
        let within = [
            order("a", "2026-03-01", "K", "6 pieces"),
            order("b", "2026-03-30", "K", "6 pieces"),
        ];
        assert_eq!(splits(&within, &ten_in_thirty_days()).len(), 1);
        let nobody = [
            order("a", "2026-03-01", " ", "6 pieces"),
            order("b", "2026-03-02", "", "6 pieces"),
        ];
        assert!(splits(&nobody, &ten_in_thirty_days()).is_empty());
        let sets = [
            order("a", "2026-03-01", "K", "6 sets"),
            order("b", "2026-03-02", "K", "6 sets"),
        ];
        assert!(splits(&sets, &ten_in_thirty_days()).is_empty());
    }

    #[test]
    fn the_shipped_limits_can_be_read_and_a_fault_has_its_line() {
        assert!(limits(include_str!("../../../../data/policy/limits.toml")).is_ok());
        let told = |text: &str| limits(text).unwrap_err().to_string();
        let row = "[[limit]]\nid = \"a\"\nabout = \"\"\nsource = \"\"\n";
        assert!(told(&format!("{row}days = 3\n")).starts_with("limits.toml line 2: a limit is"));
        assert!(
            told(&format!("{row}quantity = \"3 peices\"\ndays = 3\n"))
                .starts_with("limits.toml line 5: `peices`")
        );
        assert!(
            told(&format!("{row}quantity = \"3 pieces\"\ndays = 0\n"))
                .starts_with("limits.toml line 6: a period")
        );
    }
}
