//! The key file: who may read it, what is in it, and that no key is ever lost.

use crate::{entropy, now};
use pinward_core::Entropy;
use pinward_verifier::{KeyError, KeyRing};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn key_line(text: &str) -> &str {
    text.lines().find(|line| line.starts_with("key ")).unwrap()
}

#[test]
fn a_new_file_is_private_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let made = KeyRing::create(&path, &entropy(1), now()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    let read = KeyRing::load(&path).unwrap();
    assert_eq!(read.ids(), made.ids());
    assert_eq!(read.fingerprints(), made.fingerprints());
    assert_eq!(read.created(read.current_id()), Some(now()));
    assert_eq!(read.fingerprint("00000000"), None);
}

#[test]
fn nothing_is_ever_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyRing::create(&path, &entropy(1), now()).unwrap();
    let before = fs::read(&path).unwrap();
    let again = KeyRing::create(&path, &entropy(2), now());
    assert!(matches!(again, Err(KeyError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);

    let elsewhere = folder.path().join("elsewhere");
    symlink(folder.path().join("nowhere"), &elsewhere).unwrap();
    let through_link = KeyRing::create(&elsewhere, &entropy(2), now());
    assert!(matches!(through_link, Err(KeyError::Exists { .. })));
}

#[test]
fn files_that_others_can_read_or_write_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyRing::create(&path, &entropy(1), now()).unwrap();
    for (mode, accepted) in [
        (0o600, true),
        (0o400, true),
        (0o640, false),
        (0o604, false),
        (0o620, false),
        (0o601, false),
        (0o777, false),
    ] {
        set_mode(&path, mode);
        match KeyRing::load(&path) {
            Ok(_) => assert!(accepted, "{mode:o}"),
            Err(error) => {
                assert!(!accepted, "{mode:o}: {error}");
                assert!(
                    matches!(error, KeyError::LoosePermissions { .. }),
                    "{error}"
                );
                let advice = format!("run: chmod 0600 {}", path.display());
                assert!(error.to_string().ends_with(&advice), "{error}");
            }
        }
    }
}

#[test]
fn folders_in_which_others_can_replace_the_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    for (mode, accepted) in [
        (0o770, false),
        (0o702, false),
        (0o777, false),
        (0o1777, true),
        (0o755, true),
    ] {
        set_mode(folder.path(), mode);
        let made = KeyRing::create(&path, &entropy(1), now());
        assert_eq!(made.is_ok(), accepted, "{mode:o}");
        assert_eq!(path.exists(), accepted);
        if let Err(error) = made {
            assert!(matches!(error, KeyError::LooseFolder { .. }), "{error}");
        } else {
            assert!(KeyRing::load(&path).is_ok());
            set_mode(folder.path(), 0o777);
            assert!(matches!(
                KeyRing::load(&path),
                Err(KeyError::LooseFolder { .. })
            ));
            fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn what_is_not_there_or_not_a_file_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let missing = KeyRing::load(&folder.path().join("keys"));
    assert!(matches!(missing, Err(KeyError::NotFound { .. })));
    let no_folder = folder.path().join("a/keys");
    assert!(matches!(
        KeyRing::load(&no_folder),
        Err(KeyError::NoFolder { .. })
    ));
    let made = KeyRing::create(&no_folder, &entropy(1), now());
    assert!(matches!(made, Err(KeyError::NoFolder { .. })));
    let directory = folder.path().join("directory");
    fs::create_dir(&directory).unwrap();
    assert!(matches!(
        KeyRing::load(&directory),
        Err(KeyError::NotAFile { .. })
    ));
    assert!(matches!(
        KeyRing::load(Path::new("/")),
        Err(KeyError::NotAFile { .. })
    ));
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyRing::create(&path, &entropy(1), now()).unwrap();
    // Only root can give files away; for others there is no such file that they could read.
    if chown(&path, Some(12_345), None).is_ok() {
        let loaded = KeyRing::load(&path);
        assert!(matches!(
            loaded,
            Err(KeyError::ForeignOwner { owner: 12_345, .. })
        ));
    }
}

#[test]
fn malformed_files_are_refused_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyRing::create(&path, &entropy(1), now()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let key = key_line(&good);
    let fields: Vec<_> = key.split(' ').collect();
    let key_with = |position: usize, value: &str| {
        let mut changed = fields.clone();
        changed[position] = value;
        changed.join(" ")
    };
    let other_secret = fields[3].replace(char::is_uppercase, "x");
    for (text, line, reason) in [
        (String::new(), 1, "the file ends without a key"),
        (
            "# only a comment\n\n".to_owned(),
            2,
            "the file ends without a key",
        ),
        (
            "pinward-keys 1\n".to_owned(),
            1,
            "the file ends without a key",
        ),
        (
            key.to_owned(),
            1,
            "expected \"pinward-keys 1\" before the keys",
        ),
        (
            format!("pinward-keys 2\n{key}"),
            1,
            "expected \"pinward-keys 1\" before the keys",
        ),
        (
            format!("pinward-keys 1\n\n{key} x"),
            3,
            "expected \"key <id> <created> <secret>\"",
        ),
        (
            format!("pinward-keys 1\nlock {key}"),
            2,
            "expected \"key <id> <created> <secret>\"",
        ),
        (
            format!("pinward-keys 1\n{}", key_with(2, "yesterday")),
            2,
            "the time of creation is not an RFC 3339 time",
        ),
        (
            format!("pinward-keys 1\n{}", key_with(3, "c2hvcnQ")),
            2,
            "the secret is not 32 bytes in base64 without padding",
        ),
        (
            format!("pinward-keys 1\n{}", key_with(1, "00000000")),
            2,
            "the secret does not belong to the id: the line is damaged",
        ),
        (
            format!("pinward-keys 1\n{key}\n{}", key_with(3, &other_secret)),
            3,
            "the secret does not belong to the id: the line is damaged",
        ),
        (
            format!("pinward-keys 1\n{key}\n# twice\n{key}"),
            4,
            "the same key a second time",
        ),
        (
            "# filler\n".repeat(10_000),
            1,
            "the file is longer than any key file",
        ),
    ] {
        fs::write(&path, &text).unwrap();
        let Err(error) = KeyRing::load(&path) else {
            panic!("{reason}: accepted")
        };
        let expected = format!(
            "{}, line {line}: {reason}; restore the file from its backup",
            path.display()
        );
        assert_eq!(error.to_string(), expected);
        assert!(
            !error.to_string().contains(fields[3]),
            "R-SEC-3: the secret is in the message"
        );
    }
    fs::write(&path, b"pinward-keys 1\n\n\xFF\xFE\n").unwrap();
    assert!(matches!(
        KeyRing::load(&path),
        Err(KeyError::Malformed { line: 3, .. })
    ));

    fs::write(&path, format!("\r\n # x\npinward-keys 1\r\n\t{key}\r\n")).unwrap();
    assert!(KeyRing::load(&path).is_ok());
}

// R-SEC-2: whoever rotates with an outdated ring would drop a key on which PINs depend.
#[test]
fn a_rotation_does_not_undo_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut first = KeyRing::create(&path, &entropy(1), now()).unwrap();
    let mut second = KeyRing::load(&path).unwrap();
    first.rotate(&path, &entropy(2), now()).unwrap();
    let before = second.ids();
    let late = second.rotate(&path, &entropy(3), now());
    assert!(matches!(late, Err(KeyError::Changed { .. })));
    assert_eq!(second.ids(), before);
    assert_eq!(KeyRing::load(&path).unwrap().ids(), first.ids());
    let mut again = KeyRing::load(&path).unwrap();
    again.rotate(&path, &entropy(3), now()).unwrap();
    assert_eq!(again.ids().len(), 3);
}

