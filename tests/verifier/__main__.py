"""`python3 tests/verifier`: see README.md."""

import argparse
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import check
import generate
from asked import compare
from mutate import attacks
from scheme import Schemes
from verify import verify

HERE = Path(__file__).resolve().parent
SHOWN = 20


def main():
    parser = argparse.ArgumentParser(prog="verifier", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    table = commands.add_parser("table", help="one's own table of targets and actual values")
    table.add_argument("file")
    generated = commands.add_parser("generated", help="seeded tables under every scheme, at the year's end and during it")
    generated.add_argument("--rows", type=int, default=1000, help="for each scheme and period")
    generated.add_argument("--pairs", type=int, default=2000, help="pairs for the property of one rounding")
    generated.add_argument("--seed", type=int, default=1)
    generated.add_argument("--jobs", type=int, default=1)
    for command in (table, generated):
        command.add_argument("--binary", required=True, help="path of jixiao")
        command.add_argument("--scheme", help="code or file; without it the default, or all")
        command.add_argument("--months", type=int, help="a report during the year")
    page = commands.add_parser("page", help="the answer to DeclarationPage as JSON on standard input")
    page.add_argument("--scheme", help="a scheme file beside the shipped ones")
    pack = commands.add_parser("pack", help="an audit pack, offline: a folder or a ZIP file")
    pack.add_argument("file")
    pack.add_argument("--head", action="append", default=[], metavar="SEQUENCE:HASH",
                      help="an entry of the log and its hash, as noted elsewhere")
    pack.add_argument("--fingerprint", help="SHA-256 of the manifest, as noted when the pack was made")
    pack.add_argument("--jobs", type=int, default=1)
    mutate = commands.add_parser("mutate", help="alters a small pack and sees that each alteration is found and named")
    recount = commands.add_parser("recount", help="every summary of a running service, counted again from its audit pack")
    recount.add_argument("--url", required=True, help="where the service answers GraphQL")
    recount.add_argument("--token-file", required=True, help="an access token of the reader whose pack it is")
    for command in (mutate, recount):
        command.add_argument("file")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--count", type=int, default=100, help="alterations, or seeded summaries")
    args = parser.parse_args()
    if args.command in OTHERS:
        return OTHERS[args.command](args)
    tally = {"table": of_table, "generated": of_generated, "page": of_page}[args.command](args)
    return report(tally)


class Tally:
    """How much was compared, and what differed."""

    def __init__(self):
        self.counts, self.differences, self.wrong = Counter(), [], 0

    def add(self, name, differences):
        self.wrong += bool(differences)
        self.differences.extend(f"{name}: {difference}" for difference in differences[:SHOWN])
        del self.differences[200:]

    def join(self, other):
        self.counts += other.counts
        self.wrong += other.wrong
        self.differences = (self.differences + other.differences)[:200]


def report(tally):
    for difference in tally.differences[:SHOWN]:
        print(difference, file=sys.stderr)
    counted = ", ".join(f"{count} {name}" for name, count in sorted(tally.counts.items()))
    print(f"{counted}; {tally.wrong} differ")
    return 1 if tally.wrong or not tally.counts["indicators"] else 0


def answers(binary, scheme, months, table):
    """The lines that `jixiao assess` answers a table with."""
    command = [binary, "assess", "--scheme", str(scheme)] + (["--months", str(months)] if months else [])
    done = subprocess.run(command, input=table.encode(), stdout=subprocess.PIPE, check=False)
    if done.returncode == 2:
        raise SystemExit("jixiao assess refused the table or the scheme")
    return done.stdout.decode().splitlines()


def of_lines(table, lines, schemes, months, intents=None):
    """Every line of the answer against its row."""
    tally = Tally()
    header, *rows = [row for row in table.replace("\r\n", "\n").split("\n") if row.strip()]
    names = header.split("\t")
    if len(lines) != len(rows):
        tally.add("table", [f"{len(rows)} rows, {len(lines)} answers"])
    for n, (row, line) in enumerate(zip(rows, lines), 1):
        cells, answer = dict(zip(names, row.split("\t"))), json.loads(line)
        if "error" in answer:
            tally.counts["refused lines"] += 1
            continue
        tally.counts["indicators"] += 1
        tally.counts["steps"] += len(answer["explanation"]["steps"])
        intent = intents[n - 1] if intents else None
        tally.add(f"row {n} {cells}", check.of_row(cells, answer, schemes, months, intent))
    return tally


def of_table(args):
    table = Path(args.file).read_text(encoding="utf-8")
    scheme = args.scheme or "CN-2020"
    schemes = Schemes([scheme] if scheme.endswith(".toml") else [])
    return of_lines(table, answers(args.binary, scheme, args.months, table), schemes, args.months)


def of_generated(args):
    own = sorted((HERE / "schemes").glob("*.toml"))
    chosen = [args.scheme] if args.scheme else [code for code, _ in Schemes().all] + [str(path) for path in own]
    jobs = [(args.binary, scheme, months, seed, rows, pairs)
            for scheme in chosen for months in ([args.months] if args.months else [None, 1 + args.seed % 11, 7])
            for seed, rows, pairs in portions(args)]
    tally = Tally()
    with ProcessPoolExecutor(args.jobs) as pool:
        for part in pool.map(generated, jobs):
            tally.join(part)
    return tally


def portions(args, size=10_000):
    """The work in pieces that fit into memory, each with a seed of its own."""
    pieces = max(1, -(-args.rows // size))
    return [(f"{args.seed}-{n}", args.rows // pieces, args.pairs // pieces) for n in range(pieces)]


def generated(job):
    binary, scheme, months, seed, rows, pairs = job
    schemes = Schemes([scheme] if scheme.endswith(".toml") else [])
    made = list(generate.rows(seed, rows)) + list(generate.edges(seed, pairs))
    table = generate.table(row for row, _ in made)
    tally = of_lines(table, answers(binary, scheme, months, table), schemes, months, [intent for _, intent in made])
    tally.counts["pairs at a band's edge"] += pairs
    tally.differences = [f"{scheme} months={months} {difference}" for difference in tally.differences]
    return tally


def of_page(args):
    schemes = Schemes([args.scheme] if args.scheme else [])
    tally, page = Tally(), json.load(sys.stdin)
    for name, count, differences in check.of_page(page.get("data", page), schemes):
        tally.counts["indicators"] += 1
        tally.counts["steps"] += count
        tally.add(name, differences)
    return tally


def of_pack(args):
    heads = [head.partition(":") for head in args.head]
    witnesses = [(int(sequence), hash) for sequence, _, hash in heads]
    found = verify(args.file, witnesses, args.fingerprint, jobs=args.jobs)
    for told in found.wrong[:200]:
        print(told)
    for note in found.notes[:SHOWN]:
        print(f"note: {note}")
    counted = ", ".join(f"{count} {what}" for what, count in sorted(found.counts.items()))
    print(f"{counted}; {len(found.wrong)} differences")
    return 1 if found.wrong or not found.counts.get("entries of the log") else 0


def of_mutate(args):
    missed, tried = attacks(args.file, args.seed, args.count)
    for told in missed[:SHOWN]:
        print(told)
    print(f"{tried} alterations, {len(missed)} not found or not named")
    return 1 if missed or not tried else 0


def of_recount(args):
    token = Path(args.token_file).read_text(encoding="utf-8").strip()
    wrong, counted, unchecked = compare(args.file, args.url, token, args.seed, args.count)
    for told in wrong[:SHOWN]:
        print(told)
    if unchecked:
        print(f"note: fields that nothing here counts: {', '.join(unchecked)}")
    print(", ".join(f"{count} {what}" for what, count in counted.items()) + f"; {len(wrong)} differences")
    return 1 if wrong or not counted["assessments"] else 0


OTHERS = {"pack": of_pack, "mutate": of_mutate, "recount": of_recount}

if __name__ == "__main__":
    sys.exit(main())
