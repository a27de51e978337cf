//! Numbers in words.

use pyo3::prelude::*;

use crate::resolve::values;

/// A whole number in Arabic words (tafkit), with the agreement of gender and case.
///
/// >>> import marsad
/// >>> marsad.spell(125)
/// 'مئة وخمسة وعشرون'
/// >>> marsad.spell(3, gender="feminine")
/// 'ثلاث'
/// >>> marsad.spell(2013, gender="feminine", case="genitive")
/// 'ألفين وثلاث عشرة'
#[pyfunction]
#[pyo3(signature = (n, *, gender="masculine", case="nominative"))]
pub fn spell(n: i64, gender: &str, case: &str) -> PyResult<String> {
    let words = values::spell(n.unsigned_abs(), gender.parse()?, case.parse()?);
    Ok(if n < 0 { format!("سالب {words}") } else { words })
}
