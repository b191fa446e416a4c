//! How much a session may do before it says so instead of hanging or filling the memory.

/// The limits of a session. The defaults allow pipelines over a million objects.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest source text of one run, in bytes.
    pub source_bytes: usize,
    /// How deep parentheses, blocks and sub-expressions may nest in source.
    pub parse_depth: u32,
    /// How deep evaluation may nest: sub-expressions, blocks, pipeline stages together.
    pub eval_depth: u32,
    /// Work per run: statements, operations, pipeline objects, elements handled.
    pub steps: u64,
    /// Memory per run that a script may ask for, in cells of about 32 bytes. What it gave back does
    /// not count where the host can tell how much is in use.
    pub cells: u64,
    /// The longest text a script may make, in bytes.
    pub text_bytes: usize,
    /// The most elements an array or hash table may have.
    pub elements: usize,
    /// The longest compiled regular expression, in bytes.
    pub regex_bytes: usize,
    /// Errors kept in `$Error`.
    pub errors_kept: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            source_bytes: 1 << 20,
            parse_depth: 128,
            eval_depth: 250,
            steps: 200_000_000,
            cells: 32 << 20,
            text_bytes: 16 << 20,
            elements: 4_000_000,
            regex_bytes: 1 << 20,
            errors_kept: 256,
        }
    }
}
