//! A table of words that is searched by the first character: one look-up a character, whatever the number of words.

/// Number of slots; a power of two.
const SLOTS: usize = 1024;

/// Words with what they mean.
#[derive(Debug)]
pub(crate) struct Lexicon<T: 'static> {
    /// Words by the slot of their first character, longest first.
    slots: Vec<Vec<(&'static str, T)>>,
}

impl<T: Copy> Lexicon<T> {
    /// Builds the table from groups of words, separated by spaces, that mean the same.
    pub(crate) fn new(groups: &[(T, &'static str)]) -> Self {
        let mut slots: Vec<Vec<(&'static str, T)>> = (0..SLOTS).map(|_| Vec::new()).collect();
        for &(meaning, words) in groups {
            for word in words.split_ascii_whitespace() {
                if let Some(first) = word.chars().next() {
                    slots[slot(first)].push((word, meaning));
                }
            }
        }
        for words in &mut slots {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self { slots }
    }

    /// The longest word that `text` starts with.
    pub(crate) fn at_start(&self, text: &str) -> Option<(&'static str, T)> {
        let first = text.chars().next()?;
        self.slots[slot(first)].iter().find(|(word, _)| text.starts_with(word)).copied()
    }

    /// Every place where a word occurs, longest word first at each place; words may overlap.
    pub(crate) fn each(&self, text: &str, mut found: impl FnMut(usize, &'static str, T)) {
        for (at, c) in text.char_indices() {
            let words = &self.slots[slot(c)];
            if words.is_empty() {
                continue;
            }
            let rest = &text[at..];
            for &(word, meaning) in words.iter().filter(|(word, _)| rest.starts_with(word)) {
                found(at, word, meaning);
            }
        }
    }
}

/// Slot of a first character; multiplicative hashing spreads neighbouring code points.
fn slot(c: char) -> usize {
    (u32::from(c).wrapping_mul(0x9e37_79b1) >> 22) as usize
}