#[test]
fn rotations_at_the_same_time_lose_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    KeyRing::create(&path, &entropy(1), now()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let entropy = entropy(10 + thread);
                loop {
                    let mut ring = KeyRing::load(path).unwrap();
                    match ring.rotate(path, &entropy, now()) {
                        Ok(()) => break,
                        Err(error) => assert!(matches!(error, KeyError::Changed { .. }), "{error}"),
                    }
                }
            });
        }
    });
    assert_eq!(KeyRing::load(&path).unwrap().ids().len(), 5);
}

#[test]
fn a_crash_in_a_rotation_leaves_the_old_file_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = KeyRing::create(&path, &entropy(1), now()).unwrap();
    fs::write(folder.path().join("keys.new"), "pinward-keys 1\nkey half").unwrap();
    assert_eq!(KeyRing::load(&path).unwrap().ids(), ring.ids());
    ring.rotate(&path, &entropy(2), now()).unwrap();
    assert_eq!(KeyRing::load(&path).unwrap().ids(), ring.ids());
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["keys"]);
}

#[test]
fn a_rotation_that_cannot_be_written_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = KeyRing::create(&path, &entropy(1), now()).unwrap();
    let before = (ring.ids(), fs::read(&path).unwrap());
    // A folder where the new file would be.
    fs::create_dir(folder.path().join("keys.new")).unwrap();
    let failed = ring.rotate(&path, &entropy(2), now());
    assert!(matches!(
        failed,
        Err(KeyError::Io {
            action: "remove",
            ..
        })
    ));
    assert_eq!((ring.ids(), fs::read(&path).unwrap()), before);
}

#[test]
fn entropy_that_is_none_makes_no_key() {
    struct Zeros;
    impl Entropy for Zeros {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }
    let zeros = KeyRing::in_memory(&Zeros, now());
    assert!(matches!(zeros, Err(KeyError::BadEntropy)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = KeyRing::create(&path, &entropy(1), now()).unwrap();
    // The same bytes as before.
    let repeated = ring.rotate(&path, &entropy(1), now());
    assert!(matches!(repeated, Err(KeyError::BadEntropy)));
    assert_eq!(ring.ids().len(), 1);
}
