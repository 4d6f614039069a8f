//! Numbers of a scheme document: decimal strings only, so that no float ever touches them.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use crate::value::{Points, Rate};

/// Stands between the Chinese and the English half of an error that travels through serde as one text.
pub(super) const HALVES: char = '\u{1f}';

/// Reads a string of digits with at most one point; no sign, exponent or separator.
fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(from)?;
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let whole = text.starts_with(|first: char| first.is_ascii_digit()) && !text.ends_with('.');
    match Decimal::from_str(&text) {
        Ok(value) if plain && whole => Ok(value),
        _ => Err(D::Error::custom(format!("不是十进制数：{text:?}{HALVES}not a decimal number: {text:?}"))),
    }
}

/// The refusal of a number with too many decimals, or too big.
fn precision<E: serde::de::Error>(value: Decimal, places: u32) -> E {
    E::custom(format!(
        "{value} 的小数超过 {places} 位或超出范围{HALVES}{value} has more than {places} decimals or is out of range"
    ))
}

/// Shares and rates: up to six decimals.
pub(super) mod rate {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Rate, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crate::value::plain(value.decimal()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        let value = decimal(from)?;
        Rate::cut(value).filter(|rate| rate.decimal() == value).ok_or_else(|| precision(value, 6))
    }
}

/// Points: up to two decimals.
pub(super) mod points {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Points, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crate::value::plain(value.decimal()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Points, D::Error> {
        let value = decimal(from)?;
        Points::exact(value).ok_or_else(|| precision(value, 2))
    }
}

/// Whole numbers: days, digits, versions, 分.
pub(super) mod whole {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &u32, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_string())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
        let value = decimal(from)?;
        let text = value.normalize().to_string();
        text.parse().map_err(|_| precision(value, 0))
    }
}
