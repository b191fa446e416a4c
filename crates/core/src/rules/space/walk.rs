//! Walking through all PINs at once: what matters of the digits so far is a small state, and for each
//! state it is enough to know how many beginnings lead there.

use std::collections::HashMap;

use super::super::common::keypad;

/// The PINs of one shape: any, one block repeated, a palindrome, or a repeated palindrome.
pub(super) struct Walk {
    /// The whole length.
    length: usize,
    /// The length of the block; the whole length where nothing is repeated.
    block: usize,
    /// Whether the block is a palindrome.
    mirrored: bool,
}

impl Walk {
    pub(super) fn new(length: usize, block: usize, mirrored: bool) -> Self {
        Self {
            length,
            block,
            mirrored,
        }
    }

    /// How many PINs of this shape have no consecutive digits, not only repeating ones, more than two
    /// different ones, and are no lines.
    pub(super) fn count(&self) -> u128 {
        self.by_digits(b"0123456789") - self.of_few_digits() - self.of_lines()
    }

    /// Those of one or two different digits. Those of one belong to nine pairs.
    fn of_few_digits(&self) -> u128 {
        let mut count = 0;
        for a in b'0'..=b'9' {
            for b in a + 1..=b'9' {
                count += self.by_digits(&[a, b]);
            }
        }
        let alone: u128 = (b'0'..=b'9').map(|digit| self.by_digits(&[digit])).sum();
        count - 8 * alone
    }

    /// How many digits decide the whole.
    fn free(&self) -> usize {
        match self.mirrored {
            true => self.block.div_ceil(2),
            false => self.block,
        }
    }

    /// Without consecutive and repeating digits, from these digits alone.
    fn by_digits(&self, alphabet: &[u8]) -> u128 {
        let mut states: HashMap<State, u128> = HashMap::new();
        for &digit in alphabet {
            *states.entry(State::first(digit)).or_default() += 1;
        }
        for _ in 1..self.free() {
            let mut next = HashMap::with_capacity(states.len());
            for (state, count) in &states {
                for state in alphabet.iter().filter_map(|digit| state.push(*digit)) {
                    *next.entry(self.keep(state)).or_default() += count;
                }
            }
            states = next;
        }
        self.sum(&states)
    }

    /// The same, made of lines. Lines have three different digits, so none is lost to few digits.
    fn of_lines(&self) -> u128 {
        // Around the middle a palindrome of an odd number of lines would have a line that reads the same
        // from either end, and a block whose length is no multiple of three would have lines begin at
        // each of its keys: neither exists.
        let fits = self.length >= 6
            && self.length.is_multiple_of(3)
            && self.block.is_multiple_of(3)
            && (!self.mirrored || (self.block / 3).is_multiple_of(2));
        if !fits {
            return 0;
        }
        let lines = keypad::lines();
        let mut states: HashMap<Option<State>, u128> = HashMap::from([(None, 1)]);
        for _ in 0..self.free() / 3 {
            let mut next = HashMap::with_capacity(states.len());
            for (state, count) in &states {
                for line in &lines {
                    let pushed = line.iter().try_fold(*state, |state, digit| match state {
                        None => Some(Some(State::first(*digit))),
                        Some(state) => state.push(*digit).map(Some),
                    });
                    if let Some(Some(state)) = pushed {
                        *next.entry(Some(self.keep(state))).or_default() += count;
                    }
                }
            }
            states = next;
        }
        let states = states
            .into_iter()
            .filter_map(|(state, count)| Some((state?, count)))
            .collect();
        self.sum(&states)
    }

    /// The state without what this shape does not need.
    fn keep(&self, state: State) -> State {
        match self.block < self.length && !self.mirrored {
            true => state,
            false => State {
                begin: 0,
                lead: Slope::LEVEL,
                leading: false,
                ..state
            },
        }
    }

    fn sum(&self, states: &HashMap<State, u128>) -> u128 {
        states
            .iter()
            .filter(|(state, _)| self.is_wanted(state))
            .map(|(_, count)| count)
            .sum()
    }

    fn is_wanted(&self, state: &State) -> bool {
        let repeating = match self.mirrored && self.block.is_multiple_of(2) {
            // The digits in the middle stand twice.
            true => state.runs != Runs::Broken,
            false => state.runs == Runs::Several,
        };
        // A palindrome ends with the digit that it begins with: nothing runs on from block to block.
        let runs_on = self.block < self.length && !self.mirrored && state.runs_on();
        !repeating && !runs_on
    }
}

/// What matters of the digits so far.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    /// The first digit.
    begin: u8,
    /// The run that it begins with, and whether that goes on to here.
    lead: Slope,
    leading: bool,
    /// The last digit.
    last: u8,
    /// The run that it ends with.
    slope: Slope,
    runs: Runs,
}

/// How many digits count up, and down: at most one of the two is more than 1, and none more than 3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Slope {
    up: u8,
    down: u8,
}

impl Slope {
    const LEVEL: Slope = Slope { up: 1, down: 1 };
}

/// Whether every digit stands in a run of equal ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Runs {
    /// Up to the last, which is alone so far.
    Alone,
    /// All of them.
    Several,
    /// One stood alone.
    Broken,
}

impl State {
    fn first(digit: u8) -> Self {
        State {
            begin: digit,
            lead: Slope::LEVEL,
            leading: true,
            last: digit,
            slope: Slope::LEVEL,
            runs: Runs::Alone,
        }
    }

    /// With one more digit; `None` where four are consecutive.
    fn push(self, digit: u8) -> Option<State> {
        let longer = |goes_on: bool, run: u8| if goes_on { run + 1 } else { 1 };
        let slope = Slope {
            up: longer(digit == self.last + 1, self.slope.up),
            down: longer(self.last == digit + 1, self.slope.down),
        };
        if slope.up > 3 || slope.down > 3 {
            return None;
        }
        // A run that turns is another run.
        let goes_on = slope.up > self.lead.up && self.lead.down == 1
            || slope.down > self.lead.down && self.lead.up == 1;
        let leading = self.leading && goes_on;
        Some(State {
            lead: if leading { slope } else { self.lead },
            leading,
            last: digit,
            slope,
            runs: match (self.runs, digit == self.last) {
                (Runs::Broken, _) | (Runs::Alone, false) => Runs::Broken,
                (Runs::Several, false) => Runs::Alone,
                (Runs::Alone | Runs::Several, true) => Runs::Several,
            },
            ..self
        })
    }

    /// Whether four digits are consecutive where the same begins anew. A run is never the whole
    /// block there: it would have to end one before where it begins.
    fn runs_on(&self) -> bool {
        let up = self.begin == self.last + 1 && self.slope.up + self.lead.up > 3;
        let down = self.last == self.begin + 1 && self.slope.down + self.lead.down > 3;
        up || down
    }
}
