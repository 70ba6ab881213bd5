//! Files that are cut, swollen, of another form or none, and what becomes of the stored list.

use std::io::{BufRead, BufReader, Read};

use catchall_screen::lists::{self, LARGEST_FILE, Part, Refusal, Request};
use proptest::prelude::*;

use crate::door::{day, format, import, import_over, places};
use crate::samples::{SAMPLES, files};

fn refused(id: &str, name: &str, bytes: &[u8]) -> String {
    match import(id, &[(name.to_owned(), bytes.to_vec())]) {
        Ok(done) => panic!("{id} took {} records", done.summary.held),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn what_cannot_be_trusted_as_a_whole_is_refused_with_the_reason() {
    let bomb = br#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><sdnList><sdnEntry><uid>1</uid><lastName>&lol2;</lastName></sdnEntry></sdnList>"#;
    let outside = br#"<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><sdnList/>"#;
    let unknown =
        br"<sdnList><sdnEntry><uid>1</uid><lastName>&xxe;</lastName></sdnEntry></sdnList>";
    let mut deep = String::from("<sdnList><sdnEntry>");
    deep.push_str(&"<a>".repeat(100));
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("<sdnList/>".bytes().flat_map(|b| [b, 0]))
        .collect();
    let declared = br#"<?xml version="1.0" encoding="Shift_JIS"?><sdnList/>"#;
    let cut = br#"<sdnList><sdnEntry><uid>1</uid><lastName>ALPHA</lastName></sdnEntry><sdnEn"#;
    let open = br#"<sdnList><sdnEntry><uid>1</uid><lastName>ALPHA</lastName></sdnEntry>"#;
    let fewer = br#"<sdnList><publshInformation><Publish_Date>03/28/2025</Publish_Date><Record_Count>2</Record_Count></publshInformation><sdnEntry><uid>1</uid><lastName>ALPHA</lastName></sdnEntry></sdnList>"#;
    let page = b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>";
    for (id, bytes, wanted) in [
        ("ofac-sdn-xml", &bomb[..], "declares a document type"),
        ("ofac-sdn-xml", &outside[..], "declares a document type"),
        ("ofac-sdn-xml", &unknown[..], "unknown entity `&xxe;`"),
        ("ofac-sdn-xml", deep.as_bytes(), "nested deeper than 64"),
        (
            "ofac-sdn-xml",
            &utf16[..],
            "is UTF-16; save it as plain text in UTF-8",
        ),
        (
            "ofac-sdn-xml",
            &declared[..],
            "is shift_jis; save it as plain text in UTF-8",
        ),
        ("ofac-sdn-xml", &cut[..], "is damaged near byte"),
        (
            "ofac-sdn-xml",
            &open[..],
            "is cut off: 1 elements are still open at its end",
        ),
        (
            "ofac-sdn-xml",
            &fewer[..],
            "it says that it has 2 records, and has 1",
        ),
        (
            "ofac-sdn-xml",
            b"<CONSOLIDATED_LIST/>",
            "begins with an element `CONSOLIDATED_LIST`, not with one element `sdnList`",
        ),
        ("ofac-sdn-xml", b"<sdnList></sdnList>", "the list is empty"),
        ("ofac-sdn-xml", b"", "no element in it"),
        ("ofac-sdn-xml", b"\x1f\x8b\x08\x00", "is a compressed file"),
        ("ofac-sdn-csv", b"", "the list is empty"),
        (
            "ofac-sdn-csv",
            page,
            "begins with a web page, not with rows of twelve cells",
        ),
        ("un-xml", page, "declares a document type"),
        (
            "us-csl-json",
            b"{\"results\":[{\"name\":\"ALPHA\"",
            "is cut off",
        ),
        ("us-csl-json", b"{\"results\":{}}", "is damaged near byte"),
        ("us-csl-json", b"{\"message\":\"no\"}", "the list is empty"),
        ("us-csl-csv", b"a,b\n1,2\n", "a header without `source`"),
        (
            "bis-dpl",
            b"Name\tCity\nA\tB\n",
            "a header without `effective_date`",
        ),
        (
            "plain-csv",
            b"id,name,lised\n1,A,2020-01-01\n",
            "begins with the column `lised`",
        ),
        ("plain-csv", b"id;name\n1;A\n", "a header without `id`"),
        (
            "ftm",
            b"not json\nnor this\nnor that\nnor more\n",
            "the list is empty: 4 records were rejected",
        ),
    ] {
        let said = refused(id, "list", bytes);
        assert!(
            said.contains(wanted),
            "{id}: `{said}` does not hold `{wanted}`"
        );
    }
}

#[test]
fn missing_and_stray_files_are_refused() {
    let sample = files("ofac-sdn", &["sdn.csv", "alt.csv", "add.csv"]);
    let alone = import("ofac-sdn-csv", &sample[1..2]).unwrap_err();
    assert_eq!(
        alone.to_string(),
        "`ofac-sdn-csv` needs the file `sdn.csv`, which is not there"
    );
    let twice = [sample[0].clone(), sample[0].clone()];
    let twice = import("ofac-sdn-csv", &twice).unwrap_err();
    assert!(matches!(twice, Refusal::StrayPart { .. }), "{twice}");
}

/// Bytes without end, made as they are read.
struct Endless {
    head: &'static [u8],
    again: Vec<u8>,
    at: usize,
    given: u64,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let from = if self.head.is_empty() {
            &self.again[self.at..]
        } else {
            self.head
        };
        let length = from.len().min(into.len());
        into[..length].copy_from_slice(&from[..length]);
        if self.head.is_empty() {
            self.at = (self.at + length) % self.again.len();
        } else {
            self.head = &self.head[length..];
        }
        self.given += length as u64;
        Ok(length)
    }
}

#[test]
fn a_record_without_end_is_refused_long_before_it_fills_the_memory() {
    for (id, head, again) in [
        (
            "un-xml",
            &b"<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>"[..],
            "<A></A>".repeat(500),
        ),
        ("un-xml", b"<CONSOLIDATED_LIST a=\"", "x".repeat(4096)),
        ("ofac-sdn-csv", b"1,\"", "A".repeat(4096)),
        (
            "us-csl-json",
            b"{\"results\":[{\"name\":\"",
            "A".repeat(4096),
        ),
    ] {
        let endless = Endless {
            head,
            again: again.into_bytes(),
            at: 0,
            given: 0,
        };
        let mut from = BufReader::new(endless);
        let request = Request {
            format: format(id),
            list: None,
            source: "test",
            accept_shrink: false,
        };
        let parts = vec![Part {
            name: "list",
            from: &mut from,
        }];
        let said = lists::import(&request, parts, None, day("2026-11-22"), &|_| None).unwrap_err();
        assert!(
            matches!(
                said,
                Refusal::TooLarge {
                    what: "one record",
                    ..
                }
            ),
            "{id}: {said}"
        );
        let given = from.into_inner().given;
        assert!(
            given < 20 << 20,
            "{id}: read {given} bytes of at most {LARGEST_FILE}"
        );
    }
}

#[test]
fn a_list_that_shrank_or_is_older_is_refused_and_one_that_lost_a_little_is_not() {
    let row = |id: usize| format!("{id},Alpha {id},person\n");
    let list = |count: usize| {
        let rows: String = (0..count).map(row).collect();
        vec![(
            "list.csv".to_owned(),
            format!("id,name,type\n{rows}").into_bytes(),
        )]
    };
    let first = import("plain-csv", &list(100)).unwrap();
    let later = day("2026-11-23");
    let over = |count| import_over("plain-csv", &list(count), Some(&first.file), later);
    assert_eq!(over(95).unwrap().diff.removed.len(), 5);
    assert_eq!(
        over(94).unwrap_err(),
        Refusal::Shrunk {
            before: 100,
            after: 94
        }
    );
    assert_eq!(over(0).unwrap_err(), Refusal::Empty { rejected: 0 });
    let older = import_over(
        "plain-csv",
        &list(100),
        Some(&first.file),
        day("2026-11-21"),
    );
    assert!(matches!(older.unwrap_err(), Refusal::Older { .. }));
    let accepted = crate::door::import_accepting("plain-csv", &list(50), Some(&first.file), later);
    assert_eq!(accepted.unwrap().summary.held, 50);
    let other = import_over("uk-csv", &list(100), Some(&first.file), later);
    assert!(matches!(other.unwrap_err(), Refusal::OtherList { .. }));
}

#[test]
fn a_broken_row_costs_that_row_only() {
    let csv = "id,name,type,country,listed\n\
        1,Alpha,person,RU,1998-07-29\n\
        2,\"Beta,person,RU,\n\
        3,Gamma,person,RU,\n\
        4,Delta,giant,RU,\n\
        5,Epsilon,person,Atlantis,\n\
        6,Zeta,person,RU,29.7.98\n\
        ,Eta,person,RU,\n\
        8,,person,RU,\n\
        1,Theta,person,RU,\n\
        10,\"Iota\nand Co\",organisation,RU,\n\
        11,Kappa,person,RU,,,,\n\
        12,Lambda,person,RU,,x\n";
    let mut rows = csv.to_owned();
    for id in 100..400 {
        rows.push_str(&format!("{id},Filler {id},,,\n"));
    }
    let done = import("plain-csv", &[("list.csv".to_owned(), rows.into_bytes())]).unwrap();
    let said: Vec<String> = done
        .rejects
        .iter()
        .map(|reject| format!("line {}: {}", reject.line.unwrap(), reject.problem))
        .collect();
    assert_eq!(
        said,
        [
            "line 3: a quote is opened and never closed",
            "line 5: `giant` is no type of party",
            "line 6: `Atlantis` is no country that is known",
            "line 7: `listed` is no day",
            "line 8: no key",
            "line 9: no name",
            "line 10: the key stands twice",
            "line 14: 6 cells instead of 5",
        ]
    );
    let taken: Vec<&str> = done
        .file
        .held()
        .map(|one| one.names[0].text.as_str())
        .filter(|name| !name.starts_with("Filler"))
        .collect();
    assert_eq!(taken, ["Alpha", "Iota and Co", "Kappa", "Gamma"]);
}

#[test]
fn text_that_is_no_utf_8_is_read_as_windows_1252_and_said_so() {
    let bytes = b"id,name\n1,\"M\xfcller \x96 S\xf6hne\"\n".to_vec();
    let done = import("plain-csv", &[("list.csv".to_owned(), bytes)]).unwrap();
    assert_eq!(done.file.listings[0].names[0].text, "Müller – Söhne");
    assert_eq!(
        done.summary.notes,
        ["`list.csv` is not all UTF-8; the cells that are not were read as Windows-1252"]
    );
    let xml = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><sdnList><sdnEntry><uid>1</uid><lastName>M\xdcLLER &amp; CO &#220;</lastName></sdnEntry></sdnList>";
    let done = import("ofac-sdn-xml", &[("sdn.xml".to_owned(), xml.to_vec())]).unwrap();
    assert_eq!(done.file.listings[0].names[0].text, "MÜLLER & CO Ü");
}

/// A file cut at a byte: refused, or rejects, or fewer records, and never more than the whole.
fn cut_at(id: &str, folder: &str, names: &[&str], share: f64) -> Result<(), TestCaseError> {
    let whole = files(folder, names);
    let done = import(id, &whole).unwrap();
    for place in 0..whole.len() {
        let mut cut = whole.clone();
        let length = (cut[place].1.len() as f64 * share) as usize;
        cut[place].1.truncate(length);
        let first = import(id, &cut);
        if let Ok(first) = &first {
            prop_assert!(first.summary.held <= done.summary.held);
            prop_assert_eq!(
                lists::read(&lists::write(&first.file)).unwrap(),
                first.file.clone()
            );
        }
        // Over the whole list, what lost more than a twentieth is never taken.
        if let Ok(over) = import_over(id, &cut, Some(&done.file), day("2026-11-23")) {
            prop_assert!(over.summary.held * 100 >= done.summary.held * 95);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_sample_cut_anywhere_never_passes_for_the_whole(share in 0.0..1.0f64, which in 0..SAMPLES.len()) {
        let (id, folder, names) = SAMPLES[which];
        cut_at(id, folder, names, share)?;
    }

    #[test]
    fn a_sample_with_bytes_changed_breaks_nothing(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let (id, folder, names) = SAMPLES[which];
        let mut parts = files(folder, names);
        for (place, byte) in changes {
            let bytes = &mut parts[0].1;
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(done) = import(id, &parts) {
            let stored = lists::write(&done.file);
            prop_assert_eq!(lists::read(&stored).unwrap(), done.file.clone());
        }
    }

    #[test]
    fn bytes_at_random_break_nothing(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for format in lists::formats() {
            let _ = import(format.id, &[("list".to_owned(), bytes.clone())]);
        }
        let _ = lists::read(&bytes);
        let _ = lists::detect(&[("list", &bytes)]);
    }

    #[test]
    fn text_at_random_breaks_nothing(text in "[-a-z0-9<>&;:/\"',{}\\[\\]\\n\\t =?!.]{0,600}") {
        for format in lists::formats() {
            let _ = import(format.id, &[("list".to_owned(), text.clone().into_bytes())]);
        }
    }
}

#[test]
fn a_stored_list_that_was_cut_or_edited_does_not_load() {
    let done = import("plain-csv", &files("ru-1998", &["list.csv"])).unwrap();
    let stored = lists::write(&done.file);
    assert_eq!(lists::write(&lists::read(&stored).unwrap()), stored);
    assert_eq!(lists::read_head(&stored).unwrap().1, 37);
    for at in (0..stored.len()).step_by(97) {
        assert!(lists::read(&stored[..at]).is_err(), "cut at {at}");
        let mut edited = stored.clone();
        edited[at] ^= 1;
        let found = lists::read(&edited);
        // A change in the head alone can leave a list that reads, but never one with other records.
        if let Ok(found) = found {
            assert_eq!(found.listings.len(), done.file.listings.len());
            assert!(at < stored.iter().position(|byte| *byte == b'\n').unwrap());
        }
    }
    let said = lists::read(b"{}").unwrap_err().to_string();
    assert!(
        said.starts_with("line 1 is no head of a stored list"),
        "{said}"
    );
}

#[test]
fn the_same_bytes_give_the_same_list() {
    for (id, folder, names) in SAMPLES {
        let parts = files(folder, names);
        let (one, two) = (import(id, &parts).unwrap(), import(id, &parts).unwrap());
        assert_eq!(lists::write(&one.file), lists::write(&two.file));
        let again = import_over(id, &parts, Some(&one.file), day("2026-11-22")).unwrap();
        assert!(again.diff.is_empty(), "{folder}: {:?}", again.diff);
        assert_eq!(
            lists::write(&again.file),
            lists::write(&one.file),
            "{folder}"
        );
    }
    assert!(places().find("RU").is_some());
    let mut empty: &[u8] = b"";
    assert_eq!(empty.fill_buf().unwrap().len(), 0);
}
