//! One parameter of a command, built in a `const` table.

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// Text; a number keeps the text it was typed as.
    String,
    /// One text or several.
    StringList,
    /// One or several texts replacing a list, or `@{Add=…; Remove=…; Replace=…}`: see
    /// [`crate::Args::list_change`].
    ListChange,
    /// `$true` or `$false`, given as a value.
    Bool,
    /// True by being there; `-Name:$false` takes it back.
    Switch,
    /// A whole number from -2147483648 to 2147483647.
    Int32,
    /// A whole number from 0 to 4294967295.
    UInt32,
    /// A whole number from 0 to 18446744073709551615.
    UInt64,
    /// `Unlimited` or a whole number as [`ParamKind::UInt32`].
    UnlimitedUInt32,
    /// Any number.
    Number,
    /// Anything, as it is.
    Any,
    /// Anything; several come as an array, one as an array of one.
    AnyList,
    /// An object of one of these types (none named: of any type).
    Object(&'static [&'static str]),
    /// A hash table.
    Hash,
    /// A script block.
    Block,
    /// A condition: the source text of a script block, or text.
    Filter,
    /// One of these words, without regard to case; comes as it is spelt here.
    Enum(&'static [&'static str]),
    /// A point in time.
    Date,
}

/// One parameter. Make it with one of the constructors named after [`ParamKind`] and say the rest
/// with the methods; everything is `const`.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// The name, without dash.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: ParamKind,
    /// Must be given.
    pub required: bool,
    /// Its order among the parameters given without a name.
    pub position: Option<u8>,
    /// Takes the pipeline object.
    pub by_value: bool,
    /// Takes the property of its name (or alias) of the pipeline object.
    pub by_property: bool,
    /// The parameter sets it belongs to; none: all.
    pub sets: &'static [&'static str],
    /// Its value must never be shown, logged or kept.
    pub secret: bool,
    /// Takes `$null`.
    pub allow_null: bool,
    /// Takes all values without a name that no other parameter takes.
    pub remaining: bool,
    /// The least and greatest number accepted.
    pub range: Option<(i64, i64)>,
    /// Not shown in help, completion and syntax.
    pub hidden: bool,
    /// What it is for.
    pub help: &'static str,
    /// The type shown in syntax, where it says more than the kind.
    pub label: Option<&'static str>,
    /// The name of a source of completions the host answers, such as `user`, `policy`, `site`.
    pub completes: Option<&'static str>,
}

impl Param {
    /// A parameter of any kind.
    #[must_use]
    pub const fn new(name: &'static str, kind: ParamKind) -> Self {
        Param {
            name,
            aliases: &[],
            kind,
            required: false,
            position: None,
            by_value: false,
            by_property: false,
            sets: &[],
            secret: false,
            allow_null: false,
            remaining: false,
            range: None,
            hidden: false,
            help: "",
            label: None,
            completes: None,
        }
    }

    /// Text.
    #[must_use]
    pub const fn string(name: &'static str) -> Self {
        Self::new(name, ParamKind::String)
    }

    /// One text or several.
    #[must_use]
    pub const fn strings(name: &'static str) -> Self {
        Self::new(name, ParamKind::StringList)
    }

    /// A list or a change to one.
    #[must_use]
    pub const fn list_change(name: &'static str) -> Self {
        Self::new(name, ParamKind::ListChange)
    }

    /// A truth value.
    #[must_use]
    pub const fn boolean(name: &'static str) -> Self {
        Self::new(name, ParamKind::Bool)
    }

    /// A switch.
    #[must_use]
    pub const fn switch(name: &'static str) -> Self {
        Self::new(name, ParamKind::Switch)
    }

    /// A whole number that may be negative.
    #[must_use]
    pub const fn int32(name: &'static str) -> Self {
        Self::new(name, ParamKind::Int32)
    }

