"""Weights, budget execution and the totals of a declaration (rules 4.1, 4.6, 4.7, 5.2), from one document.

Points and money are whole hundredths and rates whole millionths, as documents hold them.
"""

from fractions import Fraction

LEVELS = ("OUTPUT", "COST", "OUTCOME", "SATISFACTION")
STATUSES = ("EXCEEDED", "ACHIEVED", "PARTIALLY_ACHIEVED", "NOT_ACHIEVED", "IN_PROGRESS", "NOT_REPORTED", "NOT_APPLICABLE",
            "UNDETERMINED")
LIGHTS = ("RED", "YELLOW", "GREEN", "BLUE")
EXPENDITURE = ("BASIC_EXPENDITURE", "PROJECT_EXPENDITURE", "FISCAL_SPECIAL_FUNDS", "OTHER_DEVELOPMENT_EXPENDITURE")
MILLION = 10**6


def hundredths(text):
    return int(Fraction(text) * 100)


def millionths(text):
    return int(Fraction(text) * MILLION)


def cut6(top, bottom):
    """A quotient of amounts that are not negative, in millionths, cut."""
    return top * MILLION // bottom


def half_up(top, bottom):
    return (2 * top + bottom) // (2 * bottom)


# ── weights (4.6) ────────────────────────────────────────────────────────────


