//! The columns of a table held against the vocabulary.

use catchall_assess::Assessor;

use crate::batch::Decoder;

/// `property.` and `fact.` columns that the vocabulary does not know: a usage error, as any other unknown column.
pub fn unknown_columns(decoder: &Decoder, assessor: &Assessor) -> Vec<String> {
    let vocabulary = &assessor.law().vocabulary;
    let reach = ["range", "payload", "max_range", "max_payload", "delivers"];
    decoder
        .vocabulary_columns()
        .filter_map(|column| {
            let (known, prefix): (bool, &str) = match column.family {
                "property" => {
                    let key = format!("item.{}", column.name);
                    let also = vocabulary
                        .facts
                        .iter()
                        .any(|fact| fact.also.iter().any(|also| also == column.name));
                    (
                        vocabulary.fact(&key).is_some() || also || reach.contains(&column.name),
                        "item.",
                    )
                }
                "fact" => (
                    vocabulary.fact(column.name).is_some() || column.name == "item.listed",
                    "",
                ),
                _ => (true, ""),
            };
            if known {
                return None;
            }
            let own = vocabulary
                .facts
                .iter()
                .filter_map(|fact| fact.key.strip_prefix(prefix));
            let names = own.chain(reach.into_iter().filter(|_| !prefix.is_empty()));
            let near = catchall_law::nearest(column.name, names).map_or(String::new(), |near| {
                format!("; the nearest known is `{}.{near}`", column.family)
            });
            Some(format!(
                "column {}: unknown column `{}.{}`{near}; `catchall law vocabulary` lists all",
                column.number, column.family, column.name
            ))
        })
        .collect()
}
