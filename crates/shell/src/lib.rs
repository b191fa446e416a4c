//! The command language: lexer, parser, evaluator, values, parameter binder, formatting. Knows no PIN.
