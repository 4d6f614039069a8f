"""Replays an explanation: every step computed again from its expression, and the results compared with the steps."""

from expression import FALSE, TRUE, Fault, parse, read
from scheme import PARAMETERS

PART = "part"


def base(label):
    """A label without the prefix of its part."""
    return label.split("_", 1)[1] if label.startswith(PART) and "_" in label else label


def replay(steps, scheme):
    """Gives (values by label, printed texts by label, differences)."""
    values, texts, differences = {}, {}, []
    for step in steps:
        label, expression, text = step["label"], step["expression"], step["value"]
        if label in values:
            differences.append(f"{label}: the label is not unique")
        try:
            values[label], again = step_of(label, expression, text, values, scheme)
        except Fault as fault:
            values[label], again = read(text), None
            differences.append(f"{label}: {expression}: {fault}")
        if again not in (None, text):
            differences.append(f"{label}: {expression} is {again}, printed {text}")
        texts[label] = text
    return values, texts, differences


def step_of(label, expression, text, values, scheme):
    if expression == "input":
        return read(text), text
    if expression == "scheme":
        if base(label) not in PARAMETERS:
            raise Fault("no such parameter is documented")
        value = scheme.number(*PARAMETERS[base(label)])
        if read(text) != value:
            raise Fault(f"{value} in the scheme, printed {text}")
        return value, text
    parsed = parse(expression)
    value = parsed.compute(values)
    return value, parsed.printed(value)


def results(answer, texts):
    """The result fields of an answer against the steps of the same name."""
    differences = []
    for name in ("status", "rate", "score", "light"):
        if name in answer and answer[name] != texts.get(name):
            differences.append(f"{name}: given {answer[name]}, by the steps {texts.get(name)}")
    for name in ("deviating", "explanationRequired"):
        if name in answer and answer[name] != (texts.get(name, FALSE) == TRUE):
            differences.append(f"{name}: given {answer[name]}, by the steps {texts.get(name, FALSE)}")
    return differences
