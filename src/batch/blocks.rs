//! One job in blocks that threads share, with all results in order.
//!
//! A block is made by whichever thread is free, given its place by the caller, and put there by the thread that made it,
//! while it is still in that thread's cache.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Error;

/// Blocks that a thread makes ahead of their places.
const AHEAD: usize = 16;

/// A job in blocks.
pub trait Blocks: Sync {
    /// A block that is made; the memory is used again.
    type Made: Default + Send;
    /// What the caller must know of a block to place it.
    type Shape: Send;
    /// Where a block goes.
    type Place: Send;

    /// How many blocks there are.
    fn count(&self) -> usize;
    /// Make a block.
    fn make(&self, number: usize, made: &mut Self::Made) -> Self::Shape;
    /// Put a block where it belongs.
    fn put(&self, made: &Self::Made, place: Self::Place);
    /// Memory that this thread kept from another job: fresh memory is slow.
    fn kept(&self) -> Self::Made {
        Self::Made::default()
    }
    /// Keep memory for another job of this thread, or give it back.
    fn keep(&self, _: Self::Made) {}
}

struct State<B: Blocks + ?Sized> {
    made: Vec<(usize, B::Shape)>,
    placed: Vec<(usize, B::Place)>,
    stopped: bool,
    /// Threads beside the caller's that have ended.
    ended: usize,
    /// Threads that wait for a change.
    waiting: usize,
}

/// The blocks of a job, as its threads see them.
pub struct Line<'a, B: Blocks> {
    blocks: &'a B,
    next: AtomicUsize,
    state: Mutex<State<B>>,
    changed: Condvar,
}

/// Take the entry of a block out of a list.
fn take<T>(list: &mut Vec<(usize, T)>, wanted: impl Fn(usize) -> bool) -> Option<(usize, T)> {
    list.iter().position(|(number, _)| wanted(*number)).map(|at| list.swap_remove(at))
}

impl<B: Blocks> Line<'_, B> {
    fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State<B>)) {
        let mut state = self.lock();
        change(&mut state);
        // Nobody is woken by a call to the system that need not be.
        let waiting = state.waiting > 0;
        drop(state);
        if waiting {
            self.changed.notify_all();
        }
    }

    /// Wait while something lasts.
    fn wait_while(&self, lasts: impl Fn(&State<B>) -> bool) -> MutexGuard<'_, State<B>> {
        let mut state = self.lock();
        state.waiting += 1;
        let mut state = self.changed.wait_while(state, |state| lasts(state)).unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state
    }

    /// Wait until something is there, or all has stopped.
    fn wait(&self, there: impl Fn(&State<B>) -> bool) -> bool {
        !self.wait_while(|state| !state.stopped && !there(state)).stopped
    }

    fn stop(&self) {
        self.change(|state| state.stopped = true);
    }

    /// A block that nobody has begun.
    pub fn claim(&self) -> Option<usize> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.blocks.count()).then_some(number)
    }

    /// Any block that another thread has made and that has no place yet.
    pub fn made(&self) -> Option<(usize, B::Shape)> {
        self.lock().made.pop()
    }

    /// Wait for such a block; `false` when a thread has died.
    pub fn wait_for_made(&self) -> bool {
        self.wait(|state| !state.made.is_empty())
    }

    /// Give a block its place.
    pub fn place(&self, number: usize, place: B::Place) {
        self.change(|state| state.placed.push((number, place)));
    }

    /// Make and put blocks, and place them in order, until nothing is left.
    pub fn work_in_order(&self, mut place: impl FnMut(B::Shape) -> B::Place) {
        let mut hand = Hand::new();
        let mut placed = 0;
        while placed < self.blocks.count() {
            let shape = take(&mut self.lock().made, |number| number == placed);
            if let Some((_, shape)) = shape {
                self.place(placed, place(shape));
                placed += 1;
            } else if !hand.step(self) && !self.wait(|state| state.made.iter().any(|(number, _)| *number == placed)) {
                break;
            }
        }
        hand.work(self);
    }
}

/// One thread's blocks that wait for their places, and memory for more.
struct Hand<M> {
    held: Vec<(usize, M)>,
    spare: Vec<M>,
}

impl<M> Hand<M> {
    fn new() -> Self {
        Self { held: Vec::new(), spare: Vec::new() }
    }

    fn holds(&self, number: usize) -> bool {
        self.held.iter().any(|(held, _)| *held == number)
    }

    /// Put what has a place, and make another block; whether anything was done.
    fn step<B: Blocks<Made = M>>(&mut self, line: &Line<'_, B>) -> bool {
        let mut done = false;
        loop {
            let placed = take(&mut line.lock().placed, |number| self.holds(number));
            let Some((number, place)) = placed else { break };
            if let Some((_, made)) = take(&mut self.held, |held| held == number) {
                line.blocks.put(&made, place);
                self.spare.push(made);
            }
            done = true;
        }
        if self.held.len() >= AHEAD {
            return done;
        }
        let Some(number) = line.claim() else { return done };
        let mut made = self.spare.pop().unwrap_or_else(|| line.blocks.kept());
        let shape = line.blocks.make(number, &mut made);
        self.held.push((number, made));
        line.change(|state| state.made.push((number, shape)));
        true
    }

