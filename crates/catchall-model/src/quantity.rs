//! Quantities: exact amounts with units, and what is known of an amount: a figure, a bound, a range.
//!
//! Numbers are whole counts of 10⁻¹² of the base unit of their dimension, in 128 bits: law compares
//! figures, so nothing is rounded on the way to a threshold. A unit whose factor to the base unit is
//! not exact in that grid (radian against degree) has a dimension of its own or widens a stated figure
//! outward; it never moves a threshold. To add a unit: one row in [`UNITS`].

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A number on the exact grid: whole counts of 10⁻¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

impl Number {
    /// Counts of the grid in one.
    pub const ONE: i128 = 1_000_000_000_000;
    /// Nothing.
    pub const ZERO: Number = Number(0);
    /// Below every figure that can be stated.
    pub const MIN: Number = Number(-(1 << 120));
    /// Above every figure that can be stated.
    pub const MAX: Number = Number(1 << 120);

    /// From counts of the grid.
    pub const fn from_grid(grid: i128) -> Number {
        Number(grid)
    }

    /// Counts of the grid.
    pub const fn grid(self) -> i128 {
        self.0
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Number {
        Number(number as i128 * Number::ONE)
    }

    /// The next number on the grid.
    pub const fn up(self) -> Number {
        Number(self.0 + 1)
    }

    /// The number before on the grid.
    pub const fn down(self) -> Number {
        Number(self.0 - 1)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = Number::ONE.unsigned_abs();
        let (whole, rest) = (magnitude / one, magnitude % one);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if rest > 0 {
            let digits = format!("{rest:012}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(u8);

/// A unit: a row of [`UNITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unit(u8);

/// One row of the table of units: `base = (amount + shift) × factor ÷ divisor`.
#[derive(Clone, Copy, Debug)]
pub struct UnitRow {
    /// As written in packs and shown to people.
    pub name: &'static str,
    /// Its dimension, a place in [`DIMENSIONS`].
    pub dimension: u8,
    /// Times.
    pub factor: i128,
    /// Through.
    pub divisor: i128,
    /// Plus, before scaling, in grid counts: 273.15 for degrees Celsius.
    pub shift: i128,
    /// Other ways to write it.
    pub also: &'static [&'static str],
}

/// Names of the dimensions; a unit names its own by place.
pub const DIMENSIONS: &[&str] = &[
    "number",
    "length",
    "mass",
    "time",
    "force",
    "impulse",
    "pressure",
    "temperature",
    "specific energy",
    "energy density",
    "energy per area",
    "power",
    "voltage",
    "frequency",
    "angle",
    "radian angle",
    "angular rate",
    "radian rate",
    "acceleration",
    "rotational speed",
    "speed",
    "volume",
    "volume flow",
    "ratio",
    "gravity anomaly",
    "sound level",
    "particle energy",
    "absorbed dose",
    "density",
    "Mach number",
    "specific fuel consumption",
    "specific unbalance",
    "area",
    "electric current",
    "energy",
    "torque",
    "data rate",
    "performance",
    "magnetic flux density",
    "bytes",
    "mass flow",
    "activity",
    "processing quality",
];

const G: i128 = Number::ONE;

const fn unit(
    name: &'static str,
    dimension: u8,
    factor: i128,
    divisor: i128,
    also: &'static [&'static str],
) -> UnitRow {
    UnitRow {
        name,
        dimension,
        factor,
        divisor,
        shift: 0,
        also,
    }
}

/// Every unit. The first of a dimension is what figures are shown in when nobody chose another.
pub const UNITS: &[UnitRow] = &[
    unit("", 0, 1, 1, &["1", "count"]),
    unit("m", 1, 1, 1, &["metre", "metres", "meter", "meters"]),
    unit(
        "km",
        1,
        1000,
        1,
        &["kilometre", "kilometres", "kilometer", "kilometers", "kms"],
    ),
    unit("cm", 1, 1, 100, &[]),
    unit(
        "mm",
        1,
        1,
        1000,
        &["millimetre", "millimetres", "millimeter", "millimeters"],
    ),
    unit(
        "um",
        1,
        1,
        1_000_000,
        &["µm", "μm", "micron", "microns", "micrometre", "micrometres"],
    ),
    unit("nm", 1, 1, 1_000_000_000, &["nanometre", "nanometres"]),
    unit("in", 1, 254, 10_000, &["inch", "inches"]),
    unit("ft", 1, 3048, 10_000, &["foot", "feet"]),
    unit("mi", 1, 1_609_344, 1000, &["mile", "miles"]),
    unit("nmi", 1, 1852, 1, &["nautical mile", "nautical miles"]),
    unit("kg", 2, 1, 1, &["kilogram", "kilograms", "kilo", "kilos"]),
    unit("g", 2, 1, 1000, &["gram", "grams"]),
    unit("mg", 2, 1, 1_000_000, &[]),
    unit(
        "t",
        2,
        1000,
        1,
        &[
            "tonne",
            "tonnes",
            "ton",
            "tons",
            "metric ton",
            "metric tons",
            "metric tonnes",
        ],
    ),
    unit(
        "lb",
        2,
        45_359_237,
        100_000_000,
        &["lbs", "pound", "pounds"],
    ),
    unit("s", 3, 1, 1, &["sec", "second", "seconds"]),
    unit("ms", 3, 1, 1000, &["millisecond", "milliseconds"]),
    unit("us", 3, 1, 1_000_000, &["µs", "μs"]),
    unit("ns", 3, 1, 1_000_000_000, &[]),
    unit("min", 3, 60, 1, &["minute", "minutes"]),
    unit("h", 3, 3600, 1, &["hr", "hour", "hours"]),
    unit("N", 4, 1, 1, &["newton", "newtons"]),
    unit("kN", 4, 1000, 1, &["kilonewton", "kilonewtons"]),
    unit("MN", 4, 1_000_000, 1, &[]),
    unit(
        "N*s",
        5,
        1,
        1,
        &["Ns", "N s", "N·s", "newton second", "newton seconds"],
    ),
    unit("kN*s", 5, 1000, 1, &["kNs", "kN s", "kN·s"]),
    unit("MN*s", 5, 1_000_000, 1, &["MNs", "MN s", "MN·s"]),
    unit("Pa", 6, 1, 1, &["pascal"]),
    unit("kPa", 6, 1000, 1, &[]),
    unit("MPa", 6, 1_000_000, 1, &[]),
    unit("GPa", 6, 1_000_000_000, 1, &[]),
    unit("bar", 6, 100_000, 1, &[]),
    unit("mbar", 6, 100, 1, &[]),
    unit("atm", 6, 101_325, 1, &[]),
    unit("K", 7, 1, 1, &["kelvin"]),
    UnitRow {
        name: "C",
        dimension: 7,
        factor: 1,
        divisor: 1,
        shift: 273_150_000_000_000,
        also: &["°C", "degC", "deg C", "celsius"],
    },
    UnitRow {
        name: "F",
        dimension: 7,
        factor: 5,
        divisor: 9,
        shift: 459_670_000_000_000,
        also: &["°F", "degF", "deg F", "fahrenheit"],
    },
    unit("J/kg", 8, 1, 1, &[]),
    unit("kJ/kg", 8, 1000, 1, &[]),
    unit("MJ/kg", 8, 1_000_000, 1, &[]),
    unit("J/m3", 9, 1, 1, &["J/m^3", "J/m³"]),
    unit("MJ/m3", 9, 1_000_000, 1, &["MJ/m^3", "MJ/m³"]),
    unit("GJ/m3", 9, 1_000_000_000, 1, &["GJ/m^3", "GJ/m³"]),
    unit("J/m2", 10, 1, 1, &["J/m^2", "J/m²"]),
    unit("kJ/m2", 10, 1000, 1, &["kJ/m^2", "kJ/m²"]),
    unit("W", 11, 1, 1, &["watt", "watts"]),
    unit("mW", 11, 1, 1000, &[]),
    unit("kW", 11, 1000, 1, &["kilowatt", "kilowatts"]),
    unit("MW", 11, 1_000_000, 1, &["megawatt", "megawatts"]),
    unit("GW", 11, 1_000_000_000, 1, &[]),
    unit("V", 12, 1, 1, &["volt", "volts"]),
    unit("mV", 12, 1, 1000, &[]),
    unit("kV", 12, 1000, 1, &[]),
    unit("Hz", 13, 1, 1, &["hertz"]),
    unit("kHz", 13, 1000, 1, &[]),
    unit("MHz", 13, 1_000_000, 1, &[]),
    unit("GHz", 13, 1_000_000_000, 1, &[]),
    unit("THz", 13, 1_000_000_000_000, 1, &[]),
    unit(
        "arcsec",
        14,
        1,
        1,
        &["arc second", "arc seconds", "arcseconds", "arcsecond"],
    ),
    unit(
        "arcmin",
        14,
        60,
        1,
        &["arc minute", "arc minutes", "arcminutes"],
    ),
    unit("deg", 14, 3600, 1, &["°", "degree", "degrees"]),
    unit("mrad", 15, 1, 1000, &["milliradian", "milliradians"]),
    unit("rad", 15, 1, 1, &["radian", "radians"]),
    unit("urad", 15, 1, 1_000_000, &["µrad", "μrad", "microradian"]),
    unit(
        "deg/h",
        16,
        1,
        1,
        &[
            "°/h",
            "deg/hr",
            "deg/hour",
            "degrees per hour",
            "degree per hour",
        ],
    ),
    unit(
        "deg/s",
        16,
        3600,
        1,
        &["°/s", "deg/sec", "degrees per second"],
    ),
    unit("rad/s", 17, 1, 1, &[]),
    unit("m/s2", 18, 1, 1, &["m/s^2", "m/s²"]),
    unit(
        "g_n",
        18,
        980_665,
        100_000,
        &["gn", "g_rms", "grms", "g rms"],
    ),
    unit("milli_g", 18, 980_665, 100_000_000, &["mg_n"]),
    unit(
        "micro_g",
        18,
        980_665,
        100_000_000_000,
        &["µg_n", "micro g", "ug_n", "microg"],
    ),
    unit("rpm", 19, 1, 1, &["r/min", "rev/min", "1/min"]),
    unit("m/s", 20, 1, 1, &[]),
    unit("km/h", 20, 1000, 3600, &["kph", "km/hr"]),
    unit("kn", 20, 1852, 3600, &["knot", "knots", "kt"]),
    unit("m3", 21, 1, 1, &["m^3", "m³"]),
    unit(
        "L",
        21,
        1,
        1000,
        &["l", "litre", "litres", "liter", "liters"],
    ),
    unit("mL", 21, 1, 1_000_000, &["ml"]),
    unit("cm3", 21, 1, 1_000_000, &["cm^3", "cm³"]),
    unit("L/min", 22, 1, 1, &["l/min"]),
    unit("m3/h", 22, 1000, 60, &["m^3/h", "m³/h"]),
    unit("m3/s", 22, 60_000, 1, &["m^3/s", "m³/s"]),
    unit("%", 23, 10_000, 1, &["percent", "per cent", "pct"]),
    unit("ppm", 23, 1, 1, &["parts per million"]),
    unit("ppb", 23, 1, 1000, &[]),
    unit("mGal", 24, 1, 1, &["milligal"]),
    unit("dB", 25, 1, 1, &["decibel", "decibels"]),
    unit("eV", 26, 1, 1, &[]),
    unit("keV", 26, 1000, 1, &[]),
    unit("MeV", 26, 1_000_000, 1, &[]),
    unit("GeV", 26, 1_000_000_000, 1, &[]),
    unit("Gy", 27, 1, 1, &["gray", "Gy(Si)", "Gy_si"]),
    unit("rad_si", 27, 1, 100, &["rad(Si)", "rads", "rad Si"]),
    unit("krad_si", 27, 10, 1, &["krad", "krad(Si)"]),
    unit("kg/m3", 28, 1, 1, &["kg/m^3", "kg/m³"]),
    unit("g/cm3", 28, 1000, 1, &["g/cm^3", "g/cm³", "g/cc"]),
    unit("Mach", 29, 1, 1, &["mach", "M"]),
    unit(
        "kg/(N*h)",
        30,
        1,
        1,
        &[
            "kg/N/h",
            "kg/(N·h)",
            "kg/(N h)",
            "kg/N*h",
            "kg N-1 h-1",
            "kg/Nh",
        ],
    ),
    unit("g*mm/kg", 31, 1, 1, &["g mm/kg", "g·mm/kg", "g mm per kg"]),
    unit("m2", 32, 1, 1, &["m^2", "m²"]),
    unit("cm2", 32, 1, 10_000, &["cm^2", "cm²"]),
    unit("mm2", 32, 1, 1_000_000, &["mm^2", "mm²"]),
    unit("A", 33, 1, 1, &["ampere", "amperes", "amp"]),
    unit("mA", 33, 1, 1000, &[]),
    unit("kA", 33, 1000, 1, &[]),
    unit("J", 34, 1, 1, &["joule", "joules"]),
    unit("kJ", 34, 1000, 1, &[]),
    unit("MJ", 34, 1_000_000, 1, &[]),
    unit("N*m", 35, 1, 1, &["Nm", "N·m", "N m"]),
    unit("bit/s", 36, 1, 1, &["bps"]),
    unit("kbit/s", 36, 1000, 1, &["kbps"]),
    unit("Mbit/s", 36, 1_000_000, 1, &["Mbps"]),
    unit("Gbit/s", 36, 1_000_000_000, 1, &["Gbps"]),
    unit("WT", 37, 1, 1, &["weighted teraflops"]),
    unit("T", 38, 1, 1, &["tesla"]),
    unit("byte", 39, 1, 1, &["bytes", "B"]),
    unit("kg/s", 40, 1, 1, &[]),
    unit("Bq", 41, 1, 1, &["becquerel"]),
    unit("GBq", 41, 1_000_000_000, 1, &[]),
    unit("TPP", 42, 1, 1, &[]),
];

/// Units by each of their names.
static BY_NAME: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let names = |row: &'static UnitRow| std::iter::once(&row.name).chain(row.also).copied();
    (0u8..)
        .zip(UNITS)
        .flat_map(|(place, row)| names(row).map(move |name| (name, place)))
        .collect()
});

impl Dimension {
    /// Its name in plain words.
    pub fn name(self) -> &'static str {
        DIMENSIONS
            .get(usize::from(self.0))
            .copied()
            .unwrap_or("number")
    }

