//! Form: the sections and controls of the form of a transfer, as one table. To add a control: one row.

/// How a column is asked.
#[derive(Clone, Copy)]
pub(super) enum Ask {
    /// A line of text.
    Line,
    /// Words of somebody's own.
    Prose,
    /// A day.
    Day,
    /// A country.
    Country,
    /// Countries.
    Countries,
    /// A kind of item.
    Kind,
    /// Yes, no, not known.
    Tri,
    /// One of these: word and label.
    One(&'static [(&'static str, &'static str)]),
    /// Any of these, or none of them.
    Many(&'static [(&'static str, &'static str)]),
}

/// One control: column, label, hint, how it is asked, whether it takes the whole width.
pub(super) struct Row(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) Ask,
    pub(super) bool,
);

/// One card of the form.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) says: &'static str,
    pub(super) rows: &'static [Row],
    /// Seldom needed: folded while empty.
    pub(super) more: (&'static str, &'static [Row]),
}

pub(super) const ACTS: &[(&str, &str)] = &[
    ("export", "Export"),
    ("import", "Import"),
    ("reexport", "Re-export"),
    ("transfer_in_country", "Transfer within a country"),
    ("transit", "Transit"),
    ("brokering", "Brokering"),
    ("technical_assistance", "Technical assistance"),
    ("technology_release", "Release of technology to a person"),
    ("contract", "Signing a contract"),
    ("payment", "Payment"),
];

pub(super) const FORMS: &[(&str, &str)] = &[
    ("goods", "Goods"),
    ("software", "Software"),
    ("technology", "Technology, teaching included"),
    ("service", "Service"),
    ("arms", "Arms"),
];

pub(super) const USES: &[(&str, &str)] = &[
    ("missile", "missile"),
    ("nuclear", "nuclear"),
    ("chemical", "chemical weapons"),
    ("biological", "biological weapons"),
    ("military", "military"),
    ("military_intelligence", "military intelligence"),
    ("space_launch", "space launch"),
    ("repression", "repression"),
    ("cyber_surveillance", "cyber-surveillance"),
    ("advanced_chips", "advanced chips"),
    ("civil", "civil"),
];

pub(super) const TYPES: &[(&str, &str)] = &[
    ("person", "Person"),
    ("company", "Company"),
    ("government", "Government"),
    ("military", "Military"),
    ("university", "University"),
    ("research_institute", "Research institute"),
    ("vessel", "Vessel"),
    ("other", "Other"),
];

