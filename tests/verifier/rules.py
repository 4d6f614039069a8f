"""Rules 4 and 5 of docs/rules.md, written again: from the inputs of an assessment and its scheme to every result.

Nothing here looks at an expression of the service. Numbers are exact fractions; each threshold is compared with the
printed number (5.1).
"""

from dataclasses import dataclass, field
from fractions import Fraction

from expression import cut, days_late, fixed, half_up

CENT = Fraction(1, 100)
WORST = ["UNDETERMINED", "NOT_ACHIEVED", "PARTIALLY_ACHIEVED", "IN_PROGRESS", "ACHIEVED", "EXCEEDED"]
LIGHTS = ["RED", "YELLOW", "GREEN", "BLUE"]
OF_LEVEL = {"FULL": "ACHIEVED", "PARTIAL": "PARTIALLY_ACHIEVED", "NONE": "NOT_ACHIEVED"}
LIGHT_OF_LEVEL = {"FULL": "GREEN", "PARTIAL": "YELLOW", "NONE": "RED"}


@dataclass
class Row:
    """What stands around an assessment: the indicator's levels and weight, and whether the year still runs."""

    level1: str | None = None
    level2: str | None = None
    weight: Fraction | None = None
    during_year: bool = False


@dataclass
class Judgement:
    """One demand against its answer, before score and period."""

    satisfied: bool
    met_early: bool  # whether it can no longer be lost during the year
    lost_early: bool  # whether it can no longer be met
    status: str
    rate: Fraction | None = None
    share: Fraction | None = None  # of the weight; None: a person scores
    level: str | None = None  # the band in which a person scores
    ratio: Fraction | None = None
    above: Fraction | None = None
    reason: bool = False
    light: str | None = None
    flags: set = field(default_factory=set)


@dataclass
class Verdict:
    """The results, as they are printed."""

    status: str
    rate: str | None = None
    score: str | None = None
    max_score: str | None = None
    computed_score: str | None = None  # by the formula, where there is one
    overridden: bool = False  # by a person's score
    band: list | None = None
    light: str | None = None
    deviating: bool = False
    explanation_required: bool = False
    flags: set = field(default_factory=set)


def assess(inputs, row, scheme):
    """Everything that is computed for one indicator; `inputs` are the values of the steps that were given."""
    verdict = Verdict("NOT_REPORTED", max_score=None if row.weight is None else fixed(row.weight, 2))
    if "notApplicable" in inputs:
        verdict.status = "NOT_APPLICABLE" if inputs["notApplicable"] == "ACCEPTED" else "UNDETERMINED"
        dropped_to_zero = "targetText" not in inputs and scheme.word("status", "blank_target") == "ZERO"
        if verdict.status == "NOT_APPLICABLE" and dropped_to_zero and row.weight is not None:
            verdict.score = verdict.computed_score = "0.00"
        elif verdict.status == "NOT_APPLICABLE":
            verdict.max_score = None
        return verdict
    if "targetText" not in inputs or "actualText" not in inputs:
        verdict.status = "UNDETERMINED" if "actualText" in inputs else "NOT_REPORTED"
        return verdict
    parts = parts_of(inputs)
    if parts:
        compound(parts, row, scheme, verdict)
    else:
        judgement = judge(inputs, row, scheme)
        if judgement is None:
            verdict.status = "UNDETERMINED"
            if inputs.get("outOfRange") == "TRUE" and not representable(inputs):
                verdict.flags.add("OUT_OF_RANGE")
            elif "actual" in inputs and "target" not in inputs and inputs["actual"] < 0:
                verdict.flags.add("NEGATIVE_ACTUAL")
            return verdict
        settle(judgement, inputs, row, scheme, verdict)
    if not row.during_year and row.weight is not None:
        score(judgement if not parts else None, inputs, row, scheme, verdict)
    return verdict


def representable(inputs):
    """Whether every ratio of the numbers fits a 64-bit count of millionths, which is how rates are stored."""
    numbers = [abs(inputs[name]) for name in ("target", "targetHigh", "actual") if inputs.get(name)]
    return not numbers or max(numbers) / min(numbers) * 10**6 < 2**63


def parts_of(inputs):
    """The inputs of each part of a compound target."""
    parts = {}
    for label, value in inputs.items():
        prefix, _, name = label.partition("_")
        if prefix.startswith("part") and prefix[4:].isdigit():
            parts.setdefault(int(prefix[4:]), {})[name] = value
    return [parts[number] for number in sorted(parts)]


