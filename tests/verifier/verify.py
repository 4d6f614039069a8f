"""A whole audit pack: files, log, schemes, places, declarations."""

import tomllib

import chain as log
import declarations
from pack import Findings, Pack, check_files, sha256
from scheme import Scheme


class Schemes(dict):
    """The schemes of a pack by their keys, and the hashes of their documents."""

    def __init__(self):
        super().__init__()
        self.sums = {}


def schemes_of(pack, found):
    schemes, names, last = Schemes(), set(pack.names()), ("", 0)
    for line in pack.lines("schemes.ndjson", found):
        row, file = line.row, f"schemes/{line.row.get('id')}.toml"
        if row.get("file") != file:
            found.add("schemes.ndjson", line.number, f"file: given {row.get('file')}, expected {file}")
        if file not in names:
            found.add("schemes.ndjson", line.number, f"{file} is missing")
            continue
        document = pack.read(file)
        schemes.sums[row.get("id")] = sha256(document)
        if sha256(document) != row.get("sha256"):
            found.add("schemes.ndjson", line.number, f"SHA-256 of {file} is {sha256(document)}, given {row.get('sha256')}")
        try:
            scheme = Scheme(document.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, ValueError) as fault:
            found.add(file, None, f"not a scheme: {fault!r}")
            continue
        if (scheme.code, scheme.version) != (row.get("code"), row.get("version")):
            found.add("schemes.ndjson", line.number, f"code and version: given {row.get('code')} {row.get('version')}, "
                      f"in {file} {scheme.code} {scheme.version}")
        if (scheme.code, scheme.version) <= last:
            found.add("schemes.ndjson", line.number, f"{scheme.code} {scheme.version} does not follow {last[0]} {last[1]}")
        last = (scheme.code, scheme.version)
        schemes[row.get("id")] = scheme
        found.count("schemes")
    for file in sorted(names):
        if file.startswith("schemes/") and file not in {f"schemes/{key}.toml" for key in schemes.sums}:
            found.add("schemes.ndjson", None, f"tells nothing of {file}")
    return schemes


def places_of(pack, found):
    """Keys of departments by code; every department lies in a jurisdiction of the pack."""
    codes, departments, last = set(), {}, ""
    for line in pack.lines("jurisdictions.ndjson", found):
        code = str(line.row.get("code"))
        if code <= last:
            found.add("jurisdictions.ndjson", line.number, f"jurisdiction {code} does not follow {last}")
        codes.add(last := code)
    last = ""
    for line in pack.lines("jurisdictions.ndjson", found):
        if line.row.get("parentCode") not in codes | {None}:
            found.add("jurisdictions.ndjson", line.number, f"parentCode {line.row['parentCode']} is not in the pack")
    for line in pack.lines("departments.ndjson", found):
        code = str(line.row.get("code"))
        if code <= last:
            found.add("departments.ndjson", line.number, f"department {code} does not follow {last}")
        if line.row.get("jurisdictionCode") not in codes:
            found.add("departments.ndjson", line.number, f"jurisdictionCode {line.row.get('jurisdictionCode')} is not in the pack")
        last = code
        departments[code] = line.row.get("id")
    return departments


def verify(path, witnesses=(), fingerprint=None, cache=None, jobs=1):
    """Everything that is wrong with a pack. `cache` remembers documents that were computed again, by their bytes."""
    pack, found = path if isinstance(path, Pack) else Pack(path), Findings()
    manifest = check_files(pack, found, fingerprint)
    schemes = schemes_of(pack, found)
    departments = places_of(pack, found)
    chain = log.check(pack, manifest, found, witnesses)
    declarations.check(pack, chain, schemes, departments, found, {} if cache is None else cache, jobs)
    if chain.left_out:
        found.notes.append(f"{chain.left_out} entries of the log are left out: their place is proven, what they say is not shown")
    if chain.unproven:
        found.notes.append(f"{chain.unproven} of these are of an older version: that they follow is only said")
    return found
