//! Batches: rows answered over all cores, in their order, and tables of what came out. The rows themselves are read by `catchall-rows`.

mod run;
pub mod tables;

pub use catchall_rows::{
    AskedParty, Cell, CellKind, ColumnFault, Decoder, Format, Limits, OpenError, Raw, RawRecord,
    Reader, TRANSFER_FIELDS, TableOf, VocabularyColumn, column_of_field, from_stream, open,
};

pub use self::run::{Done, Recording, Render, Written, refused, run};
