//! A CSV or LDIF file as a [`Source`]: always read as a whole.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use crate::import::{self, FileKind, Options, People};
use crate::source::{Cookie, Entry, Pages, Reading, Source, SourceError};

/// How many people a page has.
const PAGE: usize = 500;

/// The people of a file. It is read in place, without leaving the thread.
pub struct FileSource {
    file: PathBuf,
    /// `None`: told by the name or the first bytes, see [`import::guess`].
    kind: Option<FileKind>,
    options: Options,
}

impl FileSource {
    /// A file and what it does not say. It is opened by each [`Source::read`].
    pub fn new(file: PathBuf, kind: Option<FileKind>, options: Options) -> FileSource {
        FileSource {
            file,
            kind,
            options,
        }
    }
}

#[async_trait]
impl Source for FileSource {
    async fn read(&mut self, _since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError> {
        let failed = |error: std::io::Error| unreadable(&self.file, &error.to_string());
        let reader = BufReader::new(File::open(&self.file).map_err(failed)?);
        let options = self.options.clone();
        let people = match self.kind {
            Some(kind) => import::people_of(kind, reader, options),
            None => {
                import::people(&self.file.to_string_lossy(), reader, options).map_err(failed)?
            }
        };
        Ok(Box::new(FilePages {
            file: self.file.clone(),
            people,
        }))
    }
}

struct FilePages {
    file: PathBuf,
    people: People<BufReader<File>>,
}

#[async_trait]
impl Pages for FilePages {
    async fn next(&mut self) -> Result<Option<Vec<Entry>>, SourceError> {
        let mut page = Vec::new();
        while page.len() < PAGE {
            match self.people.next() {
                None => break,
                Some(Ok(person)) => page.push(Entry::Person(Box::new(person))),
                Some(Err(error)) if self.people.is_finished() => {
                    return Err(unreadable(&self.file, &error.to_string()));
                }
                Some(Err(error)) => page.push(Entry::Unusable {
                    guid: None,
                    name: format!("line {}", error.line),
                    reason: error.reason.to_string(),
                }),
            }
        }
        Ok((!page.is_empty()).then_some(page))
    }

    fn reading(&self) -> Reading {
        Reading::Full
    }

    fn cookie(&self) -> Option<Cookie> {
        None
    }
}

fn unreadable(file: &Path, error: &str) -> SourceError {
    SourceError {
        id: "FileUnreadable",
        message: format!("cannot read {}: {error}", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    async fn read_all(name: &str, content: &[u8]) -> Result<Vec<Vec<Entry>>, SourceError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        File::create(&file).unwrap().write_all(content).unwrap();
        let mut source = FileSource::new(file, None, Options::default());
        let mut pages = source.read(Some(&Cookie("unknown".to_owned()))).await?;
        assert_eq!(pages.reading(), Reading::Full);
        let mut all = Vec::new();
        while let Some(page) = pages.next().await? {
            all.push(page);
        }
        assert_eq!(pages.cookie(), None);
        Ok(all)
    }

    #[tokio::test]
    async fn people_come_in_pages() {
        let mut text = "SamAccountName,Domain\n".to_owned();
        for number in 0..PAGE + 1 {
            text.push_str(&format!("user{number},LITWAREINC\n"));
        }
        let pages = read_all("people.csv", text.as_bytes()).await.unwrap();
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [PAGE, 1]);
        let Entry::Person(last) = &pages[1][0] else {
            panic!("{:?}", pages[1]);
        };
        assert_eq!(last.sam_account_name, format!("user{PAGE}"));
    }

    #[tokio::test]
    async fn a_bad_row_is_unusable_and_the_rest_is_read() {
        let text = b"SamAccountName,Domain,Enabled\na,L,perhaps\nb,L,true\n";
        let pages = read_all("people.csv", text).await.unwrap();
        let [Entry::Unusable { guid, name, .. }, Entry::Person(_)] = &pages[0][..] else {
            panic!("{pages:?}");
        };
        assert_eq!((guid, name.as_str()), (&None, "line 2"));
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_to_its_end_is_an_error_and_nobody_is_gone() {
        for (name, content) in [
            ("no-header.csv", &b"Password\nsecret\n"[..]),
            ("utf16.csv", b"\xff\xfeS\0a\0m\0"),
            ("utf16.ldif", b"\xff\xfed\0n\0:\0"),
        ] {
            let error = read_all(name, content).await.unwrap_err();
            assert_eq!(error.id, "FileUnreadable", "{name}");
            assert!(error.message.contains(name), "{error}");
        }
        let mut missing = FileSource::new("/nowhere/x.csv".into(), None, Options::default());
        assert!(missing.read(None).await.is_err());
    }
}
