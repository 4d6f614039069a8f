"""Seeded tables of indicators. The same seed gives the same rows.

Each row comes with what was meant by it: the values that a certain reading must have found.
"""

import random
from datetime import date, timedelta
from fractions import Fraction

from expression import exact

COLUMNS = ("level1", "level2", "level3", "year", "target", "actual", "weight")
WEIGHTS = ("10", "5", "4.55", "4.54", "10.3", "9.3", "0.01", "0.02", "0.03", "1", "22.5", "90", "20%", "15分", "33.33", "")
PLACES = (
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("产出指标", "成本指标"),
    ("成本指标", "经济成本指标"), ("效益指标", "经济效益指标"), ("效益指标", "社会效益指标"),
    ("效益指标", "生态效益指标"), ("满意度指标", "服务对象满意度指标"),
)
# Unit, factor of its base, and a name that says nothing about the direction.
COUNTS = (("个", 1, "服务站数量"), ("人", 1, "培训人数"), ("万人", 10_000, "惠及人数"), ("亩", 1, "造林面积"),
          ("万亩", 10_000, "造林面积"), ("次", 1, "检查次数"), ("件", 1, "采购件数"))
COSTS = (("元", 1, "项目总成本"), ("万元", 10_000, "项目总成本"), ("亿元", 100_000_000, "项目总成本"))
ABOVE = {"≥": "GTE", ">=": "GTE", ">": "GT", "不低于": "GTE"}
BELOW = {"≤": "LTE", "<=": "LTE", "<": "LT", "不超过": "LTE"}
# Statuses, lights and flags change at these ratios of actual to target.
RATIOS = [Fraction(text) for text in ("0", "0.5", "0.6", "0.7", "0.8", "0.9", "1", "1.2", "1.3", "1.5", "2", "3")]
MONTHLY = [ratio * month / 12 for ratio in RATIOS for month in (1, 2, 7)]
WORDS = ("完成", "已完成", "达成预期指标", "未完成", "超额完成", "基本完成", "部分达成", "无", "显著提升", "100%", "", "-")
STATEMENTS = ("有所提升", "效果明显", "稳步提高", "合规", "应助尽助", "不低于上年或全国平均水平",
              "定性 优良中低差", "定性 好")
COMPOUNDS = (("新建≥{}个;改造≥{}个", "新建{}个;改造{}个"), ("培训≥{}人,检查≥{}次", "培训{}人,检查{}次"))


