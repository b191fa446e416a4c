//! Operators by name and precedence.

use crate::ast::{BinaryOp, Compare, UnaryOp};

/// Comparisons that have a form with `c` and one with `i` in front.
const COMPARISONS: &[(&str, Compare)] = &[
    ("eq", Compare::Eq),
    ("ne", Compare::Ne),
    ("gt", Compare::Gt),
    ("ge", Compare::Ge),
    ("lt", Compare::Lt),
    ("le", Compare::Le),
    ("like", Compare::Like),
    ("notlike", Compare::NotLike),
    ("match", Compare::Match),
    ("notmatch", Compare::NotMatch),
    ("contains", Compare::Contains),
    ("notcontains", Compare::NotContains),
    ("in", Compare::In),
    ("notin", Compare::NotIn),
    ("replace", Compare::Replace),
    ("split", Compare::Split),
];

const OTHERS: &[(&str, BinaryOp)] = &[
    ("and", BinaryOp::And),
    ("or", BinaryOp::Or),
    ("xor", BinaryOp::Xor),
    ("is", BinaryOp::Is),
    ("isnot", BinaryOp::IsNot),
    ("as", BinaryOp::As),
    ("join", BinaryOp::Join),
    ("f", BinaryOp::Format),
];

/// Operators of PowerShell that are refused.
pub(super) const REFUSED: &[&str] = &["band", "bor", "bxor", "bnot", "shl", "shr"];

/// The operator of that name between two operands; the name without its dash.
pub(crate) fn binary(name: &str) -> Option<BinaryOp> {
    let name = name.to_ascii_lowercase();
    let plain = |name: &str| {
        COMPARISONS
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, op)| *op)
    };
    if let Some((_, op)) = OTHERS.iter().find(|(n, _)| *n == name) {
        return Some(*op);
    }
    if let Some(op) = plain(&name) {
        return Some(BinaryOp::Compare(op, false));
    }
    if let Some(op) = name.strip_prefix('i').and_then(plain) {
        return Some(BinaryOp::Compare(op, false));
    }
    name.strip_prefix('c')
        .and_then(plain)
        .map(|op| BinaryOp::Compare(op, true))
}

/// The operator of that name in front of an operand.
pub(super) fn unary(name: &str) -> Option<UnaryOp> {
    match name.to_ascii_lowercase().as_str() {
        "not" => Some(UnaryOp::Not),
        "join" => Some(UnaryOp::Join),
        "split" | "isplit" | "csplit" => Some(UnaryOp::Split),
        _ => None,
    }
}

/// The loosest level.
pub(super) const LOOSEST: u8 = 0;
/// The tightest level between two operands.
pub(super) const TIGHTEST: u8 = 5;

/// How tightly an operator binds.
pub(super) fn level(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => LOOSEST,
        BinaryOp::Compare(..) | BinaryOp::Is | BinaryOp::IsNot | BinaryOp::As | BinaryOp::Join => 1,
        BinaryOp::Add | BinaryOp::Subtract => 2,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => 3,
        BinaryOp::Format => 4,
        BinaryOp::Range => TIGHTEST,
    }
}
