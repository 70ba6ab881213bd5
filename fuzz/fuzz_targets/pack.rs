//! Any text as a file of a pack, or as several files, each after a line `==== path`. A single file goes where its
//! content points, so that the packs of the project and the faulty packs of the tests serve as they are to begin with.

#![no_main]

mod packing;

use libfuzzer_sys::fuzz_target;

fn path(text: &str) -> &'static str {
    let holds = |word: &str| text.contains(word);
    if holds("```") {
        "p/a.md"
    } else if holds("entry]]") {
        "p/list/1.toml"
    } else if holds("[[property") || holds("[[kind") || holds("[[fact") {
        "vocabulary/more.toml"
    } else if holds("[[words") {
        "vocabulary/words.toml"
    } else if holds("[[set") || holds("[[party") {
        "p/parties.toml"
    } else {
        "p/pack.toml"
    }
}

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input).replace("\r\n", "\n");
    let own = if text.starts_with("==== ") {
        packing::parts(&text)
    } else {
        vec![(path(&text).to_owned(), text)]
    };
    packing::check_files(&packing::files(own));
});
