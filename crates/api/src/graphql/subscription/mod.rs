//! The root of subscriptions, one file a noun.
//!
//! An event is answered like a request of its own: with the rights that its subscriber has at that moment, and loaders of its
//! own. So a resolver here is asked twice in different [`Moment`]s: once when the subscription begins, to check its arguments
//! and say what it wants to hear of, and then for every change that it wanted.

pub mod declaration;

use std::sync::{Arc, Mutex};

use async_graphql::MergedSubscription;
use jixiao_service::feed::Change;
use jixiao_service::id::DepartmentId;

/// 订阅：已提交的变更，按提交次序。 — Subscriptions: changes as they are committed, in order.
#[derive(MergedSubscription, Default)]
pub struct Subscription(declaration::DeclarationSubscription);

/// What a subscription wants to hear of: commands on the declarations of this department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interest {
    /// The department.
    pub department: DepartmentId,
}

/// In which moment a subscription's resolver is asked.
#[derive(Clone, Debug)]
pub enum Moment {
    /// It begins: the resolver leaves its interest here and answers nothing.
    Begins(Arc<Mutex<Option<Interest>>>),
    /// Something it is interested in was committed: the resolver answers once, or not at all.
    Changed(Change),
}
