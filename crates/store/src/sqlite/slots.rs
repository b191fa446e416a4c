//! A bounded memory: each key has a few places, in which those that came last stay. So hardly anything has to
//! be looked through, neither to find nor to make room.

/// By what something is kept: a digest, each part of which is as good as random.
pub(super) type Key = [u8; 32];

/// The places of each key, in a row.
const WAYS: usize = 4;
/// How many rows there are: of 10,000 users who log on at random, more than nine in ten are remembered, in some 30 MB.
const ROWS: usize = 4096;

/// What was kept last at each place.
pub(super) struct Slots<T> {
    /// Empty until something is kept. What came last stands first in its row.
    rows: Vec<[Option<(Key, T)>; WAYS]>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T> Slots<T> {
    pub(super) fn get(&self, key: &Key) -> Option<&T> {
        let mut places = self.rows.get(row(key))?.iter().flatten();
        places.find(|(kept, _)| kept == key).map(|(_, value)| value)
    }

    /// Keeps it, and gives back what had to go for it.
    pub(super) fn put(&mut self, key: Key, value: T) -> Option<(Key, T)> {
        if self.rows.is_empty() {
            self.rows.resize_with(ROWS, Default::default);
        }
        let places = self.rows.get_mut(row(&key))?;
        let is_this =
            |place: &Option<(Key, T)>| place.as_ref().is_some_and(|(kept, _)| *kept == key);
        let goes = places.iter().position(is_this).unwrap_or(WAYS - 1);
        // Those before it move by one place, and what goes comes to the first.
        places.get_mut(..=goes)?.rotate_right(1);
        places.first_mut()?.replace((key, value))
    }
}

fn row(key: &Key) -> usize {
    let beginning = key
        .first_chunk()
        .map_or(0, |first| u32::from_be_bytes(*first));
    // A u32 always fits here, where the program runs at all.
    beginning as usize % ROWS
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// As random as keys are.
    fn key(number: usize) -> Key {
        Sha256::digest(number.to_be_bytes()).into()
    }

    #[test]
    fn many_are_kept_and_none_for_another() {
        let mut slots = Slots::default();
        let most = 2 * WAYS * ROWS;
        for number in 0..most {
            let gone = slots.put(key(number), number);
            assert!(gone.is_none_or(|(_, other)| other < number));
            assert_eq!(slots.get(&key(number)), Some(&number));
        }
        let kept = (0..most).filter(|number| slots.get(&key(*number)).is_some());
        let kept = kept.inspect(|number| assert_eq!(slots.get(&key(*number)), Some(number)));
        // There are twice as many as there are places; hardly any of these is empty.
        let kept = kept.count();
        assert!(kept <= WAYS * ROWS && kept > 9 * WAYS * ROWS / 10, "{kept}");
        assert_eq!(slots.get(&key(most)), None);
    }

    #[test]
    fn hardly_any_goes_while_there_is_room() {
        let mut slots = Slots::default();
        let some = WAYS * ROWS / 2;
        let gone = (0..some).filter(|number| slots.put(key(*number), ()).is_some());
        let gone = gone.count();
        assert!(gone < some / 20, "{gone} of {some}");
    }

    #[test]
    fn the_last_ones_of_a_row_count() {
        let mut slots = Slots::default();
        let last =
            |number: u8| -> Key { std::array::from_fn(|at| if at == 31 { number } else { 7 }) };
        for number in (0..).take(WAYS) {
            assert_eq!(slots.put(last(number), number), None);
        }
        let again = slots.put(last(2), 102);
        assert_eq!(again, Some((last(2), 2)), "it takes its own place");
        let gone = slots.put(last(200), 200);
        assert_eq!(gone, Some((last(0), 0)), "the one that came first goes");
        assert_eq!(slots.get(&last(1)), Some(&1));
        assert_eq!(slots.get(&last(2)), Some(&102));
        assert_eq!(slots.get(&last(200)), Some(&200));
    }
}
