//! Codes as people write them.

#![allow(missing_docs)]

use catchall_law::claimed_code;

#[test]
fn a_code_is_the_same_however_its_steps_are_set_apart() {
    for (written, read) in [
        ("7A103", "7A103"),
        ("7a 103", "7A103"),
        ("2b001.B.1", "2B001.b.1"),
        ("7A103.a.", "7A103.a"),
        ("7A103(a)", "7A103.a"),
        ("3A001b4", "3A001.b.4"),
        ("3A001 b 13 a", "3A001.b.13.a"),
        ("3A001.b.13.a", "3A001.b.13.a"),
        ("ECCN: 9A610.x", "9A610.x"),
        ("eccn 7A101", "7A101"),
        ("Annex I 7A102", "7A102"),
        ("USML VIII(h)(1)", "VIII.h.1"),
        ("9.A.6", "9.A.6"),
        ("MTCR 9.A.4", "9.A.4"),
        ("MTCR Annex, item 9A4", "9.A.4"),
        ("MTCR Category II 19.a.3", "19.A.3"),
        ("Category I, 2.A.1.c.1", "2.A.1.c.1"),
        ("Item 9-A-4", "9.A.4"),
        ("9 A 4 a", "9.A.4.a"),
        ("2.A.1(c)(2)", "2.A.1.c.2"),
        ("4.C.2.a-b", "4.C.2.a-b"),
        ("NSG 3.A.1", "3.A.1"),
        ("9.A", "9.A"),
        ("Category I", "I"),
        ("MTCR", "MTCR"),
        ("No. 7A102", "7A102"),
        ("not 7A102", "not 7A102"),
        ("other than 7A102", "other than 7A102"),
        ("Category 7, 7A102", "7, 7A102"),
        ("machine of 3 axes", "machine of 3 axes"),
        ("ML10", "ML10"),
        ("PL9013", "PL9013"),
        ("1C350.b.14", "1C350.b.14"),
        ("0A919, or 5A992", "0A919, or 5A992"),
    ] {
        assert_eq!(claimed_code(written).as_deref(), Some(read), "{written}");
    }
}

#[test]
fn what_says_no_clears_and_what_says_nothing_does_not() {
    for written in [
        "none",
        "EAR99",
        "ear 99",
        "EAR-99",
        "ECCN EAR99",
        "not listed",
        "false",
    ] {
        assert_eq!(claimed_code(written), None, "{written}");
    }
    for written in ["NLR", "n/a", "N/A", "tbd", "unknown", "?"] {
        assert!(claimed_code(written).is_some(), "{written}");
    }
}
