"""The declarations of a pack: every document against its hash and the log, every number in it computed again, and every
line that says again what the last document says."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

from chain import declaration_of
from document import differing, recompute
from explained import Explained
from listed import check_findings, check_notes
from pack import Findings, Grouped, sha256
from taken import UNKNOWN, lines_of

AGAIN = ("achievements", "actual-values", "adjustments", "evidence", "findings", "indicators", "publications", "rectifications",
         "reports", "results", "reviews")
OWN = ("documents", "finding-notes", "listed-findings", "snapshots", "versions")
FAULTS = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, IndexError)  # of what has not the shape it must have
KEYS = ("declarationId", "indicatorId", "period", "stage", "kind", "id")


def check(pack, chain, schemes, departments, found, cache, jobs=1):
    """All of them, in as many processes."""
    keys, last = [], 0
    for line in pack.lines("declarations.ndjson", found):
        id = line.row.get("id")
        if not isinstance(id, int) or id <= last:
            found.add("declarations.ndjson", line.number, f"declaration {id} does not follow declaration {last}")
            continue
        last = id
        keys.append(id)
    for id in sorted(chain.documents.keys() - set(keys), key=str):
        found.add("declarations.ndjson", None, f"declaration {id}, of which the log tells, is missing")
    size = max(1, -(-len(keys) // jobs))
    cuts = [0, *keys[size::size], sys.maxsize]
    work = [(pack, chain, schemes, departments, cache, part) for part in zip(cuts, cuts[1:])]
    with ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool:
        for own in (pool.map if pool else map)(check_part, work):
            found.join(own)


def check_part(work):
    """The declarations from one key up to another."""
    pack, chain, schemes, departments, cache, part = work
    found, last = Findings(), 0
    groups = {name: Grouped(pack, f"{name}.ndjson", found, part) for name in (*AGAIN, *OWN)}
    for line in pack.lines("declarations.ndjson", Findings()):  # what is wrong with the file was told
        id = line.row.get("id")
        if not isinstance(id, int) or id <= last or not part[0] <= id < part[1]:
            continue
        last = id
        found.count("declarations")
        lines = {name: group.of(id) for name, group in groups.items()}
        one = Declaration(id, line, lines, chain, schemes, found, cache)
        try:
            one.check(departments)
        except FAULTS as fault:
            found.add("declarations.ndjson", line.number, f"declaration {id} cannot be checked: {fault!r}")
    for group in groups.values():
        group.finish()
    if UNKNOWN:
        found.notes.append(f"numbers whose unit is not known here: {', '.join(sorted(UNKNOWN))}")
    return found


class Declaration:
    def __init__(self, id, line, lines, chain, schemes, found, cache):
        self.id, self.line, self.lines = id, line, lines
        self.chain, self.schemes, self.found, self.cache = chain, schemes, found, cache
        self.hashes, self.documents = set(), {}  # the documents by their numbers: line, and what it says

    def wrong(self, name, line, told):
        self.found.add(f"{name}.ndjson", line.number, f"declaration {self.id} {told}")

    def check(self, departments):
        check_findings(self.id, self.lines["listed-findings"], self.found)
        check_notes(self.id, self.lines["finding-notes"], self.chain.notes, self.found)
        last, place, expected = None, None, 1
        for line in self.lines["documents"]:
            if line.row.get("number") != expected:
                self.wrong("documents", line, f"document {line.row.get('number')}, expected {expected}")
            last, place, expected = self.document(line), line, line.row.get("number") + 1
        for number in range(expected, self.line.row.get("documents", 0) + 1):
            self.found.add("documents.ndjson", None, f"declaration {self.id} document {number} is missing")
        if place is None:
            self.wrong("declarations", self.line, "has no document in the pack")
        self.unnamed()
        self.versions()
        if last is None:
            if place is not None and place.body is not None:
                return
            self.found.notes.append(f"declaration {self.id}: its last document is withheld, so its lines rest on nothing")
            return
        self.belongs(last, departments)
        self.snapshots(last)
        self.again(last, place)

    # ── what was hashed ──────────────────────────────────────────────────────

    def unnamed(self):
        """Documents that the log names and the pack has not: they may be withheld under another hash."""
        for hash in self.chain.documents[self.id] - self.hashes:
            self.found.add("audit-entries.ndjson", self.chain.named[hash][0], f"names a document that is not in the pack: {hash}")
            for line in self.lines["documents"]:
                if line.body is None and line.row.get("sha256") not in self.chain.named:
                    self.wrong("documents", line, f"is named by no entry that is shown; one names {hash}")

    def document(self, line):
        """Checks a document and computes it again; None where it is withheld or no document."""
        name, given = f"document {line.row.get('number')}", line.row.get("sha256")
        self.hashes.add(given)
        self.documents[line.row.get("number")] = (line.row, None)
        named = self.chain.named.get(given)
        if named and declaration_of(named[1]) == self.id and named[2] != line.row.get("at"):
            self.wrong("documents", line, f"{name}: at is {line.row.get('at')}, expected {named[2]} (the log)")
        if line.body is None:
            self.found.count("documents withheld")
            return None
        if sha256(line.body) != given:
            self.wrong("documents", line, f"{name}: SHA-256 is {sha256(line.body)}, given {given}")
        if named is None or declaration_of(named[1]) != self.id:
            self.wrong("documents", line, f"{name}: no entry of the log names {given}")
        self.found.count("documents")
        document, wrong = self.computed(line.body)
        self.documents[line.row.get("number")] = (line.row, document)
        for place, given, expected in wrong:
            self.wrong("documents", line, f"{name} {place}: given {given}, expected {expected}")
        if document:
            self.found.count("assessments", len(document["results"]) * len(document["indicators"]))
        return document

    def computed(self, body):
        """The document with everything that is wrong in it; (None, why) where it cannot be computed again."""
        known = (body, *self.schemes.sums.values())
        if known in self.cache:
            return self.cache[known]
        try:
            document = json.loads(body)
            key = document["scheme"]["id"]
            scheme = self.schemes[key]
            wrong = [*recompute(document, scheme),
                     *differing("scheme", document["scheme"],
                                {"sha256": self.schemes.sums[key], "code": scheme.code, "version": scheme.version}),
                     *differing("declaration", document, {"id": self.id})]
        except FAULTS as fault:
            return None, [("", "a document", f"one that can be computed again: {fault!r}")]
        self.cache[known] = document, wrong
        return document, wrong

    def versions(self):
        """Each approved version against the document that holds it: the first by the declaration's approval, the others by
        their adjustments'."""
        for number, line in enumerate(self.lines["versions"], 1):
            row = line.row
            place, document = self.documents.get(row.get("documentNumber"), ({}, None))
            expected = {"version": number, "approvedAt": place.get("at")}
            if document:
                adjusted = [one for one in document.get("adjustments", []) if one["number"] == number - 1]
                approval = adjusted[0] if adjusted else document
                actor = self.chain.named.get(place["sha256"], (None, None, None, None))[3]
                expected |= {name: approval[name] for name in ("approvalNumber", "approvedOn")}
                expected["approvedBy"] = document["hands"]["acceptedBy"] if actor is None else actor
            for told, given, value in differing(f"version {number}", row, expected):
                self.wrong("versions", line, f"{told}: given {given}, expected {value}")

    def snapshots(self, document):
        known = {(kind, snapshot["number"]): snapshot["sha256"]
                 for kind, publication in document.get("publications", {}).items() for snapshot in publication["snapshots"]}
        for line in self.lines["snapshots"]:
            place = (line.row.get("kind"), line.row.get("number"))
            expected, given = known.pop(place, None), line.row.get("sha256")
            if given != expected or line.body is None or sha256(line.body) != given:
                self.wrong("snapshots", line, f"{place}: SHA-256 is {line.body and sha256(line.body)}, given {given}, "
                           f"in the document {expected}")
            self.found.count("published snapshots")
        for place in known:
            self.found.add("snapshots.ndjson", None, f"declaration {self.id} {place} is missing")

    # ── what says it again ───────────────────────────────────────────────────

    def belongs(self, document, departments):
        code = self.line.row.get("departmentCode")
        if departments.get(code) != document["departmentId"]:
            self.wrong("declarations", self.line, f"departmentCode: given {code}, of department {departments.get(code)}; "
                       f"in the document department {document['departmentId']}")
        if len(self.lines["versions"]) != document["version"]:
            self.found.add("versions.ndjson", None, f"declaration {self.id}: {len(self.lines['versions'])} versions, "
                           f"in the document {document['version']}")

    def again(self, document, place):
        expected = {}
        rows = lines_of(document, self.line.row.get("departmentCode"), len(self.lines["documents"]))
        for name, row in rows:
            expected.setdefault(name, []).append(row)
        explained = Explained(document, place.body, self.schemes[document["scheme"]["id"]])
        source = f"document {place.row.get('number')}"
        for name in (*AGAIN, "declarations"):
            lines = [self.line] if name == "declarations" else self.lines[name]
            self.compare(name, lines, expected.get(name, []), source, explained)

    def compare(self, name, lines, expected, source, explained):
        """The lines of a file against what they must say: line by line, or by their keys where lines are lost or moved."""
        keys = [key_of(row) for row in expected]
        given = [key_of(line.row) for line in lines]
        wanted = dict(zip(keys, expected))
        if given != keys:
            lost = [key for key in wanted if key not in given]
            for key in lost:
                self.found.add(f"{name}.ndjson", None, f"declaration {self.id}: a line is missing: {told_of(wanted[key])}")
            moved = next((line for line, key, own in zip(lines, keys, given) if key != own), None)
            if not lost and moved:
                self.wrong(name, moved, f"is not in its place: {told_of(moved.row)}")
        for line, key in zip(lines, given):
            row = dict(line.row)
            self.found.count("lines")
            if key not in wanted:
                self.wrong(name, line, f"is not in {source}: {told_of(row)}")
                continue
            explanation = row.pop("explanation", None) if name == "achievements" else None
            for field in sorted(row.keys() | wanted[key].keys()):
                if row.get(field, ...) != wanted[key].get(field, ...):
                    self.wrong(name, line, f"{told_of(row)} {field}: given {shown(row, field)}, in {source} "
                               f"{shown(wanted[key], field)}")
            if name == "achievements":
                self.found.count("explanations")
                known = (line.raw, explained.body)
                if known not in self.cache:
                    self.cache[known] = [*explained.check(row | {"explanation": explanation})]
                for told in self.cache[known]:
                    self.wrong(name, line, f"{told_of(row)} {told}")


def key_of(row):
    """What tells a line apart: its keys, or all of it where it has none of its own (findings)."""
    if "severity" in row:
        return json.dumps(row, sort_keys=True)
    return tuple(repr(row.get(key)) for key in KEYS)


def told_of(row):
    return " ".join(f"{key} {row[key]}" for key in (*KEYS[1:], "rule") if row.get(key) is not None)


def shown(row, field):
    return json.dumps(row[field], ensure_ascii=False) if field in row else "nothing"