pub(super) const SOURCES: &[(&str, &str)] = &[
    ("exporter", "the exporter"),
    ("manufacturer", "the manufacturer"),
    ("authority", "an authority"),
];

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "s-act",
        title: "The act and the route",
        says: "Leave a field empty for “nobody has said”. Say “no” or “none” when that is the answer.",
        rows: &[
            Row("kind", "What kind of act", "", Ask::One(ACTS), false),
            Row(
                "date",
                "On which day",
                "the day of the act: the law of that day is applied",
                Ask::Day,
                false,
            ),
            Row("from", "From", "", Ask::Country, false),
            Row(
                "to",
                "To",
                "for a release: leave empty, say the nationality below",
                Ask::Country,
                false,
            ),
            Row(
                "via",
                "Through",
                "countries passed, or none",
                Ask::Countries,
                false,
            ),
        ],
        more: (
            "Other days, own key",
            &[
                Row("contract_signed", "Contract signed", "", Ask::Day, false),
                Row("licence_issued", "Licence issued", "", Ask::Day, false),
                Row("departure", "Departure", "", Ask::Day, false),
                Row("delivery", "Delivery", "", Ask::Day, false),
                Row("id", "Your own key", "an order number", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-item",
        title: "The item",
        says: "Figures with their units: “5.4 mm”, “at least 300 km”.",
        rows: &[
            Row("item", "In words", "as the papers have it", Ask::Line, true),
            Row("form", "Form", "", Ask::One(FORMS), false),
            Row(
                "item_kind",
                "Kind of item",
                "suggestions as you type",
                Ask::Kind,
                false,
            ),
            Row(
                "code",
                "Control list entry",
                "none when classified and on no list; empty when nobody has classified it",
                Ask::Line,
                false,
            ),
            Row("quantity", "Quantity", "22 t", Ask::Line, false),
            Row("value", "Value", "17.3 million USD", Ask::Line, false),
            Row("origin", "Made in", "", Ask::Country, false),
        ],
        more: (
            "US content, publication, tariff",
            &[
                Row(
                    "us_content",
                    "US content, by value",
                    "24 %",
                    Ask::Line,
                    false,
                ),
                Row(
                    "made_with.us_technology",
                    "Made with US technology?",
                    "",
                    Ask::Tri,
                    false,
                ),
                Row("published", "Is it published?", "", Ask::Tri, false),
                Row(
                    "fundamental_research",
                    "Fundamental research?",
                    "",
                    Ask::Tri,
                    false,
                ),
                Row(
                    "code_list",
                    "Entry of which list",
                    "us:ccl, eu:annex-i …",
                    Ask::Line,
                    false,
                ),
                Row(
                    "code_source",
                    "Who classified it",
                    "",
                    Ask::One(SOURCES),
                    false,
                ),
                Row("hs_code", "Tariff heading", "", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-parties",
        title: "Parties",
        says: "Every name is screened, whatever its role.",
        rows: &[
            Row("exporter", "Exporter", "", Ask::Line, false),
            Row("exporter.country", "its country", "", Ask::Country, false),
            Row("exporter.type", "what it is", "", Ask::One(TYPES), false),
            Row("consignee", "Consignee", "", Ask::Line, false),
            Row("consignee.country", "its country", "", Ask::Country, false),
            Row("consignee.type", "what it is", "", Ask::One(TYPES), false),
            Row("end_user", "End user", "", Ask::Line, false),
            Row("end_user.country", "its country", "", Ask::Country, false),
            Row("end_user.type", "what it is", "", Ask::One(TYPES), false),
        ],
        more: (
            "Buyer, broker, carrier, bank, owners",
            &[
                Row("purchaser", "Purchaser", "", Ask::Line, false),
                Row(
                    "intermediate_consignee",
                    "Intermediate consignee",
                    "",
                    Ask::Line,
                    false,
                ),
                Row("broker", "Broker", "", Ask::Line, false),
                Row("carrier", "Carrier", "", Ask::Line, false),
                Row("forwarder", "Forwarder", "", Ask::Line, false),
                Row("bank", "Bank", "", Ask::Line, false),
                Row(
                    "end_user.owners",
                    "Owners of the end user",
                    "First Holding (60 %); Second Holding (at least 25 %)",
                    Ask::Line,
                    false,
                ),
                Row(
                    "consignee.owners",
                    "Owners of the consignee",
                    "",
                    Ask::Line,
                    false,
                ),
            ],
        ),
    },
    Section {
        id: "s-use",
        title: "Use and knowledge",
        says: "What the goods are for, and what the exporter knows of it.",
        rows: &[
            Row("end_use", "End use, in their words", "", Ask::Prose, true),
            Row("uses", "Stated uses", "", Ask::Many(USES), true),
            Row(
                "informed_by_authority",
                "Has an authority written to the exporter?",
                "",
                Ask::Tri,
                false,
            ),
            Row(
                "red_flags",
                "Red flags seen",
                "none, or what was noticed",
                Ask::Line,
                false,
            ),
        ],
        more: (
            "What the exporter knows, or has grounds to suspect",
            &[
                Row("exporter_knows", "Knows of", "", Ask::Many(USES), true),
                Row(
                    "grounds_to_suspect",
                    "Has grounds to suspect",
                    "",
                    Ask::Many(USES),
                    true,
                ),
                Row("site", "Site", "", Ask::Line, false),
                Row("project", "Project or programme", "", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-people",
        title: "People and technology",
        says: "For teaching, visits, remote access, consulting: who receives it.",
        rows: &[
            Row("recipient", "Recipient", "", Ask::Line, false),
            Row(
                "recipient.nationalities",
                "Nationalities",
                "all of them, separated by ;",
                Ask::Countries,
                false,
            ),
            Row(
                "recipient.field_of_study",
                "Field of study",
                "",
                Ask::Line,
                false,
            ),
        ],
        more: (
            "Residence, institution, supervisor",
            &[
                Row(
                    "recipient.permanent_resident_of",
                    "Permanent resident of",
                    "countries, or none",
                    Ask::Countries,
                    false,
                ),
                Row(
                    "recipient.institution",
                    "Institution at home",
                    "",
                    Ask::Line,
                    false,
                ),
                Row("recipient.born", "Born", "", Ask::Line, false),
                Row("supervisor", "Supervisor", "", Ask::Line, false),
                Row(
                    "licence_id",
                    "Licence relied on",
                    "its number",
                    Ask::Line,
                    false,
                ),
                Row("licence_authority", "Issued by", "", Ask::Line, false),
                Row("licence_expires", "Expires", "", Ask::Day, false),
            ],
        ),
    },
];
