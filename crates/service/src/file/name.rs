//! Names of uploaded files: kept for people, so what a name does beyond that is taken out of it.

/// Longest name, in characters.
const MAX_CHARS: usize = 200;

/// The last part of a path, without control and direction characters, without what file systems give a meaning; its
/// ending survives the cut to length. `None` when nothing is left.
pub(crate) fn clean(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !hidden(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let kept = kept.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let (stem, ending) = kept.rsplit_once('.').map_or((kept, ""), |(stem, ending)| (stem, ending));
    if stem.trim().is_empty() || ending.chars().count() > 10 && kept.chars().count() > MAX_CHARS {
        return None;
    }
    let room = MAX_CHARS - ending.chars().count() - 1;
    let stem: String = stem.chars().take(room).collect();
    Some(if ending.is_empty() { stem } else { format!("{stem}.{ending}") })
}

/// Characters that are not seen, or that turn the reading direction so that an ending seems another.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{061c}')
}

/// The ending of a cleaned name, in lower case.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_only_names() {
        for (sent, kept) in [
            ("证明.pdf", Some("证明.pdf")),
            ("../../etc/passwd.pdf", Some("passwd.pdf")),
            ("C:\\Users\\x\\佐证 1.docx", Some("佐证 1.docx")),
            ("a\u{202e}fdp.exe", Some("afdp.exe")),
            ("a\u{7}\n\0b.txt", Some("ab.txt")),
            ("...hidden.csv", Some("hidden.csv")),
            ("a<b>:c.png", Some("a_b__c.png")),
            ("a.pdf. . ", Some("a.pdf")),
            ("noending", Some("noending")),
            ("", None),
            ("/", None),
            ("..", None),
            (".pdf", Some("pdf")),
            ("\u{200b}.pdf", Some("pdf")),
        ] {
            assert_eq!(clean(sent).as_deref(), kept, "{sent:?}");
        }
        let long = clean(&format!("{}.pdf", "长".repeat(500))).expect("a name");
        assert!(long.chars().count() == MAX_CHARS && long.ends_with(".pdf"));
        assert_eq!(clean(&format!("a.{}", "b".repeat(500))), None);
        assert_eq!(ending("A.PDF"), "pdf");
    }
}
