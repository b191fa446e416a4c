//! Laying out objects for people.
