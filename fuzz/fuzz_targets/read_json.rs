//! Any bytes as JSON: by lines, as a list, and as one document. What is taken must be JSON to others too.

#![no_main]

mod reading;

use catchall::batch::{Decoder, Format, Raw, RawRecord};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let format = match choice % 3 {
        0 => Some(Format::Json),
        1 => Some(Format::JsonLines),
        _ => None,
    };
    reading::check(bytes, format, if choice & 8 == 0 { 32 } else { 4 << 20 });
    let decoder = Decoder::of_json("fuzz", reading::places());
    let raw = Raw {
        row: 1,
        line: None,
        record: RawRecord::Json(bytes.to_vec()),
    };
    if decoder.decode(&raw).is_ok()
        && let Err(error) = serde_json::from_slice::<serde_json::Value>(bytes)
    {
        // A number keeps its figures here, however large it is.
        assert!(error.to_string().contains("number out of range"), "{error}");
    }
});
