//! The program as a user meets it, and the order of the house.

mod bad_input;
mod command_line;
mod crash;
mod importing;
mod program;
mod reference_pages;
mod secrets;
mod tidy;
