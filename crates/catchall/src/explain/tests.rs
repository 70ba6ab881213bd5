//! What a person reads, on three documents written by hand; in `any.rs`, what must hold for any document.

mod any;

use insta::assert_snapshot;
use serde_json::Value;

use super::{svg, text};

const STEEL: &str = include_str!("samples/steel.json");
const ROCKET: &str = include_str!("samples/rocket.json");
const DISPUTE: &str = include_str!("samples/dispute.json");

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn steel_for_missile_tanks_is_told_from_the_answer_down_to_its_evidence() {
    assert_snapshot!(text(&document(STEEL), 100, false), @"
    PROHIBITED  C-1998-0047
    Prohibited under Government resolution No. 57 of 22 January 1998, para. 1.

    law as of    1998-03-25
    known by     2026-11-22
    the answer   prohibited, whatever else comes out
    │
    ├─ RU  PROHIBITED  (decides)
    │  │  force        decree
    │  │  reached      yes:
    │  │    pass       from  RU  is RU  (customs paper, box 15)
    │  └─ [applies, decides]  goods and services with a known use in weapons of mass destruction or
    │     missiles
    │     provision    ru-res57/catch-all (catch-all, decree, where it applies: prohibited)
    │     citation     Government resolution No. 57 of 22 January 1998, para. 1 (read)
    │     source       https://zakonbase.ru/content/base/45316
    │     in force     1998-01-22 to 1999-07-28; tested on date 1998-03-25
    │     because all of these hold
    │       pass       date            1998-03-25  between 1998-01-22 and 1999-07-28  (customs paper,
    │                                              box 54)
    │       pass       exporter.knows  missile     includes any of nuclear, chemical, biological,
    │                                              missile  (border post note of 24 March)
    │       pass       item.form       goods       is not arms
    │     exceptions tried
    │       not met    licensing under the decrees of August 1997 (ru-list97/individual-licence)
    │                  fails on licence.authorities: none; asked: includes ru
    │     note         from 29 July 1999 Federal Law 183-FZ carries the principle, for listed items too
    │
    ├─ UN  NO LICENCE REQUIRED
    │  force        UN measure
    │  reached      yes; it reaches every transfer like this
    │  provisions   none applies, and none is open
    │
    ├─ nearly applied, and why not (2)
    │  ├─ RU  deal with a known use in weapons of mass destruction or their means of delivery
    │  │  ru-law183/known-use; Federal Law 183-FZ art. 20
    │  │    fail       date  1998-03-25  on or after 1999-07-29
    │  │    passed over by its dates: in force from 1999-07-29 on
    │  └─ RU  licence for items of the missile list
    │     ru-list97/missile-list; decree of August 1997 on the missile list
    │       list entry  MTCR Annex 6.C.8: maraging steel
    │       fail       item.thickness  5.4 mm  at most 5 mm  (mill certificate, line 9)
    │
    ├─ possible matches with listed parties
    │  no party met a name of the lists held; that is not a clearance
    │
    ├─ flags
    │  └─ [open]  papers describe other goods than the cargo
    │     question     Which goods are in the cargo?
    │     noticed in   knowledge.red_flags
    │
    ├─ figures close to a threshold, on the permitted side
    │  item.thickness  5.4 mm, listed: at most 5 mm  off by 8.0 %  (MTCR Annex 6.C.8)
    │
    ├─ what would change it
    │  if date were 1998-01-21 instead of 1998-03-25:  NO LICENCE REQUIRED  (ru-res57/catch-all)
    │
    ├─ not checked
    │  Russian lists of August 1997
    │    - dual-use list: not held: an item that no missile entry meets may still need a licence
    │    - nuclear list: not held
    │  lists of parties
    │    - compared by exact name and alias only; ownership was not looked at
    │
    └─ rests on
       lists        5ba8d0e50a07…
       names        9bd280d05106…
       packs        688d9091232f…
       program      catchall 0.1.0
       this answer  898dc68815ee…
    ");
}

#[test]
fn a_rocket_of_unknown_range_is_told_by_what_would_settle_it() {
    assert_snapshot!(text(&document(ROCKET), 84, false), @"
    NOT KNOWN  rocket-1
    Not known yet: how far does it carry 500 kg?

    law as of    2024-03-01
    known by     2026-11-22
    the answer   at best licence required, at worst presumption of denial
    │
    ├─ MTCR  NOT KNOWN  (keeps it open)
    │  │  range        at best licence required, at worst presumption of denial
    │  │  force        regime guideline
    │  │  reached      yes:
    │  │    pass       from  FR  is in mtcr:partners
    │  │  turns on     item.delivers
    │  ├─ [not known, keeps it open]  Category I items
    │  │  provision    mtcr/cat1 (regime guideline, where it applies: presumption of
    │  │               denial)
    │  │  citation     MTCR Guidelines, para. 2 (read)
    │  │  source       https://mtcr.info
    │  │  in force     from 1987-04-16 on; tested on date
    │  │  open on these
    │  │    not known  item  by its kind and figures  within mtcr:annex/1.A
    │  │    list entry  MTCR Annex 1.A.1: complete rocket systems
    │  │    pass       item.kind      rocket-system
    │  │                              is within rocket-system, guided-missile
    │  │    not known  item.delivers  280 km to 320 km with 500 kg
    │  │                              delivers at least 500 kg to 300 km
    │  │  note         MTCR Annex 1.A.1 (complete rocket systems): read
    │  │  note         a political commitment: it binds the state, not the exporter
    │  │               directly
    │  └─ [applies, already sure]  Category II items
    │     provision    mtcr/cat2 (regime guideline, where it applies: licence required)
    │     citation     MTCR Guidelines, para. 3 (read)
    │     source       https://mtcr.info
    │     in force     from 1987-04-16 on; tested on date
    │     because all of these hold
    │       list entry  MTCR Annex 19.A.1
    │       pass       item  its figures meet 19.A.1  listed in mtcr:annex under II
    │
    ├─ EU  LICENCE REQUIRED  (already sure)
    │  │  force        regulation
    │  │  reached      yes:
    │  │    pass       from  FR  is in eu:customs-territory
    │  └─ [applies, already sure]  export of a listed item
    │     provision    eu-reg821/art-3 (regulation, where it applies: licence required)
    │     citation     Regulation (EU) 2021/821 art. 3(1) (read)
    │     source       https://eur-lex.europa.eu/eli/reg/2021/821/oj
    │     in force     from 2021-09-09 on; suspended 2022-01-01 to 2022-01-31; tested on
    │                  date
    │     because all of these hold
    │       list entry  Annex I 9A004
    │       pass       item  code 9A004 is claimed  listed in eu:annex-i
    │     exceptions tried
    │       not known  EU001: art. 12(1)(d) and Annex II section A (eu-reg821/eu001)
    │                  open on item.annex_ii_section_i: not known; asked: is not yes
    │
    ├─ missing; at least these
    │  ├─ ask first:  How far does it carry how much?
    │  │  fact         item.delivers
    │  │  ask          manufacturer
    │  │  shown by     payload-range curve
    │  ├─ Is it in section I of Annex II?
    │  │  fact         item.annex_ii_section_i
    │  │  ask          exporter
    │  │  shown by     classification
    │  └─ what would settle it
    │       if item.delivers is at least 300 km with 500 kg  then  PRESUMPTION OF DENIAL
    │       if item.delivers is less than 300 km with 500 kg and item.annex_ii_section_i
    │          is yes  then  LICENCE REQUIRED
    │
    ├─ possible matches with listed parties
    │  no party met a name of the lists held; that is not a clearance
    │
    └─ rests on
       lists        not stated
       names        not stated
       packs        688d9091
       program      catchall 0.1.0
    ");
}

#[test]
fn a_dispute_shows_both_readings_and_isolates_names_from_right_to_left() {
    let shown = text(&document(DISPUTE), 84, false);
    assert!(
        shown.contains("\u{2068}شرکت صنایع نمونه\u{2069} (Sample Industries)"),
        "{shown}"
    );
    assert!(shown.contains("\u{2068}صنایع نمونه\u{2069}"), "{shown}");
    assert_snapshot!(shown.replace(['\u{2068}', '\u{2069}'], "|"), @"
    REFER  parts-2025
    A person must judge: the law itself is disputed.

    law as of    2025-11-03
    known by     2026-11-22
    the answer   at best no licence required, at worst prohibited
    │
    ├─ UN  REFER  (to be judged)
    │  │  range        at best no licence required, at worst prohibited
    │  │  force        UN measure
    │  │  reached      yes; it reaches every transfer like this
    │  │  reading      the text as it stands  => PROHIBITED
    │  │  reading      China, Iran, Russia: the resolutions did not return, and
    │  │               resolution 2231 ended on 18 October 2025  => NO LICENCE REQUIRED
    │  └─ [not known, to be judged]  line 2: no items of the missile list for Iran
    │     provision    un-res1737/3-missile (UN measure, where it applies: prohibited)
    │     citation     Security Council resolution 1737 (2006) para. 3(c) (read)
    │     source       https://undocs.org/S/RES/1737(2006)
    │     in force     from 2025-09-28 on; tested on date
    │     open on these
    │       not known  law  disputed, or not known to the pack  is read so
    │     note         disputed by CN, IR, RU on 2025-09-28/..: the resolutions did not
    │                  return
    │
    ├─ possible matches with listed parties
    │  └─ |شرکت صنایع نمونه| (Sample Industries)  (end user)
    │     listed as    |صنایع نمونه|  (strong, 0.97)
    │     list         un:1737
    │     listed       from 2007-03-24 on
    │     citation     resolution 1747 (2007), annex I
    │     names        |صنایع = صنایع| (literal); |نمونه = نمونه| (literal); |(شرکت)|
    │     for          |`نمونه`| is |`نمونه`| letter for letter
    │     could decide country
    │
    ├─ not checked
    │  European Union
    │    - no nexus was stated
    │
    ├─ rests on
    │  packs        688d9091
    │  program      catchall 0.1.0
    │  this answer  abc
    │
    └─ also in the document
       clock        a key of a later version
    ");
}

#[test]
fn the_picture_in_words() {
    let picture = svg(&document(STEEL));
    let desc = picture
        .split("<desc id=\"why-d\">")
        .nth(1)
        .and_then(|rest| rest.split("</desc>").next());
    assert_snapshot!(desc.unwrap(), @"Prohibited. By the law of 25 March 1998. RU: prohibited (decides), by Government resolution No. 57 of 22 January 1998, para. 1. Tests: date: 1998-03-25; asked: between 1998-01-22 and 1999-07-28, pass / exporter.knows: missile; asked: includes any of nuclear, chemical, biological, missile, pass / item.form: goods; asked: is not arms, pass. UN: no licence required.");
    let words: Vec<&str> = picture
        .split("<text ")
        .skip(1)
        .filter_map(|rest| rest.split('>').nth(1)?.split('<').next())
        .collect();
    assert_snapshot!(words.join("\n"), @"
    C-1998-0047
    Prohibited
    Law as of 1998-03-25
    Known by 2026-11-22
    RU
    Prohibited
    Decree
    Reached: from is RU
    decides
    Goods and services with a
    known use in weapons of mass
    destruction or missiles
    Applies: prohibited
    Government resolution No. 57 of 22
    January 1998, para. 1
    decides
    date
    1998-03-25
    between 1998-01-22 and 1999-07-28
    customs paper, box 54
    PASS
    exporter.knows
    missile
    includes any of nuclear, chemical,
    biological, missile
    border post note of 24 March
    PASS
    item.form
    goods
    is not arms
    PASS
    UN
    No licence required
    UN measure
    No provision applies
    decides
    beside it
    not known yet
    ");
}
