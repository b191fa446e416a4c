//! Reading `pinward.toml`, and the environment variables that say something else.
//!
//! `PINWARD__SECTION__KEY` takes the place of a key: `PINWARD__SERVER__STOP="10 seconds"`. The value is
//! written as in the file, `PINWARD__SERVER__LISTEN='["http://127.0.0.1:8080"]'`; quotes around a text may be
//! left out. Errors name the line or the variable and never repeat a value's line: it may hold a password.

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use toml::{Table, Value};

use super::Config;

/// How environment variables that are meant begin.
const PREFIX: &str = "PINWARD__";

/// The configuration that a file and the environment say.
pub fn read(text: &str, environment: impl IntoIterator<Item = (String, String)>) -> Result<Config> {
    let mut config = toml::from_str(text).map_err(|error| told(&error, text))?;
    let mut variables: Vec<_> = environment
        .into_iter()
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    variables.sort();
    let mut table: Table = toml::from_str(text).map_err(|error| told(&error, text))?;
    for (name, value) in variables {
        (table, config) = with(&table, &name, &value)
            .with_context(|| format!("the environment variable {name}"))?;
    }
    Ok(config)
}

/// The configuration with one variable more.
fn with(table: &Table, name: &str, value: &str) -> Result<(Table, Config)> {
    let path = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    let path: Vec<&str> = path.split("__").collect();
    let plain = Value::String(value.to_owned());
    let mut came = Err(anyhow!("it says nothing"));
    // As in the file, else as a text without its quotes.
    for value in written(value).into_iter().chain([plain]) {
        let mut table = table.clone();
        put(&mut table, &path, value)?;
        let read = Config::deserialize(Value::Table(table.clone()));
        match read {
            Ok(config) => return Ok((table, config)),
            Err(error) => came = came.or(Err(anyhow!(suggesting(error.message(), None)))),
        }
    }
    came
}

/// A value as it is written in the file.
fn written(value: &str) -> Option<Value> {
    let mut table: Table = toml::from_str(&format!("value = {value}")).ok()?;
    match table.len() {
        1 => table.remove("value"),
        _ => None,
    }
}

fn put(table: &mut Table, path: &[&str], value: Value) -> Result<()> {
    match path {
        [] => Ok(()),
        [key] => {
            table.insert((*key).to_owned(), value);
            Ok(())
        }
        [section, rest @ ..] => {
            let section = table
                .entry((*section).to_owned())
                .or_insert_with(|| Value::Table(Table::new()));
            match section {
                Value::Table(table) => put(table, rest, value),
                _ => bail!("this cannot be said by a variable; say it in pinward.toml"),
            }
        }
    }
}

/// An error of the file, with its line and section.
fn told(error: &toml::de::Error, text: &str) -> anyhow::Error {
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return anyhow!(suggesting(error.message(), None));
    };
    let line = 1 + before.matches('\n').count();
    let section = before
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| line.starts_with('['));
    anyhow!("line {line}: {}", suggesting(error.message(), section))
}

/// The message; of a key that there is not, the name that was probably meant.
fn suggesting(message: &str, section: Option<&str>) -> String {
    let Some((unknown, known)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
    else {
        return message.to_owned();
    };
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(unknown, known), *known))
        .min()
        .filter(|(distance, known)| *distance <= 1 + known.len() / 3);
    let place = section
        .map(|section| format!(" in {section}"))
        .unwrap_or_default();
    match nearest {
        Some((_, nearest)) => format!("there is no key `{unknown}`{place}; is `{nearest}` meant?"),
        None => format!(
            "there is no key `{unknown}`{place}; there are {}",
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        match read(text, variables) {
            Ok(_) => panic!("{text} was taken"),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_name() {
        for (text, says) in [
            (
                "[server]\nlisen = []",
                "line 2: there is no key `lisen` in [server]; is `listen` meant?",
            ),
            (
                "# first\n[servr]\nlisten = []",
                "line 2: there is no key `servr`",
            ),
            ("[servr]\nlisten = []", "is `server` meant?"),
            (
                "\n[log]\nxyz = 1",
                "line 3: there is no key `xyz` in [log]; there are ",
            ),
            ("[hash]\npasses = \"many\"", "line 2: invalid type"),
            ("[hash]\npasses = 1\npasses = 2", "line 3: "),
        ] {
            let error = refusal(text, &[]);
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_variable_takes_the_place_of_a_key() {
        let variables = [
            ("PINWARD__SERVER__STOP", "10 seconds"),
            ("PINWARD__SERVER__LISTEN", "[\"unix:/run/p.sock\"]"),
            ("PINWARD__HASH__PASSES", "7"),
            ("PINWARD_DATA", "/var/lib/pinward"),
            ("PATH", "/bin"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = read("[hash]\npasses = 5\nlanes = 2", variables).expect("a configuration");
        assert_eq!((read.hash.passes, read.hash.lanes), (7, 2));
        assert_eq!(read.server.listen, ["unix:/run/p.sock"]);
        assert_eq!(read.server.stop.0.as_secs(), 10);
    }

    #[test]
    fn a_variable_that_says_nothing_of_use_is_named() {
        for (name, value, says) in [
            ("PINWARD__SERVER__LISEN", "x", "is `listen` meant?"),
            ("PINWARD__HASH__PASSES", "many", "invalid type"),
            ("PINWARD__HASH__PASSES", "1\nlanes = 3", "invalid type"),
            ("PINWARD__HASH", "1", "invalid type"),
        ] {
            let error = refusal("", &[(name, value)]);
            assert!(
                error.contains(says) && error.contains(name),
                "{name}: {error}"
            );
        }
    }
}
