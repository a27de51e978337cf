//! The lines of a file to lines of JSON, without a Python object for a text or a document.

use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::stream::{PATIENCE, TASK_BYTES, window};
use crate::batch::Queue;
use crate::batch::lines::{self, Blocks, Form, Piece};
use crate::pipeline::Pipeline;

/// What Python does for the stream.
pub(super) struct Calls<'a, 'py> {
    pub read: &'a Bound<'py, PyAny>,
    pub write: &'a Bound<'py, PyAny>,
    pub left: &'a Bound<'py, PyAny>,
    pub done: &'a Bound<'py, PyAny>,
}

/// A task's lines, and what has become of them.
type Done = (Vec<u8>, Vec<Piece>);

impl Calls<'_, '_> {
    fn deliver(&self, py: Python<'_>, (block, pieces): Done) -> PyResult<()> {
        let mut docs = 0;
        for piece in pieces {
            match piece {
                Piece::Written(json, count) => {
                    self.write.call1((PyBytes::new(py, &json),))?;
                    docs += count;
                }
                Piece::Left(number, line) => {
                    self.left.call1((PyBytes::new(py, block.get(line).unwrap_or(&[])), number))?;
                }
            }
        }
        self.done.call1((block.len(), docs)).map(drop)
    }
}

/// Read and write until the end. Few lines are read ahead of what is written.
pub(super) fn run(py: Python<'_>, nlp: &Pipeline, form: Form, threads: usize, calls: &Calls<'_, '_>) -> PyResult<()> {
    let (form, mut blocks, mut queue) = (Arc::new(form), Blocks::default(), Queue::new(threads)?);
    let (mut first, mut open) = (1, true);
    while open || blocks.size() > 0 || !queue.is_empty() {
        py.check_signals()?;
        if let Some(done) = queue.next(Duration::ZERO) {
            calls.deliver(py, done)?;
            continue;
        }
        let full = blocks.size() >= TASK_BYTES;
        if (full || queue.is_idle() || !open)
            && queue.len() < window(threads)
            && let Some(block) = blocks.take()
        {
            let (nlp, form, number) = (nlp.clone(), form.clone(), first);
            first += memchr::memchr_iter(b'\n', &block).count();
            queue.submit(move || {
                let pieces = lines::write(&nlp, &form, &block, number);
                (block, pieces)
            });
        } else if open && !full {
            let read = calls.read.call1((TASK_BYTES,))?;
            match read.cast::<PyBytes>()?.as_bytes() {
                [] => {
                    blocks.end();
                    open = false;
                }
                bytes => blocks.push(bytes),
            }
        } else if let Some(done) = py.detach(|| queue.next(PATIENCE)) {
            calls.deliver(py, done)?;
        }
    }
    Ok(())
}
