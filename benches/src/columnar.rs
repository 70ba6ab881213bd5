//! Columnar: many transfers at once, column building included.

use crate::Asked;
use crate::ours::Ours;
use crate::report::Report;
use crate::transfer::Plain;

/// Nanoseconds a transfer, in columns.
pub fn measure(
    report: &mut Report,
    _asked: &Asked,
    _provisions: usize,
    _plain: &[Plain],
    _ours: &Ours,
) {
    report.words("ours, in columns: no such evaluation yet");
}
