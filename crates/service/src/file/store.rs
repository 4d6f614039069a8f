//! Where files are kept: a local folder, or S3 by configuration. The key is the hash of the content, so that the same file is
//! kept once and nothing is ever written over. A file comes first, the row that names it after: a file without a row is
//! harmless, a row without a file cannot be.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::io::AsyncWriteExt;

use super::Staged;

/// Bytes held of one file on its way to the store; S3 takes no smaller parts.
const PART: usize = 5 << 20;

/// Where files are kept. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    prefix: Key,
    staging: PathBuf,
}

/// The content of a kept file.
pub struct Kept {
    /// Bytes.
    pub size: u64,
    /// The content as it is read.
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.objects)
    }
}

impl Store {
    /// Opens `file://FOLDER` (made when it is not there) or `s3://BUCKET/PREFIX`, the latter with the usual settings
    /// (`access_key_id`, `region`, `endpoint`, …).
    ///
    /// # Errors
    /// When the address is not understood, or the folder cannot be made.
    pub fn open(url: &str, settings: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Self> {
        if let Some(folder) = url.strip_prefix("file://").filter(|folder| !folder.is_empty()) {
            return Self::folder(Path::new(folder));
        }
        let (_, path) = url
            .strip_prefix("s3://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            .filter(|(bucket, _)| !bucket.is_empty())
            .with_context(|| format!("{url} is neither file://FOLDER nor s3://BUCKET/PREFIX"))?;
        // The client's TLS uses the cryptography that signs the requests too.
        crate::tls::choose();
        let mut builder = AmazonS3Builder::new().with_url(url);
        for (name, value) in settings {
            // Other programs' settings share the prefix; those that S3 does not know are theirs.
            if let Ok(key) = format!("aws_{name}").parse() {
                builder = builder.with_config(key, value);
            }
        }
        let objects = Arc::new(builder.build().context("the settings of S3 are not complete")?);
        Ok(Self { objects, prefix: Key::parse(path)?, staging: std::env::temp_dir() })
    }

    fn folder(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        // As with the database: what is acknowledged is on the disk.
        let objects = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        Ok(Self { objects, prefix: Key::default(), staging: folder.to_path_buf() })
    }

    /// Where files are received: the folder itself (unnamed), or the system's temporary folder.
    #[must_use]
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// The key of a content.
    #[must_use]
    pub(crate) fn key(sha256: &str) -> String {
        format!("sha256/{}/{sha256}", sha256.get(..2).unwrap_or_default())
    }

    fn place(&self, key: &str) -> Key {
        self.prefix.parts().chain(Key::from(key).parts()).collect()
    }

    /// Keeps a file under the hash of its content, where it may be already.
    pub(crate) async fn keep(&self, file: &Staged) -> anyhow::Result<()> {
        let place = self.place(&Self::key(&file.sha256));
        match self.objects.head(&place).await {
            Ok(known) if known.size == file.size => return Ok(()),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let mut from = tokio::fs::File::from_std(file.open()?);
        let writer = BufWriter::with_capacity(Arc::clone(&self.objects), place, PART);
        let mut writer = writer.with_max_concurrency(1);
        if let Err(error) = tokio::io::copy(&mut from, &mut writer).await {
            writer.abort().await?;
            return Err(error.into());
        }
        Ok(writer.shutdown().await?)
    }

    /// The content under a key; `None` when there is none.
    pub(crate) async fn read(&self, key: &str) -> anyhow::Result<Option<Kept>> {
        match self.objects.get(&self.place(key)).await {
            Ok(found) => {
                let size = found.meta.size;
                Ok(Some(Kept { size, bytes: found.into_stream().map_err(std::io::Error::other).boxed() }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every key there is.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn keys(&self) -> anyhow::Result<Vec<String>> {
        let prefix = self.place("sha256");
        let skip = self.prefix.parts().count();
        let key = |place: Key| place.parts().skip(skip).collect::<Key>().to_string();
        Ok(self.objects.list(Some(&prefix)).map_ok(|found| key(found.location)).try_collect().await?)
    }
}
