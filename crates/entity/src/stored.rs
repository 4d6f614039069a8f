//! Values of other crates in columns. The orphan rule keeps sea-orm's traits off foreign types, so each kind of value
//! has one wrapper here, stored as text.

use jixiao_rules::kind::Vocabulary;
use rust_decimal::Decimal;
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A word of a [`Vocabulary`], stored as its stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word<T>(pub T);

/// A structure stored as JSON text. The service reads it whole; SQL never looks inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// A number of a target or an actual value, stored as exact decimal text: officials' figures go beyond any fixed-point
/// integer (13.5万亿元), and SQL never adds them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub Decimal);

// Part of composite primary keys; no database makes such a key by counting.
impl<T: Vocabulary> TryFromU64 for Word<T> {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64(T::NAME))
    }
}

/// Implements sea-orm's column traits through `to` (text of a value) and `from` (value of a text).
macro_rules! stored_as_text {
    ($name:ident $(<$t:ident: $bound:path $(, $more:path)*>)?, $to:expr, $from:expr) => {
        impl$(<$t: $bound $(+ $more)*>)? From<$name$(<$t>)?> for Value {
            fn from(value: $name$(<$t>)?) -> Self {
                let to: fn(&$name$(<$t>)?) -> String = $to;
                Self::String(Some(to(&value)))
            }
        }

        impl$(<$t: $bound $(+ $more)*>)? TryGetable for $name$(<$t>)? {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                let from: fn(&str) -> Option<Self> = $from;
                let text = String::try_get_by(row, index)?;
                from(&text).ok_or_else(|| DbErr::Type(format!("not a {}: {text}", stringify!($name))).into())
            }
        }

        impl$(<$t: $bound $(+ $more)*>)? ValueType for $name$(<$t>)? {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let from: fn(&str) -> Option<Self> = $from;
                match value {
                    Value::String(Some(text)) => from(&text).ok_or(ValueTypeErr),
                    _ => Err(ValueTypeErr),
                }
            }
            fn type_name() -> String {
                stringify!($name).to_owned()
            }
            fn array_type() -> ArrayType {
                ArrayType::String
            }
            fn column_type() -> ColumnType {
                ColumnType::Text
            }
        }

        impl$(<$t: $bound $(+ $more)*>)? Nullable for $name$(<$t>)? {
            fn null() -> Value {
                Value::String(None)
            }
        }
    };
}

stored_as_text!(Word<T: Vocabulary>, |word| word.0.as_str().to_owned(), |text| text.parse().ok().map(Word));
stored_as_text!(Number, |number| number.0.normalize().to_string(), |text| text.parse().ok().map(Number));
stored_as_text!(
    Json<T: Serialize, DeserializeOwned>,
    // Our own structures have string keys and no failing `Serialize`: this cannot fail.
    |json| serde_json::to_string(&json.0).unwrap_or_default(),
    |text| serde_json::from_str(text).ok().map(Json)
);
