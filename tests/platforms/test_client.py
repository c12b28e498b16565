"""The client of the service: what it asks for and what it does when nobody answers."""

import asyncio
import inspect

import pytest

from tests.builders import log, session, turn
from tests.serving import running
from uptake.errors import RequestRefused
from uptake.log.records import to_fields
from uptake.platforms.client import AsyncClient, Client

NOWHERE = "http://127.0.0.1:9"
WAITS = {"timeout_s": 300.0, "rewrite_timeout_s": 300.0}  # as long as a busy machine takes


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with running(tmp_path_factory.mktemp("state")) as service:
        yield service


def methods(cls):
    return {name: str(inspect.signature(one)) for name, one in vars(cls).items() if not name.startswith("_")}


def test_both_clients_can_do_the_same():
    assert methods(Client) == methods(AsyncClient)


def test_a_program_pins_asks_observes_complains_and_looks(there):
    with Client(there.url, **WAITS) as client:
        assert client.pin("my tune", "play jazz", user_id="ann")
        found = client.rewrite("My tune!", user_id="ann", room="Kitchen")
        assert (found.action, found.text, found.echo.acted_on) == ("rewrite", "play jazz", "play jazz")
        said = turn("My tune!", user="ann", turn_id="a1", acted_on=found.echo.acted_on, status="ok")
        assert client.observe([said, to_fields(turn("stop", user="ann", turn_id="a2"))]) == ["a1", "a2"]
        client.feedback("a1", answer=True)
        assert client.explain(turn_id="a1")["answer"] is True
        assert [row["turn_id"] for row in client.export("ann")] == ["a1", "a2"]
        assert client.person("ann")["turns"] == 2
        assert "pinned" in [row["state"] for row in client.rewrites("ann")]
        assert client.block("my tune", user_id="ann")
        assert client.rewrite("my tune", user_id="ann").action == "leave"
        assert client.rewrites(withdrawn=True) == []
        assert client.forget("ann") == 2


def test_a_program_teaches_looks_forgets_and_switches_offers(there):
    with Client(there.url, **WAITS) as client:
        assert client.add_concepts("cy", [{"concept": "dusk", "alias_of": "Hall Light"}])
        assert client.add_preferences("cy", [{"type": "diet", "value": "vegan"}])
        assert [row["meaning"] for row in client.concepts("cy")] == ["Hall Light"]
        assert client.add_concepts("di", client.concepts("cy"))
        assert [row["value"] for row in client.preferences("cy")] == ["vegan"]
        assert (client.forget_concept("cy", "dusk"), client.forget_concept("cy", "dusk")) == (True, False)
        assert client.forget_preference("cy", "diet")
        assert (client.concepts("cy"), client.preferences("cy")) == ([], [])
        assert client.switch_suggestions("cy", on=True, kind="routines")
        assert client.suggestions("cy")["on"] == ["routines"]
        assert client.due(user_id="cy") == {"due": []}
        with pytest.raises(RequestRefused, match="no learned rewrite"):
            client.approve("none")


def test_the_same_with_an_event_loop(there):
    async def whole() -> list[object]:
        async with AsyncClient(there.url, **WAITS) as client:
            await client.pin("my tune", "play jazz", user_id="bo")
            found = (await client.rewrite("my tune", user_id="bo")).text
            names = await client.observe(log(session("play blues", user="bo", turn_id="b1")))
            await client.feedback("b1", undone=True)
            undone = (await client.explain(turn_id="b1"))["undone"]
            turns = (await client.person("bo"))["turns"]
            taught = [
                await client.add_concepts("bo", [{"concept": "dusk", "alias_of": "Hall Light"}]),
                (await client.concepts("bo"))[0]["concept"],
                await client.forget_concept("bo", "dusk"),
                (await client.due(user_id="bo"))["due"] == [],
                await client.add_preferences("bo", [{"type": "diet", "value": "vegan"}]),
                (await client.preferences("bo"))[0]["value"],
                await client.forget_preference("bo", "diet"),
                await client.switch_suggestions("bo", on=False),
                (await client.suggestions("bo"))["off"],
            ]
            assert taught == [True, "dusk", True, True, True, "vegan", True, True, ["all"]]
            return [found, names, undone, turns, await client.forget("bo"), (await client.status())["status"]]

    assert asyncio.run(whole()) == ["play jazz", ["b1"], True, 1, 5, "ok"]


def test_where_nobody_answers_a_request_is_left_as_it_is_and_everything_else_says_so():
    with Client(NOWHERE) as client:
        found = client.rewrite("play jazz", user_id="ann")
        assert (found.action, found.text, found.reason) == ("leave", "play jazz", "the service did not answer")
        with pytest.raises(RequestRefused, match="uptake serve") as refused:
            client.observe([turn()])
        assert (refused.value.status, refused.value.name) == (0, "unreachable")


def test_a_refusal_says_what_was_wrong_and_where(there):
    with Client(there.url, **WAITS) as client, pytest.raises(RequestRefused, match="line 1, field user_id") as refused:
        client.observe([{"turn_id": "x", "said_at": "2026-01-01T00:00:00Z", "request": "a"}])
    assert (refused.value.status, refused.value.name) == (400, "bad_record")
