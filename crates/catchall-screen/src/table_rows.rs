//! Rows of tables: the files of `data/names/`, read line by line.
//!
//! A row that cannot be read is an error that says where. What the tables are for is `tables.rs`.

use crate::hash::Map;
use crate::sound::Sounds;
use crate::tables::{Phrases, Place, Small, TablesError};

pub(crate) fn rows<'a>(
    file: &'static str,
    text: &'a str,
    wanted: &'static str,
) -> impl Iterator<Item = Result<(Place, &'a str, Vec<&'a str>), TablesError>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
        .map(move |(number, line)| {
            let at = Place::new(file, number);
            match line.split_once(':') {
                Some((head, tail)) => Ok((
                    at,
                    head.trim(),
                    tail.split(',')
                        .map(str::trim)
                        .filter(|w| !w.is_empty())
                        .collect(),
                )),
                None if line.starts_with('[') => Ok((at, line.trim(), Vec::new())),
                None => Err(TablesError::Row {
                    at,
                    found: line.to_owned(),
                    wanted,
                }),
            }
        })
}

pub(crate) type Particles = (Map<String, Small>, Map<String, ()>);

pub(crate) fn read_particles(text: &str) -> Result<Particles, TablesError> {
    let wanted = "`article`, `kin`, `title`, `filler`, `speech`, `bound`, `god`, `faith` or `either`, a colon, and words";
    let (mut small, mut either) = (Map::default(), Map::default());
    for row in rows("particles.txt", text, wanted) {
        let (at, head, words) = row?;
        let kind = match head {
            "article" => Small::Article,
            "kin" => Small::Kin,
            "title" => Small::Title,
            "filler" => Small::Filler,
            "bound" => Small::Bound,
            "god" => Small::God,
            "faith" => Small::Faith,
            "speech" => Small::Speech,
            "either" => {
                either.extend(words.into_iter().map(|word| (crate::words::fold(word), ())));
                continue;
            }
            _ => {
                return Err(TablesError::Row {
                    at,
                    found: head.to_owned(),
                    wanted,
                });
            }
        };
        for word in words {
            small.entry(crate::words::fold(word)).or_insert(kind);
        }
    }
    Ok((small, either))
}

pub(crate) fn read_numbers(text: &str) -> Result<Map<String, u32>, TablesError> {
    let wanted = "a number, a colon, and words";
    let mut numbers = Map::default();
    for row in rows("numbers.txt", text, wanted) {
        let (at, head, words) = row?;
        let number: u32 = head.parse().map_err(|_| TablesError::Row {
            at,
            found: head.to_owned(),
            wanted,
        })?;
        for word in words {
            numbers.insert(crate::words::fold(word), number);
        }
    }
    Ok(numbers)
}

pub(crate) fn read_variants(text: &str) -> Map<String, Vec<u16>> {
    let mut variants: Map<String, Vec<u16>> = Map::default();
    let lines = text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    for (group, line) in (1u16..).zip(lines) {
        for name in line.split(',') {
            let name = any_ascii::any_ascii(name.trim()).to_ascii_lowercase();
            // A name is looked up as it is compared: what is written as one or as two words is one.
            let joined = crate::person::compound(&name);
            for form in [name, joined] {
                let groups = variants.entry(form).or_default();
                if !groups.contains(&group) {
                    groups.push(group);
                }
            }
        }
    }
    variants
}

pub(crate) fn read_legal(text: &str) -> Result<(Phrases, Vec<(String, u16)>), TablesError> {
    let mut phrases = Phrases::default();
    let mut names: Vec<(String, u16)> = vec![(String::new(), 0)];
    for row in rows("legal.txt", text, "a class, a colon, and spellings") {
        let (at, head, spellings) = row?;
        let number = names.len() as u16;
        let (class, wider) = head.split_once('=').unwrap_or((head, ""));
        let wider = match wider.trim() {
            "" => number,
            name => match names.iter().position(|(class, _)| class == name) {
                Some(found) => found as u16,
                None => {
                    return Err(TablesError::Row {
                        at,
                        found: head.to_owned(),
                        wanted: "a wider class that stands above",
                    });
                }
            },
        };
        names.push((class.trim().to_owned(), wider));
        for spelling in spellings {
            phrases.add(spelling, number);
        }
    }
    Ok((phrases, names))
}

