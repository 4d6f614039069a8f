"""Every answer of `achievementSummary` counted again from an audit pack.

To add a measure: write its function below, named as the field of `AchievementSummary` in snake_case, with the fields asked of it
where it has any. It is given a group and gives what the service must answer; fields without a function are told, not checked.
"""

from collections import Counter, defaultdict
from fractions import Fraction

from expression import cut, fixed, half_up
from pack import Findings, Pack
from taken import camel

STATUSES = ("EXCEEDED", "ACHIEVED", "PARTIALLY_ACHIEVED", "NOT_ACHIEVED", "IN_PROGRESS", "NOT_REPORTED", "NOT_APPLICABLE",
            "UNDETERMINED")
SATISFIED, COMPARABLE = STATUSES[:2], STATUSES[:4]
EXPENDITURE = ("BASIC_EXPENDITURE", "PROJECT_EXPENDITURE", "FISCAL_SPECIAL_FUNDS", "OTHER_DEVELOPMENT_EXPENDITURE")
MEASURES, SELECTIONS = {}, {}


def measure(selection=""):
    def known(function):
        name = camel(function.__name__)
        MEASURES[name], SELECTIONS[name] = function, selection
        return function
    return known


class Group(list):
    """Assessments that count together. `apart`: indicators are told apart, so that of declarations nothing can be said."""

    apart = False

    def reports(self):
        """Each declaration once in each period."""
        return {(one.declaration, one.period) for one in self}

    def executed(self):
        """Annual budget and execution where both are known."""
        money = (declaration.money.get(period, (declaration.budget, None)) for declaration, period in self.reports())
        return [(budget, executed) for budget, executed in money if None not in (budget, executed)]


def quotient(top, bottom):
    """Cut to six decimals; null without a divisor."""
    return fixed(cut(Fraction(top) / bottom, 6), 6) if bottom else None


def having(group, statuses):
    return sum(one.status in statuses for one in group)


@measure()
def indicator_count(group):
    return len(group)


@measure()
def reported_count(group):
    return len(group) - having(group, ("NOT_REPORTED", "NOT_APPLICABLE"))


@measure()
def comparable_count(group):
    return having(group, COMPARABLE)


@measure("status count")
def counts(group):
    return [{"status": status, "count": having(group, (status,))} for status in STATUSES]


@measure()
def achievement_rate(group):
    """Satisfied ÷ comparable, cut to six decimals; null when nothing is comparable."""
    return quotient(having(group, SATISFIED), having(group, COMPARABLE))


@measure()
def average_score(group):
    """100 × Σ score ÷ Σ maxScore over what has a score, half up to two decimals; null without any."""
    scored = [one for one in group if one.score is not None and one.most is not None]
    most = sum(one.most for one in scored)
    return fixed(half_up(Fraction(100 * sum(one.score for one in scored), most), 2), 2) if most else None


@measure()
def rate_count(group):
    return sum(one.rate is not None for one in group)


@measure()
def mean_completion_rate(group):
    """Sum of the rates there are ÷ their number."""
    return quotient(Fraction(sum(one.rate for one in group if one.rate is not None), 10**6), rate_count(group))


@measure()
def declaration_count(group):
    return None if group.apart else len(group.reports())


@measure()
def execution_rate(group):
    """Σ executed ÷ Σ annual budget of the declarations that have both."""
    money = group.executed()
    return None if group.apart else quotient(sum(executed for _, executed in money), sum(budget for budget, _ in money))


@measure("declarationCount annualBudget(unit: YUAN) executed(unit: YUAN) rate")
def execution(group):
    if group.apart:
        return None
    money = group.executed()
    budget, executed = (fixed(sum(parts), 2) for parts in zip(*money)) if money else (None, None)
    return {"declarationCount": len(money), "annualBudget": budget, "executed": executed, "rate": execution_rate(group)}


@measure("onTimeCount lateCount undatedCount notFiledCount onTimeRate")
def filing(group):
    """By the first submission; on time ÷ (on time + late)."""
    if group.apart:
        return None
    filed = Counter(declaration.filed.get(period, "notFiledCount") for declaration, period in group.reports())
    told = {name: filed[name] for name in ("onTimeCount", "lateCount", "undatedCount", "notFiledCount")}
    return told | {"onTimeRate": quotient(filed["onTimeCount"], filed["onTimeCount"] + filed["lateCount"])}


# ── what a pack holds ────────────────────────────────────────────────────────


