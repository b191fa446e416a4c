//! Development only: the product in memory with a manual clock and seeded entropy.
