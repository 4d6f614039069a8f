"""The lines of a pack that only say again, in one line each, what the last document of a declaration says.

Keys are in camelCase; points and money (in yuan) are decimal text of two places, rates of six.
"""

from fractions import Fraction

from expression import fixed

HUNDREDTHS = {
    "after", "annualBudget", "before", "budget", "computed_score", "executed", "execution_score", "forecast", "funds",
    "initialBudget", "max_score", "max_score_so_far", "max_score_sum", "plannedFunding", "score", "score_band", "score_so_far",
    "score_sum", "weight", "weightAfter", "weightBefore",
}
MILLIONTHS = {"achievement_rate", "execution_rate", "rate"}
# Whole numbers: keys, counts, moments, days. What is in none of these lists is told, so that no new amount slips by.
WHOLE = set("""acceptedBy adjustmentNo agreedBy carriedFrom concluded confirmedAt confirmedBy counts createdAt day departmentId editedBy
fiscalYear forwardedBy id indicatorId keyTask keyTasks lateDays light_counts month months number of publiclyFundedStaffCount
publishedAt recordedAt reopened requested responded reviewedAt revision round rows size spotChecked statedAt submittedAt submittedBy
subordinateUnitCount uploadedAt version weightScheme year at""".split())
UNKNOWN = set()


def decimals(value, key=""):
    """A value of a document as a line says it; below a code such as MID_YEAR, the key above says what a number is."""
    if isinstance(value, dict):
        return {camel(name): decimals(one, key if name == name.upper() else name) for name, one in value.items()}
    if isinstance(value, list):
        return [decimals(one, key) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        if key in HUNDREDTHS:
            return fixed(Fraction(value, 100), 2)
        if key in MILLIONTHS:
            return fixed(Fraction(value, 10**6), 6)
        if key not in WHOLE:
            UNKNOWN.add(key)
    return value


def camel(name):
    if name != name.lower():
        return name
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def lines_of(document, department_code, documents):
    """Yields (file, row) in the order of each file."""
    place = {"declarationId": document["id"]}
    whole = decimals(document)
    for position, indicator in enumerate(whole.pop("indicators"), 1):
        yield from lines_of_indicator(indicator, position, place)
    for period, report in whole.pop("reports").items():
        at = place | {"period": period}
        yield from (("findings", at | {"adjustmentId": None} | one) for one in report.pop("findings", []))
        yield from (("rectifications", at | one) for one in report.pop("rectifications", []))
        yield "reports", at | report
    for period, result in whole.pop("results").items():
        yield "results", place | {"period": period} | result
    for adjustment in whole.pop("adjustments", []):
        at = place | {"period": None, "adjustmentId": adjustment["id"]}
        yield from (("findings", at | one) for one in adjustment.pop("findings"))
        yield "adjustments", place | adjustment
    for kind, publication in whole.pop("publications", {}).items():
        yield "publications", place | {"kind": kind} | publication
    for finding in whole.pop("findings"):
        yield "findings", place | {"period": None, "adjustmentId": None} | finding
    yield "declarations", {"departmentCode": department_code, "documents": documents} | whole


def lines_of_indicator(indicator, position, place):
    for period, made in indicator.pop("achievements").items():
        yield "achievements", place | {"indicatorId": indicator["id"], "period": period} | made
    for period, value in indicator.pop("values").items():
        at = place | {"indicatorId": indicator["id"], "period": period}
        for stage, key in (("REVIEW", "review"), ("SPOT_CHECK", "spotCheck")):
            if value.get(key) is not None:
                yield "reviews", at | {"stage": stage} | value[key]
        yield "actual-values", at | {name: one for name, one in value.items() if name not in ("review", "spotCheck")}
    for period, files in indicator.pop("evidence", {}).items():
        yield from (("evidence", place | {"indicatorId": indicator["id"], "period": period} | file) for file in files)
    yield "indicators", place | {"position": position} | indicator
