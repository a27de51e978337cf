//! Many documents: a pool of our own, order kept.

mod blocks;
pub mod lines;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::doc::Doc;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::{Options, Pipeline, Scratch};

pub use blocks::{Blocks, Line, share};

struct Pool {
    process: u32,
    threads: usize,
    pool: Arc<ThreadPool>,
}

static POOLS: Mutex<Vec<Pool>> = Mutex::new(Vec::new());

/// How many threads to use when the caller does not say.
pub fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The pool of this process with so many threads, started when first asked for.
///
/// A process that forks must not use its parent's threads, for they are not there: so pools are kept by process.
///
/// ```
/// let pool = marsad::batch::pool(2)?;
/// assert_eq!(pool.install(rayon::current_num_threads), 2);
/// # Ok::<(), marsad::Error>(())
/// ```
pub fn pool(threads: usize) -> Result<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = pools.iter().find(|p| p.process == process && p.threads == threads) {
        return Ok(known.pool.clone());
    }
    let started = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("marsad-{i}")).build();
    let pool = Arc::new(started.map_err(|e| Error::io("starting threads", std::io::Error::other(e)))?);
    pools.push(Pool { process, threads, pool: pool.clone() });
    Ok(pool)
}

/// Texts one after another in one buffer, each with its options: what one task analyzes.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: String,
    items: Vec<(usize, Options)>,
}

impl Texts {
    /// Append a text, written by `write` at the end of the buffer.
    pub fn push_with(&mut self, options: Options, write: impl FnOnce(&mut String)) {
        write(&mut self.bytes);
        self.items.push((self.bytes.len(), options));
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The bytes of all texts.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The first text, without a copy when there is no other.
    pub fn into_first(mut self) -> String {
        self.bytes.truncate(self.items.first().map_or(0, |(end, _)| *end));
        self.bytes
    }

    /// The texts in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Options)> {
        let mut start = 0;
        self.items.iter().map(move |(end, options)| {
            let text = self.bytes.get(start..*end).unwrap_or("");
            start = *end;
            (text, options)
        })
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Analyze one text with the memory of this thread. A defect of the analysis is an error of this text alone.
///
/// ```
/// use marsad::{Pack, Pipeline, batch, pipeline::Options};
/// let nlp = Pipeline::new(&Pack::default())?;
/// assert_eq!(batch::analyze(&nlp, "بيت", &Options::default())?.text(), "بيت");
/// # Ok::<(), marsad::Error>(())
/// ```
pub fn analyze(pipeline: &Pipeline, text: &str, options: &Options) -> Result<Doc> {
    SCRATCH.with(|scratch| {
        let mut memory = scratch.take();
        let run = AssertUnwindSafe(|| pipeline.run_with(text, options, &mut memory));
        let outcome = catch_unwind(run);
        if outcome.is_ok() {
            scratch.replace(memory);
        }
        outcome.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            Err(Error::new(ErrorKind::Internal, format!("the analysis of a text failed, please report it: {said}")))
        })
    })
}

/// Where a task leaves its result.
struct Slot<T> {
    result: Mutex<Option<T>>,
    ready: Condvar,
}

/// Tasks on a pool, with their results in the order in which they were given.
///
/// Dropping it makes the tasks that have not begun do nothing; those that run end by themselves.
///
/// ```
/// use std::time::Duration;
/// let mut queue = marsad::batch::Queue::new(2)?;
/// for n in 0..3 {
///     queue.submit(move || n * n);
/// }
/// let mut squares = Vec::new();
/// while !queue.is_empty() {
///     squares.extend(queue.next(Duration::from_millis(10)));
/// }
/// assert_eq!(squares, [0, 1, 4]);
/// # Ok::<(), marsad::Error>(())
/// ```
pub struct Queue<T> {
    pool: Arc<ThreadPool>,
    slots: VecDeque<Arc<Slot<T>>>,
    running: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    process: u32,
}

impl<T: Send + 'static> Queue<T> {
    /// A queue over the pool with so many threads.
    pub fn new(threads: usize) -> Result<Self> {
        Ok(Self {
            pool: pool(threads)?,
            slots: VecDeque::new(),
            running: Arc::default(),
            stopped: Arc::default(),
            process: std::process::id(),
        })
    }

    /// Give a task to the pool. The task must not panic.
    pub fn submit(&mut self, task: impl FnOnce() -> T + Send + 'static) {
        let slot = Arc::new(Slot { result: Mutex::new(None), ready: Condvar::new() });
        self.slots.push_back(slot.clone());
        self.running.fetch_add(1, Ordering::Relaxed);
        let (stopped, running) = (self.stopped.clone(), self.running.clone());
        self.pool.spawn(move || {
            if !stopped.load(Ordering::Relaxed) {
                let result = task();
                *slot.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                slot.ready.notify_all();
            }
            running.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Tasks whose results have not been taken.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Whether a thread of the pool waits for work.
    pub fn is_idle(&self) -> bool {
        self.running.load(Ordering::Relaxed) < self.pool.current_num_threads()
    }

    /// Whether this is the process that made the queue. In a forked one no result would ever come.
    pub fn is_at_home(&self) -> bool {
        self.process == std::process::id()
    }

    /// The result of the first task if it comes within `patience`.
    pub fn next(&mut self, patience: Duration) -> Option<T> {
        let slot = self.slots.front()?;
        let lock = slot.result.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = slot.ready.wait_timeout_while(lock, patience, |result| result.is_none());
        let result = waited.unwrap_or_else(PoisonError::into_inner).0.take()?;
        self.slots.pop_front();
        Some(result)
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}
