//! What must be kept: the Store trait and its SQLite implementation.
