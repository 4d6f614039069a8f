"""Altering a pack in every way an attacker might, to see that each is found and named: a test of the verifier itself."""

import io
import json
import random
import re

from chain import linked, text
from pack import LINES, MANIFEST, SUMS, Pack, sha256
from verify import verify

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
# What nothing in the log binds: only the hashes, and so the fingerprint, can tell that it was altered.
UNBOUND = {"jurisdictions.ndjson", "departments.ndjson"}
LISTED = "listed-findings.ndjson"  # nothing binds that a finding is there, or since when


class Memory(Pack):
    """A small pack in memory: lines of each file, and whole files."""

    def __init__(self, files):
        self.zip, self.files = None, files

    def names(self):
        return sorted(self.files)

    def open(self, name):
        return io.BytesIO(self.files[name])

    def read(self, name):
        return self.files[name]

    def rows(self, name):
        return self.files[name].splitlines()

    def put_lines(self, name, rows):
        self.files[name] = b"".join(row + b"\n" for row in rows)

    def fix(self, head=None):
        """As an attacker who knows of SHA256SUMS and the manifest: both say what the files are now."""
        names = [name for name in self.names() if name not in (MANIFEST, SUMS)]
        self.files[SUMS] = "".join(f"{sha256(self.files[name])}  {name}\n" for name in names).encode()
        manifest = json.loads(self.files[MANIFEST])
        manifest["lines"] = {name: self.files[name].count(b"\n") for name in LINES}
        manifest["sumsSha256"] = sha256(self.files[SUMS])
        manifest["head"] = head or manifest["head"]
        self.files[MANIFEST] = json.dumps(manifest, indent=2).encode()


