//! Global ids: the kind of a node and its key, as URL-safe base64. One text per node: anything else is refused.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::Vocabulary;

use crate::graphql::error::ApiError;

/// What a global id can name by one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An adjustment.
    Adjustment,
    /// A declaration.
    Declaration,
    /// A department.
    Department,
    /// An evidence file.
    Evidence,
    /// A finding.
    Finding,
    /// An indicator.
    Indicator,
    /// A jurisdiction.
    Jurisdiction,
    /// A key task.
    KeyTask,
    /// A publication.
    Publication,
    /// A rectification.
    Rectification,
    /// A report: of a declaration and a period, so that its id is there before anything is recorded.
    Report,
    /// A reporting window.
    ReportingWindow,
    /// A version of a scoring scheme.
    ScoringScheme,
    /// A user.
    User,
    /// A role held by a user.
    UserGrant,
}

/// A decoded global id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKey {
    /// Any kind but a report, and its key.
    Row(NodeKind, i64),
    /// A report: key of the declaration, and the period.
    Report(i64, Period),
}

impl NodeKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Adjustment,
        Self::Declaration,
        Self::Department,
        Self::Evidence,
        Self::Finding,
        Self::Indicator,
        Self::Jurisdiction,
        Self::KeyTask,
        Self::Publication,
        Self::Rectification,
        Self::Report,
        Self::ReportingWindow,
        Self::ScoringScheme,
        Self::User,
        Self::UserGrant,
    ];

    /// The name of the GraphQL type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adjustment => "Adjustment",
            Self::Declaration => "Declaration",
            Self::Department => "Department",
            Self::Evidence => "Evidence",
            Self::Finding => "Finding",
            Self::Indicator => "Indicator",
            Self::Jurisdiction => "Jurisdiction",
            Self::KeyTask => "KeyTask",
            Self::Publication => "Publication",
            Self::Rectification => "Rectification",
            Self::Report => "Report",
            Self::ReportingWindow => "ReportingWindow",
            Self::ScoringScheme => "ScoringScheme",
            Self::User => "User",
            Self::UserGrant => "UserGrant",
        }
    }
}

/// The global id of a row.
#[must_use]
pub fn encode(kind: NodeKind, key: i64) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{}:{key}", kind.as_str())))
}

/// The global id of an object as the logs name it, such as `Declaration:7`: the same text, encoded.
#[must_use]
pub fn encode_node(node: &str) -> ID {
    ID(URL_SAFE_NO_PAD.encode(node))
}

/// The global id of a report.
#[must_use]
pub fn encode_report(declaration: i64, period: Period) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{}:{declaration}:{}", NodeKind::Report.as_str(), period.as_str())))
}

/// The key in the id of a `kind`.
///
/// # Errors
/// `InvalidId` when it is none, or of another kind.
pub fn decode(kind: NodeKind, id: &ID) -> Result<i64, ApiError> {
    match decode_any(id)? {
        NodeKey::Row(found, key) if found == kind => Ok(key),
        _ => Err(ApiError::InvalidId),
    }
}

/// The declaration's key and the period in the id of a report.
///
/// # Errors
/// `InvalidId` when it is none.
pub fn decode_report(id: &ID) -> Result<(i64, Period), ApiError> {
    match decode_any(id)? {
        NodeKey::Report(declaration, period) => Ok((declaration, period)),
        NodeKey::Row(..) => Err(ApiError::InvalidId),
    }
}

/// What any global id names.
///
/// # Errors
/// `InvalidId` when it is none that this service made.
pub fn decode_any(id: &ID) -> Result<NodeKey, ApiError> {
    parse(id).ok_or(ApiError::InvalidId)
}

fn parse(id: &ID) -> Option<NodeKey> {
    // Longer than any id of ours: not worth decoding.
    if id.len() > 100 {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
    let (kind, rest) = text.split_once(':')?;
    let kind = *NodeKind::ALL.iter().find(|known| known.as_str() == kind)?;
    let (key, again) = if kind == NodeKind::Report {
        let (declaration, period) = rest.split_once(':')?;
        let (declaration, period) = (declaration.parse().ok()?, period.parse().ok()?);
        (NodeKey::Report(declaration, period), encode_report(declaration, period))
    } else {
        let key = rest.parse().ok()?;
        (NodeKey::Row(kind, key), encode(kind, key))
    };
    // `+1` and `01` parse as well: only the canonical text is an id.
    (again == *id).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for kind in NodeKind::ALL.iter().filter(|kind| **kind != NodeKind::Report) {
            for key in [1, 42, i64::MAX] {
                assert_eq!(decode(*kind, &encode(*kind, key)).ok(), Some(key));
            }
        }
        for period in Period::ALL {
            assert_eq!(decode_report(&encode_report(7, *period)).ok(), Some((7, *period)));
        }
    }

    #[test]
    fn another_kind_is_refused() {
        assert!(decode(NodeKind::Declaration, &encode(NodeKind::Indicator, 1)).is_err());
        assert!(decode(NodeKind::Report, &encode_report(1, Period::MidYear)).is_err());
        assert!(decode_report(&encode(NodeKind::Report, 1)).is_err());
    }

    #[test]
    fn only_the_canonical_text_is_an_id() {
        let texts =
            ["Declaration:+1", "Declaration:01", "Declaration: 1", "declaration:1", "Declaration:", "Declaration", ""];
        for text in texts {
            assert!(decode_any(&ID(URL_SAFE_NO_PAD.encode(text))).is_err(), "{text}");
        }
        let good = encode(NodeKind::Declaration, 1).0;
        for bad in [format!("{good}="), format!(" {good}"), format!("{good}A"), "a".repeat(10_000), "民政局".to_owned()]
        {
            assert!(decode_any(&ID(bad)).is_err());
        }
    }
}
