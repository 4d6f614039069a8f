"""Official forms through LibreOffice: opened, edited, saved as other programs save them, and imported again; only the edit differs.

Usage: roundtrip.py JIXIAO SOFFICE
"""

import pathlib
import subprocess
import sys

from common import DEPARTMENT, SEED, in_a_folder_of_its_own

JIXIAO, SOFFICE = sys.argv[1:3]


def jixiao(*arguments: str, fails: bool = False) -> str:
    done = subprocess.run([JIXIAO, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails, (arguments, done.stdout, done.stderr)
    return done.stdout + done.stderr


def imported(file: pathlib.Path, year: int) -> str:
    return jixiao("import", str(file), *DEPARTMENT, "--year", str(year))


def exported(form: str, year: int, ending: str) -> pathlib.Path:
    file = pathlib.Path(f"{form}-{year}.{ending}")
    arguments = ["--arg", "departmentCode=440118001", "--arg", f"fiscalYear={year}"]
    jixiao("export", form, "--format", ending, *arguments, "--output", str(file))
    return file


def converted(file: pathlib.Path, ending: str, filter_: str = "") -> pathlib.Path:
    """What LibreOffice makes of a file when it is saved as another kind."""
    out = pathlib.Path("out")
    command = [SOFFICE, f"-env:UserInstallation={pathlib.Path('profile').resolve().as_uri()}", "--headless", "--norestore"]
    subprocess.run([*command, "--convert-to", ending + filter_, "--outdir", str(out), str(file)], check=True, capture_output=True, timeout=240)
    made = out / f"{file.stem}.{ending}"
    assert made.stat().st_size > 0, made
    return made


def page(year: int) -> list[str]:
    return exported("form", year, "html").read_text("utf-8").splitlines()


def main() -> None:
    imported(SEED, 2024)
    before = page(2024)
    assert sum("150个" in line for line in before) == 1

    # A workbook that somebody opens, in which they change one target, and save.
    flat = converted(exported("form", 2024, "xlsx"), "fods")
    text = flat.read_text("utf-8")
    assert text.count("150个") >= 1
    edited = pathlib.Path("edited.fods")
    edited.write_text(text.replace("150个", "165个"), "utf-8")
    imported(converted(edited, "xlsx"), 2025)
    after = page(2025)
    differ = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert len(differ) == 1 and differ[0][0].replace("150个", "165个") == differ[0][1], differ

    # The page to print opened by the word processor and saved as a document; the workbook saved as a web page.
    imported(converted(exported("form", 2024, "html"), "docx", ":MS Word 2007 XML"), 2026)
    assert page(2026) == before
    imported(converted(exported("form", 2024, "xlsx"), "html"), 2027)
    assert page(2027) == before

    # The old kind of workbook is refused with its reason, before anything is made.
    old = converted(exported("form", 2024, "xlsx"), "xls")
    told = jixiao("import", str(old), *DEPARTMENT, "--year", "2028", fails=True)
    assert ".xlsx" in told, told

    # The forms of the reports open, print, and say what they should.
    for form, words in [("monitoring-form", ["1-7月执行情况", "硬件条件保障", "≥90%"]), ("self-evaluation-form", ["实际完成值(B)", "51,480.81"])]:
        file = exported(form, 2024, "xlsx")
        assert converted(file, "pdf").read_bytes().startswith(b"%PDF")
        csv = converted(file, "csv", ":Text - txt - csv (StarCalc):44,34,76").read_text("utf-8-sig")
        assert all(word in csv for word in words), csv
    print("forms through LibreOffice: the edit and nothing else differs; .docx and .html are the same again")


in_a_folder_of_its_own(main)
