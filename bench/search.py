#!/usr/bin/env python3
"""What the index of the text search costs and gains, on the tables of the migration alone.

    bench/search.py [INDICATORS]                                 # SQLite, of Python's own library
    scripts/with-postgres.sh --bench bench/search.py [INDICATORS] # PostgreSQL, through psql

Texts are made of the names and targets of real forms in tests/fixtures. Python's standard library only.
"""

import csv
import glob
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
ASKED = ["颐康站", "没有的字", "服务对象满意度", "浓度", "覆盖率", "满意度", "完成"]
UPSERT = "ON CONFLICT (indicator_id) DO UPDATE SET text = excluded.text"
BATCH = 20  # indicators of one declaration, written in one transaction


def statements(name):
    """The frozen statements of the migration."""
    with open(os.path.join(ROOT, "migrations/src/m20261126_000090_search.rs"), encoding="utf-8") as file:
        found = re.search(rf'const {name}: &str = r"\n(.*?)";', file.read(), re.S)
    return found.group(1).split("\n\n")


def folded(text):
    """As jixiao_rules::search does, but for traditional characters and look-alikes."""
    wide = ("＞＝" if c == "≥" else "＜＝" if c == "≤" else c for c in text.lower() if not c.isspace())
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in "".join(wide))


def texts(count):
    names, targets = set(), set()
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/fixtures/*.tsv"))):
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                names.update(row[key] for key in ("level3", "name") if row.get(key))
                targets.update(row[key] for key in ("target", "text") if row.get(key))
    names, targets = sorted(names), sorted(targets)
    random.seed(1)
    for number in range(count):
        where = random.choice(["增城区", "天河区", "全市", "各镇街", "城乡", "农村", "", "", "本年度", "重点"])
        rare = "颐康站" if number % 10_000 == 77 else random.choice(["", "率", "数量", "完成情况"])
        annual = random.choice(targets)
        cycle = annual if random.random() < 0.7 else ""
        yield f"{folded(where + random.choice(names) + rare)}\n{folded(annual)}\n{folded(cycle)}\n"


def sqlite(rows):
    size, spent = [], []
    with tempfile.TemporaryDirectory() as directory:
        for indexed in (False, True):
            db = sqlite3.connect(os.path.join(directory, f"{indexed}.db"), isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("CREATE TABLE indicator_text (indicator_id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL)")
            for statement in statements("SQLITE") if indexed else []:
                db.execute(statement)
            begun = time.perf_counter()
            for first in range(0, len(rows), BATCH):
                db.execute("BEGIN IMMEDIATE")
                some = enumerate(rows[first : first + BATCH], first + 1)
                db.executemany(f"INSERT INTO indicator_text VALUES (?, ?) {UPSERT}", some)
                db.execute("COMMIT")
            spent.append((time.perf_counter() - begun) / len(rows) * 1000)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size.append(db.execute("PRAGMA page_count").fetchone()[0] * 4096 / len(rows))
        print(f"bytes per indicator: text {size[0]:.0f}, index {size[1] - size[0]:.0f}")
        print(f"ms per indicator, {BATCH} in a transaction: {spent[0]:.3f} -> {spent[1]:.3f}")
        for label, statement in [
            ("built anew", "INSERT INTO indicator_search (indicator_search) VALUES ('rebuild')"),
            ("compared", "INSERT INTO indicator_search (indicator_search, rank) VALUES ('integrity-check', 1)"),
        ]:
            begun = time.perf_counter()
            db.execute(statement)
            print(f"index {label} in {time.perf_counter() - begun:.1f} s")

        def ask(sql, parameters):
            found, times = None, []
            for _ in range(7):
                begun = time.perf_counter()
                found = db.execute(sql, parameters).fetchone()[0]
                times.append((time.perf_counter() - begun) * 1000)
            return found, statistics.median(times)

        for part in ASKED:
            pairs = " ".join(sorted({f'"{part[at : at + 2]}"' for at in range(len(part) - 1)}))
            like = f"%{part}%"
            scan = ask("SELECT COUNT(*) FROM indicator_text WHERE text LIKE ?", (like,))
            indexed = ask(
                "SELECT COUNT(*) FROM indicator_text JOIN indicator_search ON indicator_search.rowid = indicator_id"
                " WHERE indicator_search MATCH ? AND text LIKE ?",
                (pairs, like),
            )
            tell(part, scan, indexed)


def postgres(rows, address):
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))
    psql = [programs[-1] if programs else "psql", address, "-qAt", "-v", "ON_ERROR_STOP=1"]

    def run(sql):
        return subprocess.run(psql, input=sql, capture_output=True, text=True, check=True).stdout

    def times(sql):
        return [float(told) for told in re.findall(r"Time: ([\d.]+)", run("\\timing on\n" + sql))]

    table = 'CREATE TABLE {} (indicator_id BIGINT PRIMARY KEY NOT NULL, text TEXT COLLATE "C" NOT NULL);\n'
    run(table.format("plain") + table.format("indicator_text") + ";\n".join(statements("POSTGRES")) + ";")
    spent = []
    for name in ("plain", "indicator_text"):
        script = []
        for first in range(0, len(rows), BATCH):
            values = ", ".join(
                "({}, '{}')".format(number, text.replace("'", "''"))
                for number, text in enumerate(rows[first : first + BATCH], first + 1)
            )
            script.append(f"INSERT INTO {name} VALUES {values} {UPSERT};")
        begun = time.perf_counter()
        run("\n".join(script))
        spent.append((time.perf_counter() - begun) / len(rows) * 1000)
    run("VACUUM ANALYZE indicator_text;")
    sizes = "SELECT pg_relation_size('indicator_text'), pg_relation_size('indicator_text_pairs');"
    heap, index = run(sizes).strip().split("|")
    again = times("REINDEX INDEX indicator_text_pairs;")[0]
    _, anew = run(sizes).strip().split("|")
    print(f"bytes per indicator: text {int(heap) / len(rows):.0f}, index {int(index) / len(rows):.0f}, ", end="")
    print(f"built anew {int(anew) / len(rows):.0f} in {again / 1000:.1f} s")
    print(f"ms per indicator, {BATCH} in a transaction: {spent[0]:.3f} -> {spent[1]:.3f}")
    for part in ASKED:
        like = f"text LIKE '%{part}%'"
        plain = f"SELECT COUNT(*) FROM plain WHERE {like};\n"
        pairs = f"SELECT COUNT(*) FROM indicator_text WHERE pairs(text) @> pairs('{part}') AND {like};\n"
        scan = int(run(plain)), statistics.median(times(plain * 7))
        tell(part, scan, (int(run(pairs)), statistics.median(times(pairs * 7))))


def tell(part, scan, indexed):
    assert scan[0] == indexed[0], part
    print(f"{part}: {scan[0]} found, scan {scan[1]:.2f} ms, index {indexed[1]:.3f} ms, {scan[1] / indexed[1]:.0f} times faster")


if __name__ == "__main__":
    made = list(texts(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
    print(f"{len(made)} indicators, {sum(map(len, made)) / len(made):.0f} characters each")
    server = os.environ.get("JIXIAO_TEST_DATABASE_URL")
    postgres(made, server) if server else sqlite(made)
