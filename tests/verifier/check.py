"""One answer of the service against the replay of its explanation and against the rules."""

import re
from fractions import Fraction

from expression import Fault
from replay import base, replay, results
from rules import Row, assess

LEVEL1 = {"产出指标": "OUTPUT", "成本指标": "COST", "效益指标": "OUTCOME", "满意度指标": "SATISFACTION"}
LEVEL2 = {
    "数量指标": "QUANTITY", "质量指标": "QUALITY", "时效指标": "TIMELINESS", "成本指标": "OUTPUT_COST",
    "经济成本指标": "ECONOMIC_COST", "社会成本指标": "SOCIAL_COST", "生态环境成本指标": "ENVIRONMENTAL_COST",
    "经济效益指标": "ECONOMIC", "社会效益指标": "SOCIAL", "生态效益指标": "ENVIRONMENTAL",
    "可持续影响指标": "SUSTAINABILITY", "服务对象满意度指标": "BENEFICIARY_SATISFACTION",
}
INPUTS = {
    "kind": {"QUANTITY", "RANGE", "DATE", "YES_NO", "STATEMENT", "COMPOUND"},
    "comparator": {"GTE", "GT", "LTE", "LT", "EQ"},
    "direction": {"HIGHER_IS_BETTER", "LOWER_IS_BETTER", "EXACT", "UNKNOWN"},
    "accumulation": {"CUMULATIVE", "LEVEL", "END_OF_YEAR"},
    "level": {"FULL", "PARTIAL", "NONE"},
}
WEIGHT = re.compile(r"([0-9.]+)\s*[%％分]*\Z")


def of_row(cells, answer, schemes, months, intent=None):
    """The differences of one line of `jixiao assess`."""
    explanation = answer["explanation"]
    weight = WEIGHT.match(cells.get("weight", "").strip())
    level1 = re.sub(r"[(（].*", "", cells.get("level1", "").replace(" ", ""))
    row = Row(LEVEL1.get(level1), LEVEL2.get(cells.get("level2", "").replace(" ", "")),
              Fraction(weight[1]) if weight else None, months is not None)
    given = {name: answer.get(name) for name in ("status", "rate", "score", "maxScore", "light")}
    given |= {"scoreBand": answer.get("scoreBand"), "flags": set(answer["flags"])}
    scheme = schemes.get(explanation["schemeCode"], explanation["schemeVersion"])
    differences, values = compare(explanation, given, row, scheme)
    if months and values.get("months", months) != months:
        differences.append(f"months: {values['months']} in the explanation, {months} asked for")
    texts = {step["label"]: step["value"] for step in explanation["steps"]}
    for name, cell in (("targetText", "target"), ("actualText", "actual")):
        if name in texts and texts[name].strip() != cells[cell].strip():
            differences.append(f"{name}: not the cell")
    if intent:
        differences += of_intent(intent, values, answer)
    return differences


def of_intent(intent, values, answer):
    """What the generator meant against what was read, where the reading is certain."""
    if not answer["certain"]:
        return []
    return [f"{name}: {meant} was meant, {values[name]} was read"
            for name, meant in intent.items() if name in values and values[name] != meant]


def compare(explanation, given, row, scheme):
    """(differences, values of the steps) of one explanation and the results beside it."""
    if scheme is None:
        return ["the scheme is not known"], {}
    values, texts, differences = replay(explanation["steps"], scheme)
    differences += results(given, texts)
    inputs = {step["label"]: values[step["label"]] for step in explanation["steps"] if step["expression"] == "input"}
    differences += [f"{label}: {value} is not one of {sorted(INPUTS[base(label)])}"
                    for label, value in inputs.items() if base(label) in INPUTS and value not in INPUTS[base(label)]]
    if row.weight is not None and inputs.get("weight", row.weight) != row.weight:
        differences.append(f"weight: {inputs['weight']} in the explanation, {row.weight} in the row")
    try:
        verdict = assess(inputs, row, scheme)
    except (Fault, KeyError, ZeroDivisionError) as fault:
        return [*differences, f"not enough to recompute: {fault!r}"], values
    again = {
        "status": verdict.status, "rate": verdict.rate, "score": verdict.score, "maxScore": verdict.max_score,
        "scoreBand": verdict.band, "light": verdict.light, "flags": verdict.flags, "deviating": verdict.deviating,
        "explanationRequired": verdict.explanation_required,
    }
    given = {"deviating": texts.get("deviating") == "TRUE",
             "explanationRequired": texts.get("explanationRequired") == "TRUE"} | given
    for name, value in given.items():
        if value != again[name]:
            differences.append(f"{name}: given {value}, by the rules {again[name]}")
    return differences, values


def of_page(page, schemes):
    """(name, number of steps, differences) of each assessment on a DeclarationPage."""
    for level1 in page["declaration"]["indicatorTree"]:
        for level2 in level1["groups"]:
            for indicator in level2["indicators"]:
                for field, during_year in (("midYearAchievement", True), ("achievement", False)):
                    if indicator.get(field) is None:
                        continue
                    row = Row(level1["level1"], level2["level2"],
                              Fraction(indicator["weight"]) if indicator["weight"] else None, during_year)
                    yield of_achievement(f"{indicator['name']} {field}", indicator[field], row, schemes)


def of_achievement(name, made, row, schemes):
    explanation = made["explanation"]
    fields = ("status", "rate", "score", "maxScore", "light", "deviating", "explanationRequired")
    scheme = schemes.get(explanation["scheme"]["code"], explanation["scheme"]["version"])
    differences, _ = compare(explanation, {field: made[field] for field in fields}, row, scheme)
    return name, len(explanation["steps"]), differences
