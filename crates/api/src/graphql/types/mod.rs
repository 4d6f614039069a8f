//! What the schema answers with: thin views over what the service loaded. One file a noun.

pub mod access;
pub mod achievement;
pub mod actual_value;
pub mod adjustment;
pub mod audit;
pub mod comparison;
pub mod declaration;
pub mod department;
pub mod evidence;
pub mod indicator;
pub mod limits;
pub mod node;
pub mod outstanding;
pub mod pack;
pub mod publication;
pub mod published;
pub mod rectification;
pub mod report;
pub mod review;
pub mod scheme;
pub mod snapshot;
pub mod target;
pub mod trend;
pub mod user;
pub mod viewer;
pub mod window;