def judge(inputs, row, scheme):
    """The demand against its answer; None where they cannot be compared."""
    if inputs.get("confirmed") == "FALSE" or inputs.get("comparable") == "FALSE" or inputs.get("outOfRange") == "TRUE":
        return None
    kind = inputs["kind"]
    if "level" in inputs:
        return by_level(inputs, kind, scheme)
    if kind == "DATE" and "doneOn" in inputs:
        return by_date(inputs, scheme)
    if "actual" not in inputs or "target" not in inputs:
        return None
    if kind == "RANGE":
        return by_range(inputs, row, scheme)
    return by_number(inputs, row, scheme)


# ── numbers ──────────────────────────────────────────────────────────────────


def by_number(inputs, row, scheme):
    target, actual, direction = inputs["target"], inputs["actual"], inputs["direction"]
    strict = inputs.get("comparator") in ("GT", "LT") and actual == target
    if target < 0:
        made = Judgement(compares(inputs, scheme), False, False, "")
        made.share = Fraction(int(made.satisfied))
    elif target == 0:
        made = by_zero(actual, direction)
    else:
        made = by_ratio(target, actual, direction, scheme)
    if strict:
        made.flags.add("STRICT_BOUNDARY")
        made.satisfied, made.share = scheme.word("status", "strict_boundary") == "SATISFIED", Fraction(1)
    made.status = status_of_number(made, direction, scheme)
    made.met_early = made.satisfied and more_is_better(direction, scheme)
    made.lost_early = not made.satisfied and direction == "LOWER_IS_BETTER"
    made.reason = needs_reason(made, scheme) or direction == "EXACT" and actual != target
    over(made, inputs, scheme)
    made.light = light_of_number(made, inputs, row, strict, scheme)
    return made


def same_as_gte(scheme):
    return scheme.word("status", "equality") == "SAME_AS_GTE"


def more_is_better(direction, scheme):
    """`=` with another value is the same as `≥` unless the scheme is strict (4.2)."""
    return direction == "HIGHER_IS_BETTER" or direction == "EXACT" and same_as_gte(scheme)


def compares(inputs, scheme):
    """Whether a negative target is reached, by its comparator, or by the direction where the cell has none."""
    target, actual = inputs["target"], inputs["actual"]
    return {"HIGHER_IS_BETTER": actual >= target, "LOWER_IS_BETTER": actual <= target,
            "EXACT": actual >= target if same_as_gte(scheme) else actual == target}[inputs["direction"]]


def by_zero(actual, direction):
    if direction == "HIGHER_IS_BETTER":
        satisfied = actual >= 0
        return Judgement(satisfied, False, False, "", share=Fraction(int(satisfied)))
    satisfied = actual <= 0
    return Judgement(satisfied, False, False, "", rate=Fraction(int(satisfied)), share=Fraction(int(satisfied)))


def by_ratio(target, actual, direction, scheme):
    made = Judgement(False, False, False, "", ratio=cut(actual / target, 6))
    if direction == "LOWER_IS_BETTER":
        made.satisfied = actual <= target
        made.rate = Fraction(1) if made.satisfied else cut(target / actual, 6)
        made.share = Fraction(1) if made.satisfied else lower_share(target, actual, scheme)
        return made
    made.rate = cut(max(Fraction(0), actual / target), 6)
    made.satisfied = actual >= target
    made.share = min(Fraction(1), max(Fraction(0), actual / target))
    if direction == "EXACT" and not same_as_gte(scheme):
        made.satisfied = actual == target
        if actual > target:
            made.share = target / actual
    return made


def lower_share(target, actual, scheme):
    """The share of the weight for more than a lower-is-better target allows (4.2)."""
    method = scheme.word("formula", "lower_is_better")
    if method == "RECIPROCAL":
        return target / actual
    if method == "LINEAR":
        return max(Fraction(0), (2 * target - actual) / target)
    return tier_share((actual - target) / target, scheme.tiers("formula", "lower_tiers"))


def tier_share(distance, tiers):
    printed = cut(distance, 6)
    return next((tier["share"] for tier in tiers if printed <= tier["up_to"]), Fraction(0))


def status_of_number(made, direction, scheme):
    if made.satisfied:
        return "EXCEEDED" if direction == "HIGHER_IS_BETTER" and made.rate is not None and made.rate > 1 else "ACHIEVED"
    if made.rate is None:
        return "NOT_ACHIEVED"
    rate = made.rate
    if direction == "EXACT" and rate > 1:  # STRICT equality is judged on min(rate, 1/rate)
        rate = cut(1 / rate, 6)
    return "PARTIALLY_ACHIEVED" if rate >= scheme.number("status", "partial_from") else "NOT_ACHIEVED"


def needs_reason(made, scheme):
    """A missed target needs a reason: always, or below the scheme's rate."""
    if made.satisfied:
        return False
    low = scheme.number("explanation", "low")
    return made.rate is None or low == 1 or made.rate < low or made.rate >= 1


