//! Keys as types, so that a department's key cannot be taken for a declaration's; and the timestamp of every row.

use chrono::{DateTime, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[sea_orm(try_from_u64)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )+};
}

ids! {
    /// Key of a jurisdiction.
    JurisdictionId;
    /// Key of a department.
    DepartmentId;
    /// Key of a user.
    UserId;
    /// Key of a role grant.
    GrantId;
    /// Key of a refresh token.
    RefreshTokenId;
    /// Key of one version of a scoring scheme.
    SchemeId;
    /// Key of an assignment of a scheme.
    SchemeAssignmentId;
    /// Key of a reporting window.
    WindowId;
    /// Key of an extension of a reporting window.
    WindowExtensionId;
    /// Key of a declaration; the same through all its versions.
    DeclarationId;
    /// Key of a key task; the same through all versions.
    KeyTaskId;
    /// Key of an indicator; the same through all versions.
    IndicatorId;
    /// Key of a target.
    TargetId;
    /// Key of a report row.
    ReportId;
    /// Key of a recorded actual value.
    ActualValueId;
    /// Key of an evidence file.
    EvidenceId;
    /// Key of an entry of the access log.
    AccessEntryId;
    /// Key of finance's word on a value.
    IndicatorReviewId;
    /// Key of a rectification.
    RectificationId;
    /// Key of an adjustment.
    AdjustmentId;
    /// Key of a publication.
    PublicationId;
    /// Key of a statement of data quality.
    QualityStatementId;
    /// Key of a finding, derived from where it lies.
    FindingId;
    /// Key of an auditor's note on a finding.
    FindingNoteId;
}

/// A moment in UTC, microseconds since 1970: the same integer on both databases, so that it compares and sorts the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment as a date and time.
    #[must_use]
    pub fn date_time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_micros())
    }
}
