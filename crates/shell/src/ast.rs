//! The parsed form of source. Chains of operators, members and pipeline stages are flat lists, so
//! that only nesting the parser has counted makes anything recurse.

use std::rc::Rc;

use crate::value::{TypeName, Value};

/// A place in source: a byte offset.
pub type At = u32;

/// A parsed script block, or a whole script.
pub struct ScriptBlock {
    /// The text between the braces, or the whole script.
    pub source: Rc<str>,
    /// The whole script this is a part of, for showing where an error lies.
    pub script: Rc<str>,
    /// Its statements.
    pub body: Vec<Statement>,
}

/// One statement and where it starts.
pub struct Statement {
    /// Where it starts.
    pub at: At,
    /// What it is.
    pub kind: StatementKind,
}

/// The kinds of statement.
pub enum StatementKind {
    /// A pipeline or an expression.
    Pipeline(Pipeline),
    /// `target = value` and its relatives.
    Assign {
        /// What is assigned to.
        target: Target,
        /// `=`, `+=` …
        op: AssignOp,
        /// The right side.
        value: Box<Statement>,
    },
    /// `if (…) {…} elseif (…) {…} else {…}`.
    If {
        /// Conditions with their blocks.
        arms: Vec<(Pipeline, Vec<Statement>)>,
        /// The `else` block.
        otherwise: Vec<Statement>,
    },
    /// `foreach ($x in …) {…}`.
    ForEach {
        /// The loop variable, folded.
        variable: Rc<str>,
        /// What is gone through.
        items: Pipeline,
        /// The body.
        body: Vec<Statement>,
    },
    /// `while (…) {…}`.
    While {
        /// The condition.
        condition: Pipeline,
        /// The body.
        body: Vec<Statement>,
    },
    /// `for (…; …; …) {…}`.
    For {
        /// Before the first turn.
        start: Option<Box<Statement>>,
        /// Before each turn.
        condition: Option<Pipeline>,
        /// After each turn.
        step: Option<Box<Statement>>,
        /// The body.
        body: Vec<Statement>,
    },
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `return …`.
    Return(Option<Pipeline>),
    /// `exit …`.
    Exit(Option<Pipeline>),
}

/// What can be assigned to.
pub enum Target {
    /// A variable, folded.
    Variable(Rc<str>),
    /// `[int]$x`: a variable, folded, with a conversion.
    Typed(TypeName, Rc<str>),
    /// A property or element of something.
    Place {
        /// The thing.
        base: Box<Expr>,
        /// The last step, which names the place: a member or an index.
        step: Step,
    },
    /// `$a, $b`.
    Several(Vec<Target>),
}

/// The assignment operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignOp {
    /// `=`
    Set,
    /// `+=`, `-=`, `*=`, `/=`, `%=`
    With(BinaryOp),
}

/// Commands and at most one expression in front, joined by `|`.
pub struct Pipeline {
    /// Where it starts.
    pub at: At,
    /// Its parts, at least one.
    pub elements: Vec<Element>,
}

/// One part of a pipeline.
pub enum Element {
    /// An expression (first only).
    Expr(Expr),
    /// A command call.
    Command(Call),
}

/// A command with its arguments as written.
pub struct Call {
    /// The name or alias as written.
    pub name: Rc<str>,
    /// Where the name stands.
    pub at: At,
    /// The arguments in order.
    pub args: Vec<Argument>,
}

/// One argument as written.
pub enum Argument {
    /// `-Name`, or `-Name:value`.
    Named {
        /// The name without its dash.
        name: Rc<str>,
        /// The value after a colon.
        value: Option<Expr>,
        /// Where it stands.
        at: At,
    },
    /// A value.
    Value(Expr, At),
    /// `@variable`, folded.
    Splat(Rc<str>, At),
}

/// An expression.
pub enum Expr {
    /// A constant.
    Const(Value),
    /// Text with parts to be filled in.
    Text(Vec<TextPart>),
    /// A variable, folded.
    Variable(Rc<str>),
    /// `$_`.
    It,
    /// `a, b, c`.
    List(Vec<Expr>),
    /// `@( … )`.
    Array(Vec<Statement>),
    /// `$( … )`.
    Sub(Vec<Statement>),
    /// `( … )`.
    Paren(Box<Statement>),
    /// `@{ … }`: keys and values.
    Hash(Vec<(Expr, Statement)>),
    /// `{ … }`.
    Block(Rc<ScriptBlock>),
    /// Operators of one precedence, from left to right.
    Chain(Box<Expr>, Vec<(BinaryOp, At, Expr)>),
    /// An operator in front.
    Unary(UnaryOp, Box<Expr>, At),
    /// Members, elements and methods of something.
    Steps(Box<Expr>, Vec<Step>),
    /// `[type]expression`.
    Cast(TypeName, Box<Expr>, At),
}

/// A part of an expandable text.
pub enum TextPart {
    /// As it stands.
    Plain(Rc<str>),
    /// The text of a value.
    Filled(Expr),
}

/// A step from a value to something in it.
pub enum Step {
    /// `.Name`, or `.(expression)`.
    Member(MemberName, At),
    /// `[index]`.
    Index(Expr, At),
    /// `.Name(arguments)`.
    Method(Rc<str>, Vec<Expr>, At),
}

/// The name of a member.
pub enum MemberName {
    /// As written.
    Known(Rc<str>),
    /// To be worked out.
    Computed(Expr),
}

/// Operators in front of an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-not`, `!`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `,`
    Comma,
    /// `-join`
    Join,
    /// `-split`
    Split,
}

/// Comparisons that know about case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `-eq`
    Eq,
    /// `-ne`
    Ne,
    /// `-gt`
    Gt,
    /// `-ge`
    Ge,
    /// `-lt`
    Lt,
    /// `-le`
    Le,
    /// `-like`
    Like,
    /// `-notlike`
    NotLike,
    /// `-match`
    Match,
    /// `-notmatch`
    NotMatch,
    /// `-contains`
    Contains,
    /// `-notcontains`
    NotContains,
    /// `-in`
    In,
    /// `-notin`
    NotIn,
    /// `-replace`
    Replace,
    /// `-split`
    Split,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// A comparison; the flag says whether case counts.
    Compare(Compare, bool),
    /// `-is`
    Is,
    /// `-isnot`
    IsNot,
    /// `-as`
    As,
    /// `-join`
    Join,
    /// `-f`
    Format,
    /// `-and`
    And,
    /// `-or`
    Or,
    /// `-xor`
    Xor,
    /// `..`
    Range,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}
