"""The inputs of an assessment, from what a document says was declared, reported and reviewed (docs/explanations.md)."""

from datetime import date
from fractions import Fraction

from rules import band_of

CHANGE = ("增长", "增幅", "增速", "涨幅", "降幅", "变化", "变动", "增减", "净增", "净利", "净流", "净收", "净额", "净值", "净入",
          "净出", "净结")
NEVER_YEARS = (2001, 2000)  # a common year and a leap year, for dates without any


def inputs_of(indicator, period, weight, months, scheme, low_target=False):
    """(inputs, flags of the reading) of one indicator in one period; `months` is None at the year's end.

    `low_target`: finance recorded that the target was set too low.
    """
    value, target = indicator["values"].get(period), indicator["annualTarget"]
    entry = value["entry"] if value else {}
    made, flags = {}, set()
    if target:
        made["targetText"] = target["reading"]["text"]
    if value and value["reading"]:
        made["actualText"] = value["reading"]["text"]
    if not_applicable(indicator, value):
        made["notApplicable"] = not_applicable(indicator, value)
        return made, flags
    if not target or not value or not value["reading"]:
        return made, flags
    person = {"level": entry.get("level"), "score": entry.get("score"), "weight": weight, "scheme": scheme}
    confirmed = target["reading"]["certain"] or target["confirmedBy"] is not None
    occasion = (indicator, months)
    answers = parts_of(target["reading"], value["reading"])
    if answers and not blocked(value["reading"], confirmed, person["level"]):
        made["kind"] = "COMPOUND"
        for number, (part, answer) in enumerate(answers, 1):
            own, _ = demand(part, answer, confirmed, {}, occasion)  # the flags of a part are not the whole's
            made |= {f"part{number}_{label}": value for label, value in own.items()}
    else:
        own, flags = demand(target["reading"], value["reading"], confirmed, person, occasion)
        made |= own
    if entry.get("score") is not None and months is None:
        made["personScore"] = Fraction(entry["score"], 100)
    causes = {deviation["category"] for deviation in entry.get("deviations", [])}
    if low_target or "TARGET_SET_TOO_LOW" in causes:
        made["targetSetTooLow"] = "TRUE"
    return made, flags


def not_applicable(indicator, value):
    """ACCEPTED for a dropped indicator or a claim that finance accepted, CLAIMED for any other claim."""
    if indicator.get("originalTarget") and not indicator["annualTarget"]:
        return "ACCEPTED"
    if not value or value["entry"].get("notApplicableReason") is None:
        return None
    return "ACCEPTED" if accepted(value) else "CLAIMED"


def accepted(value):
    review = current(value, "review")
    return bool(review and review["acceptsNotApplicable"])


def current(value, stage):
    """Finance's word (`review`, `spotCheck`) if it was given on the value in force."""
    said = value.get(stage)
    return said if said and said["of"] == value["id"] else None


def parts_of(target, actual):
    """The demands of a compound target with their answers; None where they do not answer each other."""
    demands, answers = target.get("parts", []), actual.get("parts", [])
    if target["kind"] != "COMPOUND" or not demands or len(demands) != len(answers) or None in answers:
        return None
    return list(zip(demands, answers))


def blocked(actual, confirmed, level):
    """Why nothing is compared: `confirmed` or `comparable`, FALSE; None where it is."""
    settled = level is not None and actual["base_value"] is None and actual["date"] is None
    if not confirmed or not (actual["certain"] or settled):
        return "confirmed"
    return None if actual["comparable"] or settled else "comparable"


