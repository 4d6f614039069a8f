//! Files: received into an unnamed temporary file, told by their content, kept in a store under the hash of that content.

mod kind;
mod name;
mod staged;
mod store;

pub use kind::{Content, FileType};
pub use staged::{Staged, Staging};
pub use store::{Kept, Store};
pub(crate) use {kind::identify, name::clean};
