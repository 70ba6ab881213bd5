//! The closed words of the public contract: what may stand in `kind`, `role`, `type`, `form` and
//! `code_source`. Words that packs define (item kinds, uses) are not here; the vocabulary judges those.
//!
//! To add a word: the contract first, then one word in the list here.

use super::nearest::nearest;

/// The acts a transfer may be.
pub(crate) const KINDS: &[&str] = &[
    "export",
    "import",
    "reexport",
    "transfer_in_country",
    "transit",
    "brokering",
    "technical_assistance",
    "technology_release",
    "contract",
    "payment",
];

/// The parts a party may play. Each is a column of its own, holding the party's name.
pub(crate) const ROLES: &[&str] = &[
    "exporter",
    "consignee",
    "intermediate_consignee",
    "end_user",
    "purchaser",
    "broker",
    "carrier",
    "forwarder",
    "bank",
    "supervisor",
    "recipient",
    "owner",
];

/// What a party may be.
pub(crate) const TYPES: &[&str] = &[
    "person",
    "company",
    "government",
    "military",
    "university",
    "research_institute",
    "vessel",
    "other",
];

/// What an item may be.
pub(crate) const FORMS: &[&str] = &["goods", "software", "technology", "service", "arms"];

/// Who may claim a code.
pub(crate) const CODE_SOURCES: &[&str] = &["exporter", "manufacturer", "authority"];

/// What says yes.
const YES: &[&str] = &["yes", "y", "true"];

/// What says no.
const NO: &[&str] = &["no", "n", "false"];

/// The word of the list that stands here, whatever its case, spaces, hyphens and underscores.
pub(crate) fn find(list: &'static [&'static str], text: &str) -> Option<&'static str> {
    let exact = list.iter().copied().find(|word| *word == text);
    let exact = exact.or_else(|| list.iter().copied().find(|word| alike(word, text)));
    // Who claims a number is no role of a party.
    if exact.is_some() || list == CODE_SOURCES {
        return exact;
    }
    let mut meant = ALSO.iter().filter(|(also, _)| alike(also, text));
    meant.find_map(|(_, word)| list.iter().copied().find(|own| own == word))
}

