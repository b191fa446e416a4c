//! Starting the real program on a folder of its own.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder with the sample company.
pub struct Sample {
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }
}

impl Run {
    /// The run, which must have gone well.
    pub fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        assert_eq!(self.err, "", "{self:#?}");
        self
    }
}

/// The program, cut off from the environment of whoever runs the tests.
pub fn pinward() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pinward"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TZ", "UTC");
    command.stdin(Stdio::null());
    command
}

impl Sample {
    /// A fresh folder.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sample = Self { folder };
        let made = pinward()
            .args(["init", "--sample"])
            .env("PINWARD_DATA", sample.data())
            .output()
            .expect("the program starts");
        Run::from(made).well();
        sample
    }

    /// The data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Everything that belongs to this sample: the data folder, home, exports.
    pub fn everything(&self) -> &Path {
        self.folder.path()
    }

    /// The program on this folder.
    pub fn command(&self) -> Command {
        let mut command = pinward();
        command
            .env("PINWARD_DATA", self.data())
            .env("HOME", self.everything());
        command.current_dir(self.everything());
        command
    }

    /// Runs commands given on standard input, so that PINs are in no argument list.
    pub fn run(&self, source: &str) -> Run {
        let mut child = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child
            .stdin
            .take()
            .expect("its standard input")
            .write_all(source.as_bytes())
            .expect("it reads the commands");
        child.wait_with_output().expect("it ends").into()
    }

    /// Runs a pipeline and reads what it puts out as JSON: always a list.
    pub fn json(&self, pipeline: &str) -> Vec<Value> {
        let out = self
            .run(&format!("ConvertTo-Json -Depth 4 @({pipeline})"))
            .well()
            .out;
        match serde_json::from_str(&out) {
            Ok(Value::Array(values)) => values,
            Ok(Value::Null) => Vec::new(),
            Ok(value) => vec![value],
            Err(error) => panic!("{error}: {out}"),
        }
    }

    /// One property of what a pipeline puts out, as text.
    pub fn texts(&self, pipeline: &str, property: &str) -> Vec<String> {
        let text = |value: &Value| match &value[property] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.json(pipeline).iter().map(text).collect()
    }

    /// Whether this PIN logs this user on: a real logon.
    pub fn logs_on(&self, who: &str, pin: &str) -> bool {
        let pipeline = format!("Test-CsPhoneBootstrap -PhoneOrExt '{who}' -Pin '{pin}'");
        self.texts(&pipeline, "Result") == ["Success"]
    }
}
