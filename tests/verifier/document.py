"""One document of a declaration computed again: weights, every assessment, execution, totals."""

from fractions import Fraction

from expression import Fault
from inputs import accepted, current, inputs_of
from rules import Row, assess
from totals import execution, hundredths, millionths, result, weights

MONTHS = {"Q1": 3, "MID_YEAR": 7, "Q3": 9, "YEAR_END": 12}


def months_of(document, period):
    """Months that have passed at the cut-off; None at the year's end."""
    if period == "YEAR_END":
        return None
    return document["reports"].get(period, {}).get("months") or MONTHS[period]


def recompute(document, scheme):
    """Yields (place, given, computed) of everything that differs."""
    yield from check_weights(document, scheme)
    periods = {"MID_YEAR", "YEAR_END", *document["reports"]}
    if set(document["results"]) != periods:
        yield "results", sorted(document["results"]), sorted(periods)
    for period in sorted(periods & set(document["results"])):
        yield from check_period(document, period, scheme)


def differing(place, given, computed):
    """The fields of `computed` that are given otherwise."""
    for name, value in computed.items():
        if given.get(name) != value:
            yield f"{place} {name}", given.get(name), value


# ── weights ──────────────────────────────────────────────────────────────────


def check_weights(document, scheme):
    """Derived until the targets are approved, and fixed from then on; an adjustment that states weights states them all."""
    indicators = document["indicators"]
    rows = [(one["level1"], one["level2"], one["weight"] if one["weightOrigin"] == "STATED" else None, False)
            for one in indicators]
    stated = restated(document)
    for one, made in zip(indicators, weights(rows, scheme)):
        if stated:
            made = (stated.get(one["id"], one["weight"]), None if one["weight"] is None else "STATED")
        points, origin = made or (None, None)
        place = f"indicator {one['id']}"
        yield from differing(place, one, {"weight": points, "weightOrigin": origin})


def restated(document):
    """The weights that approved adjustments gave, the last of each indicator."""
    approved = [one for one in document.get("adjustments", []) if one["number"] is not None]
    changes = (change for one in sorted(approved, key=lambda one: one["number"]) for change in one["targets"])
    return {change["indicatorId"]: change["weightAfter"] for change in changes if change["weightAfter"] is not None}


def maximum_scores(document, period, scheme):
    """The weights, those of indicators that do not apply given to their level's others (4.1)."""
    def excluded(one):
        value = one["values"].get(period)
        if not (dropped(one) or value and accepted(value)):
            return False
        return bool(one["annualTarget"]) or scheme.word("status", "blank_target") != "ZERO"

    indicators = document["indicators"]
    if not any(excluded(one) for one in indicators):
        return [one["weight"] for one in indicators]
    rows = [(one["level1"], one["level2"], one["weight"], excluded(one)) for one in indicators]
    return [made and made[0] for made in weights(rows, scheme)]


def dropped(indicator):
    return bool(indicator.get("originalTarget")) and not indicator["annualTarget"]


# ── assessments and totals ───────────────────────────────────────────────────


def check_period(document, period, scheme):
    months, made = months_of(document, period), []
    most = maximum_scores(document, period, scheme)
    for indicator, weight in zip(document["indicators"], most):
        given = indicator["achievements"].get(period, {})
        try:
            computed = assessment(indicator, period, weight, months, scheme, given)
        except (Fault, KeyError, ZeroDivisionError, ValueError, TypeError) as fault:
            yield f"indicator {indicator['id']} {period}", "an assessment", f"not computable: {fault!r}"
            return
        yield from differing(f"indicator {indicator['id']} {period}", given | {"flags": set(given.get("flags", []))}, computed)
        made.append(computed)
    money = execution(document, period, months, scheme)
    computed = result(made, money, scheme, months is not None)
    computed |= scored_again(document, period, made, most, money, scheme)
    given = {"flags": [], "reviewed": None, "spot_checked": None} | document["results"][period]
    yield from differing(f"result {period}", given, computed)


def assessment(indicator, period, weight, months, scheme, given, low_target=False):
    """An assessment as documents hold it."""
    points = None if weight is None else Fraction(weight, 100)
    inputs, flags = inputs_of(indicator, period, points, months, scheme, low_target)
    if given.get("rule") == "OUT_OF_RANGE":  # whether it is, the rules decide from the numbers
        inputs["outOfRange"] = "TRUE"
    verdict = assess(inputs, Row(indicator["level1"], indicator["level2"], points, months is not None), scheme)
    return {
        "status": verdict.status, "rate": scaled(verdict.rate, millionths), "score": scaled(verdict.score, hundredths),
        "computed_score": scaled(verdict.computed_score, hundredths),
        "score_band": verdict.band and [hundredths(bound) for bound in verdict.band],
        "max_score": scaled(verdict.max_score, hundredths), "light": verdict.light, "deviating": verdict.deviating,
        "explanation_required": verdict.explanation_required, "overridden": verdict.overridden,
        "flags": verdict.flags | flags,
    }


def scaled(text, scale):
    return None if text is None else scale(text)


def scored_again(document, period, own, most, money, scheme):
    """The totals by finance's review and by the spot check: a row that was not scored again keeps the score it had."""
    reviewed, checked = [], []
    for indicator, made, weight in zip(document["indicators"], own, most):
        value = indicator["values"].get(period)
        score = by_review(indicator, period, made, weight, months_of(document, period), scheme)
        reviewed.append(rescored(made, score))
        check = current(value, "spotCheck") if value else None
        checked.append(rescored(reviewed[-1], check and check["score"]))
    values = [one["values"][period] for one in document["indicators"] if period in one["values"]]
    return {name: total_again(rows, values, stage, money, scheme, period)
            for name, rows, stage in (("reviewed", reviewed, "review"), ("spot_checked", checked, "spotCheck"))}


def total_again(rows, values, stage, money, scheme, period):
    looked_at = [value for value in values if value.get(stage)]
    valid = [value for value in looked_at if current(value, stage)]
    if not looked_at:
        return None
    made, whole = result(rows, money, scheme, period != "YEAR_END"), len(valid) == len(looked_at)
    return {"score": made["score"] if whole else None, "grade": made["grade"] if whole else None, "rows": len(valid)}


def by_review(indicator, period, made, weight, months, scheme):
    """Finance's score: given, or computed anew with the cause that finance recorded."""
    value = indicator["values"].get(period)
    review = current(value, "review") if value else None
    if review is None:
        return None
    if review["score"] is None and review["targetSetTooLow"] and made["status"] != "NOT_APPLICABLE":
        return assessment(indicator, period, weight, months, scheme, {}, low_target=True)["score"]
    return review["score"]


def rescored(made, score):
    if score is None or made["max_score"] is None:
        return made
    return made | {"score": min(score, made["max_score"])}