    /// Its name behind "a" or "an".
    pub fn with_article(self) -> String {
        let name = self.name();
        let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {name}")
    }

    /// A plain number, without a unit.
    pub const NUMBER: Dimension = Dimension(0);

    /// Whether there is nothing of it below zero of its base unit: no length is negative, a voltage may be, and a
    /// pressure where it is measured against that of the air.
    pub fn has_floor(self) -> bool {
        !matches!(
            self.name(),
            "number"
                | "pressure"
                | "voltage"
                | "angle"
                | "radian angle"
                | "angular rate"
                | "radian rate"
                | "acceleration"
                | "gravity anomaly"
                | "sound level"
                | "electric current"
                | "magnetic flux density"
        )
    }

    /// The units that measure it.
    pub fn units(self) -> impl Iterator<Item = Unit> {
        (0u8..)
            .zip(UNITS)
            .filter(move |(_, row)| row.dimension == self.0)
            .map(|(place, _)| Unit(place))
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Unit {
    /// The plain number's unit, written as nothing.
    pub const NONE: Unit = Unit(0);

    /// The unit of this name or spelling; exact case first, since `MPa` is not `mPa`.
    pub fn find(text: &str) -> Option<Unit> {
        BY_NAME.get(text.trim()).copied().map(Unit)
    }

    /// The unit whose spelling is nearest, for a suggestion.
    pub fn nearest(text: &str) -> Option<Unit> {
        let lower = text.trim().to_lowercase();
        (0u8..)
            .zip(UNITS)
            .find(|(_, row)| {
                !row.name.is_empty()
                    && (row.name.to_lowercase() == lower
                        || row.also.iter().any(|each| each.to_lowercase() == lower))
            })
            .map(|(place, _)| Unit(place))
    }

    /// Its row.
    pub fn row(self) -> &'static UnitRow {
        &UNITS[usize::from(self.0)]
    }

    /// As written.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        Dimension(self.row().dimension)
    }

