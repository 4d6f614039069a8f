"""The audit log of a pack: every hash recomputed from what the entry says, every link, up to the head."""

import json
from collections import defaultdict

from pack import sha256

FILE = "audit-entries.ndjson"
GENESIS = "0" * 64
SAID = ("at", "actorId", "actorName", "role", "action", "node", "departmentId", "reason", "changes", "documentSha256",
        "requestId")
CHANGE = ("path", "before", "after")


def text(value):
    """JSON as it is hashed: no white space, non-ASCII as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def said(row):
    """The fields of an entry as they are hashed, changes as text."""
    changes = [{key: change.get(key) for key in CHANGE} for change in row["changes"]]
    return [text(changes) if name == "changes" else row[name] for name in SAID]


def contents(row):
    """SHA-256 of what an entry says; of one that is left out, as it is given."""
    return sha256(text(said(row)).encode()) if "node" in row else row.get("contentsSha256")


def linked(row):
    """The hash of an entry by its contents' hash and the hash before."""
    return sha256(text([row["sequence"], contents(row), row["previousHash"]]).encode())


def flat(row):
    """The hash of an entry of an older version: all fields in one array."""
    return sha256(text([row["sequence"], *said(row), row["previousHash"]]).encode())


class Chain:
    """What the log says of documents, once it is checked."""

    def __init__(self):
        self.named = {}  # hash of a document: line, node, time and actor of the entry that names it
        self.documents = defaultdict(set)  # the hashes that are named of each declaration
        self.notes = []  # the entries by which auditors dismissed findings, or took that back
        self.left_out = self.unproven = 0


def declaration_of(node):
    """The declaration that an entry is about; None for everything else."""
    kind, _, rest = node.partition(":")
    key = rest.partition(":")[0]
    return int(key) if kind in ("Declaration", "Report", "Adjustment", "Publication") and key.isdigit() else None


def check(pack, manifest, found, witnesses=()):
    """Walks the log; `witnesses` are (sequence, hash) that were noted elsewhere."""
    chain, last, previous, noted = Chain(), 0, GENESIS, dict(witnesses)
    for line in pack.lines(FILE, found):
        row = line.row
        try:
            sequence, hash = row["sequence"], row["hash"]
            fault = broken(row, last, previous, chain)
        except (KeyError, TypeError, AttributeError) as missing:
            found.add(FILE, line.number, f"not an entry: {missing!r}")
            continue
        for told in fault:
            found.add(FILE, line.number, f"entry {sequence}: {told}")
        if noted.pop(sequence, hash) != hash:
            found.add(FILE, line.number, f"entry {sequence}: the hash {hash} is not the one that was noted elsewhere")
        if row.get("documentSha256"):
            chain.named[row["documentSha256"]] = (line.number, row["node"], row["at"], row["actorId"])
            chain.documents[declaration_of(row["node"])].add(row["documentSha256"])
        if row.get("action") in ("FINDING_DISMISS", "FINDING_REOPEN"):
            chain.notes.append(row)
        last, previous = sequence, hash
        found.count("entries of the log")
    head = manifest.get("head", {})
    if (head.get("sequence"), head.get("hash")) != (last, previous):
        found.add(FILE, None, f"ends with entry {last} {previous}, expected {head.get('sequence')} {head.get('hash')} (the manifest)")
    for sequence in noted:
        found.add(FILE, None, f"entry {sequence}, whose hash was noted elsewhere, is missing")
    return chain


def broken(row, last, previous, chain):
    """What does not fit about an entry."""
    told = []
    if row["sequence"] != last + 1:
        told.append(f"the sequence is {row['sequence']}, expected {last + 1}")
    if row["previousHash"] != previous:
        told.append(f"previousHash is {row['previousHash']}, expected {previous} (the entry before)")
    if "node" not in row:
        chain.left_out += 1
        if row.get("contentsSha256") is None:  # of an older version: only said to follow
            chain.unproven += 1
            return told
    by_contents = linked(row)
    if row["hash"] != by_contents and ("node" not in row or row["hash"] != flat(row)):
        told.append(f"hash is {row['hash']}, expected {by_contents} (from what the entry says)")
    return told