def demand(target, actual, confirmed, person, occasion):
    """One demand against its answer."""
    indicator, months = occasion
    why = blocked(actual, confirmed, person.get("level"))
    if why:
        return {why: "FALSE"}, set()
    kind, made, flags = target["kind"], {"kind": target["kind"]}, set()
    number = decimal(actual["base_value"])
    if kind in ("QUANTITY", "RANGE") and number is not None:
        if unexplained_negative(indicator["name"], target, number):
            return made | {"actual": number}, flags
        if target["base_value"] is None or kind == "RANGE" and target["base_value_high"] is None:
            return made | {"comparable": "FALSE"}, flags
        made |= numbers(target, number, kind)
        flags |= contradiction(made) if kind == "QUANTITY" else set()
    elif kind == "DATE" and target["deadline"] and actual["date"]:
        days = both_days(target["deadline"], actual["date"])
        if days is None:
            return made, flags
        made["deadline"], made["doneOn"] = days
        if (target["deadline"]["year"] is None) != (actual["date"]["year"] is None):
            flags.add("YEAR_ASSUMED")
    else:
        if kind in ("QUANTITY", "RANGE"):
            made["direction"] = direction(target)
        made |= words(actual, kind, person)
    if months is not None:
        made["accumulation"], made["months"] = accumulation(indicator, target), Fraction(months)
    return made, flags


def decimal(text):
    return None if text is None else Fraction(text)


def unexplained_negative(name, target, number):
    bounds = [decimal(target[bound]) for bound in ("base_value", "base_value_high")]
    return number < 0 and not any(bound is not None and bound < 0 for bound in bounds) and not any(
        word in name for word in CHANGE)


def numbers(target, number, kind):
    made = {"target": decimal(target["base_value"]), "actual": number}
    made["direction"] = direction(target) if kind == "QUANTITY" else target["direction"]
    if kind == "RANGE":
        made["targetHigh"] = decimal(target["base_value_high"])
    if target["comparator"] is not None:
        made["comparator"] = target["comparator"]
    if target["base_unit"] is not None:
        made["unit"] = target["base_unit"]
    return made


def direction(target):
    """As read, or as a person set it; where neither tells, the comparator's, else EXACT."""
    if target["direction"] != "UNKNOWN":
        return target["direction"]
    return {"GTE": "HIGHER_IS_BETTER", "GT": "HIGHER_IS_BETTER", "LTE": "LOWER_IS_BETTER",
            "LT": "LOWER_IS_BETTER"}.get(target["comparator"], "EXACT")


def contradiction(made):
    wrong = {"HIGHER_IS_BETTER": ("LTE", "LT"), "LOWER_IS_BETTER": ("GTE", "GT")}.get(made["direction"], ())
    return {"DIRECTION_CONTRADICTS_COMPARATOR"} if made.get("comparator") in wrong else set()


def both_days(wanted, done):
    """Two days; a year missing from one is taken from the other."""
    year = wanted["year"] or done["year"]
    for known in (year,) if year else NEVER_YEARS:
        try:
            return tuple(date(day["year"] or known, day["month"], day["day"]) for day in (wanted, done))
        except ValueError:
            continue
    return None


def words(actual, kind, person):
    """The level: a person's, else the words' own, else the one whose band holds the person's score."""
    if actual["exceeded"] and person.get("level") is None and kind in ("QUANTITY", "RANGE", "DATE"):
        return {"level": "FULL", "exceeded": "TRUE"}
    level = person.get("level") or actual["level"] or ("FULL" if actual["exceeded"] else None)
    weight, score = person.get("weight"), person.get("score")
    if level is None and kind in ("STATEMENT", "COMPOUND") and weight is not None and score is not None:
        level = band_of(Fraction(score, 100), weight, person["scheme"])
    return {"level": level} if level else {}


def accumulation(indicator, target):
    """A person's word, else the default of rules 5.1."""
    if indicator["accumulation"]:
        return indicator["accumulation"]
    if target["kind"] == "DATE":
        return "END_OF_YEAR"
    unit = (target["unit"] if target["base_unit"] is None else target["base_unit"]) or ""
    standing = any(sign in unit for sign in "%％‰/每")
    satisfied = indicator["level1"] == "SATISFACTION" or indicator["level2"] == "BENEFICIARY_SATISFACTION"
    return "LEVEL" if target["kind"] not in ("QUANTITY", "RANGE") or satisfied or standing else "CUMULATIVE"