    /// The amount in the base unit, rounded down and rounded up; equal when the conversion is exact.
    /// `None` when the figure is out of reach.
    pub fn to_base(self, amount: Number) -> Option<(Number, Number)> {
        let row = self.row();
        let scaled = amount.0.checked_add(row.shift)?.checked_mul(row.factor)?;
        let low = scaled.div_euclid(row.divisor);
        let exact = scaled.rem_euclid(row.divisor) == 0;
        let high = if exact { low } else { low + 1 };
        let within = |n: i128| (Number::MIN.0..=Number::MAX.0).contains(&n);
        (within(low) && within(high)).then_some((Number(low), Number(high)))
    }

    /// An amount in the base unit, as this unit would show it (rounded to the grid).
    pub fn show(self, base: Number) -> Number {
        let row = self.row();
        match base.0.checked_mul(row.divisor) {
            Some(scaled) => {
                let half = row.factor / 2;
                Number((scaled + half).div_euclid(row.factor) - row.shift)
            }
            // Beyond the figures that anybody states: held at the end of the grid.
            None => Number(
                (base.0 / row.factor)
                    .saturating_mul(row.divisor)
                    .saturating_sub(row.shift),
            ),
        }
    }
}

/// An amount with its unit, exact, as a data sheet or a threshold states it.
///
/// `PartialEq` is left out on purpose: `1000 g` and `1 kg` must never differ by accident.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// How many.
    pub amount: Number,
    /// Of what.
    pub unit: Unit,
}

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing there.
    #[error("nothing stands where an amount should")]
    Empty,
    /// No number at the start.
    #[error(
        "`{found}` does not begin with a number; write for example `320 km`, `at least 300 km` or `250..400 km`"
    )]
    NoNumber {
        /// What stood there.
        found: String,
    },
    /// A number in a form that could be read in two ways, or none.
    #[error(
        "`{found}` is not a number; write thousands as `1,100` or `1 100` and fractions as `1.1`"
    )]
    Number {
        /// What stood there.
        found: String,
    },
    /// More digits than the grid holds.
    #[error(
        "`{found}` is beyond the figures that can be compared exactly (up to 10^24, down to 10^-12)"
    )]
    OutOfReach {
        /// What stood there.
        found: String,
    },
    /// No unit where one is needed.
    #[error("`{found}` has no unit; {} needs one, for example `{found} {example}`", dimension.with_article())]
    NoUnit {
        /// What stood there.
        found: String,
        /// What is measured.
        dimension: Dimension,
        /// A unit that would do.
        example: &'static str,
    },
    /// A unit that the table lacks.
    #[error("`{found}` is not a known unit{}", nearest.map_or(String::new(), |unit| format!("; the nearest is `{}`", unit.name())))]
    Unit {
        /// What stood there.
        found: String,
        /// A near spelling.
        nearest: Option<Unit>,
    },
    /// A unit of something else.
    #[error("`{found}` is {}, but {} is asked for, for example in `{example}`", ours.with_article(), wanted.with_article())]
    Dimension {
        /// What stood there.
        found: String,
        /// What it measures.
        ours: Dimension,
        /// What is asked for.
        wanted: Dimension,
        /// A unit that would do.
        example: &'static str,
    },
    /// A range from high to low.
    #[error("`{found}` runs from the greater to the smaller figure")]
    Inverted {
        /// What stood there.
        found: String,
    },
}