pub(crate) fn read_glossary(text: &str) -> Result<(Phrases, Vec<(String, f32)>), TablesError> {
    let mut phrases = Phrases::default();
    let mut names = vec![(String::new(), 0.0)];
    let mut weight = 0.2;
    for row in rows("glossary.txt", text, "a notion, a colon, and spellings") {
        let (at, head, spellings) = row?;
        if let Some(figure) = head.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            weight = figure.parse().map_err(|_| TablesError::Row {
                at,
                found: head.to_owned(),
                wanted: "a weight from 0 to 1 in brackets",
            })?;
            continue;
        }
        if head == "between" {
            let parts = spellings.into_iter().map(str::to_owned);
            phrases.endings.between.extend(parts);
            continue;
        }
        if head == "ending" {
            let endings = spellings.into_iter().map(|ending| (ending.to_owned(), ()));
            phrases.endings.last.extend(endings);
            continue;
        }
        let number = names.len() as u16;
        names.push((head.to_owned(), weight));
        for spelling in spellings {
            phrases.add(spelling, number);
        }
    }
    Ok((phrases, names))
}

pub(crate) fn read_frequency(text: &str) -> Result<Map<String, [u32; 2]>, TablesError> {
    let mut found = Map::default();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split(' ');
        let row = (|| {
            let word = words.next()?;
            let persons = words.next()?.parse().ok()?;
            let bodies = words.next()?.parse().ok()?;
            Some((word.to_owned(), [persons, bodies]))
        })();
        let Some((word, rates)) = row else {
            return Err(TablesError::Row {
                at: Place::new("frequency.txt", number),
                found: line.to_owned(),
                wanted: "a word and two rates in a million names",
            });
        };
        found.insert(word, rates);
    }
    Ok(found)
}

/// Every long word of the two tables, with one letter left out in every way.
pub(crate) fn slips_of(legal: &Phrases, notions: &Phrases) -> (Vec<String>, Map<String, u32>) {
    let mut vocabulary: Vec<String> = legal.words.iter().chain(&notions.words).cloned().collect();
    vocabulary.sort_unstable();
    vocabulary.dedup();
    let mut corrected = Map::default();
    for (number, word) in vocabulary.iter().enumerate() {
        corrected.insert(word.clone(), number as u32);
        for at in 0..word.len() {
            corrected
                .entry([&word[..at], &word[at + 1..]].concat())
                .or_insert(number as u32);
        }
    }
    (vocabulary, corrected)
}

/// Small words that bind others (`abdul`) with two neighbours exchanged, a letter doubled, or one of five and more left out, where that is no word of its own: `adbul`,
/// `abddul`, `bdul`.
pub(crate) fn small_slips(
    small: &Map<String, Small>,
    frequency: &Map<String, [u32; 2]>,
) -> Map<String, Small> {
    let bound = small.iter().filter(|(word, kind)| {
        matches!(kind, Small::Bound | Small::God | Small::Faith)
            && word.is_ascii()
            && word.len() >= 3
    });
    // The same slip of two words: the one that comes first stands, whatever the order of the table.
    let mut words: Vec<(&String, &Small)> = bound.collect();
    words.sort_by_key(|(word, _)| word.as_str());
    let mut slips: Map<String, Small> = Map::default();
    for (word, kind) in words {
        let letters = word.as_bytes();
        let doubled = (0..letters.len()).map(|at| [&letters[..=at], &letters[at..]].concat());
        // Of three letters the first is told from the others.
        let first = usize::from(letters.len() == 3);
        let swapped = (first..letters.len() - 1).map(|at| {
            let mut own = letters.to_vec();
            own.swap(at, at + 1);
            own
        });
        let long = *kind == Small::Bound && letters.len() >= 5;
        let less = (0..letters.len()).filter(|_| long);
        let less = less.map(|at| [&letters[..at], &letters[at + 1..]].concat());
        for slip in doubled.chain(swapped).chain(less) {
            let Ok(slip) = String::from_utf8(slip) else {
                continue;
            };
            if !small.contains_key(&slip) && !frequency.contains_key(&slip) {
                slips.entry(slip).or_insert(*kind);
            }
        }
    }
    slips
}

/// Spellings of one name share how common it is: their rates are summed by what is certain of their sound.
pub(crate) fn sum_by_sound(
    frequency: &Map<String, [u32; 2]>,
    sounds: &Sounds,
) -> Map<Vec<u8>, [u32; 2]> {
    let mut by_sound: Map<Vec<u8>, [u32; 2]> = Map::default();
    for (word, rates) in frequency {
        if let Some((heard, _)) = sounds.of("latin", word) {
            let sum = by_sound.entry(crate::block::skeleton(&heard)).or_default();
            sum[0] += rates[0];
            sum[1] += rates[1];
        }
    }
    by_sound
}

pub(crate) fn read_surnames(text: &str) -> Map<String, Vec<Vec<String>>> {
    let mut surnames: Map<String, Vec<Vec<String>>> = Map::default();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(name), Some(language), Some(readings)) =
            (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let column = match language {
            "zh" => 0,
            "yue" => 1,
            "ko" => 2,
            _ => 3,
        };
        let entry = surnames
            .entry(name.to_owned())
            .or_insert_with(|| vec![Vec::new(); 4]);
        entry[column].extend(readings.split(',').map(str::to_owned));
    }
    surnames
}