def leaves(value, path=()):
    """Every text and number of a line with its path."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from leaves(one, (*path, n))
    elif isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
        yield path, value


def altered(value, dice):
    if isinstance(value, int):
        return value + dice.choice((-1, 1, 10))
    place = dice.randrange(len(value))
    if DECIMAL.match(value):
        digits = [n for n, sign in enumerate(value) if sign.isdigit()]
        place = dice.choice(digits)
        return value[:place] + str((int(value[place]) + dice.randint(1, 9)) % 10) + value[place + 1:]
    return value[:place] + ("改" if value[place] != "改" else "变") + value[place + 1:]


def put(row, path, value):
    for key in path[:-1]:
        row = row[key]
    row[path[-1]] = value


class Attack:
    """One alteration: what was done, in which file and lines, and whether anything but the fingerprint can tell."""

    def __init__(self, pack, dice):
        self.pack, self.dice = pack, dice
        self.name = dice.choice([name for name in LINES if pack.files[name]])
        self.rows = pack.rows(self.name)
        self.lines = [dice.randrange(len(self.rows))]
        self.bound = self.name not in UNBOUND and not self.rests_on_nothing()
        self.told = ""

    def rests_on_nothing(self):
        """A withheld document whose entry is left out, and all that is taken from one."""
        last, named = {}, b"".join(self.pack.rows("audit-entries.ndjson"))
        for raw in self.pack.rows("documents.ndjson"):
            row = json.loads(raw)
            last[row["declarationId"]] = "withheld" in row
        row = json.loads(self.rows[self.lines[0]])
        if self.name == "documents.ndjson":
            return "withheld" in row and row["sha256"].encode() not in named
        return last.get(row.get("id" if self.name == "declarations.ndjson" else "declarationId"), False)

    def one_leaf(self, number):
        """One number or one text; the hash beside a document and that of an entry are made to fit."""
        row = json.loads(self.rows[self.lines[0]])
        wanted = [leaf for leaf in leaves(row) if (isinstance(leaf[1], int) or bool(DECIMAL.match(leaf[1]))) == number]
        if not wanted:
            return False
        path, value = self.dice.choice(wanted)
        new = altered(value, self.dice)
        put(row, path, new)
        self.told = f"{path}: {value!r} to {new!r}"
        if path[-1] in ("expression", "createdAt") and self.name in ("achievements.ndjson", "schemes.ndjson"):
            self.bound = False
        if path[-1] in ("since", "foundAt") and self.name == LISTED:
            self.bound = False
        if self.name == "documents.ndjson" and "body" in path and self.dice.random() < 0.5:
            row["sha256"] = sha256(text(row["body"]).encode())
        if self.name == "audit-entries.ndjson" and path[-1] not in ("hash", "contentsSha256") and self.dice.random() < 0.5:
            row["hash"] = linked(row)
            self.lines.append(self.lines[0] + 1)  # the entry after it names the old hash
        self.rows[self.lines[0]] = text(row).encode()
        return True

    def number(self):
        return self.one_leaf(True)

    def words(self):
        return self.one_leaf(False)

    def drop(self):
        self.bound = self.bound and self.name != LISTED
        del self.rows[self.lines[0]]
        self.lines = []
        return True

    def swap(self):
        if len(set(self.rows)) < 2:
            return False
        other = self.dice.choice([n for n, row in enumerate(self.rows) if row != self.rows[self.lines[0]]])
        one = self.lines[0]
        self.rows[one], self.rows[other] = self.rows[other], self.rows[one]
        self.lines.append(other)
        return True


def attack(original, dice, cache):
    """One alteration by an attacker who mends the hashes or does not; what was not found, or not named, as text."""
    pack = Memory(dict(original.files))
    made = Attack(pack, dice)
    kind = dice.choice(("number", "words", "drop", "swap"))
    if not getattr(made, kind)():
        return None
    pack.put_lines(made.name, made.rows)
    mended = dice.random() < 0.8
    if mended:
        pack.fix()
    fingerprint = None if made.bound else sha256(original.files[MANIFEST])
    found = verify(pack, fingerprint=fingerprint, cache=cache)
    named = [told for told in found.wrong if told.startswith(f"{made.name}:")]
    if made.bound and mended and made.lines:
        named = [told for told in named if any(told.startswith(f"{made.name}:{line + 1}:") for line in made.lines)]
    if found.wrong and (named or not made.bound):
        return ""
    place = f"{made.name} lines {[line + 1 for line in made.lines]}, {'mended' if mended else 'not mended'}"
    return f"{kind} {place} {made.told}: found {found.wrong[:3]}"


def of_scheme(original, dice):
    """A scheme with another number, all hashes made to fit but those in documents."""
    pack = Memory(dict(original.files))
    rows = [json.loads(row) for row in pack.rows("schemes.ndjson")]
    used = {json.loads(row)["scheme"]["code"] for row in pack.rows("declarations.ndjson")}
    row = dice.choice([row for row in rows if row["code"] in used])
    document = pack.files[row["file"]].decode()
    place = dice.choice([found.start(1) for found in re.finditer(r'= "[0-9.]*([0-9])"', document)][1:])
    document = f"{document[:place]}{(int(document[place]) + 1) % 10}{document[place + 1:]}".encode()
    pack.files[row["file"]], row["sha256"] = document, sha256(document)
    pack.put_lines("schemes.ndjson", [text(row).encode() for row in rows])
    pack.fix()
    return [told for told in verify(pack).wrong if "scheme sha256" in told]


def write_anew(pack, change):
    """The whole log written anew after a change to its entries, head, hashes and all."""
    name, previous = "audit-entries.ndjson", None
    rows = [json.loads(row) for row in pack.rows(name)]
    change(rows)
    for row in rows:
        row["previousHash"] = previous or row["previousHash"]
        row["hash"] = previous = linked(row)
    pack.put_lines(name, [text(row).encode() for row in rows])
    pack.fix({"sequence": rows[-1]["sequence"], "hash": previous})


def forged(original, dice, cache):
    """A computed number of a document, everything that hashes it made to fit: only who computes it again can tell."""
    pack, name = Memory(dict(original.files)), "documents.ndjson"
    rows = pack.rows(name)
    place = dice.choice([n for n, row in enumerate(rows) if b'"withheld"' not in row])
    row = json.loads(rows[place])
    made = [(path, value) for path, value in leaves(row["body"]) if isinstance(value, int) and (
        path[0] == "results" or path[2:3] in (("achievements",), ("weight",)) and path[-1] != "id")]
    path, value = dice.choice(made)
    put(row["body"], path, value + dice.choice((-1, 1)))
    old, row["sha256"] = row["sha256"], sha256(text(row["body"]).encode())
    rows[place] = text(row).encode()
    pack.put_lines(name, rows)

    def change(entries):
        for entry in entries:
            if entry.get("documentSha256") == old:
                entry["documentSha256"] = row["sha256"]

    write_anew(pack, change)
    found = [told for told in verify(pack, cache=cache).wrong if told.startswith(f"{name}:{place + 1}:") and "expected" in told]
    return "" if found else f"{name} line {place + 1} {path}: {value} is forged and not found"


def rewritten(original, dice):
    """Another name in an entry, and the whole log after it written anew: only a hash noted elsewhere can tell."""
    pack = Memory(dict(original.files))
    last = json.loads(pack.rows("audit-entries.ndjson")[-1])

    def change(rows):
        dice.choice([row for row in rows if "node" in row])["actorName"] += "改"

    write_anew(pack, change)
    unseen = verify(pack).wrong
    seen = verify(pack, witnesses=[(last["sequence"], last["hash"])]).wrong
    return [told for told in seen if told not in unseen and "noted elsewhere" in told]


def attacks(path, seed, count):
    """(not found, how many of each were tried)."""
    pack, dice, cache = Pack(path), random.Random(seed), {}
    original = Memory({name: pack.read(name) for name in pack.names()})
    clean = verify(original, cache=cache)
    if clean.wrong:
        return clean.wrong, 0
    missed, tried = [], 0
    while tried < count:
        told = attack(original, dice, cache)
        tried += told is not None
        missed += [told] if told else []
    for _ in range(count // 10):
        told = forged(original, dice, cache)
        missed += [told] if told else []
    if not of_scheme(original, dice):
        missed.append("a scheme with another number is not told from the one that documents name")
    if not rewritten(original, dice):
        missed.append("a log that was written anew is not told from the one whose head was noted")
    return missed, tried