/// What is known of an amount: it lies between two figures in the base unit, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The spans it may lie in, in order, apart from each other. Never empty.
    pub spans: Vec<(Number, Number)>,
    /// The unit it was stated in.
    pub unit: Unit,
}

impl Amount {
    /// Reads `320 km`, `at least 300 km`, `more than`, `at most`, `less than`, `>=` and the like, `250..400 km`,
    /// `between 250 km and 400 km`. A plain number needs no unit; anything else does.
    ///
    /// # Errors
    /// When the text is no amount of this dimension; the message says what would have been right.
    pub fn parse(text: &str, dimension: Dimension) -> Result<Amount, AmountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        let lower = text.to_lowercase();
        let bounds: [(&str, bool, bool); 12] = [
            ("at least", true, true),
            ("not less than", true, true),
            (">=", true, true),
            ("≥", true, true),
            ("more than", true, false),
            (">", true, false),
            ("at most", false, true),
            ("not more than", false, true),
            ("<=", false, true),
            ("≤", false, true),
            ("less than", false, false),
            ("<", false, false),
        ];
        for (word, from_below, included) in bounds {
            // Lower-casing keeps the length of these ASCII words, and `≥`, `≤` have no case.
            if lower.starts_with(word)
                && let Some(rest) = text.get(word.len()..)
            {
                let (low, high, unit) = one(rest, dimension)?;
                let span = match (from_below, included) {
                    (true, true) => (low, Number::MAX),
                    (true, false) => (low.up(), Number::MAX),
                    (false, true) => (Number::MIN, high),
                    (false, false) => (Number::MIN, high.down()),
                };
                return Ok(Amount {
                    spans: vec![span],
                    unit,
                });
            }
        }
        let between = lower
            .strip_prefix("between ")
            .map(|_| &text["between ".len()..]);
        let split = match between {
            Some(rest) => rest.split_once(" and "),
            None => text.split_once("..").or_else(|| text.split_once('…')),
        };
        if let Some((first, second)) = split {
            let (_, _, unit_of_second) = one(second, dimension)?;
            let (low, unit) = match one(first, dimension) {
                Ok((low, _, unit)) => (low, unit),
                // `250..400 km`: the unit stands once, at the end.
                Err(AmountError::NoUnit { .. }) => {
                    let (low, _, unit) = one(
                        &format!("{} {}", first.trim(), unit_of_second.name()),
                        dimension,
                    )?;
                    (low, unit)
                }
                Err(other) => return Err(other),
            };
            let (_, high, _) = one(second, dimension)?;
            if low > high {
                return Err(AmountError::Inverted { found: short(text) });
            }
            return Ok(Amount {
                spans: vec![(low, high)],
                unit,
            });
        }
        let (low, high, unit) = one(text, dimension)?;
        Ok(Amount {
            spans: vec![(low, high)],
            unit,
        })
    }

    /// One of several amounts: what any of them allows.
    pub fn any_of(amounts: &[Amount]) -> Option<Amount> {
        let unit = amounts.first()?.unit;
        let mut spans: Vec<(Number, Number)> = amounts
            .iter()
            .flat_map(|each| each.spans.iter().copied())
            .collect();
        spans.sort_unstable();
        let mut apart: Vec<(Number, Number)> = Vec::with_capacity(spans.len());
        for (low, high) in spans {
            match apart.last_mut() {
                Some(last) if low <= last.1.up() => last.1 = last.1.max(high),
                _ => apart.push((low, high)),
            }
        }
        Some(Amount { spans: apart, unit })
    }

    /// The least and the greatest it may be.
    pub fn ends(&self) -> (Number, Number) {
        let low = self.spans.first().map_or(Number::MIN, |span| span.0);
        let high = self.spans.last().map_or(Number::MAX, |span| span.1);
        (low, high)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.unit.name();
        let space = if name.is_empty() { "" } else { " " };
        for (place, (low, high)) in self.spans.iter().enumerate() {
            if place > 0 {
                f.write_str(" or ")?;
            }
            let (lowest, highest) = (*low <= Number::MIN, *high >= Number::MAX);
            let show = |n: Number| self.unit.show(n);
            match (lowest, highest) {
                (true, true) => f.write_str("any amount")?,
                (false, true) => write!(f, "at least {}{space}{name}", show(*low))?,
                (true, false) => write!(f, "at most {}{space}{name}", show(*high))?,
                // A figure that did not convert exactly spans one step of the grid.
                (false, false) if high.grid() - low.grid() <= 1 => {
                    write!(f, "{}{space}{name}", show(*low))?
                }
                (false, false) => write!(f, "{}..{}{space}{name}", show(*low), show(*high))?,
            }
        }
        Ok(())
    }
}

