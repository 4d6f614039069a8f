//! An evidence file of an indicator in a report. Kept as it was made; a removal is only added to it.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::id::{EvidenceId, IndicatorId, ReportId, Timestamp, UserId};

/// An evidence file of an indicator in a report. Kept as it was made; a removal is only added to it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: EvidenceId,
    /// Report.
    pub report_id: ReportId,
    /// Indicator.
    pub indicator_id: IndicatorId,
    /// Name of the file, cleaned.
    pub file_name: String,
    /// Media type, from its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// Where the store keeps the content.
    pub storage_key: String,
    /// What it shows, in words.
    pub note: Option<String>,
    /// Date of the document.
    pub issued_on: Option<NaiveDate>,
    /// The value it states, verbatim.
    pub stated_value: Option<String>,
    /// Who added it.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Timestamp,
    /// Who removed it.
    pub removed_by: Option<UserId>,
    /// When; `None` while it is in force.
    pub removed_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
