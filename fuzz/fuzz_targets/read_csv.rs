//! Any bytes as delimited text, under a header that is known or not.

#![no_main]

mod reading;

use catchall::batch::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((choice, rest)) = input.split_first() else {
        return;
    };
    let headers: [&[u8]; 4] = [
        b"",
        b"id,to,item\n",
        b"id;date;via;exporter;exporter.owners;code;code_list;informed_by_authority;informed_by;red_flags;property.delivers\n",
        b"\xFF\xFEi\0d\0,\0t\0o\0\n\0",
    ];
    let bytes = [headers[usize::from(choice % 4)], rest].concat();
    let format = (choice & 4 == 0).then_some(Format::Csv);
    reading::check(&bytes, format, if choice & 8 == 0 { 32 } else { 4 << 20 });
});
