//! Made-up data for tests and measurements: declarations of real published indicators, and a country to declare in.

pub mod country;
pub mod generate;
