//! Clock: how long a pass takes, on the processor time of this thread, best and median of several passes.
//!
//! Processor time leaves out the time in which a neighbour had the core; it does not leave out the caches that
//! the neighbour emptied. Single calls of some microseconds are timed by the wall clock, least of several.

use std::time::Instant;

use cpu_time::{ProcessTime, ThreadTime};

/// What several passes took, a piece, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub best: f64,
    pub median: f64,
}

/// Runs `pass` over `pieces` pieces, once to warm up and then `passes` times.
pub fn time(passes: usize, pieces: usize, mut pass: impl FnMut()) -> Timing {
    pass();
    let mut taken: Vec<f64> = (0..passes.max(1))
        .map(|_| {
            let start = ThreadTime::now();
            pass();
            start.elapsed().as_nanos() as f64 / pieces as f64
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    Timing {
        best: taken[0],
        median: taken[taken.len() / 2],
    }
}

/// The least wall-clock time of a call, in nanoseconds: of `repeats`, or of as many as fit into 5 ms.
pub fn least(repeats: usize, mut call: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut least = f64::INFINITY;
    for _ in 0..repeats.max(1) {
        let start = Instant::now();
        call();
        least = least.min(start.elapsed().as_nanos() as f64);
        if begin.elapsed().as_millis() >= 5 {
            break;
        }
    }
    least
}

/// Wall seconds and processor seconds (all threads) of one call.
pub fn whole<T>(call: impl FnOnce() -> T) -> (T, f64, f64) {
    let (wall, processor) = (Instant::now(), ProcessTime::now());
    let made = call();
    (
        made,
        wall.elapsed().as_secs_f64(),
        processor.elapsed().as_secs_f64(),
    )
}

/// The value below which a share of the sorted values lies.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted
        .get(place.clamp(1, sorted.len().max(1)) - 1)
        .copied()
        .unwrap_or(0.0)
}