    /// A whole number that may not be negative.
    #[must_use]
    pub const fn uint32(name: &'static str) -> Self {
        Self::new(name, ParamKind::UInt32)
    }

    /// A large whole number that may not be negative.
    #[must_use]
    pub const fn uint64(name: &'static str) -> Self {
        Self::new(name, ParamKind::UInt64)
    }

    /// Anything.
    #[must_use]
    pub const fn any(name: &'static str) -> Self {
        Self::new(name, ParamKind::Any)
    }

    /// An object of one of these types.
    #[must_use]
    pub const fn object(name: &'static str, types: &'static [&'static str]) -> Self {
        Self::new(name, ParamKind::Object(types))
    }

    /// A script block.
    #[must_use]
    pub const fn block(name: &'static str) -> Self {
        Self::new(name, ParamKind::Block)
    }

    /// A condition.
    #[must_use]
    pub const fn filter(name: &'static str) -> Self {
        Self::new(name, ParamKind::Filter)
    }

    /// One of these words.
    #[must_use]
    pub const fn one_of(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::new(name, ParamKind::Enum(words))
    }

    /// Other names it goes by.
    #[must_use]
    pub const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// May be given without its name, in this order.
    #[must_use]
    pub const fn at(mut self, position: u8) -> Self {
        self.position = Some(position);
        self
    }

    /// Takes the pipeline object.
    #[must_use]
    pub const fn by_value(mut self) -> Self {
        self.by_value = true;
        self
    }

    /// Takes the property of its name of the pipeline object.
    #[must_use]
    pub const fn by_property(mut self) -> Self {
        self.by_property = true;
        self
    }

    /// Belongs to these parameter sets only.
    #[must_use]
    pub const fn sets(mut self, sets: &'static [&'static str]) -> Self {
        self.sets = sets;
        self
    }

    /// Its value is never shown, logged or kept.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Takes `$null`.
    #[must_use]
    pub const fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }

    /// Takes all values that are left.
    #[must_use]
    pub const fn remaining(mut self) -> Self {
        self.remaining = true;
        self
    }

    /// Accepts numbers from `least` to `greatest`.
    #[must_use]
    pub const fn range(mut self, least: i64, greatest: i64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    /// Not shown in help and completion.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// What it is for.
    #[must_use]
    pub const fn help(mut self, text: &'static str) -> Self {
        self.help = text;
        self
    }

    /// The type shown in syntax, such as `UserIdParameter` for what takes names and objects.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }

    /// Where its values can be completed from.
    #[must_use]
    pub const fn completes(mut self, source: &'static str) -> Self {
        self.completes = Some(source);
        self
    }

    /// Whether it is called `name`, by name or alias.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || self.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
    }

    /// Whether it can be given in `set`.
    #[must_use]
    pub fn is_in(&self, set: &str) -> bool {
        self.sets.is_empty() || self.sets.iter().any(|s| s.eq_ignore_ascii_case(set))
    }

    /// The type shown in syntax, such as `UInt32`.
    #[must_use]
    pub fn type_label(&self) -> &'static str {
        if let Some(label) = self.label {
            return label;
        }
        match self.kind {
            ParamKind::String | ParamKind::Filter | ParamKind::Enum(_) => "String",
            ParamKind::StringList => "String[]",
            ParamKind::ListChange => "PSListModifier",
            ParamKind::Bool => "Boolean",
            ParamKind::Switch => "SwitchParameter",
            ParamKind::Int32 => "Int32",
            ParamKind::UInt32 => "UInt32",
            ParamKind::UInt64 => "UInt64",
            ParamKind::UnlimitedUInt32 => "Unlimited[UInt32]",
            ParamKind::Number => "Double",
            ParamKind::Any => "Object",
            ParamKind::AnyList => "Object[]",
            ParamKind::Object(_) => "PSObject",
            ParamKind::Hash => "Hashtable",
            ParamKind::Block => "ScriptBlock",
            ParamKind::Date => "DateTime",
        }
    }
}
