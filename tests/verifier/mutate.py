"""Altering a pack in every way an attacker might, to see that each is found and named: a test of the verifier itself."""

import copy
import io
import json
import random
import re

from chain import linked, text
from pack import LINES, MANIFEST, SUMS, Findings, Pack, sha256
from verify import verify

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
# What nothing in the log binds: only the hashes, and so the fingerprint, can tell that it was altered.
UNBOUND = {"jurisdictions.ndjson", "departments.ndjson"}


class Memory(Pack):
    """A small pack in memory: lines of each file, and whole files."""

    def __init__(self, pack):
        self.zip, self.files = None, {name: pack.read(name) for name in pack.names()}

    def names(self):
        return sorted(self.files)

    def open(self, name):
        return io.BytesIO(self.files[name])

    def read(self, name):
        return self.files[name]

    def rows(self, name):
        return self.files[name].splitlines()

    def put(self, name, rows):
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
        self.rows, self.bound, self.head = pack.rows(self.name), self.name not in UNBOUND, None
        self.lines = [dice.randrange(len(self.rows))]
        self.told = ""

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
    pack = copy.copy(original)
    pack.files = dict(original.files)
    made = Attack(pack, dice)
    kind = dice.choice(("number", "words", "drop", "swap"))
    if not getattr(made, kind)():
        return None
    pack.put(made.name, made.rows)
    mended = dice.random() < 0.8
    if mended:
        pack.fix(made.head)
    fingerprint = None if made.bound else sha256(original.files[MANIFEST])
    found = verify(pack, fingerprint=fingerprint, cache=cache)
    named = [told for told in found.wrong if told.startswith(f"{made.name}:")]
    if made.bound and mended and made.lines:
        named = [told for told in named if any(told.startswith(f"{made.name}:{line + 1}:") for line in made.lines)]
    if found.wrong and (named or not made.bound):
        return ""
    place = f"{made.name} lines {[line + 1 for line in made.lines]}, {'mended' if mended else 'not mended'}"
    return f"{kind} {place} {made.told}: found {found.wrong[:3]}"


def rewritten(original, dice):
    """The whole log written anew after an altered entry, head and all: only a hash noted elsewhere can tell."""
    pack = copy.copy(original)
    pack.files, name = dict(original.files), "audit-entries.ndjson"
    rows = [json.loads(row) for row in pack.rows(name)]
    whole = [n for n, row in enumerate(rows) if "node" in row]
    last, previous = {"sequence": rows[-1]["sequence"], "hash": rows[-1]["hash"]}, None
    rows[dice.choice(whole)]["actorName"] += "改"
    for row in rows:
        row["previousHash"] = previous or row["previousHash"]
        row["hash"] = previous = linked(row)
    pack.put(name, [text(row).encode() for row in rows])
    pack.fix({"sequence": rows[-1]["sequence"], "hash": previous})
    unseen = verify(pack).wrong
    seen = verify(pack, witnesses=[(last["sequence"], last["hash"])]).wrong
    return [told for told in seen if told not in unseen and "noted elsewhere" in told]


def attacks(path, seed, count):
    """(not found, how many of each were tried)."""
    original, dice, cache = Memory(Pack(path)), random.Random(seed), {}
    clean = verify(original, cache=cache)
    if clean.wrong:
        return clean.wrong, 0
    missed, tried = [], 0
    while tried < count:
        told = attack(original, dice, cache)
        tried += told is not None
        missed += [told] if told else []
    if not rewritten(original, dice):
        missed.append("a log that was written anew is not told from the one whose head was noted")
    return missed, tried
