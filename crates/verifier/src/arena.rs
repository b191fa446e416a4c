//! Memory for Argon2, made once per lane and used again for every verification.
//!
//! The only module with `unsafe`: memory pages come from the system as bytes and Argon2 wants
//! blocks. They cannot come from the allocator, which does not let one ask for huge pages; see
//! `docs/measurements/argon2.md` for what reuse and huge pages are worth.

#![expect(
    unsafe_code,
    reason = "views mapped pages as Argon2 blocks; see the safety comments"
)]

use argon2::Block;
use memmap2::{MmapMut, MmapOptions};

/// Size of a huge page on x86-64 and usually on ARM; elsewhere only an alignment.
const HUGE_PAGE: usize = 2 * 1024 * 1024;

/// A number of blocks of 1 KiB, all zero except while a hash is computed.
pub(crate) struct Arena {
    pages: Pages,
    capacity: usize,
    /// Blocks lent out since the last wipe.
    used: usize,
}

enum Pages {
    /// A mapping, and where in it the first huge page begins. At least `capacity` blocks follow.
    Mapped(MmapMut, usize),
    /// From the allocator, where the system gives no mapping.
    Allocated(Vec<Block>),
}

impl Arena {
    /// Memory for so many blocks; `None` when the system has none to give.
    pub(crate) fn new(capacity: usize) -> Option<Arena> {
        let pages = mapped(capacity).or_else(|| allocated(capacity))?;
        Some(Arena {
            pages,
            capacity,
            used: 0,
        })
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// The first `count` blocks, at most [`Arena::capacity`]. To be wiped after use.
    pub(crate) fn blocks(&mut self, count: usize) -> &mut [Block] {
        let count = count.min(self.capacity);
        self.used = self.used.max(count);
        match &mut self.pages {
            Pages::Allocated(blocks) => &mut blocks[..count],
            Pages::Mapped(map, start) => {
                let bytes = &mut map[*start..][..count * Block::SIZE];
                let first = bytes.as_mut_ptr().cast::<Block>();
                debug_assert!(first.is_aligned());
                // SAFETY: `bytes` is `count` times the size of a `Block` and borrowed exclusively for
                // as long as the result lives. Its beginning is aligned to `HUGE_PAGE` by `mapped`,
                // hence to the 64 bytes of a `Block`. A `Block` is an array of `u64` without padding:
                // every byte pattern is a value of it, and the other way round.
                unsafe { std::slice::from_raw_parts_mut(first, count) }
            }
        }
    }

    /// Overwrites everything that was lent out.
    pub(crate) fn wipe(&mut self) {
        let used = std::mem::take(&mut self.used);
        let blocks = self.blocks(used);
        blocks.fill(Block::new());
        // Nobody may read these zeros, so the compiler must be kept from leaving them out.
        std::hint::black_box(blocks);
        self.used = 0;
    }

    /// Touches all pages, so that they are there before the first caller waits for them.
    pub(crate) fn prepare(&mut self) {
        self.used = self.capacity;
        self.wipe();
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.wipe();
    }
}

fn mapped(capacity: usize) -> Option<Pages> {
    let bytes = capacity
        .checked_mul(Block::SIZE)?
        .checked_next_multiple_of(HUGE_PAGE)?;
    // One page more, to begin at a multiple; what lies before and behind is never touched and so
    // costs no memory.
    let map = MmapOptions::new()
        .len(bytes.checked_add(HUGE_PAGE)?)
        .map_anon()
        .ok()?;
    // Only advice: without huge pages it works too, a little slower.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    let start = map.as_ptr().align_offset(HUGE_PAGE);
    (start <= HUGE_PAGE).then_some(Pages::Mapped(map, start))
}

fn allocated(capacity: usize) -> Option<Pages> {
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(capacity).ok()?;
    blocks.resize(capacity, Block::new());
    Some(Pages::Allocated(blocks))
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-SEC-3: nothing of a verification is left in the memory that the next one gets.
    #[test]
    fn wiping_leaves_zeros_in_both_kinds_of_memory() {
        for pages in [mapped(64), allocated(64)] {
            let mut arena = Arena {
                pages: pages.unwrap(),
                capacity: 64,
                used: 0,
            };
            for count in [64, 3, 1000] {
                arena
                    .blocks(count)
                    .iter_mut()
                    .for_each(|block| block.as_mut().fill(0xA5));
                arena.wipe();
                let blocks = arena.blocks(64);
                assert_eq!(blocks.len(), 64);
                assert!(
                    blocks
                        .iter()
                        .all(|block| block.as_ref().iter().all(|word| *word == 0))
                );
            }
        }
    }

    #[test]
    fn more_than_the_system_has_is_refused_not_a_crash() {
        assert!(Arena::new(usize::MAX / Block::SIZE).is_none());
    }
}
