//! Units that stand in the name of a property, as data sheets and spreadsheets have them: `max_thrust_N`, `drift_rate_deg_h`.

use catchall_model::{Given, Unit};

/// Words before a name that say how its figure is known and not what it measures.
const SAID_OF: [&str; 6] = [
    "reported_",
    "stated_",
    "claimed_",
    "rated_",
    "nominal_",
    "measured_",
];

/// The name without the unit at its end, where that is a name that is known, and the figure with it where it was written bare.
pub(super) fn unit_in_name(
    name: &str,
    given: &Given,
    known: impl Fn(&str) -> bool,
) -> Option<(String, Given)> {
    let name = name.trim();
    let joint = |each: &char| matches!(each, '_' | ' ' | '-');
    let joints = name.char_indices().filter(|(_, each)| joint(each));
    joints.map(|(at, _)| at).find_map(|at| {
        let unit = unit_of(&name[at + 1..])?;
        let base = name[..at].to_lowercase().replace([' ', '-'], "_");
        let plain = SAID_OF
            .iter()
            .find_map(|word| base.strip_prefix(word))
            .filter(|_| !known(&base))
            .unwrap_or(&base);
        known(plain).then(|| (plain.to_owned(), with_unit(given, unit)))
    })
}

/// A unit as it stands in a name, where neither a stroke nor brackets can: `deg_h`, `kg_per_N_h`, `g_cm3`, `kmh`.
fn unit_of(spelt: &str) -> Option<Unit> {
    let find = |text: &str| Unit::find(text).or_else(|| Unit::nearest(text));
    if let Some(unit) = find(match spelt.to_lowercase().as_str() {
        "kmh" | "kph" => "km/h",
        _ => spelt,
    }) {
        return Some(unit);
    }
    let words: Vec<&str> = spelt.split(['_', ' ', '-']).collect();
    let over = |above: &[&str], below: &[&str]| match below {
        [one] => find(&format!("{}/{one}", above.join("*"))),
        [] => None,
        several => find(&format!("{}/({})", above.join("*"), several.join("*"))),
    };
    match words
        .iter()
        .position(|word| word.eq_ignore_ascii_case("per"))
    {
        Some(place) => {
            let below: Vec<&str> = words[place + 1..]
                .iter()
                .copied()
                .filter(|word| !word.eq_ignore_ascii_case("per"))
                .collect();
            over(&words[..place], &below)
        }
        None => match words.split_first() {
            Some((first, rest)) if !rest.is_empty() => {
                over(&[first], rest).or_else(|| find(&words.join("*")))
            }
            _ => None,
        },
    }
}

/// A figure that ends in a digit has no unit behind it: a number, a bound, a range; of several each.
fn with_unit(given: &Given, unit: Unit) -> Given {
    match given {
        Given::Text(text) | Given::Number(text)
            if text
                .trim_end()
                .ends_with(|last: char| last.is_ascii_digit()) =>
        {
            Given::Text(format!("{} {}", text.trim_end(), unit.name()))
        }
        Given::List(several) => {
            Given::List(several.iter().map(|one| with_unit(one, unit)).collect())
        }
        other => other.clone(),
    }
}

/// A bare figure under a name that is its unit: `tpp` of 4800, `mach` of 0.9.
pub(super) fn unit_is_name(name: &str, given: &Given) -> Option<Given> {
    let (Given::Text(text) | Given::Number(text)) = given else {
        return None;
    };
    let unit = Unit::find(name).or_else(|| Unit::find(&name.to_uppercase()))?;
    (name.len() > 2).then(|| Given::Text(format!("{text} {}", unit.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_at_the_end_of_a_name_goes_to_its_figure() {
        let known = |name: &str| {
            [
                "range",
                "drift_rate_stability",
                "sfc",
                "density",
                "max_speed",
                "dry_weight",
            ]
            .contains(&name)
        };
        let number = |text: &str| Given::Number(text.to_owned());
        let text = |text: &str| Given::Text(text.to_owned());
        for (name, given, base, wanted) in [
            ("range_km", number("300"), "range", text("300 km")),
            (
                "Range km",
                text("at most 150"),
                "range",
                text("at most 150 km"),
            ),
            ("range_km", text("250..400"), "range", text("250..400 km")),
            ("range_km", text("300 mi"), "range", text("300 mi")),
            (
                "reported_range_km",
                Given::List(vec![number("250"), number("400")]),
                "range",
                Given::List(vec![text("250 km"), text("400 km")]),
            ),
            (
                "drift_rate_stability_deg_h",
                number("0.1"),
                "drift_rate_stability",
                text("0.1 deg/h"),
            ),
            (
                "sfc_kg_per_N_h",
                number("0.14"),
                "sfc",
                text("0.14 kg/(N*h)"),
            ),
            ("density_g_cm3", number("1.8"), "density", text("1.8 g/cm3")),
            (
                "density_kg_per_m3",
                number("1800"),
                "density",
                text("1800 kg/m3"),
            ),
            (
                "max_speed_kmh",
                number("900"),
                "max_speed",
                text("900 km/h"),
            ),
            ("dry-weight-kg", number("100"), "dry_weight", text("100 kg")),
        ] {
            let found = unit_in_name(name, &given, known);
            assert_eq!(found, Some((base.to_owned(), wanted)), "{name}");
        }
        for name in ["range", "range_of_ships", "colour_km", "_km", "reported_km"] {
            assert_eq!(unit_in_name(name, &number("1"), known), None, "{name}");
        }
    }
}
