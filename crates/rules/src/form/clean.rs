//! A cell as published becomes plain text: markup and entities resolved, invisible characters dropped, lines trimmed.

/// Longest tag looked for; bounds the work on a text full of `<`.
const MAX_TAG_BYTES: usize = 2_000;

/// A cell after cleaning.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// Plain text without blank lines, each line trimmed.
    pub(super) text: String,
    /// A tag, comment or entity was resolved.
    pub(super) markup: bool,
    /// A control or invisible character was dropped.
    pub(super) control: bool,
}

/// Cleans one cell.
pub(super) fn clean(cell: &str) -> Cleaned {
    let mut out = Cleaned::default();
    let mut raw = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '<' => tag(rest, &mut raw),
            '&' => entity(rest).map(|(c, len)| {
                push(c, &mut raw, &mut out.control);
                len
            }),
            _ => None,
        };
        if let Some(len) = taken {
            out.markup = true;
            rest = rest.get(len..).unwrap_or_default();
        } else {
            push(c, &mut raw, &mut out.control);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    for line in raw.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.text.is_empty() {
            out.text.push('\n');
        }
        out.text.push_str(line);
    }
    out
}

/// Writes a text so that [`clean`] gives it back: only what would be taken for markup is escaped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '<' if next.is_ascii_alphabetic() || matches!(next, '/' | '!') => out.push_str("&lt;"),
            '&' if next.is_ascii_alphabetic() || next == '#' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Keeps a character, turns the line breaks of word processors into `\n`, drops what nobody can see.
fn push(c: char, raw: &mut String, dropped: &mut bool) {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\r' | '\n' => raw.push('\n'),
        '\t' | '\u{a0}' => raw.push(' '),
        c if is_invisible(c) => *dropped = true,
        c => raw.push(c),
    }
}

/// Control characters, zero-width characters and direction marks: they make two equal names differ.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// Length of the comment, tag or dropped element at the start of `rest`, its line break written; `None` for a mere `<`.
fn tag(rest: &str, raw: &mut String) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(rest.find("-->").map_or(rest.len(), |end| end + 3));
    }
    let window = &rest.as_bytes()[1..rest.len().min(MAX_TAG_BYTES)];
    let end = window.iter().position(|&byte| matches!(byte, b'>' | b'<'))?;
    if window[end] != b'>' {
        return None;
    }
    let inner = rest.get(1..1 + end)?;
    let name_part = inner.strip_prefix('/').unwrap_or(inner);
    let name_len = name_part.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = name_part.get(..name_len)?.to_ascii_lowercase();
    if !matches!(name_part.as_bytes().get(name_len), None | Some(b' ' | b'/' | b'\t' | b'\n' | b'\r' | b':')) {
        return None;
    }
    let len = end + 2;
    match name.as_str() {
        "script" | "style" if !inner.starts_with('/') => Some(dropped_element(rest, len, &name)),
        "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "table" | "tbody" | "thead" | "hr" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" | "section" | "article" | "center" | "pre" | "blockquote" => {
            raw.push('\n');
            Some(len)
        }
        "td" | "th" => {
            raw.push(' ');
            Some(len)
        }
        "a" | "b" | "i" | "u" | "s" | "o" | "em" | "strong" | "font" | "span" | "sub" | "sup" | "img" | "small"
        | "big" | "label" | "input" | "button" | "html" | "head" | "body" | "title" | "meta" | "link" | "script"
        | "style" | "col" | "colgroup" | "del" | "ins" | "iframe" | "object" | "svg" | "form" => Some(len),
        _ => None,
    }
}

/// Length of a script or style element whose start tag is `start` bytes long; an unclosed one reaches to the end.
fn dropped_element(rest: &str, start: usize, name: &str) -> usize {
    let Some(close) = find_close(rest, start, name) else { return rest.len() };
    rest.as_bytes()[close..].iter().position(|&byte| byte == b'>').map_or(rest.len(), |end| close + end + 1)
}

/// Where `</name` stands in `text` from `from` on, in any case of letters.
pub(super) fn find_close(text: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) = bytes.get(at..)?.iter().position(|&byte| byte == b'<') {
        at += found;
        let after = bytes.get(at + 2..at + 2 + name.len());
        if bytes.get(at + 1) == Some(&b'/') && after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The character of the entity at the start of `rest` and its length.
fn entity(rest: &str) -> Option<(char, usize)> {
    const MAX: usize = 12;
    let end = rest.bytes().take(MAX).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(name)?,
    };
    Some((c, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
        None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse(),
        _ => return None,
    };
    char::from_u32(code.ok()?)
}

fn named(name: &str) -> Option<char> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "middot" => '·',
        "bull" => '•',
        "times" => '×',
        "divide" => '÷',
        "plusmn" => '±',
        "deg" => '°',
        "permil" => '‰',
        "le" => '≤',
        "ge" => '≥',
        "ne" => '≠',
        "yen" => '¥',
        "sup2" => '²',
        "sup3" => '³',
        _ => return None,
    };
    Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_plain_text() {
        for (cell, want) in [
            ("<p>一</p><p>二</p>", "一\n二"),
            ("a<BR/>b<br >c", "a\nb\nc"),
            ("<24小时", "<24小时"),
            ("<1681680元", "<1681680元"),
            ("<=0% & >1", "<=0% & >1"),
            ("&lt;p&gt;&amp;nbsp;", "<p>&nbsp;"),
            ("&ge;90&#37; &#x2264;", "≥90% ≤"),
            ("&#0;&#xD800;x", "&#xD800;x"),
            ("a<script>alert('<p>')</SCRIPT>b", "ab"),
            ("a<style>p{}", "a"),
            ("a<!-- x <p> -->b", "ab"),
            ("<o:p></o:p>x", "x"),
            ("<span style=\"a\">甲</span>&nbsp;", "甲"),
            ("\u{feff}甲\u{200b}乙\u{1}", "甲乙"),
            ("<pp>", "<pp>"),
            ("a < b > c", "a < b > c"),
            ("  \u{3000}甲 乙\u{a0} ", "甲 乙"),
        ] {
            assert_eq!(clean(cell).text, want, "{cell}");
        }
    }

    #[test]
    fn what_is_escaped_comes_back() {
        for text in ["<p>", "a&lt;b", "&amp;", "<!-- x", "</p>", "<24", "a & b", "&#37;", "<script>"] {
            assert_eq!(clean(&escape(text)).text, text);
        }
    }
}
