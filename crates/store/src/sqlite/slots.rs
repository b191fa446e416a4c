//! A bounded memory: each key has one place, in which the one that came last stays. So nothing has to be
//! looked for when room is needed, and no more than one goes for another.

use std::hash::{BuildHasher, Hash, RandomState};

/// How many places there are: of 10,000 users who log on at random, three in four are remembered, in some 25 MB.
pub(super) const PLACES: usize = 16384;

/// What was kept last at each place.
pub(super) struct Slots<K, T> {
    /// Empty until something is kept.
    places: Vec<Option<(K, T)>>,
    hasher: RandomState,
}

impl<K, T> Default for Slots<K, T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            hasher: RandomState::new(),
        }
    }
}

impl<K: Eq + Hash, T> Slots<K, T> {
    pub(super) fn get(&self, key: &K) -> Option<&T> {
        let (kept, value) = self.places.get(self.place(key))?.as_ref()?;
        (kept == key).then_some(value)
    }

    /// Keeps it, and gives back what was at its place.
    pub(super) fn put(&mut self, key: K, value: T) -> Option<(K, T)> {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, || None);
        }
        let place = self.place(&key);
        self.places.get_mut(place)?.replace((key, value))
    }

    fn place(&self, key: &K) -> usize {
        // What is cut off by the cast is as random as what is left.
        self.hasher.hash_one(key) as usize % PLACES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_kept_and_none_for_another() {
        let mut slots = Slots::default();
        let most = 2 * PLACES;
        for key in 0..most {
            let replaced = slots.put(key, key);
            assert!(replaced.is_none_or(|(other, _)| other < key));
            assert_eq!(slots.get(&key), Some(&key));
        }
        let kept = (0..most).filter(|key| slots.get(key).is_some());
        let kept = kept.inspect(|key| assert_eq!(slots.get(key), Some(key)));
        // Each place is found by two of them on average; hardly any by none.
        let kept = kept.count();
        assert!(kept <= PLACES && kept > PLACES / 2, "{kept}");
        assert_eq!(slots.get(&most), None);
    }

    #[test]
    fn the_last_one_counts() {
        let mut slots = Slots::default();
        assert_eq!(slots.put("key", 1), None);
        assert_eq!(slots.put("key", 2), Some(("key", 1)));
        assert_eq!(slots.get(&"key"), Some(&2));
    }
}
