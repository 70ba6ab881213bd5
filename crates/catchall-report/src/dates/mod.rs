//! Dates in the text: a grammar over tokens that finds them, and the reckoning that turns each into an interval.
//!
//! Finding needs no publication date; reckoning does. So the publication is solved between the two, from the dates found.

pub mod find;
pub mod reckon;

pub use find::{Expr, Found, Since, Unit, find};
pub use reckon::{Anchor, Value, reckon};
