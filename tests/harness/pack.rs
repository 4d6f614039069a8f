//! Audit packs, and the service on a socket for programs that are not in this process.

use std::path::Path;

use jixiao_service::ctx::Ctx;
use jixiao_service::pack::{self, Extent, Made};
use jixiao_service::user;

use super::{TestApp, operator};

/// A pack in a folder, which is gone with it.
pub(crate) struct Packed {
    pub(crate) made: Made,
    directory: tempfile::TempDir,
}

impl Packed {
    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The folder, for a command line.
    pub(crate) fn text(&self) -> &str {
        self.directory.path().to_str().expect("a plain path")
    }

    /// A file of it.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(name)).expect("a file")
    }
}

impl TestApp {
    /// What the operator packs.
    pub(crate) async fn packed(&self, extent: &Extent) -> Packed {
        self.packed_at(&operator(), extent).await
    }

    /// The same at another moment.
    pub(crate) async fn packed_at(&self, ctx: &Ctx, extent: &Extent) -> Packed {
        let directory = tempfile::tempdir().expect("a directory");
        let made = pack::write(&self.db, ctx, extent, directory.path()).await.expect("a pack");
        Packed { made, directory }
    }

    /// With the eyes of a user.
    pub(crate) async fn eyes(&self, name: &str) -> Extent {
        let user = user::by_username(&self.db, name).await.expect("reads").expect("a user");
        Extent { user: Some(user), ..Extent::default() }
    }
}
