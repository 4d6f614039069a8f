"""The verifier itself: it agrees with the examples of the documents, and finds what was altered."""

import copy
import unittest
from fractions import Fraction

from check import of_row
from expression import Fault, cut, exact, fixed, half_up, parse, read
from generate import edges, rows
from rules import Row, assess
from scheme import Schemes
from totals import execution, result, weights

SCHEMES = Schemes()
CELLS = {"target": "≥90%", "actual": "81", "weight": "10", "level1": "产出指标", "level2": "质量指标"}
STEPS = (
    ("targetText", "input", "≥90%"), ("actualText", "input", "81"), ("kind", "input", "QUANTITY"),
    ("target", "input", "90"), ("comparator", "input", "GTE"), ("unit", "input", "%"), ("actual", "input", "81"),
    ("direction", "input", "HIGHER_IS_BETTER"), ("satisfied", "actual >= target", "FALSE"),
    ("partialFrom", "scheme", "0.600000"), ("rate", "cut6(max(0, actual / target))", "0.900000"),
    ("status", "satisfied ? (rate > 1 ? EXCEEDED : ACHIEVED) : rate >= partialFrom ? PARTIALLY_ACHIEVED : NOT_ACHIEVED",
     "PARTIALLY_ACHIEVED"),
    ("explainBelow", "scheme", "1.000000"),
    ("explanationRequired", "not satisfied and not (rate >= explainBelow and rate < 1)", "TRUE"),
    ("weight", "input", "10.00"), ("score", "round2(max(0, weight * actual / target))", "9.00"),
)
ANSWER = {
    "row": 1, "status": "PARTIALLY_ACHIEVED", "rate": "0.900000", "score": "9.00", "maxScore": "10.00", "certain": True,
    "flags": [], "explanation": {
        "rule": "HIGHER_RATIO", "schemeCode": "CN-2020", "schemeVersion": 1,
        "steps": [dict(zip(("label", "expression", "value"), step)) for step in STEPS],
    },
}


def altered(change):
    """What is found after a change to the right answer."""
    answer = copy.deepcopy(ANSWER)
    change(answer, {step["label"]: step for step in answer["explanation"]["steps"]})
    return " | ".join(of_row(CELLS, answer, SCHEMES, None))


class Mutations(unittest.TestCase):
    def test_the_right_answer(self):
        self.assertEqual(altered(lambda answer, steps: None), "")

    def test_every_altered_step(self):
        for label, _, _ in STEPS:
            if label == "unit":  # decides nothing below the target
                continue
            value = "0.123" if label not in ("kind", "comparator", "direction") else "RANGE"
            with self.subTest(label):
                self.assertNotEqual(altered(lambda answer, steps: steps[label].update(value=value)), "")

    def test_an_altered_score(self):
        self.assertIn("score: given 9.01", altered(lambda answer, steps: answer.update(score="9.01")))

    def test_a_score_altered_in_step_and_result(self):
        def change(answer, steps):
            answer["score"] = "8.00"
            steps["score"].update(value="8.00", expression="round2(weight - 2)")

        self.assertEqual(altered(change), "score: given 8.00, by the rules 9.00")

    def test_a_wrong_status(self):
        def change(answer, steps):
            answer["status"] = "ACHIEVED"
            steps["status"].update(value="ACHIEVED", expression="ACHIEVED")

        self.assertEqual(altered(change), "status: given ACHIEVED, by the rules PARTIALLY_ACHIEVED")

    def test_other_results(self):
        for name, value in (("rate", "0.900001"), ("light", "RED"), ("maxScore", "9.00"), ("flags", ["DEDUCTED"]),
                            ("scoreBand", ["0.00", "5.99"])):
            with self.subTest(name):
                self.assertIn(f"{name}: given", altered(lambda answer, steps: answer.update({name: value})))

    def test_another_scheme(self):
        self.assertIn("partialFrom: scheme", altered(lambda answer, steps: steps["partialFrom"].update(value="0.500000")))
        self.assertIn("not known", altered(lambda answer, steps: answer["explanation"].update(schemeVersion=2)))

    def test_a_label_twice_and_a_later_label(self):
        twice = altered(lambda answer, steps: answer["explanation"]["steps"].append(dict(steps["rate"])))
        self.assertIn("not unique", twice)
        self.assertIn("no earlier step", altered(lambda answer, steps: steps["satisfied"].update(expression="rate >= 1")))


