"""The declarations of a pack: every document against its hash and the log, every number in it computed again, and every
line that says again what the last document says."""

import json

from chain import declaration_of
from document import recompute
from explained import Explained
from pack import Grouped, sha256
from taken import lines_of

AGAIN = ("achievements", "actual-values", "adjustments", "evidence", "findings", "indicators", "publications", "rectifications",
         "reports", "results", "reviews")
OWN = ("documents", "snapshots", "versions")
KEYS = ("declarationId", "indicatorId", "period", "stage", "kind", "id")


def check(pack, chain, schemes, departments, found):
    groups = {name: Grouped(pack, f"{name}.ndjson", found) for name in (*AGAIN, *OWN)}
    seen, last = set(), 0
    for line in pack.lines("declarations.ndjson", found):
        id = line.row.get("id")
        if not isinstance(id, int) or id <= last:
            found.add("declarations.ndjson", line.number, f"declaration {id} does not follow declaration {last}")
            continue
        last = id
        found.count("declarations")
        lines = {name: group.of(id) for name, group in groups.items()}
        one = Declaration(id, line, lines, chain, schemes, found)
        one.check(departments)
        seen |= one.hashes
    for group in groups.values():
        group.finish()
    for hash, (number, node, *_) in chain.named.items():
        if hash not in seen:
            found.add("audit-entries.ndjson", number, f"names a document of {node} that is not in the pack: {hash}")


class Declaration:
    def __init__(self, id, line, lines, chain, schemes, found):
        self.id, self.line, self.lines = id, line, lines
        self.chain, self.schemes, self.found = chain, schemes, found
        self.hashes, self.documents = set(), {}

    def wrong(self, name, line, told):
        self.found.add(f"{name}.ndjson", line.number, f"declaration {self.id} {told}")

    def check(self, departments):
        last, place = None, None
        documents = self.lines["documents"]
        if [line.row.get("number") for line in documents] != list(range(1, self.line.row.get("documents", 0) + 1)):
            self.wrong("declarations", self.line, f"documents: given {self.line.row.get('documents')}, and the numbers "
                       f"{[line.row.get('number') for line in documents]}")
        for line in documents:
            last, place = self.document(line), line
        self.versions()
        if last is None:
            self.found.notes.append(f"declaration {self.id}: its last document is withheld, so its lines rest on nothing")
            return
        self.belongs(last, departments)
        self.snapshots(last)
        self.again(last, place)

    # ── what was hashed ──────────────────────────────────────────────────────

    def document(self, line):
        """Checks a document and computes it again; None where it is withheld or no document."""
        name, given = f"document {line.row.get('number')}", line.row.get("sha256")
        self.hashes.add(given)
        self.documents[line.row.get("number")] = line.row
        named = self.chain.named.get(given)
        if line.body is None:
            self.found.count("documents withheld")
            return None
        if sha256(line.body) != given:
            self.wrong("documents", line, f"{name}: SHA-256 is {sha256(line.body)}, given {given}")
        if named is None or declaration_of(named[1]) != self.id:
            self.wrong("documents", line, f"{name}: no entry of the log names {given}")
        elif named[2] != line.row.get("at"):
            self.wrong("documents", line, f"{name}: at is {line.row.get('at')}, expected {named[2]} (the log)")
        self.found.count("documents")
        try:
            document = json.loads(line.body)
            scheme = self.schemes[document["scheme"]["id"]]
            wrong = [*recompute(document, scheme)]
            if self.schemes.sums[document["scheme"]["id"]] != document["scheme"]["sha256"]:
                wrong.append(("scheme", document["scheme"]["sha256"], self.schemes.sums[document["scheme"]["id"]]))
            if document["id"] != self.id:
                wrong.append(("id", document["id"], self.id))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as fault:
            self.wrong("documents", line, f"{name} cannot be computed again: {fault!r}")
            return None
        self.found.count("assessments", len(document["results"]) * len(document["indicators"]))
        for place, given, computed in wrong:
            self.wrong("documents", line, f"{name} {place}: given {given}, by the rules {computed}")
        return document

    def versions(self):
        for expected, line in enumerate(self.lines["versions"], 1):
            row, document = line.row, self.documents.get(line.row.get("documentNumber"), {})
            named = self.chain.named.get(document.get("sha256"))
            if row.get("version") != expected:
                self.wrong("versions", line, f"version {row.get('version')}, expected {expected}")
            if row.get("approvedAt") != document.get("at"):
                self.wrong("versions", line, f"version {expected}: approved at {row.get('approvedAt')}, its document is of {document.get('at')}")
            if named and named[3] is not None and row.get("approvedBy") != named[3]:
                self.wrong("versions", line, f"version {expected}: approved by {row.get('approvedBy')}, by the log {named[3]}")

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
        version = self.lines["versions"][-1].row if self.lines["versions"] else {}
        own = {"version": document["version"]} if document["version"] or version else {}
        if document["version"] == 1:
            own |= {"approvalNumber": document["approvalNumber"], "approvedOn": document["approvedOn"]}
        for name, value in own.items():
            if version.get(name) != value:
                self.found.add("versions.ndjson", self.lines["versions"][-1].number if version else None,
                               f"declaration {self.id} {name}: given {version.get(name)}, in the document {value}")

    def again(self, document, place):
        expected = {}
        rows = lines_of(document, self.line.row.get("departmentCode"), len(self.lines["documents"]))
        for name, row in rows:
            expected.setdefault(name, []).append(row)
        explained = Explained(document, self.schemes[document["scheme"]["id"]])
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
                for told in explained.check(row | {"explanation": explanation}):
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
