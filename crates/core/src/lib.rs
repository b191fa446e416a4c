//! The rules of Pinward as pure code: no I/O, no clock, no randomness of its own.
