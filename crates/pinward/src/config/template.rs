//! The commented `pinward.toml` that `pinward init --config` writes: every key with its default. Prose begins
//! with `# `; a key with `#` alone, so that taking it away says it.

use super::{
    assertions, attendant, directory, fastagi, guessing, hash, hooks, httapi, log, metrics, radius,
    server, sign_in, sync, traces,
};

const HEAD: &str = "\
# The configuration of Pinward. Every key stands here with its default; take the # away to say something else.
# Unknown keys are refused. `pinward check-config` checks this file. A running server reads it again on SIGHUP;
# what is only read at the start says so. The environment variable PINWARD__SECTION__KEY takes the place of a
# key, written as here: PINWARD__SERVER__STOP=\"10 seconds\".
";

/// One for each section, in the order of the file.
const SECTIONS: &[&str] = &[
    server::TEMPLATE,
    sign_in::TEMPLATE,
    assertions::TEMPLATE,
    metrics::TEMPLATE,
    log::TEMPLATE,
    traces::TEMPLATE,
    attendant::TEMPLATE,
    fastagi::TEMPLATE,
    radius::TEMPLATE,
    guessing::TEMPLATE,
    hooks::TEMPLATE,
    httapi::TEMPLATE,
    hash::TEMPLATE,
    sync::TEMPLATE,
    directory::TEMPLATE,
];

/// The whole file.
pub fn template() -> String {
    let mut text = HEAD.to_owned();
    SECTIONS.iter().for_each(|section| text.push_str(section));
    text
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::{Deserializer, Error, Visitor, value};

    use super::*;
    use crate::config::read::read;
    use crate::config::{Config, mapping};

    /// Says which keys a section has by asking for none of them.
    struct Keys<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Keys<'_> {
        type Error = value::Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            keys: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, value::Error> {
            *self.0 = keys;
            Err(value::Error::custom("only the keys were asked for"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, value::Error> {
            Err(value::Error::custom("no section"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    fn keys_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
        let mut keys: &'static [&'static str] = &[];
        assert!(T::deserialize(Keys(&mut keys)).is_err());
        keys
    }

    /// A line that says a key or names a section once its `#` is taken away.
    fn said(line: &str) -> &str {
        let is_key = |c: char| c.is_ascii_lowercase() || c == '[';
        match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(is_key) => rest,
            _ => line,
        }
    }

    /// The keys of the lines beneath `[section]`.
    fn keys_in(template: &str, section: &str) -> Vec<String> {
        template
            .lines()
            .map(said)
            .skip_while(|line| *line != format!("[{section}]"))
            .skip(1)
            .take_while(|line| !line.starts_with('['))
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn taking_every_comment_sign_away_says_the_defaults() {
        let text: Vec<&str> = SECTIONS
            .iter()
            .flat_map(|text| text.lines())
            .map(said)
            .collect();
        let none = [("PATH".to_owned(), String::new())];
        let config = read(&text.join("\n"), none).expect("a configuration");
        assert_eq!(config, Config::default());
        assert_eq!(
            read(&template(), []).expect("a configuration"),
            Config::default()
        );
    }

    #[test]
    fn every_key_of_directories_is_on_their_page() {
        let page = include_str!("../../../../docs/directory.md");
        let keys = [
            keys_of::<directory::Directory>(),
            keys_of::<mapping::MappingKeys>(),
            keys_of::<mapping::SiteKeys>(),
            keys_of::<pinward_directory::ldap::Numbers>(),
        ];
        for key in keys.concat() {
            assert!(
                key == "password" || page.contains(&format!("`{key}`")),
                "{key}"
            );
        }
    }

    #[test]
    fn every_key_of_every_section_is_documented() {
        let sections: &[(&str, &[&str])] = &[
            ("assertions", keys_of::<assertions::Assertions>()),
            ("attendant", keys_of::<attendant::Attendant>()),
            ("fastagi", keys_of::<fastagi::FastAgi>()),
            ("guessing", keys_of::<guessing::Guessing>()),
            ("hash", keys_of::<hash::Hash>()),
            ("hooks", keys_of::<hooks::Hooks>()),
            ("httapi", keys_of::<httapi::Httapi>()),
            ("log", keys_of::<log::Log>()),
            ("metrics", keys_of::<metrics::Metrics>()),
            ("radius", keys_of::<radius::Radius>()),
            ("server", keys_of::<server::Server>()),
            ("sign_in", keys_of::<sign_in::SignIn>()),
            ("sync", keys_of::<sync::Sync>()),
            ("traces", keys_of::<traces::Traces>()),
        ];
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        let mut known = keys_of::<Config>().to_vec();
        // There may be several or none of it, and it has its own page.
        known.retain(|section| *section != "directory");
        known.sort_unstable();
        assert_eq!(names, known, "each section is listed in this test");
        for (section, keys) in sections {
            let mut documented = keys_in(&template(), section);
            let mut keys = keys.to_vec();
            documented.sort();
            keys.sort_unstable();
            assert_eq!(documented, keys, "[{section}]");
        }
    }
}
