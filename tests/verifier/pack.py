"""Reading an audit pack (docs/audit-pack.md): a folder or a ZIP file, line by line; its hashes and counts."""

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

SUMS, MANIFEST = "SHA256SUMS", "MANIFEST.json"
LINES = [f"{name}.ndjson" for name in (
    "achievements", "actual-values", "adjustments", "audit-entries", "declarations", "departments", "documents", "evidence",
    "finding-notes", "findings", "indicators", "jurisdictions", "listed-findings", "publications", "rectifications", "reports", "results", "reviews", "schemes",
    "snapshots", "versions")]
BODY = b',"body":'
OF = re.compile(rb'"declarationId":([0-9]{1,18})[,}]')


class Line(NamedTuple):
    """One line of a file: its number from 1, its bytes, and what it says."""

    number: int
    raw: bytes
    row: dict

    @property
    def body(self):
        """The bytes of `body`, which stands last, as they were hashed; None where it is withheld."""
        place = self.raw.find(BODY)
        return None if place < 0 else self.raw[place + len(BODY):-1]


class Findings:
    """What is wrong, each with its file and line; how much was looked at; what could not be proven."""

    def __init__(self):
        self.wrong, self.counts, self.notes = [], {}, []

    def add(self, file, line, told):
        self.wrong.append(f"{file}:{line}: {told}" if line else f"{file}: {told}")

    def count(self, what, more=1):
        self.counts[what] = self.counts.get(what, 0) + more

    def join(self, other):
        self.wrong += other.wrong
        self.notes += other.notes
        for what, more in other.counts.items():
            self.count(what, more)


class Pack:
    def __init__(self, path):
        self.path = Path(path)
        self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)
        files = (file for file in self.path.rglob("*") if file.is_file())
        self.known = sorted(self.zip.namelist() if self.zip else (file.relative_to(self.path).as_posix() for file in files))

    def __reduce__(self):  # for other processes: each opens it anew
        return Pack, (self.path,)

    def names(self):
        return self.known

    def open(self, name):
        return self.zip.open(name) if self.zip else open(self.path / name, "rb")

    def read(self, name):
        with self.open(name) as file:
            return file.read()

    def lines(self, name, found, wanted=lambda raw: True):
        """The lines of a file that are wanted by their bytes; what is no JSON object is told and left out. A file that is not
        there was told already."""
        if name not in self.names():
            return
        with self.open(name) as file:
            for number, raw in enumerate(file, 1):
                if not wanted(raw):
                    continue
                raw = raw.rstrip(b"\n")
                try:
                    row = json.loads(raw)
                except ValueError as fault:
                    found.add(name, number, f"not JSON: {fault}")
                    continue
                if isinstance(row, dict):
                    yield Line(number, raw, row)
                else:
                    found.add(name, number, "not a JSON object")


class Grouped:
    """The lines of a file by declaration, both in order; what is in no declaration's place is told. `part`: only those of
    declarations from the first key up to, not including, the second."""

    def __init__(self, pack, name, found, part):
        self.name, self.found = name, found
        self.source = pack.lines(name, found, lambda raw: part[0] <= declaration_in(raw) < part[1])
        self.ahead = next(self.source, None)

    def of(self, declaration):
        lines = []
        while self.ahead is not None:
            own = self.ahead.row.get("declarationId")
            if own == declaration:
                lines.append(self.ahead)
            elif isinstance(own, int) and own > declaration:
                break
            else:
                self.stray()
            self.ahead = next(self.source, None)
        return lines

    def finish(self):
        while self.ahead is not None:
            self.stray()
            self.ahead = next(self.source, None)

    def stray(self):
        self.found.add(self.name, self.ahead.number, f"a line of declaration {self.ahead.row.get('declarationId')} "
                       "that is not in its place, or of none in the pack")


def declaration_in(raw):
    """The declaration a line is of, without reading all of it; 0 where it tells none."""
    found = OF.search(raw)
    return int(found[1]) if found else 0


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def check_files(pack, found, fingerprint=None):
    """Every file against SHA256SUMS, that against the manifest, and the counts; gives the manifest."""
    names = pack.names()
    for name in [MANIFEST, SUMS, *LINES]:
        if name not in names:
            found.add(name, None, "is missing")
    raw = pack.read(MANIFEST) if MANIFEST in names else b"{}"
    if fingerprint not in (None, sha256(raw)):
        found.add(MANIFEST, None, f"the fingerprint is {sha256(raw)}, {fingerprint} was noted")
    try:
        manifest = json.loads(raw)
    except ValueError as fault:
        found.add(MANIFEST, None, f"not JSON: {fault}")
        manifest = {}
    if (manifest.get("format"), manifest.get("version")) != ("jixiao-audit-pack", 1):
        found.add(MANIFEST, None, "not an audit pack of version 1")
    sums = pack.read(SUMS) if SUMS in names else b""
    if sha256(sums) != manifest.get("sumsSha256"):
        found.add(SUMS, None, f"SHA-256 is {sha256(sums)}, expected {manifest.get('sumsSha256')} (the manifest)")
    expected = {}
    for line in sums.decode("utf-8", "replace").splitlines():
        value, _, name = line.partition("  ")
        expected[name] = value
    for name in sorted(set(names) | set(expected)):
        check_file(pack, name, expected, manifest, found)
    return manifest


def check_file(pack, name, expected, manifest, found):
    if name in (MANIFEST, SUMS):
        return
    if name not in pack.names():
        found.add(name, None, f"is missing; {SUMS} lists it")
        return
    hash, lines = hashlib.sha256(), 0
    with pack.open(name) as file:
        while chunk := file.read(1 << 20):
            hash.update(chunk)
            lines += chunk.count(b"\n")
    found.count("files")
    if name not in expected:
        found.add(name, None, f"is not in {SUMS}")
    elif hash.hexdigest() != expected[name]:
        found.add(name, None, f"SHA-256 is {hash.hexdigest()}, expected {expected[name]} ({SUMS})")
    counted = manifest.get("lines", {}).get(name, lines if name not in LINES else None)
    if counted != lines and name in LINES:
        found.add(name, None, f"{lines} lines, expected {counted} (the manifest)")
