//! Objects: property bags with a type.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use super::{Name, TypeDesc, Value, graveyard};

/// One property of an object.
#[derive(Clone)]
pub struct Property {
    /// Its name, as shown.
    pub name: Name,
    /// Its value.
    pub value: Value,
}

/// A property bag with a type; properties keep their order, names compare without regard to case.
///
/// ```
/// use pinward_shell::{Object, TypeDesc, Value};
/// const SITE: TypeDesc = TypeDesc::new("Site", &["Identity", "DisplayName"]);
/// static SITE_TYPE: TypeDesc = SITE;
/// let site: Value = Object::new(&SITE_TYPE)
///     .with("Identity", "Site:Redmond")
///     .with("DisplayName", None::<&str>)
///     .into();
/// assert_eq!(site.property("identity").unwrap().to_text().as_ref(), "Site:Redmond");
/// ```
pub struct Object {
    desc: &'static TypeDesc,
    selected: bool,
    properties: RefCell<Vec<Property>>,
}

impl Object {
    /// An object without properties yet.
    #[must_use]
    pub fn new(desc: &'static TypeDesc) -> Self {
        Object {
            desc,
            selected: false,
            properties: RefCell::new(Vec::with_capacity(desc.properties.len())),
        }
    }

    /// An object with the values of all properties of its type, in their order; the cheapest way to
    /// make one of many.
    #[must_use]
    pub fn of<const N: usize>(desc: &'static TypeDesc, values: [Value; N]) -> Self {
        debug_assert_eq!(
            desc.properties.len(),
            N,
            "{} has other properties",
            desc.name
        );
        let properties = desc.properties.iter().zip(values);
        let properties = properties.map(|(&name, value)| Property {
            name: Name::from(name),
            value,
        });
        Object {
            desc,
            selected: false,
            properties: RefCell::new(properties.collect()),
        }
    }

    /// What `[pscustomobject]@{}` and file readers make.
    #[must_use]
    pub fn custom() -> Self {
        Object::new(&TypeDesc::CUSTOM)
    }

    /// What `Select-Object` makes of an object of type `desc`.
    #[must_use]
    pub fn selected(desc: &'static TypeDesc) -> Self {
        Object {
            desc,
            selected: true,
            properties: RefCell::default(),
        }
    }

    /// Adds a property (or replaces the one of that name) while building.
    #[must_use]
    pub fn with(self, name: impl Into<Name>, value: impl Into<Value>) -> Self {
        self.put(name, value.into());
        self
    }

    /// Adds or replaces a property.
    pub fn put(&self, name: impl Into<Name>, value: Value) {
        let name = name.into();
        if let Err(value) = self.replace(&name, value) {
            self.properties.borrow_mut().push(Property { name, value });
        }
    }

    /// Replaces the value of an existing property; `false` if there is none of that name.
    #[must_use]
    pub fn set(&self, name: &str, value: Value) -> bool {
        self.replace(name, value).is_ok()
    }

    fn replace(&self, name: &str, value: Value) -> Result<(), Value> {
        let old = {
            let mut properties = self.properties.borrow_mut();
            match properties
                .iter_mut()
                .find(|p| p.name.eq_ignore_ascii_case(name))
            {
                Some(p) => std::mem::replace(&mut p.value, value),
                None => return Err(value),
            }
        };
        // Dropped outside the borrow: it may hold the last reference to anything.
        drop(old);
        Ok(())
    }

    /// The value of a property, if there is one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        let properties = self.properties.borrow();
        properties
            .iter()
            .find(|p| p.name.eq_ignore_ascii_case(name))
            .map(|p| p.value.clone())
    }

    /// All properties in their order.
    #[must_use]
    pub fn properties(&self) -> Ref<'_, [Property]> {
        Ref::map(self.properties.borrow(), Vec::as_slice)
    }

    /// The description of its type (for a selection: of the type it was selected from).
    #[must_use]
    pub fn desc(&self) -> &'static TypeDesc {
        self.desc
    }

    /// Whether `Select-Object` made it: then all its properties are shown, not the type's view.
    #[must_use]
    pub fn is_selected(&self) -> bool {
        self.selected
    }

    /// Its type name, with `Selected.` in front where it is a selection.
    #[must_use]
    pub fn type_name(&self) -> Cow<'static, str> {
        if self.selected {
            Cow::Owned(format!("Selected.{}", self.desc.name))
        } else {
            Cow::Borrowed(self.desc.name)
        }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        graveyard::bury(self.properties.get_mut().iter_mut().map(|p| &mut p.value));
    }
}
