//! The file: pages, the font, the list of parts, and the file that goes along, which is left unpacked so that its seal can be checked in place.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{
    ArtifactType, AssociationKind, CidFontType, FontFlags, PageMode, SystemInfo, TabOrder,
    TextRenderingMode, UnicodeCmap,
};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::font::{FILE, NAME};
use super::tags::{self, Leaf, Places};
use super::{Along, PAGE, Paper, Placed, script};

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const FONT: Ref = Ref::new(3);
const CID_FONT: Ref = Ref::new(4);
const DESCRIPTOR: Ref = Ref::new(5);
const FONT_FILE: Ref = Ref::new(6);
const UNICODE: Ref = Ref::new(7);
const INFO: Ref = Ref::new(8);
const ALONG: Ref = Ref::new(9);
const SPEC: Ref = Ref::new(10);
const OUTLINE: Ref = Ref::new(11);
const TAGS: Ref = Ref::new(12);
/// Pages, their contents, the parts and the tags follow.
const FIRST: i32 = 13;

/// Where codes are the shapes of the font themselves.
const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

fn reference(number: usize) -> Ref {
    Ref::new(FIRST + i32::try_from(number).unwrap_or(0))
}

/// Writes it.
pub(super) fn written(paper: &Paper, title: &str, along: &Along<'_>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let pages = paper.pages.len();
    let page = |number: usize| reference(number * 2);
    let part = |number: usize| reference(pages * 2 + number);
    pdf.document_info(INFO)
        .title(TextStr(title))
        .producer(TextStr(concat!("catchall ", env!("CARGO_PKG_VERSION"))));
    catalogue(&mut pdf, along, !paper.parts.is_empty());
    pdf.pages(TREE)
        .kids((0..pages).map(page))
        .count(i32::try_from(pages).unwrap_or(i32::MAX));
    let mut marked = Vec::new();
    for (number, lines) in paper.pages.iter().enumerate() {
        let contents = reference(number * 2 + 1);
        let mut own = pdf.page(page(number));
        own.parent(TREE)
            .media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
            .contents(contents)
            .struct_parents(i32::try_from(number).unwrap_or(i32::MAX))
            .tab_order(TabOrder::StructureOrder);
        own.resources().fonts().pair(Name(b"F"), FONT);
        own.finish();
        let (drawn, leaves) = content(paper, lines);
        pdf.stream(contents, &packed(&drawn))
            .filter(Filter::FlateDecode);
        marked.push(leaves);
    }
    font(&mut pdf, paper);
    outline(&mut pdf, paper, page, part);
    let places = Places {
        root: TAGS,
        free: part(paper.parts.len()).get(),
    };
    tags::tree(&mut pdf, &paper.tags, &places, &marked, page);
    let mut file = pdf.embedded_file(ALONG, along.bytes);
    file.subtype(Name(along.media.as_bytes()));
    file.params()
        .size(i32::try_from(along.bytes.len()).unwrap_or(i32::MAX));
    file.finish();
    pdf.finish()
}

fn catalogue(pdf: &mut Pdf, along: &Along<'_>, parts: bool) {
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(TREE).lang(TextStr("en-GB"));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.pair(Name(b"StructTreeRoot"), TAGS);
    catalog.mark_info().marked(true);
    if parts {
        catalog.outlines(OUTLINE).page_mode(PageMode::UseOutlines);
    }
    let mut names = catalog.names();
    let mut files = names.embedded_files();
    let mut list = files.names();
    list.insert(Str(along.name.as_bytes()), SPEC);
    list.finish();
    files.finish();
    names.finish();
    catalog.finish();
    pdf.file_spec(SPEC)
        .path(Str(along.name.as_bytes()))
        .unic_file(TextStr(along.name))
        .description(TextStr(along.about))
        .association_kind(AssociationKind::Source)
        .embedded_file_with_unicode(ALONG);
}