class Expressions(unittest.TestCase):
    def value(self, text, **labels):
        expression = parse(text)
        return expression.printed(expression.compute(labels))

    def test_numbers(self):
        self.assertEqual(self.value("round2(weight / 8)", weight=Fraction(5)), "0.63")
        self.assertEqual(self.value("cut6(2 / 3)"), "0.666666")
        self.assertEqual(self.value("round2(0)"), "0.00")
        self.assertEqual(self.value("1 - 2 - 3"), "-4")
        self.assertEqual(self.value("8 / 4 / 2 + 0.50"), "1.5")
        self.assertEqual(self.value("max(1, min(2, 3)) * abs(0 - 2)"), "4")
        self.assertEqual(half_up(Fraction(-5, 1000), 2), Fraction(-1, 100))
        self.assertEqual(cut(Fraction(-19, 1000), 2), Fraction(-1, 100))
        self.assertEqual((exact(Fraction(1, 8)), fixed(Fraction(-1, 2), 2), exact(Fraction(300))), ("0.125", "-0.50", "300"))

    def test_words(self):
        self.assertEqual(self.value("not x and y or y ? ACHIEVED : 1 / 0", x="TRUE", y="TRUE"), "ACHIEVED")
        self.assertEqual(self.value("not (1 > 2) and level = FULL", level="FULL"), "TRUE")

    def test_faults(self):
        for text in ("1 / 0", "unknown", "ACHIEVED + 1", "1 = ACHIEVED", "1 < 2 < 3", "round3(1)", "max(1)", "1 +",
                     "1 ? 2 : 3", "-1", "1 # 2"):
            with self.subTest(text), self.assertRaises(Fault):
                self.value(text)


class Vectors(unittest.TestCase):
    """The test vectors of docs/rules.md 4.8 and 5.2."""

    def verdict(self, scheme="CN-2020", weight="10", during_year=False, **inputs):
        given = {"targetText": "", "actualText": "", "kind": "QUANTITY"} | inputs
        given = {name: read(str(value)) for name, value in given.items()}
        return assess(given, Row("OUTPUT", "QUANTITY", Fraction(weight), during_year), SCHEMES.get(scheme, 1))

    def test_scores(self):
        for target, actual, weight, direction, score in (
            (90, 92, "10", "HIGHER_IS_BETTER", "10.00"), (90, 81, "10", "HIGHER_IS_BETTER", "9.00"),
            (150, 148, "4.55", "EXACT", "4.49"), (2300, 3100, "4.55", "EXACT", "4.55"),
            (5, 6, "10", "LOWER_IS_BETTER", "8.00"), (5, 10, "10", "LOWER_IS_BETTER", "0.00"),
            (5, "9.9", "10", "LOWER_IS_BETTER", "0.20"), (0, 0, "5", "LOWER_IS_BETTER", "5.00"),
            (0, 1, "5", "LOWER_IS_BETTER", "0.00"), (3, 1, "5", "HIGHER_IS_BETTER", "1.67"),
        ):
            with self.subTest(target=target, actual=actual):
                self.assertEqual(self.verdict(target=target, actual=actual, weight=weight, direction=direction).score, score)

    def test_reasons_and_deductions(self):
        far = self.verdict(target=2300, actual=3100, direction="EXACT")
        self.assertTrue(far.explanation_required and "OVER_ACHIEVED" in far.flags)
        self.assertEqual(self.verdict("CAPPED", target=10, actual=13, direction="HIGHER_IS_BETTER").score, "8.00")

    def test_lights(self):
        for actual, light in ((52, "RED"), (70, "GREEN"), (69, "YELLOW"), (104, "GREEN"), (105, "BLUE")):
            made = self.verdict(target=150, actual=actual, direction="HIGHER_IS_BETTER", accumulation="CUMULATIVE",
                                months=7, during_year=True)
            self.assertEqual((made.light, made.status, made.score), (light, "IN_PROGRESS", None))

    def test_bands(self):
        self.assertEqual(self.verdict(kind="STATEMENT", level="PARTIAL").band, ["6.00", "7.99"])
        for given, score in (("6.00", "6.00"), ("7.99", "7.99"), ("8.00", None), ("5.99", None)):
            self.assertEqual(self.verdict(kind="STATEMENT", level="PARTIAL", personScore=given).score, score)


