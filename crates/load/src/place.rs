//! Where the data lies. What the disk does decides half of the results, so its kind is told, and a
//! file system in memory is taken only when it is asked for.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// File systems by the number that the system gives.
const KINDS: &[(u64, &str)] = &[
    (0xef53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683e, "btrfs"),
    (0x2fc1_2fc1, "zfs"),
    (0xf2f5_2010, "f2fs"),
    (0x794c_7630, "overlay"),
    (0x6969, "nfs"),
    (TMPFS, "tmpfs (in memory: nothing is durable)"),
    (RAMFS, "ramfs (in memory: nothing is durable)"),
];
const TMPFS: u64 = 0x0102_1994;
const RAMFS: u64 = 0x8584_58f6;

/// A temporary folder, removed in the end.
pub struct Place {
    folder: TempDir,
    /// The kind of its file system.
    pub file_system: String,
}

impl Place {
    /// A new folder in `wanted`, else on a disk.
    pub fn choose(wanted: Option<&Path>) -> Result<Self> {
        let parent = match wanted {
            Some(parent) => parent.to_owned(),
            None => on_disk()?,
        };
        let folder = tempfile::Builder::new()
            .prefix("pinward-load-")
            .tempdir_in(&parent)
            .with_context(|| format!("cannot make a folder in {}", parent.display()))?;
        let number = kind(folder.path())?;
        let name = KINDS.iter().find(|(known, _)| *known == number);
        let file_system = match name {
            Some((_, name)) => (*name).to_owned(),
            None => format!("file system {number:#x}"),
        };
        Ok(Self {
            folder,
            file_system,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn on_disk() -> Result<PathBuf> {
    let here = env::current_dir().context("there is no current folder")?;
    for candidate in [env::temp_dir(), here] {
        if kind(&candidate).is_ok_and(|kind| ![TMPFS, RAMFS].contains(&kind)) {
            return Ok(candidate);
        }
    }
    bail!(
        "the temporary folder and the current one are in memory, where nothing is durable. Name a \
         folder on a disk with --data DIR"
    )
}

fn kind(folder: &Path) -> Result<u64> {
    let about = rustix::fs::statfs(folder)
        .with_context(|| format!("cannot look at the file system of {}", folder.display()))?;
    Ok(about.f_type as u64 & 0xffff_ffff)
}