/// The lines of a page, each marked with its number among them; and what each number belongs to.
fn content(paper: &Paper, lines: &[Placed]) -> (Vec<u8>, Vec<Leaf>) {
    let mut content = Content::new();
    let mut leaves = Vec::new();
    content.begin_text();
    for placed in lines
        .iter()
        .filter(|placed| !placed.line.letters.is_empty())
    {
        let mode = if placed.style.heavy {
            TextRenderingMode::FillStroke
        } else {
            TextRenderingMode::Fill
        };
        match placed.leaf {
            Some(leaf) => {
                let number = i32::try_from(leaves.len()).unwrap_or(i32::MAX);
                leaves.push(leaf);
                let mut mark = content.begin_marked_content_with_properties(Name(b"Span"));
                mark.properties().identify(number);
            }
            None => {
                let mut mark = content.begin_marked_content_with_properties(Name(b"Artifact"));
                mark.properties().artifact().kind(ArtifactType::Pagination);
            }
        }
        content.set_font(Name(b"F"), placed.style.size);
        content.set_text_rendering_mode(mode);
        content.set_line_width(placed.style.size * 0.035);
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, placed.left, placed.base]);
        let codes: Vec<u8> = placed
            .line
            .letters
            .iter()
            .flat_map(|letter| paper.font.glyph(*letter).unwrap_or(0).to_be_bytes())
            .collect();
        content.show(Str(&codes));
        content.end_marked_content();
    }
    content.end_text();
    (content.finish().to_vec(), leaves)
}

fn font(pdf: &mut Pdf, paper: &Paper) {
    let name = Name(NAME.as_bytes());
    pdf.type0_font(FONT)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(CID_FONT)
        .to_unicode(UNICODE);
    let mut cid = pdf.cid_font(CID_FONT);
    cid.subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(DESCRIPTOR)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    let widths = paper.font.widths().iter().map(|wide| f32::from(*wide));
    cid.widths().consecutive(0, widths);
    cid.finish();
    // As the file's own tables say, in thousandths of the size.
    pdf.font_descriptor(DESCRIPTOR)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(-1021.0, -463.0, 1793.0, 1232.0))
        .italic_angle(0.0)
        .ascent(928.0)
        .descent(-236.0)
        .cap_height(729.0)
        .stem_v(90.0)
        .font_file2(FONT_FILE);
    let file = packed(FILE);
    pdf.stream(FONT_FILE, &file)
        .filter(Filter::FlateDecode)
        .pair(Name(b"Length1"), i32::try_from(FILE.len()).unwrap_or(0));
    // Which letters a shape stands for, so that what is copied out of the pages is what was written.
    let mut used = BTreeMap::new();
    for letter in paper
        .pages
        .iter()
        .flatten()
        .flat_map(|placed| &placed.line.letters)
    {
        if let Some(glyph) = paper.font.glyph(*letter) {
            used.entry(glyph).or_insert(*letter);
        }
    }
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"letters"), IDENTITY);
    for (glyph, letter) in used {
        cmap.pair_with_multiple(glyph, script::written(letter));
    }
    pdf.stream(UNICODE, &cmap.finish());
}

/// The list of parts beside the pages.
fn outline(pdf: &mut Pdf, paper: &Paper, page: impl Fn(usize) -> Ref, part: impl Fn(usize) -> Ref) {
    let count = paper.parts.len();
    if count == 0 {
        return;
    }
    pdf.outline(OUTLINE)
        .first(part(0))
        .last(part(count - 1))
        .count(i32::try_from(count).unwrap_or(i32::MAX));
    for (number, (title, at, top)) in paper.parts.iter().enumerate() {
        let mut item = pdf.outline_item(part(number));
        item.title(TextStr(title)).parent(OUTLINE);
        if number > 0 {
            item.prev(part(number - 1));
        }
        if number + 1 < count {
            item.next(part(number + 1));
        }
        item.dest().page(page(*at)).xyz(0.0, *top, None);
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    // Into memory, which takes everything.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}