class Declaration:
    __slots__ = ("year", "department", "in_force", "budget", "grades", "money", "filed")

    def __init__(self, row):
        self.year, self.department = row["fiscalYear"], row["departmentCode"]
        self.in_force = row["status"] in ("APPROVED", "CLOSED")
        amounts = [Fraction(row["budget"][line]) for line in EXPENDITURE if line in row["budget"]]
        self.budget = sum(amounts) if amounts else None
        self.grades, self.money, self.filed = {}, {}, {}

    def report(self, row):
        period, given = row["period"], row["execution"]
        budget, executed = (None if given[name] is None else Fraction(given[name]) for name in ("annualBudget", "executed"))
        self.money[period] = (self.budget if budget is None else budget, executed)
        if row["submittedAt"] is not None:
            days = row.get("lateDays")
            self.filed[period] = "undatedCount" if days is None else "lateCount" if days else "onTimeCount"


class Assessed:
    """An assessment with its indicator's levels; rates in millionths, points in hundredths."""

    __slots__ = ("declaration", "level1", "level2", "period", "status", "rate", "score", "most")

    def __init__(self, declaration, levels, row):
        self.declaration, (self.level1, self.level2) = declaration, levels
        self.period, self.status = row["period"], row["status"]
        self.rate, self.score, self.most = (
            None if row[name] is None else int(row[name].replace(".", "")) for name in ("rate", "score", "maxScore"))


class Country:
    def __init__(self, path):
        pack, found = Pack(path), Findings()
        rows = lambda name: (line.row for line in pack.lines(f"{name}.ndjson", found))
        self.parents = {row["code"]: row["parentCode"] for row in rows("jurisdictions")}
        self.departments = {row["code"]: row["jurisdictionCode"] for row in rows("departments")}
        declarations = {row["id"]: Declaration(row) for row in rows("declarations")}
        for row in rows("results"):
            declarations[row["declarationId"]].grades[row["period"]] = row["grade"]
        for row in rows("reports"):
            declarations[row["declarationId"]].report(row)
        levels = {row["id"]: (row["level1"], row["level2"]) for row in rows("indicators")}
        assessed = (Assessed(declarations[row["declarationId"]], levels[row["indicatorId"]], row) for row in rows("achievements"))
        self.assessed = [one for one in assessed if one.declaration.in_force]
        self.children = defaultdict(list)
        for code, parent in self.parents.items():
            self.children[parent].append(code)
        self.years = sorted({one.declaration.year for one in self.assessed})
        if found.wrong:
            raise SystemExit("\n".join(found.wrong[:20]))

    def above(self, code):
        """A jurisdiction and all above it in the pack."""
        while code is not None:
            yield code
            code = self.parents[code]

    def within(self, department, jurisdiction):
        return jurisdiction in self.above(self.departments[department])

    def bucket(self, department, jurisdiction):
        """Which jurisdiction a department counts for: the child of `jurisdiction` above it, or that one itself for its own."""
        above = list(self.above(self.departments[department]))
        if jurisdiction is None:
            return above[-1]
        place = above.index(jurisdiction)
        return above[max(place - 1, 0)]


# ── a summary ────────────────────────────────────────────────────────────────


def summary(country, where, group_by):
    """(groups by their keys, everything together) of the assessments that a filter lets through."""
    groups, everything, known = defaultdict(Group), Group(), {}
    for one in selected(country, where, group_by):
        everything.append(one)
        key = tuple(key_of(country, one, dimension, where, known) for dimension in group_by)
        groups[key].append(one)
    narrowed = any(where.get(name) is not None for name in ("level1", "level2", "statuses"))
    everything.apart = narrowed
    for group in groups.values():
        group.apart = narrowed or bool({"LEVEL1", "LEVEL2", "STATUS"} & set(group_by))
    return groups, everything


def selected(country, where, group_by):
    period = where.get("period") or (None if "PERIOD" in group_by else "YEAR_END")
    tests = [lambda one: period in (None, one.period)]
    if where.get("fiscalYears") is not None:
        tests.append(lambda one: one.declaration.year in where["fiscalYears"])
    if where.get("departmentCodes") is not None:
        tests.append(lambda one: one.declaration.department in where["departmentCodes"])
    if where.get("jurisdictionCode") is not None:
        inside = {code for code in country.departments if country.within(code, where["jurisdictionCode"])}
        tests.append(lambda one: one.declaration.department in inside)
    for name, field in (("level1", "level1"), ("level2", "level2"), ("statuses", "status")):
        if where.get(name) is not None:
            tests.append(lambda one, field=field, words=where[name]: getattr(one, field) in words)
    return (one for one in country.assessed if all(test(one) for test in tests))


def key_of(country, one, dimension, where, known):
    if dimension == "FISCAL_YEAR":
        return str(one.declaration.year)
    if dimension == "DEPARTMENT":
        return one.declaration.department
    if dimension == "JURISDICTION":
        code = one.declaration.department
        if code not in known:
            known[code] = country.bucket(code, where.get("jurisdictionCode"))
        return known[code]
    if dimension == "GRADE":
        return one.declaration.grades.get(one.period)
    return getattr(one, dimension.lower())


def in_order(keys):
    """By their keys, null last."""
    return sorted(keys, key=lambda key: [(part is None, part or "") for part in key])
