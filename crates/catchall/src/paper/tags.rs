//! Tags: what each line on a page belongs to, so that a screen reader finds headings, paragraphs and tables, and reads them in the order of
//! the text and not of the page. A heading that is repeated on a new page, and what stands at the foot, is read to nobody.

use pdf_writer::types::{StructRole, TableHeaderScope};
use pdf_writer::writers::{NumberTree, StructElement, StructTreeRoot};
use pdf_writer::{Finish, Pdf, Ref, TextStr};

/// What holds lines: a heading, a paragraph or a cell, by its number.
pub(super) type Leaf = usize;

/// A leaf as it was written.
struct Written {
    role: StructRole,
    /// Of the head of a column or a row.
    heads: Option<TableHeaderScope>,
    text: String,
    /// Whether what stands on the page is not the text letter by letter: broken into lines, set from the right, or spelt out.
    differs: bool,
}

/// A child of the document.
enum Block {
    Leaf(Leaf),
    /// A table: each row its cells.
    Table(Vec<Vec<Leaf>>),
}

/// All tags.
#[derive(Default)]
pub(super) struct Tags {
    leaves: Vec<Written>,
    blocks: Vec<Block>,
}

impl Tags {
    fn leaf(&mut self, role: StructRole, heads: Option<TableHeaderScope>, text: &str) -> Leaf {
        self.leaves.push(Written {
            role,
            heads,
            text: text.to_owned(),
            differs: false,
        });
        self.leaves.len() - 1
    }

    /// A heading or a paragraph.
    pub(super) fn block(&mut self, role: StructRole, text: &str) -> Leaf {
        let leaf = self.leaf(role, None, text);
        self.blocks.push(Block::Leaf(leaf));
        leaf
    }

    /// A table, still without rows.
    pub(super) fn table(&mut self) {
        self.blocks.push(Block::Table(Vec::new()));
    }

    /// The heads of the columns of the table begun last.
    pub(super) fn heads(&mut self, cells: &[String]) -> Vec<Leaf> {
        self.row(cells, |_| Some(TableHeaderScope::Column))
    }

    /// A row of the table begun last; in a table without heads the first cell says what the row is.
    pub(super) fn cells(&mut self, cells: &[String], has_heads: bool) -> Vec<Leaf> {
        self.row(cells, |place| {
            (place == 0 && !has_heads).then_some(TableHeaderScope::Row)
        })
    }

    fn row(
        &mut self,
        cells: &[String],
        heads: impl Fn(usize) -> Option<TableHeaderScope>,
    ) -> Vec<Leaf> {
        let one = |(place, cell): (usize, &String)| {
            let heads = heads(place);
            let role = heads.map_or(StructRole::TD, |_| StructRole::TH);
            self.leaf(role, heads, cell)
        };
        let leaves: Vec<Leaf> = cells.iter().enumerate().map(one).collect();
        if let Some(Block::Table(rows)) = self.blocks.last_mut() {
            rows.push(leaves.clone());
        }
        leaves
    }

    /// Says that the page does not show a leaf letter by letter.
    pub(super) fn differs(&mut self, leaf: Leaf) {
        if let Some(own) = self.leaves.get_mut(leaf) {
            own.differs = true;
        }
    }
}

/// Where the tags stand in the file.
pub(super) struct Places {
    /// The root of the tree.
    pub(super) root: Ref,
    /// The first number that nothing has taken.
    pub(super) free: i32,
}

