//! Many documents: a pool of our own, order kept.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

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
