"""The explanations of a pack: each replayed, its results and its inputs compared with what the document says."""

from fractions import Fraction

from document import maximum_scores, months_of
from expression import Fault
from inputs import inputs_of
from replay import base, replay, results

TEXTS = ("targetText", "actualText")
LABELS = set("""targetText actualText kind target targetHigh actual comparator unit direction deadline doneOn level exceeded accumulation months
weight personScore targetSetTooLow notApplicable confirmed comparable outOfRange partialFrom deviatingFrom explainBelow explainFrom
graceDays fullShare partialShare yellowFrom greenFrom blueFrom satisfied rate closeness ratio above overAchieved deviation tierShare
distance nearest lateDays settled progress light status worst deviating explanationRequired bandLow bandHigh deduction computedScore
score""".split())


class Explained:
    """What the explanations of one document must rest on."""

    def __init__(self, document, body, scheme):
        self.document, self.body, self.scheme = document, body, scheme
        self.indicators = {one["id"]: one for one in document["indicators"]}
        self.most = {}

    def check(self, row):
        """What differs about the explanation of an achievement, which is otherwise as the document has it."""
        explanation = row.get("explanation") or {}
        indicator = self.indicators.get(row.get("indicatorId"))
        if indicator is None or not isinstance(explanation.get("steps"), list):
            yield "no explanation of an indicator of this declaration"
            return
        named = (explanation.get("schemeCode"), explanation.get("schemeVersion"))
        own = (self.document["scheme"]["code"], self.document["scheme"]["version"])
        if named != own:
            yield f"the scheme of the explanation: given {named}, expected {own}"
        if explanation.get("rule") != row.get("rule"):
            yield f"the rule of the explanation: given {explanation.get('rule')}, expected {row.get('rule')}"
        try:
            values, texts, differences = replay(explanation["steps"], self.scheme)
            yield from differences
            yield from results(row, texts)
            yield from (f"{label}: no such step" for label in texts if base(label) not in LABELS)
            yield from self.inputs(row["period"], indicator, explanation["steps"], values)
        except (Fault, KeyError, TypeError, AttributeError, ValueError) as fault:
            yield f"the explanation cannot be replayed: {fault!r}"

    def inputs(self, period, indicator, steps, values):
        weight, months = self.weight(period, indicator), months_of(self.document, period)
        points = None if weight is None else Fraction(weight, 100)
        expected, _ = inputs_of(indicator, period, points, months, self.scheme)
        expected |= {"weight": points, "outOfRange": "TRUE"}
        for step in steps:
            if step["expression"] != "input":
                continue
            label, given = step["label"], step["value"] if step["label"] in TEXTS else values[step["label"]]
            wanted = expected.get(label)
            if given != wanted:
                shown = f"{wanted}" if isinstance(wanted, Fraction) else wanted
                yield f"{label}: given {step['value']}, in the document {shown}"

    def weight(self, period, indicator):
        """Its highest score; its weight where it has none, as for what does not apply."""
        if period not in self.most:
            most = maximum_scores(self.document, period, self.scheme)
            self.most[period] = dict(zip(self.indicators, most))
        most = self.most[period][indicator["id"]]
        return indicator["weight"] if most is None else most
