//! The program as a user meets it, and the order of the house.

mod tidy;