def table(rows):
    """The rows as a table for `jixiao assess`."""
    lines = ["\t".join(COLUMNS)] + ["\t".join(row.get(name, "") for name in COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


def rows(seed, count):
    """So many rows of every kind, in turn."""
    dice = random.Random(f"rows {seed}")
    makers = (higher, lower, growth, percent, equal, zero, negative, spread, deadline, yes_no, statement, compound, words, blank)
    for n in range(count):
        row, intent = makers[n % len(makers)](dice)
        row["weight"] = dice.choice(WEIGHTS)
        row.setdefault("year", "2024")
        if not row.get("level1"):
            row["level1"], row["level2"] = dice.choice(PLACES)
        yield row, intent


def number(dice):
    """A number above zero: small, huge, tiny, whole or not."""
    digits = dice.choice((1, 2, 3, 5, 9, 12))
    return Fraction(dice.randint(1, 10**digits), 10 ** dice.choice((0, 0, 0, 1, 2, 4)))


def near(dice, target):
    """An actual value: on a band's edge, one unit in the last place beside it, or anywhere."""
    ratio = dice.choice(RATIOS + MONTHLY)
    unit = Fraction(1, 10 ** dice.choice((0, 2, 4, 6)))
    exactly = target * ratio
    whole = exactly // unit * unit
    kind = dice.randrange(5)
    value = (whole, whole + unit, whole - unit, target, number(dice))[kind]
    return max(Fraction(0), value)


def measured(dice, signs, units, direction=None):
    sign = dice.choice(list(signs))
    unit, factor, name = dice.choice(units)
    target = number(dice)
    actual = near(dice, target)
    row = {"level3": name, "target": f"{sign}{exact(target)}{unit}", "actual": f"{exact(actual)}{dice.choice((unit, ''))}"}
    intent = {"target": target * factor, "actual": actual * factor, "comparator": signs[sign], "kind": "QUANTITY"}
    if direction:
        intent["direction"] = direction
    return row, intent


def higher(dice):
    return measured(dice, ABOVE, COUNTS, "HIGHER_IS_BETTER")


def lower(dice):
    row, intent = measured(dice, BELOW, COUNTS + COSTS, "LOWER_IS_BETTER")
    if intent["target"] and "成本" in row["level3"]:
        row["level1"], row["level2"] = "成本指标", "经济成本指标"
    return row, intent


def growth(dice):
    """Rates that may pass 100 % and fall below zero."""
    target, sign = Fraction(dice.randint(1, 3000), 10), dice.choice(list(ABOVE))
    actual = near(dice, target) if dice.random() < 0.8 else Fraction(-dice.randint(1, 500), 10)
    row = {"level1": "效益指标", "level2": "经济效益指标", "level3": "产值增长率",
           "target": f"{sign}{exact(target)}%", "actual": f"{exact(actual)}%"}
    return row, {"target": target, "actual": actual, "comparator": ABOVE[sign], "unit": "%", "kind": "QUANTITY"}


def percent(dice):
    target = Fraction(dice.randint(1, 1000), dice.choice((10, 100)))
    actual = min(Fraction(100), near(dice, target))
    sign = dice.choice(("≥", "≥", ">", "", "="))
    row = {"level3": dice.choice(("验收合格率", "群众满意度", "设备完好率")),
           "target": f"{sign}{exact(target)}{dice.choice(('%', '％', ' %'))}", "actual": f"{exact(actual)}%"}
    return row, {"target": target, "actual": actual, "unit": "%", "kind": "QUANTITY"}


def equal(dice):
    return measured(dice, {"=": "EQ", "＝": "EQ"}, COUNTS)


def zero(dice):
    sign, unit = dice.choice(("=", "≤", "≥", "", "<", ">")), dice.choice(("件", "起", "%"))
    actual = dice.choice((Fraction(0), Fraction(1), Fraction(1, 100), Fraction(-1), Fraction(50)))
    row = {"level3": dice.choice(("安全事故发生数", "逾期发放率", "产值增长率")),
           "target": f"{sign}0{unit}", "actual": f"{exact(actual)}{unit}"}
    return row, {"target": Fraction(0), "actual": actual}


def negative(dice):
    target = Fraction(-dice.randint(1, 200), 10)
    actual = target + Fraction(dice.choice((0, 1, -1, 7, -7, 300)), 10)
    sign = dice.choice(("≥", ">", "≤", "<", "="))
    row = {"level1": "效益指标", "level2": "经济效益指标", "level3": "产值增长率",
           "target": f"{sign}{exact(target)}%", "actual": f"{exact(actual)}%"}
    return row, {"target": target, "actual": actual}


def spread(dice):
    low = number(dice)
    high = low + number(dice)
    actual = dice.choice((low, high, (low + high) / 2, near(dice, low), near(dice, high)))
    actual = Fraction(actual.numerator * 10**6 // actual.denominator, 10**6)
    unit, factor, name = dice.choice(COUNTS + COSTS + (("%", 1, "验收合格率"),))
    row = {"level3": name, "target": f"{exact(low)}{dice.choice('-~～—')}{exact(high)}{unit}",
           "actual": f"{exact(actual)}{unit}"}
    return row, {"target": low * factor, "targetHigh": high * factor, "actual": actual * factor, "kind": "RANGE"}


def deadline(dice):
    due = date(2024, 1, 1) + timedelta(days=dice.randrange(366))
    done = due + timedelta(days=dice.choice((0, 1, -1, 9, 10, 11, 30, 400, -40)))
    row = {"level1": "产出指标", "level2": "时效指标", "level3": "完成时间",
           "target": f"{due.year}年{due.month}月{due.day}日前", "actual": f"{done.year}年{done.month}月{done.day}日"}
    if dice.random() < 0.2:
        row["actual"] = dice.choice(("未完成", "完成", "按时完成", ""))
        return row, {"deadline": due}
    return row, {"deadline": due, "doneOn": done, "kind": "DATE"}


def yes_no(dice):
    row = {"level3": "是否对生态环境造成影响", "target": dice.choice(("是", "否")),
           "actual": dice.choice(("是", "否", "基本达到", "部分达成", ""))}
    return row, {"kind": "YES_NO"}


def statement(dice):
    target = dice.choice(STATEMENTS)
    row = {"level1": "效益指标", "level2": "社会效益指标", "level3": "社会影响", "target": target,
           "actual": dice.choice((target, *WORDS, "优", "中"))}
    return row, {}


def compound(dice):
    target, actual = dice.choice(COMPOUNDS)
    wanted = [dice.randint(1, 200) for _ in range(2)]
    made = [int(near(dice, Fraction(one))) for one in wanted]
    return {"level3": "项目数量", "target": target.format(*wanted), "actual": actual.format(*made)}, {}


def words(dice):
    """Words where a number was asked for."""
    row, intent = dice.choice((higher, lower, percent, equal))(dice)
    row["actual"] = dice.choice(WORDS)
    return row, {name: value for name, value in intent.items() if name != "actual"}


def blank(dice):
    row, _ = dice.choice((higher, lower, deadline, statement))(dice)
    row[dice.choice(("target", "actual"))] = dice.choice(("", "  "))
    return row, {}


def edges(seed, count):
    """Pairs for the property of one rounding: each band's edge and one unit in the last place beside it."""
    dice = random.Random(f"edges {seed}")
    for n in range(count):
        target = Fraction(dice.randint(1, 10 ** dice.randint(1, 9)), 10 ** dice.choice((0, 0, 1, 2)))
        lower_better = n % 3 == 2
        ratio = RATIOS[1:][n % (len(RATIOS) - 1)]
        exactly = target / ratio if lower_better else target * ratio
        unit = Fraction(1, 10 ** dice.choice((0, 2, 6, 7)))
        actual = max(Fraction(0), exactly // unit * unit + dice.choice((-1, 0, 1)) * unit)
        sign, comparator = ("≤", "LTE") if lower_better else ("≥", "GTE")
        row = {"level1": "产出指标", "level2": "数量指标", "level3": "服务站数量", "year": "2024",
               "target": f"{sign}{exact(target)}个", "actual": f"{exact(actual)}个", "weight": dice.choice(WEIGHTS)}
        yield row, {"target": target, "actual": actual, "comparator": comparator, "kind": "QUANTITY"}
