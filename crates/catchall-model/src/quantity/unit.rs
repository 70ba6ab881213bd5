//! What can be measured, and the units of it, with their exact factors. To add a unit: one row in [`UNITS`].

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::Number;

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
    // The base of time is the microsecond, so that a femtosecond is held exactly.
    unit("s", 3, 1_000_000, 1, &["sec", "second", "seconds"]),
    unit("ms", 3, 1000, 1, &["millisecond", "milliseconds"]),
    unit(
        "us",
        3,
        1,
        1,
        &["µs", "μs", "usec", "microsecond", "microseconds"],
    ),
    unit("ns", 3, 1, 1000, &["nsec", "nanosecond", "nanoseconds"]),
    unit(
        "ps",
        3,
        1,
        1_000_000,
        &["psec", "picosecond", "picoseconds"],
    ),
    unit(
        "fs",
        3,
        1,
        1_000_000_000,
        &["fsec", "femtosecond", "femtoseconds"],
    ),
    unit("min", 3, 60_000_000, 1, &["minute", "minutes"]),
    unit("h", 3, 3_600_000_000, 1, &["hr", "hour", "hours"]),
    unit("d", 3, 86_400_000_000, 1, &["day", "days"]),
    unit("N", 4, 1, 1, &["newton", "newtons"]),
    unit("kN", 4, 1000, 1, &["kilonewton", "kilonewtons"]),
    unit("MN", 4, 1_000_000, 1, &[]),
    unit("kgf", 4, 980_665, 100_000, &["kilogram-force", "kp"]),
    unit("tf", 4, 980_665, 100, &["tonne-force", "tonnes-force"]),
    unit(
        "lbf",
        4,
        44_482_216_152_605,
        10_000_000_000_000,
        &["pound-force", "pounds-force"],
    ),
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
    unit("mPa", 6, 1, 1000, &["millipascal"]),
    unit("hPa", 6, 100, 1, &[]),
    unit("Torr", 6, 101_325, 760, &["torr", "mmHg"]),
    unit("mTorr", 6, 101_325, 760_000, &["mtorr"]),
    unit("N/mm2", 6, 1_000_000, 1, &["N/mm^2", "N/mm²"]),
    unit(
        "psi",
        6,
        44_482_216_152_605,
        6_451_600_000,
        &["lbf/in2", "pounds per square inch"],
    ),
    unit("ksi", 6, 44_482_216_152_605, 6_451_600, &[]),
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
    unit("Wh/kg", 8, 3600, 1, &["W h/kg", "Wh kg-1", "Wh per kg"]),
    unit("J/m3", 9, 1, 1, &["J/m^3", "J/m³"]),
    unit("MJ/m3", 9, 1_000_000, 1, &["MJ/m^3", "MJ/m³"]),
    unit("GJ/m3", 9, 1_000_000_000, 1, &["GJ/m^3", "GJ/m³"]),
    unit("J/m2", 10, 1, 1, &["J/m^2", "J/m²"]),
    unit("kJ/m2", 10, 1000, 1, &["kJ/m^2", "kJ/m²"]),
    unit(
        "W",
        11,
        1,
        1,
        &["watt", "watts", "VA", "volt-ampere", "volt-amperes"],
    ),
    unit("nW", 11, 1, 1_000_000_000, &["nanowatt", "nanowatts"]),
    unit(
        "uW",
        11,
        1,
        1_000_000,
        &["µW", "μW", "microwatt", "microwatts"],
    ),
    unit("mW", 11, 1, 1000, &["milliwatt", "milliwatts"]),
    unit("kW", 11, 1000, 1, &["kilowatt", "kilowatts", "kVA"]),
    unit("MW", 11, 1_000_000, 1, &["megawatt", "megawatts"]),
    unit("GW", 11, 1_000_000_000, 1, &["gigawatt", "gigawatts"]),
    unit("TW", 11, 1_000_000_000_000, 1, &["terawatt", "terawatts"]),
    unit(
        "hp",
        11,
        37_284_993_579_113_511,
        50_000_000_000_000,
        &["horsepower", "bhp", "shp"],
    ),
    unit("V", 12, 1, 1, &["volt", "volts"]),
    unit("mV", 12, 1, 1000, &[]),
    unit("kV", 12, 1000, 1, &["kilovolt", "kilovolts"]),
    unit("MV", 12, 1_000_000, 1, &["megavolt", "megavolts"]),
    unit("Hz", 13, 1, 1, &["hertz", "S/s", "Sa/s", "samples/s"]),
    unit("kHz", 13, 1000, 1, &["kS/s", "kSa/s", "ksps", "kSPS"]),
    unit("MHz", 13, 1_000_000, 1, &["MS/s", "MSa/s", "Msps", "MSPS"]),
    unit(
        "GHz",
        13,
        1_000_000_000,
        1,
        &["GS/s", "GSa/s", "Gsps", "GSPS"],
    ),
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
    unit("m/s", 20, 1, 1, &["metres per second"]),
    unit("km/s", 20, 1000, 1, &[]),
    unit("mm/us", 20, 1000, 1, &["mm/µs", "mm/μs"]),
    unit("mph", 20, 1_609_344, 3_600_000, &["mi/h"]),
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
    unit("L/min", 22, 1, 1, &["l/min", "lpm"]),
    unit("L/s", 22, 60, 1, &["l/s", "litres per second"]),
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
    unit("mJ", 34, 1, 1000, &["millijoule", "millijoules"]),
    unit(
        "uJ",
        34,
        1,
        1_000_000,
        &["µJ", "μJ", "microjoule", "microjoules"],
    ),
    unit("kJ", 34, 1000, 1, &["kilojoule", "kilojoules"]),
    unit("MJ", 34, 1_000_000, 1, &["megajoule", "megajoules"]),
    unit("Wh", 34, 3600, 1, &["watt hour", "watt hours"]),
    unit(
        "kWh",
        34,
        3_600_000,
        1,
        &["kilowatt hour", "kilowatt hours"],
    ),
    unit("N*m", 35, 1, 1, &["Nm", "N·m", "N m"]),
    unit("bit/s", 36, 1, 1, &["bps"]),
    unit("kbit/s", 36, 1000, 1, &["kbps", "kb/s"]),
    unit("Mbit/s", 36, 1_000_000, 1, &["Mbps", "Mb/s"]),
    unit("Gbit/s", 36, 1_000_000_000, 1, &["Gbps", "Gb/s"]),
    unit("Tbit/s", 36, 1_000_000_000_000, 1, &["Tbps", "Tb/s"]),
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
        let scaled = amount
            .grid()
            .checked_add(row.shift)?
            .checked_mul(row.factor)?;
        let low = scaled.div_euclid(row.divisor);
        let exact = scaled.rem_euclid(row.divisor) == 0;
        let high = if exact { low } else { low + 1 };
        let within = |n: i128| (Number::MIN.grid()..=Number::MAX.grid()).contains(&n);
        (within(low) && within(high)).then_some((Number::from_grid(low), Number::from_grid(high)))
    }

    /// An amount in the base unit, as this unit would show it (rounded to the grid).
    pub fn show(self, base: Number) -> Number {
        let row = self.row();
        match base.grid().checked_mul(row.divisor) {
            Some(scaled) => {
                let half = row.factor / 2;
                Number::from_grid((scaled + half).div_euclid(row.factor) - row.shift)
            }
            // Beyond the figures that anybody states: held at the end of the grid.
            None => Number::from_grid(
                (base.grid() / row.factor)
                    .saturating_mul(row.divisor)
                    .saturating_sub(row.shift),
            ),
        }
    }
}

// The grid must hold the shift of every unit exactly.
const _: () = assert!(G == 1_000_000_000_000);
