use super::format::Format;
use super::{Cell, address, csv, format};

fn rows(text: &str) -> Vec<(u32, Vec<(u32, String)>)> {
    let sheet = csv::read(text).expect("a table");
    let text = |cell: Cell| if let Cell::Text(text) = cell { text } else { "fault".into() };
    let cells = |row: super::Row| row.cells.into_iter().map(|(column, cell)| (column, text(cell))).collect();
    sheet.rows.into_iter().map(|row| (row.number, cells(row))).collect()
}

fn cells(given: &[(u32, &str)]) -> Vec<(u32, String)> {
    given.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts() {
    let text = "a,b\r\n\r\n\"1\r\n2\",\"x,\"\"y\"\"\"\r\n,\r\n3,";
    let expected =
        [(1, cells(&[(1, "a"), (2, "b")])), (3, cells(&[(1, "1\n2"), (2, "x,\"y\"")])), (5, cells(&[(1, "3")]))];
    assert_eq!(rows(text), expected);
    assert_eq!(rows(&text.replace("\r\n", "\r")), expected);
    assert_eq!(
        rows("a;b,c;d\n1,5;2;3"),
        [(1, cells(&[(1, "a"), (2, "b,c"), (3, "d")])), (2, cells(&[(1, "1,5"), (2, "2"), (3, "3")]))]
    );
    assert_eq!(rows("a\tb\n1\t2")[1].1.len(), 2);
    assert_eq!(rows(""), []);
    assert!(csv::read("a,b\n1,\"2\n3,4\n").is_err(), "a quotation mark that is not closed");
    assert!(csv::read(&"1\n".repeat(2_001)).is_err());
    assert!(csv::read(&",".repeat(200)).is_ok() && csv::read(&format!("{}x", ",".repeat(200))).is_err());
}

#[test]
fn addresses() {
    for (column, letters) in [(1, "A1"), (26, "Z1"), (27, "AA1"), (702, "ZZ1"), (703, "AAA1"), (16_384, "XFD1")] {
        assert_eq!(address(None, column, 1), letters);
    }
    assert_eq!(address(Some("表1"), 2, 7), "表1!B7");
}

#[test]
fn numbers_are_what_people_see() {
    let read = |stored, format| format::text(stored, format, false);
    for (stored, format, seen) in [
        ("0.1", Format::Plain, "0.1"),
        ("0.98499999999999999", Format::Plain, "0.985"),
        ("0.30000000000000004", Format::Plain, "0.3"),
        ("0.98499999999999999", Format::Percent, "98.5%"),
        ("1", Format::Percent, "100%"),
        ("1.35E+13", Format::Plain, "13500000000000"),
        ("1E-3", Format::Plain, "0.001"),
        ("-5", Format::Plain, "-5"),
        ("148.00", Format::Plain, "148"),
        ("45418", Format::Day, "2024年5月6日"),
        ("45418", Format::Month, "2024年5月"),
        ("45418.604166666664", Format::Day, "2024年5月6日 14:30:00"),
        ("0.604166666666667", Format::Time, "14:30:00"),
        ("59", Format::Day, "1900年2月28日"),
        ("61", Format::Day, "1900年3月1日"),
    ] {
        assert_eq!(read(stored, format).as_deref(), Some(seen), "{stored} {format:?}");
    }
    assert_eq!(format::text("43956", Format::Day, true).as_deref(), Some("2024年5月6日"));
    for (stored, format) in [
        ("x", Format::Plain),
        ("60", Format::Day),
        ("-1", Format::Day),
        ("1E+300", Format::Plain),
        ("9999999999", Format::Day),
    ] {
        assert_eq!(read(stored, format), None, "{stored} {format:?}");
    }
}

#[test]
fn formats_in_letters() {
    for (code, format) in [
        ("General", Format::Plain),
        ("0.00%", Format::Percent),
        ("#,##0.00\"%\"", Format::Plain),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\";@", Format::Day),
        ("yyyy\"年\"m\"月\"", Format::Month),
        ("m\"月\"d\"日\"", Format::Day),
        ("h:mm:ss", Format::Time),
        ("0\"days\"", Format::Plain),
        ("[Red]0.0;[Blue]0%", Format::Plain),
        ("@", Format::Plain),
        ("General\"个\"", Format::Plain),
    ] {
        assert_eq!(Format::of_code(code), format, "{code}");
    }
}

#[test]
fn escaped_characters_are_what_they_mean() {
    for (stored, meant) in [
        ("甲_x000D_\n乙", "甲\n乙"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x0041__x0042_", "AB"),
        ("_x004_ _xD800_ _x 甲_x", "_x004_ _xD800_ _x 甲_x"),
        ("_x0001_", ""),
        ("_x", "_x"),
    ] {
        assert_eq!(super::workbook::unescape(stored), meant, "{stored}");
    }
}