impl Quantity {
    /// Reads one amount with its unit, of any dimension.
    ///
    /// # Errors
    /// When the text is no number with a known unit.
    pub fn parse(text: &str) -> Result<Quantity, AmountError> {
        let text = text.trim();
        let (number, rest) = split_number(text)?;
        let unit = match rest.trim() {
            "" => Unit::NONE,
            name => Unit::find(name).ok_or_else(|| AmountError::Unit {
                found: short(name),
                nearest: Unit::nearest(name),
            })?,
        };
        Ok(Quantity {
            amount: number,
            unit,
        })
    }

    /// The amount in the base unit of its dimension, rounded down and up.
    pub fn in_base(&self) -> Option<(Number, Number)> {
        self.unit.to_base(self.amount)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unit == Unit::NONE {
            write!(f, "{}", self.amount)
        } else {
            write!(f, "{} {}", self.amount, self.unit.name())
        }
    }
}

/// One figure in the base unit of `dimension`, down and up, with the unit it was stated in.
fn one(text: &str, dimension: Dimension) -> Result<(Number, Number, Unit), AmountError> {
    let text = text.trim();
    let (number, rest) = split_number(text)?;
    let example = dimension.units().next().map_or("", Unit::name);
    let unit = match rest.trim() {
        "" if dimension == Dimension::NUMBER => Unit::NONE,
        "" => {
            return Err(AmountError::NoUnit {
                found: short(text),
                dimension,
                example,
            });
        }
        name => match Unit::find(name) {
            Some(unit) if unit.dimension() == dimension => unit,
            // `g` is a gram to people who weigh and standard gravity to people who shake: what is asked for decides.
            Some(_) if name == "g" && dimension.name() == "acceleration" => {
                Unit::find("g_n").unwrap_or(Unit::NONE)
            }
            Some(_) if name == "rad" && dimension.name() == "absorbed dose" => {
                Unit::find("rad_si").unwrap_or(Unit::NONE)
            }
            Some(unit) => {
                return Err(AmountError::Dimension {
                    found: short(text),
                    ours: unit.dimension(),
                    wanted: dimension,
                    example,
                });
            }
            None => {
                return Err(AmountError::Unit {
                    found: short(name),
                    nearest: Unit::nearest(name),
                });
            }
        },
    };
    let (low, high) = unit
        .to_base(number)
        .ok_or_else(|| AmountError::OutOfReach { found: short(text) })?;
    Ok((low, high, unit))
}