def in_proportion(parts, total):
    """`total` split in proportion to `parts`, cut, the hundredths left over one by one to the first that have a part."""
    whole = sum(parts)
    if whole <= 0:
        return [0] * len(parts)
    shares = [part * total // whole for part in parts]
    for place in [place for place, part in enumerate(parts) if part > 0][:total - sum(shares)]:
        shares[place] += 1
    return shares


def weights(rows, scheme):
    """[(points, origin) or None] of rows (level1, level2, stated, excluded), in order."""
    made, points = [None] * len(rows), level_points(rows, scheme)
    for level in LEVELS:
        live = [n for n, row in enumerate(rows) if level_of(row[0], scheme) == level and not row[3]]
        fill(rows, live, points[level], scheme, made)
    return made


def level_of(level1, scheme):
    """Where a scheme has no points for cost, cost rows count as output."""
    return "OUTPUT" if level1 == "COST" and scheme.number("weights", "cost") == 0 else level1


def level_points(rows, scheme):
    """Points of each level after levels without live rows have given theirs away (4.6.4)."""
    all_stated, points = bool(rows) and all(row[2] is not None for row in rows), {}
    for level in LEVELS:
        stated = [row[2] for row in rows if level_of(row[0], scheme) == level]
        if None not in stated and (stated or all_stated):
            points[level] = sum(stated)
        else:
            points[level] = hundredths(scheme.word("weights", level.lower()))
    live = {level: any(level_of(row[0], scheme) == level and not row[3] for row in rows) for level in LEVELS}
    homeless = 0
    for level in ("SATISFACTION", "COST", "OUTCOME", "OUTPUT"):
        policy = scheme.word("weights", "missing")[level.lower()]
        if live[level] or points[level] == 0:
            continue
        moved, points[level] = points[level], 0
        to = {"TO_OUTPUT": "OUTPUT", "TO_OUTCOME": "OUTCOME"}.get(policy)
        if policy != "ERROR" and to is not None and live[to]:
            points[to] += moved
        elif policy != "ERROR":
            homeless += moved
    if homeless:
        values = list(points.values())
        points = dict(zip(points, in_proportion(values, sum(values) + homeless)))
    return points


def fill(rows, live, points, scheme, made):
    stated = [rows[n][2] for n in live if rows[n][2] is not None]
    if len(stated) == len(live) and sum(stated) != points:
        for n, share in zip(live, in_proportion(stated, points)):
            made[n] = (share, "DERIVED")
        return
    for n in live:
        if rows[n][2] is not None:
            made[n] = (rows[n][2], "STATED")
    if points > sum(stated):
        split(rows, [n for n in live if rows[n][2] is None], points - sum(stated), scheme, made)


def split(rows, unstated, points, scheme, made):
    """Equally over level 1, or over its level 2 first; a row without level 2 stands for itself."""
    groups = {}
    for n in unstated:
        if scheme.word("weights", "split") == "EQUAL_IN_LEVEL1":
            key = "all"
        else:
            key = rows[n][1] or n
        groups.setdefault(key, []).append(n)
    for group, share in zip(groups.values(), in_proportion([1] * len(groups), points)):
        for n, part in zip(group, in_proportion([1] * len(group), share)):
            made[n] = (part, "DERIVED")


# ── execution (4.7, 5.2) ─────────────────────────────────────────────────────


def opening_budget(document):
    """The declared expenditure before any adjustment."""
    lines = dict(document["budget"])
    approved = [one for one in document.get("adjustments", []) if one["number"] is not None]
    for item in (item for one in reversed(approved) for item in one["items"]):
        if item["line"] is not None:
            lines[item["line"]] = item["before"]
    return declared(lines)


def declared(lines):
    amounts = [lines[name] for name in EXPENDITURE if lines.get(name) is not None]
    return sum(amounts) if amounts else None


class Execution:
    def __init__(self, weight):
        self.rate = self.score = self.light = None
        self.weight, self.excluded, self.flags = weight, False, []


def execution(document, period, months, scheme):
    """`months` is None at the year's end."""
    rules, made = scheme.document["execution"], Execution(hundredths(scheme.word("execution", "weight")))
    reported = document["reports"].get(period, {}).get("execution", {})
    opening, adjusted, executed = (reported.get(name) for name in ("initialBudget", "annualBudget", "executed"))
    opening = opening_budget(document) if opening is None else opening
    adjusted = declared(document["budget"]) if adjusted is None else adjusted
    budget = adjusted if rules["denominator"] == "ADJUSTED" else opening
    if executed is None:
        return made
    if executed < 0 or (budget or 0) < 0:
        made.flags.append("NEGATIVE_AMOUNT")
        return made
    if budget:
        executed_of(budget, executed, months, scheme, made)
    elif budget == 0 and executed > 0:
        made.flags.append("EXECUTED_WITHOUT_BUDGET")
    elif budget == 0 and rules["no_budget"] == "EXCLUDE":
        made.excluded, made.weight = True, None
    elif budget == 0 and months is None:
        made.score = 0
    if not budget and months is not None and scheme.word("lights", "execution")["no_budget"] == "RED":
        made.light = "RED"
    return made


def executed_of(budget, executed, months, scheme, made):
    rules, lights = scheme.document["execution"], scheme.word("lights", "execution")
    made.rate = cut6(executed, budget)
    if executed > budget:
        made.flags.append("OVER_EXECUTION")
    if months is not None:
        share = cut6(executed * 12, budget * months)
        made.light = ("RED" if share < millionths(lights["yellow_from"])
                      else "YELLOW" if share < millionths(lights["green_from"]) else "GREEN")
        return
    if made.rate < millionths(rules["reason_below"]):
        made.flags.append("REASON_REQUIRED")
    if rules["method"] == "BANDED":
        reached = [band for band in rules["bands"] if made.rate >= millionths(band["from"])]
        made.score = hundredths(reached[0]["points"]) if reached else None
    else:
        made.score = rounded(made.weight * min(executed, budget), budget, made.weight, scheme)


def rounded(top, bottom, weight, scheme):
    """Points as the scheme rounds them, never above the weight."""
    unit = 10 ** (2 - int(scheme.word("rounding", "score_digits")))
    half = scheme.word("rounding", "score_mode") == "HALF_UP"
    units = half_up(top, bottom * unit) if half else top // (bottom * unit)
    return min(units * unit, weight)


# ── totals (4.1) ─────────────────────────────────────────────────────────────


def tally(achievements):
    """Counts per status, and sums of the scores there are."""
    scored = [one for one in achievements if one["score"] is not None and one["max_score"] is not None]
    return {"counts": [sum(one["status"] == status for one in achievements) for status in STATUSES],
            "score_sum": sum(one["score"] for one in scored), "max_score_sum": sum(one["max_score"] for one in scored)}


def achievement_rate(counts):
    """Satisfied ÷ comparable, cut to six decimals; None when nothing is comparable."""
    comparable = sum(counts[:4])
    return cut6(counts[0] + counts[1], comparable) if comparable else None


def result(achievements, money, scheme, during_year):
    """The result of a declaration in one period."""
    sums = tally(achievements)
    lights = [one["light"] for one in achievements if one["light"] is not None]
    made = {"tally": sums, "score": None, "grade": None, "score_so_far": None, "max_score_so_far": None,
            "achievement_rate": achievement_rate(sums["counts"]), "execution_rate": money.rate,
            "execution_score": money.score, "light": None, "light_counts": [lights.count(light) for light in LIGHTS],
            "execution_light": money.light, "flags": list(money.flags)}
    if during_year:
        made["light"] = min([*lights, money.light] if money.light else lights, key=LIGHTS.index, default=None)
    else:
        total(made, achievements, money, scheme)
    return made


def total(made, achievements, money, scheme):
    score, most = made["tally"]["score_sum"], made["tally"]["max_score_sum"]
    known = any(one["score"] is not None for one in achievements)
    complete = known and (money.excluded or money.score is not None) and all(
        one["score"] is not None or one["status"] == "NOT_APPLICABLE" for one in achievements)
    if money.score is not None and money.weight is not None:
        score, most, known = score + money.score, most + money.weight, True
    for _ in scheme.document.get("extra_items", []):  # nobody can score them yet
        complete = False
        made["flags"].append("EXTRA_ITEMS_MISSING")
    if known:
        made["score_so_far"], made["max_score_so_far"] = score, most
    made["light"] = plausibility(made["tally"], money, scheme, complete)
    if not complete:
        return
    if made["light"] == "RED":
        made["flags"].append("SCORE_AHEAD_OF_MONEY")
    left_out = hundredths(scheme.word("execution", "weight")) if money.excluded else 0
    if most + left_out != 10_000:
        made["flags"].append("WEIGHTS_NOT_100")
    if 0 < left_out < 10_000:
        score = half_up(score * 10_000, 10_000 - left_out)
    made["score"] = capped(min(max(score, 0), 10_000), made, money, scheme)
    made["grade"] = next((grade["code"] for grade in scheme.document["grades"]
                          if made["score"] >= hundredths(grade["from"])), None)


def capped(score, made, money, scheme):
    caps = [hundredths(cap["at_most"]) for cap in scheme.document["execution"].get("caps", [])
            if money.rate is not None and money.rate < millionths(cap["below"])]
    if caps and min(caps) < score:
        made["flags"].append("SCORE_CAPPED")
        return min(caps)
    return score


def plausibility(sums, money, scheme, complete):
    """Red when the score runs ahead of the money, yellow when much is unspent (5.2, last row)."""
    rules = scheme.word("lights", "plausibility")
    if complete and money.score is not None and money.weight is not None:
        own = sums["score_sum"] * money.weight
        lead = own - money.score * sums["max_score_sum"]
        if own > 0 and lead > 0 and cut6(lead, own) > millionths(rules["lead_above"]):
            return "RED"
    unspent = money.rate is not None and MILLION - money.rate > millionths(rules["unspent_above"])
    return "YELLOW" if unspent or money.excluded else None
