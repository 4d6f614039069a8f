//! The query root, one file a noun.

pub mod access;
pub mod achievement;
pub mod audit;
pub mod comparison;
pub mod declaration;
pub mod finding;
pub mod indicator;
pub mod organisation;
pub mod pack;
pub mod publication;
pub mod reading;
pub mod scheme;
pub mod snapshot;
pub mod user;
pub mod what_if;
pub mod window;

use async_graphql::MergedObject;

/// 查询。 — What can be read. Unknown and unseen are the same: null.
#[derive(Default, MergedObject)]
pub struct Query(
    organisation::OrganisationQuery,
    declaration::DeclarationQuery,
    achievement::AchievementQuery,
    indicator::IndicatorQuery,
    comparison::ComparisonQuery,
    audit::AuditQuery,
    reading::ReadingQuery,
    window::WindowQuery,
    scheme::SchemeQuery,
    user::UserQuery,
    access::AccessQuery,
    snapshot::SnapshotQuery,
    publication::PublicationQuery,
    pack::PackQuery,
    what_if::WhatIfQuery,
    finding::FindingQuery,
);
