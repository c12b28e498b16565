"""Whatever is sent to a route, it is an answer or a problem that the caller can do something about; never a failure."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving import running
from uptake.apps.http.api import ROUTES

SLOW = {"ask", "forget"}
POSTED = [route for route in ROUTES if route.method == "POST" and route.handler.__name__ not in SLOW]
READ = [route for route in ROUTES if route.method == "GET"]
TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(["play jazz", "\x00", "\ud7ff", "../..", "a" * 3_000, "%00"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with running(tmp_path_factory.mktemp("state"), rate_per_s=1e9, burst=10**9) as service:
        yield service


def fields(route):
    """The names that a body of the route may hold."""
    return getattr(route.body, "__struct_fields__", ("turn_id", "user_id", "said_at", "request", "schema", "context"))


def bodies(route):
    wanted = st.fixed_dictionaries({}, optional=dict.fromkeys(fields(route), st.one_of(TEXTS, VALUES)))
    return st.one_of(wanted, VALUES)


@pytest.mark.parametrize("route", POSTED, ids=lambda route: route.handler.__name__)
@FEW
@given(data=st.data())
def test_no_body_makes_a_route_fail(there, route, data):

    body = json.dumps(data.draw(bodies(route))).encode("utf-8", "surrogatepass")
    answer = there.post(route.path.replace("{name}", "n"), body)
    assert answer.status_code < 500, (route.path, body, answer.text)


@pytest.mark.parametrize("route", READ, ids=lambda route: route.handler.__name__)
@FEW
@given(data=st.data())
def test_no_address_makes_a_route_fail(there, route, data):

    query = {name: data.draw(TEXTS) for name in route.query}
    path = route.path
    for name in ("{user_id}", "{name}"):
        path = path.replace(name, quote(data.draw(TEXTS), safe="") or "x")
    answer = there.http.get(path, params=query)
    assert answer.status_code < 500, (path, query, answer.text)
