//! Numbers that everybody knows: the beginnings of famous constants and sequences, and a few that
//! films, songs and jokes have made known.

/// Their beginnings count from four digits on.
const BEGINNINGS: [&[u8]; 8] = [
    b"314159265358979323846264", // pi
    b"271828182845904523536028", // e
    b"141421356237309504880168", // the square root of two
    b"161803398874989484820458", // the golden ratio
    b"112358132134558914423337", // Fibonacci
    b"124816326412825651210242", // powers of two
    b"235711131719232931374143", // prime numbers
    b"149162536496481100121144", // squares
];

/// These count as they are.
const WHOLE: [&[u8]; 18] = [
    b"0007", b"00700", b"0070", b"007007", b"1024", b"2048", b"4096", b"8192", b"65536", b"1337",
    b"31337", b"0420", b"42069", b"69420", b"1701", b"90210", b"8675309", b"525600",
];

/// Whether the digits are one of these numbers.
pub(super) fn is_habit(digits: &[u8]) -> bool {
    BEGINNINGS.iter().any(|known| known.starts_with(digits)) || WHOLE.contains(&digits)
}

/// All PINs of that length which are one of these numbers.
pub(super) fn members(length: usize, take: &mut dyn FnMut(Vec<u8>)) {
    for known in BEGINNINGS {
        take(known.iter().copied().take(length).collect());
    }
    WHOLE.iter().for_each(|known| take(known.to_vec()));
}
