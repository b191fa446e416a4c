//! R-PIN-3b: no four digits in a row that count up (991234) or down (654321): counting is the first
//! pattern that attackers try. 9→0 and 0→9 do not count as consecutive here.

use super::PinFacts;

/// How many digits in a row make a pattern.
const RUN: u32 = 4;

/// Whether four or more consecutive digits stand anywhere.
pub(super) fn breaks(digits: &[u8], _: &PinFacts) -> bool {
    let (mut up, mut down) = (1, 1);
    for pair in digits.windows(2) {
        let &[a, b] = pair else { continue };
        up = if b == a + 1 { up + 1 } else { 1 };
        down = if a == b + 1 { down + 1 } else { 1 };
        if up >= RUN || down >= RUN {
            return true;
        }
    }
    false
}
