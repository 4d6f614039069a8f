"""Python's gql over HTTP: signs in, reads a page, and is told of a mistake by its code."""

import os

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError

URL = os.environ["JIXIAO_URL"]
SIGN_IN = gql('mutation { signIn(username: "auditor", password: "jixiao-demo-2024") { accessToken userErrors { code } } }')
RATES = gql("{ achievementSummary(groupBy: [LEVEL1], first: 10) { totals { indicatorCount achievementRate } } }")
OVER = gql("{ declarations(first: 100000) { edges { cursor } } }")

token = Client(transport=AIOHTTPTransport(url=URL)).execute(SIGN_IN)["signIn"]["accessToken"]
client = Client(transport=AIOHTTPTransport(url=URL, headers={"Authorization": f"Bearer {token}"}))
totals = client.execute(RATES)["achievementSummary"]["totals"]
assert totals["indicatorCount"] == 14 and isinstance(totals["achievementRate"], str), totals
try:
    client.execute(OVER)
except TransportQueryError as refused:
    assert refused.errors[0]["extensions"]["code"] == "LIMIT_EXCEEDED", refused.errors
else:
    raise AssertionError("a page of 100,000 rows was not refused")
