//! The tests over the real router: one binary, a database of its own for each test, a clock that stands still.

mod cases;
mod harness;
