//! Descriptions of object types, and the types that can be named in brackets.

/// A column of a type's default table.
#[derive(Debug)]
pub struct Column {
    /// The property shown.
    pub name: &'static str,
    /// Its width in terminal cells, where it is fixed; else the formatter decides.
    pub width: Option<u16>,
    /// Whether it is aligned to the right.
    pub right: bool,
    /// Whether its values are never cut, whatever the room.
    pub whole: bool,
}

impl Column {
    /// A column as wide as the formatter finds good, aligned to the left.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Column {
            name,
            width: None,
            right: false,
            whole: false,
        }
    }

    /// With a fixed width in terminal cells.
    #[must_use]
    pub const fn width(mut self, cells: u16) -> Self {
        self.width = Some(cells);
        self
    }

    /// Never cut: its values are shown only once, or of no use in part.
    #[must_use]
    pub const fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Aligned to the right.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// How objects of a type are shown when nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A table up to four properties, else a list.
    Auto,
    /// A table.
    Table,
    /// A list.
    List,
}

/// The description of an object type; make one `static` per type.
#[derive(Debug)]
pub struct TypeDesc {
    /// The name shown by `Get-Member` and used in errors, such as `UserPinPolicy`.
    pub name: &'static str,
    /// Longer names the type also answers to (`-is [full.name]` and type names on the wire).
    pub full_names: &'static [&'static str],
    /// All properties in their order; also the source of completion.
    pub properties: &'static [&'static str],
    /// The properties shown by default; empty: all.
    pub shown: &'static [&'static str],
    /// The columns of the default table; empty: the shown properties.
    pub table: &'static [Column],
    /// The default view.
    pub view: View,
    /// The property that is the object's text; without one that is the name of its type.
    pub text: Option<&'static str>,
}

impl TypeDesc {
    /// The type of `[pscustomobject]` and of rows read from files.
    pub const CUSTOM: TypeDesc = TypeDesc::new("System.Management.Automation.PSCustomObject", &[])
        .also(&["PSCustomObject", "PSObject"]);

    /// A type that shows all its properties.
    #[must_use]
    pub const fn new(name: &'static str, properties: &'static [&'static str]) -> Self {
        TypeDesc {
            name,
            full_names: &[],
            properties,
            shown: &[],
            table: &[],
            view: View::Auto,
            text: None,
        }
    }

    /// Further names of the type.
    #[must_use]
    pub const fn also(mut self, names: &'static [&'static str]) -> Self {
        self.full_names = names;
        self
    }

    /// The properties shown by default, where not all are.
    #[must_use]
    pub const fn shows(mut self, properties: &'static [&'static str]) -> Self {
        self.shown = properties;
        self
    }

    /// Shown as a table with these columns.
    #[must_use]
    pub const fn as_table(mut self, columns: &'static [Column]) -> Self {
        self.table = columns;
        self.view = View::Table;
        self
    }

    /// With this property as its text.
    #[must_use]
    pub const fn told_by(mut self, property: &'static str) -> Self {
        self.text = Some(property);
        self
    }

    /// Shown as a list.
    #[must_use]
    pub const fn as_list(mut self) -> Self {
        self.view = View::List;
        self
    }

    /// Whether the type is called `name` (without regard to case).
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || self.full_names.iter().any(|n| n.eq_ignore_ascii_case(name))
    }
}

/// A type that can be named in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeName {
    /// `[int]`, `[int32]`.
    Int,
    /// `[long]`, `[int64]`.
    Long,
    /// `[uint32]`.
    UInt32,
    /// `[uint64]`.
    UInt64,
    /// `[double]`, `[float]`, `[single]`, `[decimal]`.
    Double,
    /// `[string]`.
    String,
    /// `[bool]`.
    Bool,
    /// `[switch]`.
    Switch,
    /// `[datetime]`.
    DateTime,
    /// `[timespan]`.
    TimeSpan,
    /// `[array]`, `[object[]]`.
    Array,
    /// `[string[]]`.
    StringArray,
    /// `[int[]]`.
    IntArray,
    /// `[hashtable]`.
    Hashtable,
    /// `[ordered]`: only as a cast of a hash table.
    Ordered,
    /// `[pscustomobject]`, `[psobject]`.
    Custom,
    /// `[scriptblock]`.
    ScriptBlock,
    /// `[object]`.
    Object,
    /// `[void]`: only as a cast.
    Void,
}

impl TypeName {
    const NAMES: &'static [(&'static str, TypeName)] = &[
        ("int", TypeName::Int),
        ("int32", TypeName::Int),
        ("long", TypeName::Long),
        ("int64", TypeName::Long),
        ("uint32", TypeName::UInt32),
        ("uint64", TypeName::UInt64),
        ("double", TypeName::Double),
        ("float", TypeName::Double),
        ("single", TypeName::Double),
        ("decimal", TypeName::Double),
        ("string", TypeName::String),
        ("bool", TypeName::Bool),
        ("boolean", TypeName::Bool),
        ("switch", TypeName::Switch),
        ("datetime", TypeName::DateTime),
        ("timespan", TypeName::TimeSpan),
        ("array", TypeName::Array),
        ("object[]", TypeName::Array),
        ("string[]", TypeName::StringArray),
        ("int[]", TypeName::IntArray),
        ("hashtable", TypeName::Hashtable),
        ("ordered", TypeName::Ordered),
        ("pscustomobject", TypeName::Custom),
        ("psobject", TypeName::Custom),
        ("scriptblock", TypeName::ScriptBlock),
        ("object", TypeName::Object),
        ("void", TypeName::Void),
    ];

    /// The type of that name, with or without `System.` in front.
    #[must_use]
    pub fn parse(name: &str) -> Option<TypeName> {
        let name = name.trim().to_ascii_lowercase();
        let name = name.strip_prefix("system.").unwrap_or(&name);
        let name = name.strip_prefix("management.automation.").unwrap_or(name);
        Self::NAMES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, t)| *t)
    }

    /// Its name, without brackets.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, t)| *t == self)
            .map_or("object", |(n, _)| n)
    }
}
