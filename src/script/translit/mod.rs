//! Arabic in Latin letters.

mod reader;

/// A readable romanization of a name: the spelling of the press where the name lists have it, else by rule.
///
/// ```
/// use marsad::script::translit::to_reader;
/// assert_eq!(to_reader("أحمد المنصوري"), "Ahmad al-Mansouri");
/// ```
pub fn to_reader(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    reader::romanize(text, &mut out);
    out
}
