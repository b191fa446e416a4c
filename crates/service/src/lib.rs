//! The use cases of Pinward: who may do what, and what then happens.