class Totals(unittest.TestCase):
    """The examples of docs/rules.md 4.1, 4.6, 4.7."""

    def weights(self, *rows, scheme="CN-2020"):
        made = weights([(level1, level2, stated, excluded) for level1, level2, stated, excluded in rows], SCHEMES.get(scheme, 1))
        return [one and one[0] for one in made]

    def test_weights(self):
        output, outcome = ("OUTPUT", None, None, False), ("OUTCOME", None, None, False)
        seed = [output] * 11 + [outcome] * 2 + [("SATISFACTION", None, None, False)]
        self.assertEqual(self.weights(*seed), [455] * 6 + [454] * 5 + [1500] * 2 + [1000])
        self.assertEqual(self.weights(output, outcome), [5000, 4000], "the points of satisfaction go to outcome")
        self.assertEqual(self.weights(output, ("OUTPUT", None, None, True), outcome), [5000, None, 4000])
        self.assertEqual(self.weights(("OUTPUT", None, 1000, False), output, outcome), [1000, 4000, 4000])

    def money(self, budget, executed, months=None, scheme="CN-2020"):
        document = {"budget": {"BASIC_EXPENDITURE": budget}, "reports": {"P": {"execution": {"executed": executed}}}}
        return execution(document, "P", months, SCHEMES.get(scheme, 1))

    def test_execution(self):
        for budget, executed, rate, score in ((4320, 3724, 862037, 862), (31020, 15474, 498839, 499), (117255, 126872, 1082017, 1000)):
            made = self.money(budget, executed)
            self.assertEqual((made.rate, made.score), (rate, score))
        july = self.money(5148081, 2000000, months=7)
        self.assertEqual((july.light, july.score), ("YELLOW", None))
        nothing = self.money(0, 0)
        self.assertEqual((nothing.excluded, nothing.score, nothing.weight), (True, None, None))

    def result(self, scores, money, scheme="CN-2020"):
        rows = [{"status": "ACHIEVED", "score": score, "max_score": most, "light": None} for score, most in scores]
        return result(rows, money, SCHEMES.get(scheme, 1), False)

    def test_totals(self):
        made = self.result([(5000, 5000), (3000, 4000)], self.money(100, 100))
        self.assertEqual((made["score"], made["grade"], made["flags"]), (9000, "EXCELLENT", []))
        made = self.result([(5000, 5000), (2999, 4000)], self.money(100, 100))
        self.assertEqual((made["score"], made["grade"]), (8999, "GOOD"))
        made = self.result([(5000, 5000), (None, 4000)], self.money(100, 100))
        self.assertEqual((made["score"], made["score_so_far"], made["max_score_so_far"]), (None, 6000, 6000))
        made = self.result([(4500, 5000), (3600, 4000)], self.money(0, 0))
        self.assertEqual((made["score"], made["light"]), (9000, "YELLOW"), "execution left out: rescaled")
        made = self.result([(5000, 5000), (4000, 4000)], self.money(100, 70, scheme="CAPPED"), "CAPPED")
        self.assertEqual((made["score"], "SCORE_CAPPED" in made["flags"]), (8900, True))


class Generators(unittest.TestCase):
    def test_the_same_seed_gives_the_same_rows(self):
        self.assertEqual(list(rows(1, 50)), list(rows(1, 50)))
        self.assertNotEqual(list(rows(1, 50)), list(rows(2, 50)))
        self.assertEqual(list(edges(1, 50)), list(edges(1, 50)))


if __name__ == "__main__":
    unittest.main()
