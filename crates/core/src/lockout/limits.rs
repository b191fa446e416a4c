//! R-LOCK-3: the limits by the length of the PIN.

/// The length of a PIN as far as the limits need it; the length itself is not stored in clear.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LengthClass {
    /// Four digits; fewer, which no policy allows, would count as four.
    Four,
    /// Five digits.
    Five,
    /// Six digits.
    Six,
    /// Seven digits and more.
    SevenUp,
}

impl LengthClass {
    /// All classes, shortest first.
    pub const ALL: [LengthClass; 4] = [
        LengthClass::Four,
        LengthClass::Five,
        LengthClass::Six,
        LengthClass::SevenUp,
    ];

    /// The class of a PIN with that many digits.
    pub fn of(len: usize) -> LengthClass {
        match len {
            0..=4 => LengthClass::Four,
            5 => LengthClass::Five,
            6 => LengthClass::Six,
            _ => LengthClass::SevenUp,
        }
    }
}

/// How many failures are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Limits {
    /// Within one window; then an hour's lockout (R-LOCK-4). At least 1.
    pub local: u32,
    /// In all; then a lock until an administrator unlocks (R-LOCK-6). At least 1.
    pub global: u32,
}

impl Limits {
    /// R-LOCK-3. `maximum_logon_attempts` replaces the local limit only; 0, which no policy allows,
    /// counts as 1, because a limit of 0 would lock everybody out for good.
    pub fn of(class: LengthClass, maximum_logon_attempts: Option<u32>) -> Limits {
        let (local, global) = match class {
            LengthClass::Four => (10, 100),
            LengthClass::Five | LengthClass::Six => (25, 1000),
            LengthClass::SevenUp => (25, 5000),
        };
        Limits {
            local: maximum_logon_attempts.unwrap_or(local).max(1),
            global,
        }
    }
}