def over(made, inputs, scheme):
    """Over-achievement (4.3): how far above the target, where that is a question at all."""
    target, actual = inputs["target"], inputs["actual"]
    if not made.satisfied or target <= 0 or inputs.get("unit") == "%" and actual <= 100:
        return
    if inputs["direction"] == "LOWER_IS_BETTER":
        if actual <= 0:
            return
        made.above = cut(target / actual, 6)
    else:
        made.above = cut(actual / target, 6)
    if made.above >= scheme.number("explanation", "high"):
        made.flags.add("OVER_ACHIEVED")
        made.reason = True


def light_of_number(made, inputs, row, strict, scheme):
    """The light during the year (5.2)."""
    target, actual = inputs["target"], inputs["actual"]
    if not row.during_year or inputs["accumulation"] == "END_OF_YEAR":
        return None
    inside = made.satisfied
    if strict:
        inside = scheme.word("lights", "strict_boundary") == "SATISFIED"
    if inputs["direction"] == "LOWER_IS_BETTER" or target <= 0 or inside_or_outside(row, scheme):
        return "GREEN" if inside else "RED"
    return light_of_progress(actual / target, inputs, scheme)


def light_of_progress(share, inputs, scheme):
    """By the share of the target, pro rata where the value grows with the year."""
    if inputs["accumulation"] == "CUMULATIVE":
        share = share * 12 / inputs["months"]
    progress = cut(share, 6)
    if progress >= scheme.number("lights", "blue_from"):
        return "BLUE"
    if progress >= scheme.number("lights", "green_from"):
        return "GREEN"
    return "YELLOW" if progress >= scheme.number("lights", "yellow_from") else "RED"


def inside_or_outside(row, scheme):
    return (row.level1 in scheme.word("lights", "inside_outside_level1")
            or row.level2 in scheme.word("lights", "inside_outside_level2"))


# ── ranges, dates, words ─────────────────────────────────────────────────────


def by_range(inputs, row, scheme):
    low, high, actual, direction = inputs["target"], inputs["targetHigh"], inputs["actual"], inputs["direction"]
    distance, nearest = Fraction(0), Fraction(1)
    if actual < low and direction != "LOWER_IS_BETTER":
        distance, nearest = low - actual, abs(low)
    elif actual > high and direction != "HIGHER_IS_BETTER":
        distance, nearest = actual - high, abs(high)
    rate = max(Fraction(0), 1 - distance / nearest) if nearest else Fraction(0)
    made = Judgement(distance == 0, False, False, "", rate=cut(rate, 6), share=rate)
    if distance and nearest and scheme.word("formula", "range") == "TIERS":
        made.share = tier_share(distance / nearest, scheme.tiers("formula", "range_tiers"))
    made.ratio = made.rate
    made.status = status_of_number(made, "RANGE", scheme)
    made.met_early = made.satisfied and direction == "HIGHER_IS_BETTER"
    made.lost_early = not made.satisfied and direction == "LOWER_IS_BETTER"
    made.reason = needs_reason(made, scheme)
    made.light = "GREEN" if made.satisfied else "RED"
    growing = inputs.get("accumulation") == "CUMULATIVE" and actual < low and not made.satisfied
    if growing and low > 0 and not inside_or_outside(row, scheme):
        made.light = light_of_progress(actual / low, inputs, scheme)
    return made


def by_date(inputs, scheme):
    late = Fraction(days_late(inputs["deadline"], inputs["doneOn"]))
    grace = scheme.number("formula", "grace_days")
    share = Fraction(1) if late == 0 else max(Fraction(0), 1 - late / grace) if grace else Fraction(0)
    return Judgement(late == 0, late == 0, False, "NOT_ACHIEVED" if late else "ACHIEVED", share=share, reason=late > 0)


def by_level(inputs, kind, scheme):
    """Words: a yes or no, a statement, or words where a number or a date was asked for (4.2, 4.4)."""
    level = inputs["level"]
    met_early = level == "FULL" and (kind == "DATE" or more_is_better(inputs.get("direction"), scheme))
    made = Judgement(level == "FULL", met_early, False, OF_LEVEL[level], level=level,
                     reason=level != "FULL", light=LIGHT_OF_LEVEL[level])
    if level == "FULL" and inputs.get("exceeded") == "TRUE":
        made.status = "EXCEEDED"
    if level == "FULL" and kind not in ("STATEMENT", "COMPOUND"):
        made.share = Fraction(1)
    if level == "NONE" and (kind == "YES_NO" or kind == "DATE" and scheme.number("formula", "grace_days") == 0):
        made.share = Fraction(0)
    return made


# ── period, score ────────────────────────────────────────────────────────────


