//! The mutation root, one file a noun. Each field is a transaction of its own.

pub mod actual_value;
pub mod adjustment;
pub mod batch;
pub mod declaration;
pub mod evidence;
pub mod finding;
pub mod indicator;
pub mod key_task;
pub mod organisation;
pub mod publication;
pub mod rectification;
pub mod report;
pub mod review;
pub mod scheme;
pub mod session;
pub mod user;
pub mod window;

use async_graphql::MergedObject;

/// 变更。同一请求中的各变更依次执行，各为独立事务。 — What can be done. The fields of one request run in order, each a transaction of its own: all-or-nothing holds within one field only.
#[derive(Default, MergedObject)]
pub struct Mutation(
    session::SessionMutation,
    declaration::DeclarationMutation,
    key_task::KeyTaskMutation,
    indicator::IndicatorMutation,
    adjustment::AdjustmentMutation,
    actual_value::ActualValueMutation,
    batch::BatchMutation,
    report::ReportMutation,
    window::WindowMutation,
    organisation::OrganisationMutation,
    scheme::SchemeMutation,
    user::UserMutation,
    evidence::EvidenceMutation,
    review::ReviewMutation,
    rectification::RectificationMutation,
    publication::PublicationMutation,
    finding::FindingMutation,
);
