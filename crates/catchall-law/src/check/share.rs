//! Share: who asks which question, where several look through the same law at once.
//!
//! Everybody walks past all questions in the same order, and asks those that nobody took before. Questions hang on
//! nothing but the law, so that the answers are the same however many ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One asker's turns among the questions of one walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    /// The first question that nobody took, for all askers.
    next: Arc<AtomicUsize>,
    /// The question taken last, while it lies ahead.
    taken: Option<usize>,
    passed: usize,
}

impl Turns {
    /// Whether the question that comes now is this asker's.
    pub fn take(&mut self) -> bool {
        let taken = *self
            .taken
            .get_or_insert_with(|| self.next.fetch_add(1, Ordering::Relaxed));
        let mine = taken == self.passed;
        if mine {
            self.taken = None;
        }
        self.passed += 1;
        mine
    }
}

/// What `workers` askers at once find, each with its turns of one walk.
pub(super) fn each<T: Send>(workers: usize, ask: impl Fn(Turns) -> T + Sync) -> Vec<T> {
    let turns = Turns::default();
    if workers <= 1 {
        return vec![ask(turns)];
    }
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..workers)
            .map(|_| {
                let (ask, own) = (&ask, turns.clone());
                scope.spawn(move || ask(own))
            })
            .collect();
        asked
            .into_iter()
            .map(|one| {
                one.join()
                    .unwrap_or_else(|why| std::panic::resume_unwind(why))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn every_question_is_asked_once_however_many_ask() {
        for workers in [0, 1, 2, 5] {
            let asked = each(workers, |mut turns| {
                (0..1_000).filter(|_| turns.take()).collect::<Vec<i32>>()
            });
            assert_eq!(asked.len(), workers.max(1));
            let mut asked: Vec<i32> = asked.into_iter().flatten().collect();
            asked.sort_unstable();
            assert_eq!(asked, (0..1_000).collect::<Vec<i32>>());
        }
    }
}
