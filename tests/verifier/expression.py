"""The expressions of an explanation, as docs/explanations.md defines them: parsed once, evaluated with exact fractions.

A value is a Fraction, a date, or a text (a word such as ACHIEVED or TRUE, or the verbatim text of a cell).
"""

import operator
import re
from datetime import date
from fractions import Fraction
from functools import cache

TRUE, FALSE = "TRUE", "FALSE"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<word>[A-Z][A-Z0-9_]*)|(?P<label>[a-z][A-Za-z0-9_]*)"
                   r"|(?P<sign><=|>=|!=|[-+*/<>=?:(),]))")
ROUNDING = re.compile(r"(?P<how>round(?=[012])|cut(?=[0126]))(?P<digits>[0126])\Z")
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt,
               ">=": operator.ge, "=": operator.eq, "!=": operator.ne}


class Fault(Exception):
    """An expression that cannot be computed."""


def read(text):
    """The value that a printed text stands for."""
    if NUMBER.match(text):
        return Fraction(text)
    if DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def fixed(number, digits):
    """A number of at most so many decimals, printed with exactly so many."""
    scaled = number * 10**digits
    if scaled.denominator != 1:
        raise Fault(f"{number} has more than {digits} decimals")
    whole, rest = divmod(abs(scaled.numerator), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def exact(number):
    """A number printed in full, without trailing zeros."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise Fault(f"{number} has no finite decimal text")
    return fixed(number, max(twos, fives))


def half_up(number, digits):
    """Rounded half away from zero."""
    scaled = abs(number) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**digits)


def cut(number, digits):
    """Cut toward zero."""
    scaled = abs(number) * 10**digits
    whole = scaled.numerator // scaled.denominator
    return Fraction(whole if number >= 0 else -whole, 10**digits)


def days_late(due, day):
    """Whole days by which `day` is later than `due`, 0 when it is not."""
    return max(0, (day - due).days)


class Expression:
    """A parsed expression; `digits` is the number of decimals its value is printed with, None for as many as it has."""

    def __init__(self, compute, digits):
        self.compute = compute
        self.digits = digits

    def printed(self, value):
        """The text of its value."""
        if isinstance(value, Fraction):
            return exact(value) if self.digits is None else fixed(value, self.digits)
        return value.isoformat() if isinstance(value, date) else value


@cache
def parse(text):
    """Parses a whole expression."""
    parser = Parser(text)
    node, digits = parser.expression()
    if parser.ahead is not None:
        raise Fault(f"unexpected {parser.ahead!r} in {text!r}")
    return Expression(node, digits)


class Parser:
    """Recursive descent, one method a line of the grammar. Each gives (function of the labels' values, decimals)."""

    def __init__(self, text):
        self.tokens, place = [], 0
        text = text.rstrip()
        while place < len(text):
            found = TOKEN.match(text, place)
            if not found:
                raise Fault(f"cannot read {text[place:]!r}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self.place = 0

    @property
    def ahead(self):
        return self.tokens[self.place][1] if self.place < len(self.tokens) else None

    def take(self, wanted=None):
        if self.ahead is None or wanted not in (None, self.ahead):
            raise Fault(f"expected {wanted or 'more'}, found {self.ahead!r}")
        self.place += 1
        return self.tokens[self.place - 1]

    def expression(self):
        test, digits = self.disjunction()
        if self.ahead != "?":
            return test, digits
        self.take("?")
        then, _ = self.expression()
        self.take(":")
        other, _ = self.expression()
        return (lambda labels: then(labels) if truth(test(labels)) else other(labels)), None

    def disjunction(self):
        return self.chain("or", self.conjunction, lambda x, y: lambda labels: word(truth(x(labels)) or truth(y(labels))))

    def conjunction(self):
        return self.chain("and", self.negation, lambda x, y: lambda labels: word(truth(x(labels)) and truth(y(labels))))

    def chain(self, name, part, join):
        node, digits = part()
        while self.ahead == name:
            self.take(name)
            node, digits = join(node, part()[0]), None
        return node, digits

    def negation(self):
        if self.ahead != "not":
            return self.comparison()
        self.take("not")
        node, _ = self.negation()
        return (lambda labels: word(not truth(node(labels)))), None

    def comparison(self):
        left, digits = self.sum()
        if self.ahead not in COMPARISONS:
            return left, digits
        sign = self.take()[1]
        right, _ = self.sum()
        return (lambda labels: word(compare(left(labels), sign, right(labels)))), None

    def sum(self):
        node, digits = self.product()
        while self.ahead in ("+", "-"):
            node, digits = arithmetic(self.take()[1], node, self.product()[0]), None
        return node, digits

    def product(self):
        node, digits = self.atom()
        while self.ahead in ("*", "/"):
            node, digits = arithmetic(self.take()[1], node, self.atom()[0]), None
        return node, digits

    def atom(self):
        kind, text = self.take()
        if kind == "number":
            number = Fraction(text)
            return (lambda labels: number), None
        if kind == "word":
            return (lambda labels: text), None
        if text == "(":
            node, _ = self.expression()
            self.take(")")
            return node, None
        if kind != "label" or text in ("and", "or", "not"):
            raise Fault(f"unexpected {text!r}")
        if self.ahead == "(":
            return self.function(text)
        return (lambda labels: known(labels, text)), None

    def function(self, name):
        self.take("(")
        parts = [self.expression()[0]]
        while self.ahead == ",":
            self.take(",")
            parts.append(self.expression()[0])
        self.take(")")
        rounding = ROUNDING.match(name)
        if rounding and len(parts) == 1:
            digits, how = int(rounding["digits"]), half_up if rounding["how"] == "round" else cut
            return (lambda labels: how(number(parts[0](labels)), digits)), digits
        if name == "abs" and len(parts) == 1:
            return (lambda labels: abs(number(parts[0](labels)))), None
        if name in ("min", "max") and len(parts) == 2:
            choose = min if name == "min" else max
            return (lambda labels: choose(number(parts[0](labels)), number(parts[1](labels)))), None
        if name == "days" and len(parts) == 2:
            return (lambda labels: Fraction(days_late(day(parts[0](labels)), day(parts[1](labels))))), None
        raise Fault(f"no function {name} of {len(parts)}")


def arithmetic(sign, left, right):
    def compute(labels):
        x, y = number(left(labels)), number(right(labels))
        if sign == "+":
            return x + y
        if sign == "-":
            return x - y
        if sign == "*":
            return x * y
        if y == 0:
            raise Fault("a division by zero")
        return x / y

    return compute


def compare(left, sign, right):
    if type(left) is not type(right):
        raise Fault(f"{left} {sign} {right} compares unlike things")
    if isinstance(left, str) and sign not in ("=", "!="):
        raise Fault(f"{left} {sign} {right} orders words")
    return COMPARISONS[sign](left, right)


def known(labels, name):
    if name not in labels:
        raise Fault(f"no earlier step {name}")
    return labels[name]


def number(value):
    if not isinstance(value, Fraction):
        raise Fault(f"{value} is not a number")
    return value


def day(value):
    if not isinstance(value, date):
        raise Fault(f"{value} is not a day")
    return value


def truth(value):
    if value not in (TRUE, FALSE):
        raise Fault(f"{value} is neither TRUE nor FALSE")
    return value == TRUE


def word(value):
    return TRUE if value else FALSE
