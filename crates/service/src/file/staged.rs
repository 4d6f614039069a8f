//! A file that came with a request: in an unnamed temporary file, which is gone with its last handle whatever happens.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::Content;
use super::kind::sniff;
use crate::error::Result;

/// A file while it is received: written through, hashed on the way, never whole in memory.
#[derive(Debug)]
pub struct Staging {
    file: tokio::fs::File,
    hash: Sha256,
    size: u64,
}

/// A file received whole.
#[derive(Debug)]
pub struct Staged {
    /// Name as it was sent.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    file: File,
}

impl Staging {
    /// An empty file in this directory.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub async fn new(directory: &Path) -> io::Result<Self> {
        let directory = directory.to_path_buf();
        let file = blocking(move || tempfile::tempfile_in(directory)).await?;
        Ok(Self { file: tokio::fs::File::from_std(file), hash: Sha256::new(), size: 0 })
    }

    /// Bytes received so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.file.write_all(bytes).await
    }

    /// The file, under the name it was sent with.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn finish(mut self, name: String) -> io::Result<Staged> {
        self.file.flush().await?;
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Staged { name, size: self.size, sha256, file: self.file.into_std().await })
    }
}

impl Staged {
    /// From its beginning. Handles share their place: one reader at a time.
    pub(super) fn open(&self) -> io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        Ok(file)
    }

    /// What it is, by its content.
    pub(crate) async fn content(&self) -> Result<Content> {
        let mut file = self.open().map_err(anyhow::Error::from)?;
        Ok(blocking(move || sniff(&mut file)).await.map_err(anyhow::Error::from)?)
    }

    /// Its bytes; for files that are small by a limit checked before.
    pub(crate) async fn bytes(&self) -> Result<Vec<u8>> {
        let mut file = self.open().map_err(anyhow::Error::from)?;
        let read = blocking(move || {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map(|_| bytes)
        });
        Ok(read.await.map_err(anyhow::Error::from)?)
    }
}

/// Disks block; the threads that serve must not.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
