//! Any text as the condition of a provision. Where the input holds `'''`, as an article of a pack does, the text after
//! the first counts, so that the packs of the project serve as they are to begin with.

#![no_main]

mod packing;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let condition = text.split("'''").nth(1).unwrap_or(&text);
    if condition.contains("'''") || condition.contains("```") {
        return;
    }
    let article = format!(
        "```toml provision\nid = \"p/one\"\ntitle = \"a title\"\ncite = \"Decree, para. 1\"\nconfidence = \"read\"\n\
         effect = \"prohibited\"\nwhen = '''\n{condition}\n'''\n\n[[version]]\nin_force = \"1998-01-22/..\"\n\
         tested_on = \"date\"\nrecorded = \"2026-11-22\"\n```\n"
    );
    let article = article.replace("\r\n", "\n");
    packing::check_files(&packing::files(vec![("p/a.md".to_owned(), article)]));
});
