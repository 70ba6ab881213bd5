//! Draws what the pair scores are worth: `cargo run --release --example curves -- FOLDER FILE.tsv ...`.
//!
//! Writes `screening-curves.svg` (precision against recall, a line a file) and `screening-calibration.svg` (what was stated against what was so) into the
//! folder, and prints the figures of both as tables. Of each file the half is taken that no weight was fitted on, as in the example `pairs`.

use catchall_screen::{Manner, Names, TableTexts, score_pair};
use std::error::Error;
use std::fmt::Write as _;

/// Colours that are told apart in grey too (after Okabe and Ito).
const COLOURS: [&str; 6] = [
    "#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
];

type Scored = Vec<(f32, bool)>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err("expected a folder and files of pairs".into());
    };
    let names = Names::read(&TableTexts::built_in())?;
    let mut sets: Vec<(String, Scored)> = vec![("all".to_owned(), Vec::new())];
    for path in arguments {
        let scored = scored(&std::fs::read_to_string(&path)?, &names);
        let name = path.rsplit('/').next().unwrap_or(&path);
        sets[0].1.extend(&scored);
        let name = name.split('.').next().unwrap_or(name);
        sets.push((name.to_owned(), scored));
    }
    // A line through a few pairs says nothing.
    sets.retain(|(_, scored)| scored.len() >= 200);
    for (_, scored) in &mut sets {
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    }
    let write = |name: &str, svg: String| std::fs::write(format!("{folder}/{name}"), svg);
    write("screening-curves.svg", curves(&sets))?;
    write("screening-calibration.svg", calibration(&sets[0].1))?;
    Ok(())
}

fn scored(text: &str, names: &Names) -> Scored {
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect());
    let rows = rows.filter_map(|cells: Vec<&str>| match cells[..] {
        [a, b, schema, label, ..] if !hash(a).is_multiple_of(2) => {
            let manner = match schema {
                "Person" => Manner::Person,
                _ => Manner::Body,
            };
            let pair = score_pair(a, b, manner, names);
            Some((pair.probability, label == "1"))
        }
        _ => None,
    });
    rows.collect()
}

/// As in the example `pairs`: a pair stays in its half whatever stands beside it.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    }) >> 7
}

/// A frame of one by one with its axes named.
fn frame(title: &str, across: &str, up: &str) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 470\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n",
    );
    let _ = writeln!(svg, "<title>{title}</title>");
    svg.push_str("<rect width=\"560\" height=\"470\" fill=\"#ffffff\"/>\n");
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (x, y) = place(share, share);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} 20V420M60 {y:.1}H460\" stroke=\"#dddddd\"/><text x=\"{x:.1}\" y=\"438\" text-anchor=\"middle\">{share:.1}</text><text x=\"52\" y=\"{:.1}\" text-anchor=\"end\">{share:.1}</text>",
            y + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"260\" y=\"460\" text-anchor=\"middle\">{across}</text><text transform=\"translate(16 220) rotate(-90)\" text-anchor=\"middle\">{up}</text>"
    );
    svg
}

fn place(x: f64, y: f64) -> (f64, f64) {
    (60.0 + 400.0 * x, 420.0 - 400.0 * y)
}

fn curves(sets: &[(String, Scored)]) -> String {
    let mut svg = frame(
        "Precision against recall of pair scores, on the half that was not fitted",
        "recall",
        "precision",
    );
    println!("set\tthreshold\trecall\tprecision");
    for ((name, scored), (row, colour)) in sets.iter().zip((0u8..).zip(COLOURS)) {
        let positives = scored.iter().filter(|row| row.1).count() as f64;
        let (mut found, mut line) = (0.0, String::new());
        for (taken, (probability, matched)) in (1u32..).zip(scored) {
            found += f64::from(u8::from(*matched));
            let tied = scored
                .get(taken as usize)
                .is_some_and(|n| n.0 == *probability);
            // The first few make any precision.
            if tied || taken < 10 {
                continue;
            }
            let (x, y) = place(found / positives, found / f64::from(taken));
            let _ = write!(
                line,
                "{}{x:.1} {y:.1}",
                if line.is_empty() { "M" } else { "L" }
            );
        }
        let legend = 250.0 + 18.0 * f64::from(row);
        let _ = writeln!(
            svg,
            "<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/><path d=\"M75 {legend}h22\" stroke=\"{colour}\" stroke-width=\"3\"/><text x=\"104\" y=\"{:.0}\">{name} ({} pairs)</text>",
            legend + 4.0,
            scored.len()
        );
        for step in [0.5, 0.6, 0.7, 0.8, 0.9] {
            let taken = scored.iter().filter(|row| row.0 >= step);
            let right = taken.clone().filter(|row| row.1).count() as f64;
            let precision = right / taken.count() as f64;
            println!("{name}\t{step}\t{:.3}\t{precision:.3}", right / positives);
        }
    }
    svg + "</svg>\n"
}

fn calibration(scored: &Scored) -> String {
    let mut svg = frame(
        "What was stated against what was so, on the half that was not fitted",
        "stated probability, on average in each tenth",
        "share that is one party in fact",
    );
    let ((x0, y0), (x1, y1)) = (place(0.0, 0.0), place(1.0, 1.0));
    let _ = writeln!(
        svg,
        "<path d=\"M{x0} {y0}L{x1} {y1}\" stroke=\"#888888\" stroke-dasharray=\"4 4\"/>"
    );
    let (mut line, mut dots) = (String::new(), String::new());
    println!("tenth\tpairs\tstated\tin fact");
    for tenth in 0..10u8 {
        let within = |p: f32| ((p * 10.0) as u8).min(9) == tenth;
        let rows: Vec<_> = scored.iter().filter(|row| within(row.0)).collect();
        let count = rows.len() as f64;
        if rows.is_empty() {
            continue;
        }
        let stated = rows.iter().map(|row| f64::from(row.0)).sum::<f64>() / count;
        let fact = rows.iter().filter(|row| row.1).count() as f64 / count;
        println!(
            "{:.1}\t{count}\t{stated:.3}\t{fact:.3}",
            f64::from(tenth) / 10.0
        );
        let (x, y) = place(stated, fact);
        let _ = write!(
            line,
            "{}{x:.1} {y:.1}",
            if line.is_empty() { "M" } else { "L" }
        );
        let _ = writeln!(
            dots,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#0072b2\"/><text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\">{count}</text>",
            x + 7.0,
            y + 12.0
        );
    }
    let brier = scored
        .iter()
        .map(|(p, m)| (p - f32::from(u8::from(*m))).powi(2));
    println!("Brier {:.4}", brier.sum::<f32>() / scored.len() as f32);
    let _ = writeln!(
        svg,
        "<path d=\"{line}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>"
    );
    svg + &dots + "</svg>\n"
}
