//! How the language of the cells is read, one module a concept: [`fold`] unifies the spelling, [`number`], [`unit`],
//! [`comparator`] and [`date`] know the small parts, [`quantity`] the grammar around a number, [`name`] and [`level`] what
//! stands around the cell, [`direction`] which way is better, [`words`] what people say instead of numbers, [`answer`] how an
//! actual value answers each kind of target, and [`doubt`] why a reading asks a person. Put together in [`crate::target`] and [`crate::actual`].

pub(crate) mod answer;
pub(crate) mod comparator;
pub(crate) mod date;
pub(crate) mod direction;
pub(crate) mod doubt;
pub(crate) mod fold;
pub(crate) mod level;
pub(crate) mod lexicon;
pub(crate) mod name;
pub(crate) mod number;
pub(crate) mod quantity;
pub(crate) mod unit;
pub(crate) mod words;
