"""The findings of a pack as they are listed across declarations, and auditors' notes on them: a finding has the key of its
place and the fingerprint of what it says; a note is the one that the log tells of."""

from chain import declaration_of, text
from pack import sha256

ACTS = {True: "FINDING_DISMISS", False: "FINDING_REOPEN"}
SAME = 64  # findings of one rule and place that are told apart


def key(declaration, rule, path, nth):
    return int(sha256("\0".join([str(declaration), rule, *path, str(nth)]).encode())[:16], 16) >> 1


def fingerprint(row):
    message = {language: row["message"][language] for language in ("zh", "en")}
    compared = [{field: one[field] for field in ("name", "value")} for one in row["compared"]]
    return sha256("\0".join([row["severity"], row["rule"], text(message), text(compared)]).encode())


def check_findings(declaration, lines, found):
    """Gives the fingerprints by their keys."""
    known, last = {}, -1
    for line in lines:
        row, told = line.row, []
        if row["id"] <= last:
            told.append(f"does not follow {last}")
        last = row["id"]
        if row["id"] not in {key(declaration, row["rule"], row["path"], nth) for nth in range(1, SAME)}:
            told.append(f"id {row['id']} is not that of {row['rule']} at {'.'.join(row['path'])}")
        if row["fingerprint"] != fingerprint(row):
            told.append(f"fingerprint: given {row['fingerprint']}, expected {fingerprint(row)}")
        period = row["path"][1] if row["path"][:1] == ["reports"] else None
        if row["period"] != period:
            told.append(f"period: given {row['period']}, its path says {period}")
        for one in told:
            found.add("listed-findings.ndjson", line.number, f"declaration {declaration} {row['rule']}: {one}")
        known[row["id"]] = row["fingerprint"]
        found.count("findings listed")
    return known


def check_notes(declaration, lines, log, found):
    """`log`: the entries of dismissals and of taking them back that are shown, in order."""
    log = [entry for entry in log if declaration_of(entry["node"]) == declaration]
    for number, line in enumerate(lines):
        row = line.row
        entry = log[number] if number < len(log) else None
        dismissed = {"before": None, "after": row["fingerprint"]} if row["dismisses"] else {"before": row["fingerprint"], "after": None}
        said = (ACTS[row["dismisses"]], row["note"], row["writtenAt"], row["writtenBy"], dismissed)
        if entry is None:
            found.add("finding-notes.ndjson", line.number, f"declaration {declaration}: no entry of the log tells of this note")
            continue
        change = entry["changes"][0]
        _, rule, *path = change["path"].split(".")
        if row["findingId"] not in {key(declaration, rule, path, nth) for nth in range(1, SAME)}:
            found.add("finding-notes.ndjson", line.number, f"declaration {declaration}: findingId {row['findingId']} is not that of "
                      f"{change['path']} (entry {entry['sequence']} of the log)")
        change = {side: change.get(side) for side in ("before", "after")}
        expected = (entry["action"], entry["reason"], entry["at"], entry["actorId"], change)
        if said != expected:
            found.add("finding-notes.ndjson", line.number, f"declaration {declaration}: given {said}, "
                      f"expected {expected} (entry {entry['sequence']} of the log)")
        found.count("notes on findings")
    for entry in log[len(lines):]:
        found.add("finding-notes.ndjson", None, f"declaration {declaration}: the note of entry {entry['sequence']} is missing")
