//! Facts that fields of a transfer fill: one row each, looked up once for all rows of a table.

macro_rules! keys {
    ($($name:ident = $key:literal,)*) => {
        /// A fact that a field of the transfer fills.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Key {
            $($name,)*
        }

        impl Key {
            /// The names of all of them, in the order of the variants.
            pub(super) const NAMES: &[&str] = &[$($key,)*];

            /// The fact by its name in the vocabulary.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Key::$name => $key,)*
                }
            }
        }
    };
}

keys! {
    Act = "act",
    Date = "date",
    ContractSigned = "contract.signed",
    ContractReliedOn = "contract.relied_on",
    LicenceIssued = "licence.issued",
    Delivery = "delivery",
    Departure = "departure",
    From = "from",
    To = "to",
    Via = "via",
    ViaStated = "transfer.stated_way",
    WithinOneState = "transfer.within_one_state",
    ExporterCountry = "exporter.country",
    ExporterNationality = "exporter.nationality",
    ConsigneeCountry = "consignee.country",
    EndUserCountry = "end_user.country",
    PartyCountries = "party.countries",
    ServiceCountries = "service.countries",
    EndUserType = "end_user.type",
    ExporterType = "exporter.type",
    ExporterJurisdiction = "exporter.jurisdiction",
    RecipientNationality = "recipient.nationality",
    RecipientResidence = "recipient.residence",
    RecipientLatestCountry = "recipient.latest_country",
    RecipientAtHome = "recipient.at_home",
    RecipientFieldOfStudy = "recipient.field_of_study",
    Parties = "parties",
    EndUseUses = "end_use.uses",
    ExporterKnows = "exporter.knows",
    ExporterSuspects = "exporter.suspects",
    ExporterInformed = "exporter.informed",
    ItemForm = "item.form",
    ItemKind = "item.kind",
    ItemOrigin = "item.origin",
    ItemUsContent = "item.us_content",
    ItemMadeWithUsTechnology = "item.made_with_us_technology",
    ItemPublished = "item.published",
    ItemFundamentalResearch = "item.fundamental_research",
    ItemDelivers = "item.delivers",
    LicenceAuthorities = "licence.authorities",
}
