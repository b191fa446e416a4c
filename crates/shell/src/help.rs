//! Help texts, made from the definitions of commands.