/// The roles as trade calls them, and the other words that the packs have for acts, types of parties and forms of items: whoever reads
/// rows knows no packs, and a test of the roof (`tests/malformed.rs`) holds this table against theirs.
const ALSO: &[(&str, &str)] = &[
    ("seller", "exporter"),
    ("supplier", "exporter"),
    ("vendor", "exporter"),
    ("shipper", "exporter"),
    ("buyer", "purchaser"),
    ("customer", "purchaser"),
    ("importer", "purchaser"),
    ("ultimate consignee", "consignee"),
    ("ultimate end user", "end_user"),
    ("freight forwarder", "forwarder"),
    ("payee", "recipient"),
    ("student", "recipient"),
    ("employee", "recipient"),
    ("exportation", "export"),
    ("shipment", "export"),
    ("supply", "export"),
    ("sale abroad", "export"),
    ("delivery abroad", "export"),
    ("importation", "import"),
    ("purchase from abroad", "import"),
    ("re-exportation", "reexport"),
    ("in-country transfer", "transfer_in_country"),
    ("domestic transfer", "transfer_in_country"),
    ("change of end user", "transfer_in_country"),
    ("transhipment", "transit"),
    ("transshipment", "transit"),
    ("passage", "transit"),
    ("brokerage", "brokering"),
    ("broking", "brokering"),
    ("trafficking between third countries", "brokering"),
    ("trade control", "brokering"),
    ("technical help", "technical_assistance"),
    ("service abroad", "technical_assistance"),
    ("repair abroad", "technical_assistance"),
    ("installation", "technical_assistance"),
    ("consultancy", "technical_assistance"),
    ("military training", "technical_assistance"),
    ("deemed export", "technology_release"),
    ("deemed re-export", "technology_release"),
    ("teaching", "technology_release"),
    ("training of foreign students", "technology_release"),
    ("release of technology", "technology_release"),
    ("intangible transfer", "technology_release"),
    ("lecture", "technology_release"),
    ("new contract", "contract"),
    ("signing", "contract"),
    ("signing of a contract", "contract"),
    ("order", "contract"),
    ("agreement to sell", "contract"),
    ("funds transfer", "payment"),
    ("financing", "payment"),
    ("money transfer", "payment"),
    ("individual", "person"),
    ("natural person", "person"),
    ("student", "person"),
    ("employee", "person"),
    ("firm", "company"),
    ("corporation", "company"),
    ("enterprise", "company"),
    ("business", "company"),
    ("manufacturer", "company"),
    ("trading company", "company"),
    ("trading firm", "company"),
    ("airline", "company"),
    ("dealer", "company"),
    ("plant", "company"),
    ("government body", "government"),
    ("ministry", "government"),
    ("agency", "government"),
    ("public authority", "government"),
    ("state body", "government"),
    ("police", "government"),
    ("state", "government"),
    ("armed forces", "military"),
    ("army", "military"),
    ("navy", "military"),
    ("air force", "military"),
    ("ministry of defence", "military"),
    ("ministry of defense", "military"),
    ("defence ministry", "military"),
    ("defense ministry", "military"),
    ("armed service", "military"),
    ("national guard", "military"),
    ("college", "university"),
    ("school of higher education", "university"),
    ("technical university", "university"),
    ("institute of technology", "university"),
    ("institute", "research_institute"),
    ("research centre", "research_institute"),
    ("research center", "research_institute"),
    ("design bureau", "research_institute"),
    ("laboratory", "research_institute"),
    ("research group", "research_institute"),
    ("ship", "vessel"),
    ("aircraft", "vessel"),
    ("organisation", "other"),
    ("organization", "other"),
    ("association", "other"),
    ("charity", "other"),
    ("good", "goods"),
    ("commodity", "goods"),
    ("commodities", "goods"),
    ("equipment", "goods"),
    ("material", "goods"),
    ("materials", "goods"),
    ("hardware", "goods"),
    ("program", "software"),
    ("source code", "software"),
    ("object code", "software"),
    ("firmware", "software"),
    ("technical data", "technology"),
    ("know-how", "technology"),
    ("drawings", "technology"),
    ("blueprints", "technology"),
    ("documentation", "technology"),
    ("services", "service"),
    ("work", "service"),
    ("works", "service"),
    ("weapon", "arms"),
    ("weapons", "arms"),
    ("munitions", "arms"),
    ("military goods", "arms"),
    ("military equipment", "arms"),
    ("defence article", "arms"),
    ("defense article", "arms"),
    ("defence articles", "arms"),
    ("armament", "arms"),
    ("armaments", "arms"),
    ("arms and related materiel", "arms"),
];

/// What would have been right in place of `text`: the nearest word, and all of them.
pub(crate) fn cure(list: &'static [&'static str], text: &str) -> String {
    let all = list.join("`, `");
    match nearest(text, list.iter().copied()) {
        Some(word) => format!("the nearest is `{word}`; one of `{all}`"),
        // Whoever writes `valve` under `kind` means the item.
        None if list == KINDS => format!(
            "write one of `{all}`; the kind of the item goes under `item_kind` (in JSON `lines[].item.kind`)"
        ),
        None => format!("write one of `{all}`"),
    }
}

/// Yes or no, as people write it.
pub(crate) fn yes_no(text: &str) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if among(YES) {
        Some(true)
    } else if among(NO) {
        Some(false)
    } else {
        None
    }
}

/// Whether a cell says `none`: an empty list, nobody, no entry.
pub(crate) fn is_none(text: &str) -> bool {
    text.eq_ignore_ascii_case("none")
}

/// Whether two words differ in nothing but case and separators.
fn alike(ours: &str, theirs: &str) -> bool {
    let folded = |text: &str| -> Vec<char> {
        text.chars()
            .filter(|c| !matches!(c, ' ' | '-' | '_'))
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    theirs.len() < 64 && folded(ours) == folded(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_whatever_its_case_and_separators() {
        assert_eq!(find(KINDS, "Re-Export"), Some("reexport"));
        assert_eq!(
            find(KINDS, "technical assistance"),
            Some("technical_assistance")
        );
        assert_eq!(
            find(TYPES, "Research-Institute"),
            Some("research_institute")
        );
        assert_eq!(find(KINDS, "exports"), None);
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_nearest_and_with_all() {
        assert_eq!(
            cure(FORMS, "softwear"),
            "the nearest is `software`; one of `goods`, `software`, `technology`, `service`, `arms`"
        );
    }
}
