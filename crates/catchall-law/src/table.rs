//! Table: places found by what stands there, for making equal things one thing. No order ever comes from it, and its hash
//! is the same in every run.

/// Mixes numbers into a hash.
pub(crate) struct Hasher(u64);

impl Hasher {
    pub fn new(seed: u64) -> Hasher {
        Hasher(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub fn add(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    pub fn end(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    round: u32,
    place: u32,
}

/// Open addressing over places; emptied by counting a round on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    slots: Vec<Slot>,
    round: u32,
    held: usize,
}

impl Table {
    pub fn clear(&mut self) {
        self.round = self.round.wrapping_add(1);
        self.held = 0;
        if self.slots.is_empty() || self.round == 0 {
            self.slots = vec![Slot::default(); 512];
            self.round = 1;
        }
    }

    /// The place of the same thing; puts `place` in and gives `None` when there is none.
    pub fn find_or_insert(
        &mut self,
        hash: u64,
        place: u32,
        same: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        if self.held * 2 >= self.slots.len() {
            self.grow();
        }
        let mut at = self.start(hash);
        loop {
            let slot = self.slots[at];
            if slot.round != self.round {
                self.slots[at] = Slot {
                    hash,
                    round: self.round,
                    place,
                };
                self.held += 1;
                return None;
            }
            if slot.hash == hash && same(slot.place) {
                return Some(slot.place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "only the lower bits choose a slot"
    )]
    fn start(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        if self.slots.is_empty() {
            return self.clear();
        }
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old.into_iter().filter(|slot| slot.round == self.round) {
            let mut at = self.start(slot.hash);
            while self.slots[at].round == self.round {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = slot;
        }
    }
}
