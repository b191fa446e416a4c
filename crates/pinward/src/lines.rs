//! The lines of the interactive shell that may be remembered.

use std::cell::RefCell;

/// Earlier lines of this session, oldest first; none that could hold a PIN.
#[derive(Default)]
pub struct Lines {
    kept: RefCell<Vec<String>>,
}

/// Lines remembered at most.
const MOST: usize = 1000;

impl Lines {
    /// Remembers a line that may be kept.
    pub fn keep(&self, line: &str) {
        let mut kept = self.kept.borrow_mut();
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(line.to_owned());
    }

    /// All remembered lines.
    pub fn all(&self) -> Vec<String> {
        self.kept.borrow().clone()
    }
}
