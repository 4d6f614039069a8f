"""Files that were made to hurt: each is refused with its reason, in little more memory than a real form takes.

Usage: bad_files.py JIXIAO
"""

import io
import pathlib
import subprocess
import sys
import zipfile

from common import DEPARTMENT, SEED, in_a_folder_of_its_own

JIXIAO = sys.argv[1]
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
WORKBOOK = '<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>'
RELATIONS = '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'


def book(sheet: str, strings: str = "<sst/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return made.getvalue()


def sheet(rows: str) -> str:
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>"


ROWS = "".join(f'<row r="{row}"><c r="A{row}" t="str"><v>x</v></c></row>' for row in range(1, 200_001))
CELLS = '<c t="s"><v>0</v></c>' * 200
NAMED = "".join(f'<row r="{row}">{CELLS}</row>' for row in range(1, 2_000))
FILES = {
    "zip bomb": (book("<worksheet>" + " " * (1 << 28) + "</worksheet>"), "32MiB"),
    "200,000 rows": (book(sheet(ROWS)), "2000"),
    "cell at XFD1048576": (book(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "XFD1048576"),
    "entity bomb": (book('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'), "FILE_REFUSED"),
    "one long text named 400,000 times": (book(sheet(NAMED), f"<sst><si><t>{'x' * 4_900}</t></si></sst>"), "LIMIT_EXCEEDED"),
    "huge spans": (b"<table><tr><td colspan=999999 rowspan=999999>x", "FILE_REFUSED"),
    "page of 200,000 rows": (b"<table>" + b"<tr><td>x" * 200_000, "2000"),
    "100,000 tables in one another": (b"<table><tr><td>" * 100_000, "FORM_REFUSED"),
    "200,000 open formats": (b"<b a=1><i b=2>" * 100_000 + b"<table><tr><td>x" + b"<p>" * 50_000, "FORM_REFUSED"),
    "renamed program": (b"MZ\x90\0\x03\0\0\0\x04" + bytes(1_000), "executable"),
    "encrypted workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "密码"),
}


# In an interpreter of its own: a process takes over the peak of the one that it is forked from.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def tried(file: pathlib.Path) -> tuple[int, str, int]:
    """Exit code, what was said, and the most memory that was taken, in KiB."""
    command = [JIXIAO, "import", str(file), "--department", "440118001", "--jurisdiction", "440118", "--year", "2030", "--dry-run"]
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, check=False)
    said, _, peak = done.stdout.rstrip().rpartition("\n")
    return done.returncode, said, int(peak)


def main() -> None:
    subprocess.run([JIXIAO, "import", str(SEED), *DEPARTMENT, "--year", "2024"], check=True, capture_output=True)
    code, said, real = tried(SEED)
    assert code == 0, said
    worst = 0
    for name, (content, reason) in FILES.items():
        file = pathlib.Path("file.xlsx")
        file.write_bytes(content)
        code, said, used = tried(file)
        assert code != 0 and reason in said, (name, code, said)
        assert used < 2 * real, (name, used, real)
        worst = max(worst, used)
    print(f"{len(FILES)} bad files refused; most memory {worst / real:.2f} times that of the real form ({real // 1024} MiB)")


in_a_folder_of_its_own(main)