/// Writes the tree. `marked` holds for each page the leaf of each of its lines, by the number that the page's content gives them.
pub(super) fn tree(
    pdf: &mut Pdf,
    tags: &Tags,
    places: &Places,
    marked: &[Vec<Leaf>],
    page: impl Fn(usize) -> Ref,
) {
    let number = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
    let document = Ref::new(places.free);
    let leaf = |of: Leaf| Ref::new(places.free + 1 + number(of));
    let of_page = |of: usize| Ref::new(places.free + 1 + number(tags.leaves.len() + of));
    let mut next = places.free + 1 + number(tags.leaves.len() + marked.len());
    let mut fresh = || {
        next += 1;
        Ref::new(next - 1)
    };
    let mut parents = vec![document; tags.leaves.len()];
    let mut kids = Vec::new();
    for block in &tags.blocks {
        match block {
            Block::Leaf(own) => kids.push(leaf(*own)),
            Block::Table(rows) => {
                let table = fresh();
                kids.push(table);
                let below: Vec<(Ref, &Vec<Leaf>)> =
                    rows.iter().map(|cells| (fresh(), cells)).collect();
                inner(
                    pdf,
                    table,
                    StructRole::Table,
                    document,
                    below.iter().map(|row| row.0),
                );
                for (row, cells) in below {
                    inner(
                        pdf,
                        row,
                        StructRole::TR,
                        table,
                        cells.iter().map(|cell| leaf(*cell)),
                    );
                    for cell in cells {
                        if let Some(parent) = parents.get_mut(*cell) {
                            *parent = row;
                        }
                    }
                }
            }
        }
    }
    inner(
        pdf,
        document,
        StructRole::Document,
        places.root,
        kids.into_iter(),
    );
    let mut lines: Vec<Vec<(usize, usize)>> = vec![Vec::new(); tags.leaves.len()];
    for (at, own) in marked.iter().enumerate() {
        for (id, of) in own.iter().enumerate() {
            if let Some(lines) = lines.get_mut(*of) {
                lines.push((at, id));
            }
        }
        let all = own.iter().map(|of| leaf(*of));
        pdf.indirect(of_page(at)).array().items(all);
    }
    for ((of, written), (parent, lines)) in tags
        .leaves
        .iter()
        .enumerate()
        .zip(parents.iter().zip(&lines))
    {
        let mut own: StructElement<'_> = pdf.struct_element(leaf(of));
        own.kind(written.role).parent(*parent);
        if written.differs {
            own.actual_text(TextStr(&written.text));
        }
        if let Some(scope) = written.heads {
            let mut attributes = own.attributes();
            attributes.push().table().scope(scope);
            attributes.finish();
        }
        let mut children = own.children();
        for (at, id) in lines {
            let mut one = children.marked_content_ref();
            one.page(page(*at)).marked_content_id(number(*id));
        }
    }
    let mut root: StructTreeRoot<'_> = pdf.indirect(places.root).start();
    root.child(document);
    let mut tree: NumberTree<'_, Ref> = root.parent_tree();
    let mut entries = tree.nums();
    for at in 0..marked.len() {
        entries.insert(number(at), of_page(at));
    }
    entries.finish();
    tree.finish();
    root.parent_tree_next_key(number(marked.len()));
}

/// An element that holds others.
fn inner(pdf: &mut Pdf, own: Ref, role: StructRole, parent: Ref, kids: impl Iterator<Item = Ref>) {
    let mut element = pdf.struct_element(own);
    element.kind(role).parent(parent);
    let mut children = element.children();
    for kid in kids {
        children.struct_element(kid);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{Along, HEADING, PAGE, Paper, TEXT, TITLE};

    fn count(text: &str, of: &str) -> usize {
        text.matches(of).count()
    }

    fn file(rows: usize) -> String {
        let mut paper = Paper::begin().unwrap();
        paper.heading(TITLE, "A case");
        paper.heading(HEADING, "Parties");
        paper.text(TEXT, "مصنع الصلب");
        paper.text(TEXT, "");
        let row = |number: usize| vec![number.to_string(), "a name".to_owned()];
        paper.table(&[0.3, 0.7], &["No.", "Name"], (0..rows).map(row));
        paper.table(&[0.3, 0.7], &[], [row(1), row(2)]);
        let along = Along {
            name: "a.html",
            media: "text/html",
            about: "the same",
            bytes: b"x",
        };
        String::from_utf8_lossy(&paper.end("A case", "foot", &along)).into_owned()
    }

    #[test]
    fn everything_that_is_read_has_its_place_and_what_repeats_is_read_once() {
        let rows = 200;
        let file = file(rows);
        let pages = count(&file, "/Type /Page\n");
        assert!(pages > 2, "{pages} pages of {PAGE:?}");
        // Two headings, a paragraph, the heads once, two cells a row, and a table whose rows begin with their heads; an empty line is nothing.
        assert_eq!(count(&file, "/S /H1"), 1);
        assert_eq!(count(&file, "/S /H2"), 1);
        assert_eq!(count(&file, "/S /P\n"), 1);
        assert_eq!(count(&file, "/S /TH"), 2 + 2);
        assert_eq!(count(&file, "/Scope /Row"), 2);
        assert_eq!(count(&file, "/S /TD"), rows * 2 + 2);
        assert_eq!(count(&file, "/S /TR"), rows + 1 + 2);
        assert_eq!(count(&file, "/Type /MCR"), 3 + 2 + rows * 2 + 4);
        // Only what stands from the right needs its words apart.
        assert_eq!(count(&file, "/ActualText"), 1);
        assert_eq!(count(&file, "/StructParents"), pages);
        assert!(file.contains("/StructTreeRoot 12 0 R") && file.contains("/Marked true"));
    }

    #[test]
    fn the_same_calls_give_the_same_bytes() {
        assert_eq!(file(70), file(70));
    }
}
