"""What schemathesis must know of this service, and what no answer may hold. Run by scripts/clients.sh."""

import string

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

# Our scalars, good and bad ones.
plain = st.text(alphabet=string.printable + "绩效≥％万元", max_size=20)
decimals = st.one_of(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10**9, max_value=10**9).map(str), plain)
dates = st.one_of(st.dates().map(str), plain)
moments = st.one_of(st.datetimes().map(lambda moment: moment.isoformat() + "Z"), plain)
for name, values in {"Decimal": decimals, "Date": dates, "DateTime": moments, "Upload": plain}.items():
    schemathesis.graphql.scalar(name, values.map(nodes.String))

# Of our insides. Letters of a caller's own may come back in a message, these will not be among them.
LEAKS = ("panicked", "sqlx", "sea_orm", "SELECT ", "INSERT ", "no such table", "relation \"", "async_graphql::", "jixiao_", ".rs:", "RUST_BACKTRACE")


@schemathesis.check
def tells_nothing_of_us(ctx, response, case):
    """No status of 500 and above, no code INTERNAL, every error with a code and a request id, no word of our insides."""
    assert response.status_code < 500, f"{response.status_code}: {response.text[:500]}"
    for error in response.json().get("errors", []):
        extensions = error.get("extensions", {})
        assert extensions.get("code") not in (None, "INTERNAL"), error
        assert extensions.get("requestId"), error
        for word in LEAKS:
            assert word not in error["message"], error
