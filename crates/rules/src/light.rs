//! Lights over several children (rules 5.2).
