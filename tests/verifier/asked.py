"""Asking a running service for summaries, and comparing each with the recount."""

import json
import random
import urllib.request
from itertools import combinations

from recount import MEASURES, SELECTIONS, STATUSES, Country, Group, in_order, summary

DIMENSIONS = ("FISCAL_YEAR", "JURISDICTION", "DEPARTMENT", "LEVEL1", "LEVEL2", "STATUS", "GRADE", "PERIOD")
LEVEL1 = ("OUTPUT", "COST", "OUTCOME", "SATISFACTION")
LEVEL2 = ("QUANTITY", "QUALITY", "TIMELINESS", "OUTPUT_COST", "ECONOMIC", "SOCIAL", "BENEFICIARY_SATISFACTION")
QUERY = """query($filter: AchievementFilter, $groupBy: [AchievementDimension!]!, $first: Int!, $after: String) {
  achievementSummary(filter: $filter, groupBy: $groupBy, first: $first, after: $after) {
    edges { node { dimensions { dimension key } %(fields)s } }
    pageInfo { hasNextPage endCursor }
    totals { %(totals)s }
  }
}"""
TYPES = """{ serviceLimits { maxPageSize }
  summary: __type(name: "AchievementSummary") { fields { name } }
  totals: __type(name: "AchievementTotals") { fields { name } } }"""


class Service:
    def __init__(self, url, token):
        self.url, self.token, self.asked = url, token, 0
        types = self.ask(TYPES, {})
        self.page = types["serviceLimits"]["maxPageSize"]
        names = {kind: {field["name"] for field in types[kind]["fields"]} for kind in ("summary", "totals")}
        self.fields, self.totals = ([name for name in MEASURES if name in names[kind]] for kind in ("summary", "totals"))
        self.unchecked = sorted(names["summary"] - {"dimensions", *MEASURES})
        asked = {name: f"{name} {{ {inside} }}" if inside else name for name, inside in SELECTIONS.items()}
        texts = [" ".join(asked[name] for name in fields) for fields in (self.fields, self.totals)]
        self.query = QUERY % {"fields": texts[0], "totals": texts[1]}

    def ask(self, query, variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(self.url, body, headers), timeout=120) as answer:
            answer = json.load(answer)
        self.asked += 1
        if answer.get("errors"):
            raise SystemExit(f"the service refused {variables}: {answer['errors']}")
        return answer["data"]

    def summary(self, where, group_by):
        """All groups in their order, and the totals."""
        nodes, after = [], None
        while True:
            variables = {"filter": where, "groupBy": group_by, "first": self.page, "after": after}
            found = self.ask(self.query, variables)["achievementSummary"]
            nodes += [edge["node"] for edge in found["edges"]]
            if not found["pageInfo"]["hasNextPage"]:
                return nodes, found["totals"]
            after = found["pageInfo"]["endCursor"]


def differences(country, service, where, group_by):
    """What a summary says otherwise than the recount."""
    nodes, totals = service.summary(where, group_by)
    groups, everything = summary(country, where, group_by)
    keys = [tuple(dimension["key"] for dimension in node["dimensions"]) for node in nodes]
    if keys != in_order(groups):
        missing, added = set(groups) - set(keys), set(keys) - set(groups)
        yield f"groups: missing {sorted(missing, key=str)[:5]}, added {sorted(added, key=str)[:5]}" if missing or added else "order"
    for key, node in zip(keys, nodes):
        yield from unlike(f"group {key}", node, groups.get(key, Group()), service.fields)
    yield from unlike("totals", totals, everything, service.totals)


def unlike(place, given, group, fields):
    for name in fields:
        expected = MEASURES[name](group)
        if given[name] != expected:
            yield f"{place} {name}: given {given[name]}, counted {expected}"


def questions(country, seed, count):
    """Every dimension alone and every pair, then seeded combinations under seeded filters."""
    for size in (1, 2):
        yield from (({}, list(group_by)) for group_by in combinations(DIMENSIONS, size))
    dice = random.Random(seed)
    by_depth = {}
    for code in country.parents:
        by_depth.setdefault(len(list(country.above(code))), []).append(code)
    for _ in range(count):
        yield a_filter(country, dice, by_depth), dice.sample(DIMENSIONS, dice.randint(1, 4))


def a_filter(country, dice, by_depth):
    where = {}
    if dice.random() < 0.6:  # at each level of the tree as often
        where["jurisdictionCode"] = dice.choice(by_depth[dice.choice(sorted(by_depth))])
    if dice.random() < 0.3:
        where["fiscalYears"] = dice.sample(country.years, dice.randint(1, len(country.years)))
    if dice.random() < 0.2:
        where["departmentCodes"] = dice.sample(sorted(country.departments), min(5, len(country.departments)))
    for name, words, chance in (("level1", LEVEL1, 0.25), ("level2", LEVEL2, 0.2), ("statuses", STATUSES, 0.2)):
        if dice.random() < chance:
            where[name] = dice.sample(words, dice.randint(1, 3))
    if dice.random() < 0.3:
        where["period"] = dice.choice(("MID_YEAR", "YEAR_END"))
    return where


def compare(path, url, token, seed, count):
    """(differences, how much was compared, fields that nothing recounts)."""
    country, service, wrong, groups = Country(path), Service(url, token), [], 0
    for where, group_by in questions(country, seed, count):
        found = list(differences(country, service, where, group_by))
        wrong += [f"{json.dumps(where)} by {group_by}: {told}" for told in found[:5]]
        groups += 1
    counted = {"summaries": groups, "requests": service.asked, "assessments": len(country.assessed),
               "jurisdictions": len(country.parents), "departments": len(country.departments)}
    return wrong, counted, service.unchecked
