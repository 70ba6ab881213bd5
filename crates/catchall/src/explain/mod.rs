//! Explain.
use serde_json::Value;
/// T.
pub fn text(d: &Value, _w: usize, _c: bool) -> String { d.to_string() }
/// H.
pub fn html(d: &Value) -> String { d.to_string() }
/// S.
pub fn svg(d: &Value) -> String { d.to_string() }
