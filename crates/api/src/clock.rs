//! What time it is: the machine's, or what a test says.

use std::sync::Arc;

use jixiao_service::id::Timestamp;

/// Read once per request, and once per event of a subscription.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