    /// Work until nothing is left.
    fn work<B: Blocks<Made = M>>(&mut self, line: &Line<'_, B>) {
        loop {
            if self.step(line) {
                continue;
            }
            let placed = |state: &State<B>| state.placed.iter().any(|(number, _)| self.holds(*number));
            if self.held.is_empty() || !line.wait(placed) {
                break;
            }
        }
        self.spare.drain(..).for_each(|made| line.blocks.keep(made));
    }
}

/// Tells the caller that a thread has ended, and the others when it has died.
struct Alarm<'l, 'a, B: Blocks>(&'l Line<'a, B>);

impl<B: Blocks> Drop for Alarm<'_, '_, B> {
    fn drop(&mut self) {
        self.0.change(|state| {
            state.ended += 1;
            state.stopped |= std::thread::panicking();
        });
    }
}

/// Do a job on so many threads. The caller's is one: it does its part in `caller`, which must place all blocks that
/// others make. All threads have ended when this returns; `apart` runs the wait for them, for a caller with a lock that
/// other callers may need.
pub fn share<B: Blocks, R, E: From<Error>>(
    blocks: &B,
    threads: usize,
    caller: impl FnOnce(&Line<'_, B>) -> Result<R, E>,
    apart: impl FnOnce(&mut (dyn FnMut() + Send)),
) -> Result<R, E> {
    let state = State { made: Vec::new(), placed: Vec::new(), stopped: false, ended: 0, waiting: 0 };
    let line = Line { blocks, next: AtomicUsize::new(0), state: Mutex::new(state), changed: Condvar::new() };
    let others = threads.min(blocks.count()).saturating_sub(1);
    if others == 0 {
        return caller(&line);
    }
    super::pool(threads)?.in_place_scope(|scope| {
        for _ in 0..others {
            scope.spawn(|_| {
                let _alarm = Alarm(&line);
                Hand::new().work(&line);
            });
        }
        let alarm = Alarm(&line);
        let done = caller(&line).inspect_err(|_| line.stop());
        drop(alarm);
        apart(&mut || drop(line.wait_while(|state| state.ended <= others)));
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorKind, Result};

    /// Squares of numbers, put where the caller says.
    struct Squares {
        count: usize,
        dies_at: usize,
        out: Mutex<Vec<(usize, usize)>>,
    }

    impl Blocks for Squares {
        type Made = usize;
        type Shape = usize;
        type Place = usize;

        fn count(&self) -> usize {
            self.count
        }
        fn make(&self, number: usize, made: &mut usize) -> usize {
            assert!(number != self.dies_at, "dies");
            *made = number * number;
            *made
        }
        fn put(&self, made: &usize, place: usize) {
            self.out.lock().unwrap().push((place, *made));
        }
    }

    fn squares(count: usize, dies_at: usize) -> Squares {
        Squares { count, dies_at, out: Mutex::default() }
    }

    fn in_order(job: &Squares, threads: usize, place: impl FnMut(usize) -> usize) {
        let caller = |line: &Line<'_, Squares>| -> Result<()> {
            line.work_in_order(place);
            Ok(())
        };
        share(job, threads, caller, |wait| wait()).unwrap();
    }

    #[test]
    fn blocks_are_placed_in_order_and_put_by_all() {
        for (threads, count) in [(1, 100), (2, 0), (2, 1), (2, 1000), (3, 17), (8, 1000)] {
            let job = squares(count, usize::MAX);
            let mut seen = Vec::new();
            let place = |square| {
                seen.push(square);
                seen.len() - 1
            };
            in_order(&job, threads, place);
            let wanted: Vec<usize> = (0..count).map(|n| n * n).collect();
            assert_eq!(seen, wanted);
            let mut out = job.out.into_inner().unwrap();
            out.sort_unstable();
            assert_eq!(out, wanted.into_iter().enumerate().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_caller_may_place_in_any_order_and_do_blocks_alone() {
        for threads in 1..5 {
            let job = squares(1000, usize::MAX);
            let caller = |line: &Line<'_, Squares>| -> Result<()> {
                let mut left = 1000;
                while left > 0 {
                    if let Some((number, _)) = line.made() {
                        line.place(number, number);
                    } else if let Some(number) = line.claim() {
                        job.put(&(number * number), number);
                    } else {
                        assert!(line.wait_for_made());
                        continue;
                    }
                    left -= 1;
                }
                Ok(())
            };
            share(&job, threads, caller, |wait| wait()).unwrap();
            let mut out = job.out.into_inner().unwrap();
            out.sort_unstable();
            assert_eq!(out, (0..1000).map(|n| (n, n * n)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_of_the_caller_ends_all() {
        let job = squares(1000, usize::MAX);
        let fails = |line: &Line<'_, Squares>| -> Result<()> {
            line.wait_for_made();
            Err(Error::new(ErrorKind::Internal, "no place"))
        };
        assert!(share(&job, 4, fails, |wait| wait()).is_err());
        assert!(job.out.into_inner().unwrap().is_empty());
    }

    #[test]
    #[should_panic(expected = "dies")]
    fn the_death_of_a_thread_is_not_waited_for() {
        let caller = |line: &Line<'_, Squares>| -> Result<()> {
            assert!(!line.wait(|_| false));
            Ok(())
        };
        let _ = share(&squares(1000, 5), 4, caller, |wait| wait());
    }

    #[test]
    #[should_panic(expected = "dies")]
    fn nor_is_that_of_a_block_in_order() {
        in_order(&squares(1000, 500), 4, |_| 0);
    }
}