/// The number at the start of a text, exact, and what follows it.
///
/// Takes `1100`, `1,100`, `1 100` and `1_100` for a thousand and a hundred, `1.100` for one and a tenth, `1.1e6`.
fn split_number(text: &str) -> Result<(Number, &str), AmountError> {
    let text = text.trim();
    let bad = |found: &str| AmountError::Number {
        found: short(found),
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    let negative = match text.chars().next() {
        Some('-') => {
            at = 1;
            true
        }
        Some('−') => {
            at = '−'.len_utf8();
            true
        }
        Some('+') => {
            at = 1;
            false
        }
        _ => false,
    };
    let start = at;
    let mut whole = String::new();
    let mut groups: Vec<(char, usize)> = Vec::new();
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        if c.is_ascii_digit() {
            whole.push(c);
            if let Some(group) = groups.last_mut() {
                group.1 += 1;
            }
            at += 1;
        } else if matches!(c, ',' | ' ' | '_' | '\u{a0}' | '\u{202f}' | '\'')
            && !whole.is_empty()
            && rest[c.len_utf8()..].starts_with(|d: char| d.is_ascii_digit())
        {
            groups.push((c, 0));
            at += c.len_utf8();
        } else {
            break;
        }
    }
    if whole.is_empty() && !text[at..].starts_with('.') {
        return Err(AmountError::NoNumber { found: short(text) });
    }
    // Separators must all be the same and stand before groups of three: `1,1` and `1 10` are not numbers.
    let regular = groups
        .iter()
        .all(|(c, digits)| *digits == 3 && *c == groups[0].0);
    let first_group = whole.len() - groups.iter().map(|(_, digits)| digits).sum::<usize>();
    if !regular || (!groups.is_empty() && !(1..=3).contains(&first_group)) {
        return Err(bad(&text[start..]));
    }
    let mut fraction = String::new();
    if text[at..].starts_with('.') && !text[at..].starts_with("..") {
        at += 1;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            fraction.push(char::from(bytes[at]));
            at += 1;
        }
        if fraction.is_empty() {
            return Err(bad(text));
        }
    }
    let mut exponent: i32 = 0;
    let tail = &text[at..];
    if tail.starts_with(['e', 'E']) {
        let mut end = at + 1;
        if end < bytes.len() && (bytes[end] == b'+' || bytes[end] == b'-') {
            end += 1;
        }
        let digits = end;
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        if end > digits {
            exponent = text[at + 1..end]
                .parse()
                .map_err(|_| AmountError::OutOfReach { found: short(text) })?;
            at = end;
        }
    }
    // A digit or point right after, as in `1.2.3`, is no number.
    if text[at..].starts_with(|c: char| c.is_ascii_digit() || c == ',')
        || (text[at..].starts_with('.') && !text[at..].starts_with(".."))
    {
        return Err(bad(text));
    }
    let number = exact(&whole, &fraction, exponent, negative)
        .ok_or_else(|| AmountError::OutOfReach { found: short(text) })?;
    Ok((number, &text[at..]))
}

