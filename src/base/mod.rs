//! Ground floor: spans, offsets, alignments and small ids. Knows Unicode, not Arabic.

pub mod align;
pub mod bytes;
pub mod chars;
pub mod label;
pub mod room;
pub mod span;

pub use align::{Alignment, AlignmentBuilder, Edit, Snap};
pub use bytes::{Bytes, Table, hash64};
pub use chars::CharIndex;
pub use label::{Label, LabelSet};
pub(crate) use span::offset;
pub use span::{CharSpan, Norm, Span, Src};
