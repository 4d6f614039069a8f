//! A form as a page to print: one file that needs nothing else.

use std::fmt::Write as _;

use super::sheet::{Kind, Sheet};

/// The looks of the page, on A4 across.
const STYLE: &str = "@page{size:A4 landscape;margin:12mm}body{font:10.5pt/1.4 'Songti SC','SimSun',serif;margin:1em}\
table{border-collapse:collapse;width:100%;table-layout:fixed}td{border:1px solid #000;padding:2px 4px;overflow-wrap:anywhere}\
td.title{border:0;font-size:16pt;font-weight:bold;text-align:center}tr{break-inside:avoid}";

pub(super) fn write(sheet: &Sheet) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<table>\n<colgroup>",
        escape(sheet.name)
    );
    let all: u32 = sheet.widths.iter().map(|width| u32::from(*width)).sum();
    for width in &sheet.widths {
        let share = u32::from(*width) * 100 / all.max(1);
        let _ = write!(page, "<col style=\"width:{share}%\">");
    }
    page.push_str("</colgroup>\n");
    for row in &sheet.rows {
        page.push_str("<tr>");
        for cell in row {
            page.push_str("<td");
            if cell.kind == Kind::Title {
                page.push_str(" class=\"title\"");
            }
            for (name, span) in [("colspan", u32::from(cell.columns)), ("rowspan", cell.rows)] {
                if span > 1 {
                    let _ = write!(page, " {name}=\"{span}\"");
                }
            }
            let _ = write!(page, ">{}</td>", escape(&cell.text));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n</body>\n</html>\n");
    page
}

/// A text in the page, its lines as lines and its blanks as many as they are.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>"),
            ' ' if out.ends_with(' ') || out.ends_with(';') => out.push_str("&#160;"),
            c => out.push(c),
        }
    }
    out
}