def settle(made, inputs, row, scheme, verdict):
    """What of the judgement holds in this period (5.1, mid-year)."""
    verdict.rate = None if made.rate is None else fixed(made.rate, 6)
    verdict.status, settled = made.status, True
    if row.during_year:
        accumulation = inputs.get("accumulation")
        settled = {"LEVEL": True, "CUMULATIVE": made.met_early or made.lost_early,
                   "END_OF_YEAR": made.met_early and inputs["kind"] == "DATE"}[accumulation]
        if accumulation != "END_OF_YEAR":
            verdict.light = made.light
        if not settled and inputs.get("level", "FULL") != "FULL":  # 未完成 says nothing about what still grows
            verdict.light = None
        verdict.status = made.status if settled else "IN_PROGRESS"
        verdict.explanation_required = verdict.light in scheme.word("explanation", "lights")
    verdict.flags |= made.flags if settled else made.flags - {"OVER_ACHIEVED"}
    if settled:
        verdict.explanation_required |= made.reason
        verdict.deviating = made.ratio is not None and abs(made.ratio - 1) >= scheme.number("status", "deviating_from")


def compound(parts, row, scheme, verdict):
    """Several demands: the worst status, the worst light, no rate (4.2)."""
    made = []
    for part in parts:
        one, judgement = Verdict("UNDETERMINED"), judge(part, row, scheme)
        if judgement is not None:
            settle(judgement, part, row, scheme, one)
        made.append(one)
    verdict.status = min((one.status for one in made), key=WORST.index)
    lights = [one.light for one in made if one.light]
    verdict.light = min(lights, key=LIGHTS.index) if lights else None
    verdict.explanation_required = verdict.status in ("NOT_ACHIEVED", "PARTIALLY_ACHIEVED")
    if row.during_year:
        verdict.explanation_required |= verdict.light in scheme.word("explanation", "lights")


def score(made, inputs, row, scheme, verdict):
    if made is None:
        level = {"ACHIEVED": "FULL", "EXCEEDED": "FULL", "PARTIALLY_ACHIEVED": "PARTIAL", "NOT_ACHIEVED": "NONE"}
        if verdict.status in level:
            by_person(level[verdict.status], inputs, row, scheme, verdict)
    elif made.share is None:
        by_person(made.level, inputs, row, scheme, verdict)
    else:
        points = max(Fraction(0), row.weight * made.share - deduction(made, inputs, row, scheme))
        if "OVER_ACHIEVED" in made.flags and points < row.weight:
            verdict.flags.add("DEDUCTED")
        computed, given = min(row.weight, rounded(points, scheme)), inputs.get("personScore")
        if given is not None and not 0 <= given <= row.weight:
            verdict.flags.add("SCORE_OUT_OF_BAND")
            given = None
        verdict.computed_score, verdict.overridden = fixed(computed, 2), given not in (None, computed)
        verdict.score = fixed(computed if given is None else given, 2)


def rounded(points, scheme):
    digits = int(scheme.number("rounding", "score_digits"))
    return half_up(points, digits) if scheme.word("rounding", "score_mode") == "HALF_UP" else cut(points, digits)


def deduction(made, inputs, row, scheme):
    mode = scheme.word("over_achievement", "mode")
    if made.above is None or mode == "NEVER" or mode == "ON_CAUSE" and inputs.get("targetSetTooLow") != "TRUE":
        return Fraction(0)
    reached = [tier for tier in scheme.tiers("over_achievement", "tiers") if made.above >= tier["from"]]
    return reached[-1]["share"] * row.weight + reached[-1]["points"] if reached else Fraction(0)


def by_person(level, inputs, row, scheme, verdict):
    """A score only a person can give, within the band of the level (4.4)."""
    low, high = band(level, row.weight, scheme)
    verdict.band = [fixed(low, 2), fixed(high, 2)]
    given = inputs.get("personScore")
    if given is None:
        verdict.flags.add("SCORE_REQUIRED")
    elif low <= given <= high:
        verdict.score = fixed(given, 2)
    else:
        verdict.flags.add("SCORE_OUT_OF_BAND")


def band(level, weight, scheme):
    """Lowest and highest score of a level; its bounds are rounded first."""
    full = half_up(scheme.number("qualitative", "full_from") * weight, 2)
    partial = half_up(scheme.number("qualitative", "partial_from") * weight, 2)
    return {"FULL": (full, weight), "PARTIAL": (partial, max(partial, full - CENT)),
            "NONE": (Fraction(0), max(Fraction(0), partial - CENT))}[level]


def band_of(score, weight, scheme):
    """The level whose band holds a score; None outside all."""
    bands = ((level, band(level, weight, scheme)) for level in OF_LEVEL)
    return next((level for level, (low, high) in bands if low <= score <= high), None)
