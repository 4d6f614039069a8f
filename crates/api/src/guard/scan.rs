//! One pass over the bytes: counts tokens and open brackets. It must never see less nesting than the parser does, so where
//! the two could differ (strings without an end) it does as the parser does, or counts more.

use crate::config::Limits;
use crate::graphql::error::Result;

use super::over;

/// Checks tokens and nesting of a document; stops at the first that is too many.
pub(super) fn document(text: &[u8], limits: &Limits) -> Result<()> {
    let (mut at, mut tokens, mut depth) = (0_usize, 0_u64, 0_u64);
    while let Some(&byte) = text.get(at) {
        at = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += length(text, at, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => end_of_string(text, at),
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > limits.max_nesting {
                    return Err(over("maxNesting", limits.max_nesting, None));
                }
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            byte if is_word(byte) => at + length(text, at, is_word),
            _ => at + 1,
        };
        tokens += 1;
        if tokens > limits.max_tokens {
            return Err(over("maxTokens", limits.max_tokens, None));
        }
    }
    Ok(())
}

/// Most brackets open at once in a JSON text; of one that is not valid, at least as many as its reader would open.
#[must_use]
pub fn json_nesting(text: &[u8]) -> u64 {
    let (mut at, mut depth, mut deepest) = (0_usize, 0_u64, 0_u64);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => {
                at = end_of_line_string(text, at + 1);
                continue;
            }
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn length(text: &[u8], at: usize, of: impl Fn(u8) -> bool) -> usize {
    text.iter().skip(at).take_while(|byte| of(**byte)).count()
}

/// Where the string that begins at `at` ends. A block string without an end is, to the parser, an empty string and the
/// beginning of another: taking it for one long string would hide the brackets behind.
fn end_of_string(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with(b"\"\"\"") {
        match block_end(text, at + 3) {
            Some(end) => end,
            None => at + 2,
        }
    } else {
        end_of_line_string(text, at + 1)
    }
}

fn block_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
        if at >= text.len() {
            return None;
        }
    }
}

fn end_of_line_string(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}
