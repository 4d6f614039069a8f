"""The scheme files (docs/schemes.md), read with exact fractions."""

import tomllib
from fractions import Fraction
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "crates" / "rules" / "schemes"

# Steps with the expression `scheme`: where in the scheme the value stands (docs/explanations.md).
PARAMETERS = {
    "partialFrom": ("status", "partial_from"),
    "deviatingFrom": ("status", "deviating_from"),
    "explainBelow": ("explanation", "low"),
    "explainFrom": ("explanation", "high"),
    "graceDays": ("formula", "grace_days"),
    "fullShare": ("qualitative", "full_from"),
    "partialShare": ("qualitative", "partial_from"),
    "yellowFrom": ("lights", "yellow_from"),
    "greenFrom": ("lights", "green_from"),
    "blueFrom": ("lights", "blue_from"),
}


class Scheme:
    """One scheme. `number("status", "partial_from")` is a parameter as a fraction, `word` one as it stands."""

    def __init__(self, document):
        self.document = tomllib.loads(document)
        self.code, self.version = self.document["code"], int(self.document["version"])
        self.numbers = {}

    def word(self, table, key):
        return self.document[table][key]

    def number(self, table, key):
        if (table, key) not in self.numbers:
            self.numbers[table, key] = Fraction(self.document[table][key])
        return self.numbers[table, key]

    def tiers(self, table, key):
        """A list of tables of numbers, in the order of the file."""
        tiers = self.document[table].get(key, [])
        return [{name: Fraction(text) for name, text in tier.items()} for tier in tiers]


class Schemes:
    """Schemes by code and version: the shipped ones, and those of the files named."""

    def __init__(self, files=()):
        self.all = {}
        for path in [*sorted(SHIPPED.glob("*.toml")), *files]:
            scheme = Scheme(Path(path).read_text(encoding="utf-8"))
            self.all[scheme.code, scheme.version] = scheme

    def get(self, code, version):
        return self.all.get((code, int(version)))
