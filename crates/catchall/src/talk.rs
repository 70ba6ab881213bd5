//! What the program says in lines: talk on stderr beside its data, which nobody need hear, and short answers on stdout, which must arrive.

use std::fmt::Arguments;
use std::io::{Result, Write};

/// Says something on stderr, whole at a time. Where stderr is closed or full, the work goes on.
pub(crate) fn aside(said: Arguments<'_>) {
    std::io::stderr()
        .write_all(said.to_string().as_bytes())
        .ok();
}

/// Says a line on stdout.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn answer(said: Arguments<'_>) -> Result<()> {
    std::io::stdout().write_all(format!("{said}\n").as_bytes())
}

/// Says a line on stderr, as `eprintln!` would, and goes on where nobody can hear it.
macro_rules! say {
    ($($said:tt)*) => { crate::talk::aside(format_args!("{}\n", format_args!($($said)*))) };
}

/// Says a line on stdout, as `println!` would, and gives the error where that fails.
macro_rules! tell {
    ($($said:tt)*) => { crate::talk::answer(format_args!($($said)*)) };
}

pub(crate) use {say, tell};