/// Digits and exponent to the grid; `None` when the value is too great or too fine for it.
fn exact(whole: &str, fraction: &str, exponent: i32, negative: bool) -> Option<Number> {
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let mut places = 12 + i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some(Number::ZERO);
    }
    places += i64::try_from(digits.len() - kept.len()).ok()?;
    if !(0..=36).contains(&places) || kept.len() > 36 {
        return None;
    }
    let value: i128 = kept.parse().ok()?;
    let scaled = value.checked_mul(10i128.checked_pow(u32::try_from(places).ok()?)?)?;
    let signed = if negative { -scaled } else { scaled };
    (Number::MIN.0..=Number::MAX.0)
        .contains(&signed)
        .then_some(Number(signed))
}

/// At most 40 characters, for a message.
fn short(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > 40 {
        text.chars().take(39).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

// The grid must hold the shift of every unit exactly.
const _: () = assert!(G == 1_000_000_000_000);

#[cfg(test)]
mod tests {
    use super::*;

    fn length() -> Dimension {
        Unit::find("km").unwrap().dimension()
    }

    #[test]
    fn numbers_are_read_as_the_contract_says() {
        for (text, grid) in [
            ("1,100", 1100 * G),
            ("1 100", 1100 * G),
            ("1.100", 1_100_000_000_000),
            ("1_100_000", 1_100_000 * G),
            ("1.1e6", 1_100_000 * G),
            ("-45", -45 * G),
            ("0.000000000001", 1),
            ("1e-12", 1),
            (".5", G / 2),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().amount.grid(), grid, "{text}");
        }
        for text in [
            "", "km", "1,1", "1,10,000", "1.2.3", "1 1000", "--3", "1e308", "1e-13", "NaN", "inf",
            "1.", "0x10",
        ] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_an_error_where_one_is_needed() {
        let error = Amount::parse("300", length()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`300` has no unit; a length needs one, for example `300 m`"
        );
        assert!(matches!(
            Amount::parse("300 kg", length()),
            Err(AmountError::Dimension { .. })
        ));
        assert!(matches!(
            Amount::parse("300 KM", length()),
            Err(AmountError::Unit {
                nearest: Some(_),
                ..
            })
        ));
    }

    #[test]
    fn bounds_and_ranges_are_spans() {
        let ends = |text: &str| Amount::parse(text, length()).unwrap().ends();
        assert_eq!(
            ends("300 km"),
            (Number::whole(300_000), Number::whole(300_000))
        );
        assert_eq!(
            ends("at least 300 km"),
            (Number::whole(300_000), Number::MAX)
        );
        assert_eq!(
            ends("less than 300 km"),
            (Number::MIN, Number::whole(300_000).down())
        );
        assert_eq!(
            ends("250..400 km"),
            (Number::whole(250_000), Number::whole(400_000))
        );
        assert_eq!(ends("between 250 km and 400 km"), ends("250..400 km"));
        assert_eq!(ends("≥ 300 km"), ends(">= 300 km"));
        assert!(matches!(
            Amount::parse("400..250 km", length()),
            Err(AmountError::Inverted { .. })
        ));
    }

    #[test]
    fn units_convert_exactly_or_outward() {
        let celsius = Amount::parse("-45 C", Unit::find("K").unwrap().dimension()).unwrap();
        assert_eq!(celsius.ends().0.to_string(), "228.15");
        let (low, high) = Amount::parse("100 km/h", Unit::find("m/s").unwrap().dimension())
            .unwrap()
            .ends();
        assert_eq!(high.grid() - low.grid(), 1);
        assert_eq!(
            Amount::parse("1250 micro_g", Unit::find("g_n").unwrap().dimension())
                .unwrap()
                .ends()
                .0
                .to_string(),
            "0.0122583125"
        );
    }

    #[test]
    fn every_unit_is_found_by_each_of_its_names_and_no_name_stands_twice() {
        let mut seen = std::collections::BTreeMap::new();
        for row in UNITS {
            for name in std::iter::once(&row.name).chain(row.also) {
                assert!(
                    seen.insert(*name, row.name).is_none(),
                    "`{name}` stands twice"
                );
                assert_eq!(Unit::find(name).unwrap().name(), row.name);
            }
        }
    }
}
