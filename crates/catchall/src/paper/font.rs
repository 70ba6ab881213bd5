//! The font of the pages: which letters it has, and how wide they are. Reads the tables of a TrueType file that it needs, and no others.

use std::collections::BTreeMap;

/// The file, made by `data/fonts/make.sh`.
pub(super) const FILE: &[u8] = include_bytes!("../../../../data/fonts/DejaVuSans-desk.ttf");
/// Its name.
pub(super) const NAME: &str = "DejaVuSans";

/// A font.
pub(super) struct Font {
    glyphs: BTreeMap<char, u16>,
    widths: Vec<u16>,
}

/// The numbers of a TrueType file are big-endian; a place behind its end holds nothing.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_be_bytes(four.try_into().ok()?)).ok()
}

/// A table by its name.
fn table<'b>(bytes: &'b [u8], name: &[u8; 4]) -> Option<&'b [u8]> {
    let count = usize::from(short(bytes, 4)?);
    let row = (0..count)
        .map(|place| 12 + place * 16)
        .find(|at| bytes.get(*at..*at + 4) == Some(name))?;
    let start = long(bytes, row + 8)?;
    bytes.get(start..start.checked_add(long(bytes, row + 12)?)?)
}

impl Font {
    /// Reads the file. None when it is damaged, which a test excludes for the one that is built in.
    pub(super) fn read(bytes: &[u8]) -> Option<Font> {
        let units = u32::from(short(table(bytes, b"head")?, 18)?);
        let count = usize::from(short(table(bytes, b"hhea")?, 34)?);
        let metrics = table(bytes, b"hmtx")?;
        let all = usize::from(short(table(bytes, b"maxp")?, 4)?);
        let widths = (0..all).map(|glyph| {
            let wide = short(metrics, glyph.min(count - 1) * 4)?;
            u16::try_from(u32::from(wide) * 1000 / units.max(1)).ok()
        });
        Some(Font {
            widths: widths.collect::<Option<Vec<u16>>>()?,
            glyphs: letters(table(bytes, b"cmap")?)?,
        })
    }

    /// The shape of a letter, where the font has one.
    pub(super) fn glyph(&self, letter: char) -> Option<u16> {
        self.glyphs.get(&letter).copied()
    }

    /// How wide a letter is, in thousandths of the size.
    pub(super) fn width(&self, letter: char) -> u32 {
        let glyph = self.glyph(letter).unwrap_or(0);
        u32::from(self.widths.get(usize::from(glyph)).copied().unwrap_or(0))
    }

    /// The widths of all shapes.
    pub(super) fn widths(&self) -> &[u16] {
        &self.widths
    }
}

/// The table of letters in format 4: segments of consecutive ones.
fn letters(cmap: &[u8]) -> Option<BTreeMap<char, u16>> {
    let tables = usize::from(short(cmap, 2)?);
    let starts = (0..tables).filter_map(|place| long(cmap, 4 + place * 8 + 4));
    let own = starts
        .filter_map(|start| cmap.get(start..))
        .find(|own| short(own, 0) == Some(4))?;
    let double = usize::from(short(own, 6)?);
    let (ends, begins) = (14, 16 + double);
    let (deltas, offsets) = (begins + double, begins + 2 * double);
    let mut found = BTreeMap::new();
    for segment in (0..double).step_by(2) {
        let (first, last) = (short(own, begins + segment)?, short(own, ends + segment)?);
        let delta = short(own, deltas + segment)?;
        let offset = usize::from(short(own, offsets + segment)?);
        for code in first..=last {
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let at = offsets + segment + offset + usize::from(code - first) * 2;
                match short(own, at) {
                    Some(glyph) if glyph != 0 => glyph.wrapping_add(delta),
                    _ => continue,
                }
            };
            if let Some(letter) = char::from_u32(u32::from(code)).filter(|_| glyph != 0) {
                found.insert(letter, glyph);
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_that_is_built_in_has_the_letters_of_names() {
        let font = Font::read(FILE).unwrap();
        for letter in "AZaz09 äßçğıŁłŞşŽžẾếΩωЖжҚқԱაქאת؟٫۰‰№€→≥\u{fe8d}\u{fb8e}\u{fefb}".chars()
        {
            assert!(font.glyph(letter).is_some(), "{letter:?}");
        }
        assert!(font.glyph('北').is_none());
        assert!(font.width('i') < font.width('m'));
        assert!(Font::read(&FILE[..4000]).is_none());
        assert!(Font::read(b"").is_none());
    }
}
