//! A factor with decimals, without floats.

use std::str::FromStr;

/// So many thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale(u64);

impl Scale {
    /// The number so many times, rounded up.
    pub(crate) fn of(self, number: u64) -> u64 {
        (number * self.0).div_ceil(1_000)
    }
}

impl FromStr for Scale {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        anyhow::ensure!(part.len() <= 3, "a scale has at most three decimals: {text}");
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse()? };
        let thousandths = whole * 1_000 + format!("{part:0<3}").parse::<u64>()?;
        anyhow::ensure!(thousandths > 0, "a scale is above 0: {text}");
        Ok(Self(thousandths))
    }
}
