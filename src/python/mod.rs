//! The door to Python: the only folder that names PyO3.

mod arrow;
mod column;
mod corpus;
mod doc;
mod ent;
mod error;
mod lines;
mod meaning;
mod normalize;
mod numbers;
mod pipeline;
mod repair;
mod stream;
mod table;
mod text;
mod train;
mod units;
mod views;

/// The native part of `marsad`; import `marsad` instead.
#[pyo3::pymodule(gil_used = false)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::column::Column;
    #[pymodule_export]
    use super::corpus::Corpus;
    #[pymodule_export]
    use super::doc::Doc;
    #[pymodule_export]
    use super::ent::{_ents_of, Ent, Ents};
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
    #[pymodule_export]
    use super::stream::Pipe;
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::train::{_cluster, _evaluate, _train};
    #[pymodule_export]
    use super::views::{Block, Clitics, Piece, Sent, Token, Units};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("LABELS", crate::base::Label::NAMES.to_vec())
    }
}
