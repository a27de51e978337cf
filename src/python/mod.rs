//! The door to Python: the only folder that names PyO3.

mod doc;
mod error;
mod meaning;
mod normalize;
mod numbers;
mod pipeline;
mod repair;
mod text;
mod units;

/// The native part of `marsad`; import `marsad` instead.
#[pyo3::pymodule(gil_used = false)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::doc::{Block, Doc, Ent, Sent, Token};
    #[pymodule_export]
    use super::error::{DataError, MarsadError, PackError};
    #[pymodule_export]
    use super::meaning::{Group, Quote, Relation, transliterate};
    #[pymodule_export]
    use super::normalize::{Alignment, Normalizer, normalize_text};
    #[pymodule_export]
    use super::numbers::spell;
    #[pymodule_export]
    use super::pipeline::{Pipeline, load};
    #[pymodule_export]
    use super::repair::{Repaired, repair_page};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("LABELS", crate::base::Label::NAMES.to_vec())
    }
}
