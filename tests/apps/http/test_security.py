"""What the service must not let anybody do."""

import asyncio
import json
import socket

import pytest

from tests.builders import turn
from tests.serving import running
from uptake.apps.http.access import SCOPES, TokenFile
from uptake.apps.http.app import App
from uptake.apps.http.options import Options
from uptake.apps.http.service import Service
from uptake.errors import BadConfig, BadRecord
from uptake.log.records import to_fields, to_json
from uptake.release.state import State
from uptake.rewriting.overrides import Override

SAID = "my secret wish"


def tokens(directory):
    return TokenFile(directory / "tokens.json")


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A service of two homes, a token each, one for all."""
    directory = tmp_path_factory.mktemp("homes")
    secrets = {
        "one": tokens(directory).add("one", SCOPES, ["h1"]),
        "two": tokens(directory).add("two", SCOPES, ["h2"]),
        "all": tokens(directory).add("all", SCOPES),
        "asks": tokens(directory).add("asks", ["rewrite"]),
    }
    state = State(directory)
    state.log.append([turn(SAID, user="ann", turn_id="t1", home_id="h1"), turn("mine", user="bo", home_id="h2")])
    state.overrides.put(Override(SAID, "the wish comes true", "ann"))
    state.log.close()
    with running(directory) as there:
        yield there, {name: {"authorization": f"Bearer {secret}"} for name, secret in secrets.items()}


def test_an_address_that_others_reach_needs_a_token(tmp_path):
    with pytest.raises(BadConfig, match="uptake tokens add"):
        Service(State(tmp_path), Options(host="0.0.0.0"))
    tokens(tmp_path).add("one", [])
    Service(State(tmp_path), Options(host="0.0.0.0")).close()


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic abc", "Bearer", "Bearer \xff"])
def test_without_a_token_nothing_is_answered_but_health(homes, header):
    there, _ = homes
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    for path in ("/v1/status", "/v1/rewrites", "/v1/export?user_id=ann", "/metrics"):
        refused = there.http.get(path, headers=headers)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="uptake"')
    assert there.post("/v1/rewrite", {"text": "x", "user_id": "ann"}, **headers).status_code == 401
    assert there.http.get("/health", headers=headers).json() == {"status": "ok"}


def test_a_token_does_only_what_its_scopes_say(homes):
    there, who = homes
    assert there.post("/v1/rewrite", {"text": "x", "user_id": "ann"}, **who["asks"]).status_code == 200
    assert there.http.get("/v1/rewrites", headers=who["asks"]).status_code == 403
    assert there.post("/v1/forget", {"user_id": "ann"}, **who["asks"]).status_code == 403


def test_a_token_that_is_removed_is_worth_nothing_at_once_and_a_damaged_file_lets_nobody_in(tmp_path):
    secret = tokens(tmp_path).add("one", [])
    tokens(tmp_path).add("other", [])
    with running(tmp_path, token=secret) as there:
        assert there.http.get("/v1/status").status_code == 200
        tokens(tmp_path).remove("one")
        assert there.http.get("/v1/status").status_code == 401
        (tmp_path / "tokens.json").write_text("{")
        assert there.http.get("/v1/status").status_code == 401
    with pytest.raises(BadRecord):
        Service(State(tmp_path))


def test_the_secret_is_kept_nowhere_and_the_file_is_the_owners(tmp_path):
    secret = tokens(tmp_path).add("one", [])
    path = tmp_path / "tokens.json"
    assert secret not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "path",
    ["/v1/people/ann", "/v1/export?user_id=ann", "/v1/export?home_id=h1", "/v1/rewrites?user_id=ann",
     "/v1/explain?user_id=ann&request=my+secret+wish", "/v1/rewrites/picture?user_id=ann&request=x"],
)  # fmt: skip
def test_people_of_another_home_cannot_be_looked_at(homes, path):
    there, who = homes
    answer = there.http.get(path, headers=who["two"])
    assert answer.status_code == 403
    assert SAID not in answer.text
    assert there.http.get(path, headers=who["one"]).status_code in (200, 404)


TAUGHT = {
    "concepts": {"concept": "dusk", "alias_of": "Hall Light"},
    "preferences": {"type": "diet", "value": "vegan"},
}


@pytest.mark.parametrize("what", TAUGHT)
def test_what_people_taught_is_seen_changed_and_forgotten_from_their_home_alone(homes, what):
    there, who = homes
    for person in ("ann", f"new-{what}"):
        body = {"user_id": person, "rows": [TAUGHT[what]]}
        gone = {"user_id": person, "concept": "dusk", "type": "diet"}
        assert there.post(f"/v1/{what}", body, **who["one"]).json() == {"changed": True}
        there.service.residents.refresh()
        address = f"/v1/{what}?user_id={person}"
        assert len(there.http.get(address, headers=who["one"]).json()[what]) == 1
        assert there.http.get(address, headers=who["two"]).status_code == 403
        assert there.post(f"/v1/{what}", body, **who["two"]).status_code == 403
        assert there.post(f"/v1/{what}/forget", gone, **who["two"]).status_code == 403
        assert there.post(f"/v1/{what}/forget", gone, **who["one"]).json() == {"changed": True}
        there.service.residents.refresh()
        assert there.http.get(address, headers=who["one"]).json() == {what: []}


@pytest.mark.parametrize("what", TAUGHT)
def test_what_holds_for_a_household_is_taught_from_the_home_of_the_assistant_alone(homes, what):
    there, who = homes
    shared = {"user_id": f"sue-{what}", "rows": [{**TAUGHT[what], "scope": "household"}]}
    assert there.post(f"/v1/{what}", shared, **who["one"]).status_code == 403
    assert there.post(f"/v1/{what}", shared, **who["all"]).json() == {"changed": True}


def test_offers_to_people_of_another_home_are_neither_seen_nor_switched(homes):
    there, who = homes
    assert there.http.get("/v1/suggestions?user_id=ann", headers=who["two"]).status_code == 403
    assert there.post("/v1/suggestions", {"user_id": "ann", "on": True}, **who["two"]).status_code == 403
    assert there.post("/v1/suggestions", {"user_id": "ann", "on": True}, **who["one"]).json() == {"changed": True}


def test_a_turn_of_another_home_is_not_there(homes):
    there, who = homes
    assert there.http.get("/v1/explain?turn_id=t1", headers=who["two"]).status_code == 404
    assert there.post("/v1/feedback", {"turn_id": "t1", "answer": False}, **who["two"]).status_code == 404


def test_nobody_is_rewritten_for_decided_for_or_forgotten_from_another_home(homes):
    there, who = homes
    asked = {"text": SAID, "user_id": "ann"}
    assert there.post("/v1/rewrite", asked, **who["one"]).json()["text"] == "the wish comes true"
    assert there.post("/v1/rewrite", asked, **who["two"]).status_code == 403
    assert there.post("/v1/rewrites/block", {"what": "x", "user_id": "ann"}, **who["two"]).status_code == 403
    assert there.post("/v1/forget", {"user_id": "ann"}, **who["two"]).status_code == 403
    assert there.post("/v1/rewrites/block", {"what": "x"}, **who["two"]).status_code == 403  # for everybody


def test_a_turn_cannot_be_sent_into_another_home_nor_over_one_of_its_turns(homes):
    there, who = homes
    theirs = to_json(turn("x", user="cy", turn_id="t9", home_id="h1"))
    assert there.post("/v1/observe", theirs, **who["two"]).status_code == 403
    assert there.post("/v1/observe", to_json(turn("x", user="ann", turn_id="t9")), **who["two"]).status_code == 403
    over = {**to_fields(turn("planted", user="dan", turn_id="t1")), "status": "ok", "response": "fuller", "room": None}
    over.pop("room")
    assert there.post("/v1/observe", over, **who["two"]).json()["acknowledged"] == ["t1"]
    kept = {one.turn_id: one.request for one in there.service.state.log.read()}
    assert (kept["t1"], kept["h2/t1"]) == (SAID, "planted")


def test_experiments_and_versions_are_not_for_a_token_of_one_home(homes):
    there, who = homes
    assert there.post("/v1/experiments", {"name": "x"}, **who["two"]).status_code == 403
    assert there.post("/v1/artifacts/rollback", {}, **who["two"]).status_code == 403
    assert there.http.get("/v1/artifacts", headers=who["two"]).status_code == 403


def test_pages_of_other_sites_and_foreign_names_of_this_machine_open_nothing(tmp_path):
    with running(tmp_path) as there:
        body = {"text": "x", "user_id": "ann"}
        assert there.post("/v1/rewrite", body).status_code == 200
        assert there.post("/v1/rewrite", body, **{"sec-fetch-site": "cross-site"}).status_code == 403
        assert there.http.get("/v1/rewrites", headers={"host": "evil.example"}).status_code == 421
        as_form = there.http.post("/v1/forget", content=b'{"user_id": "ann"}', headers={"content-type": "text/plain"})
        assert as_form.status_code == 415


def test_bodies_that_are_too_long_are_refused_whether_they_say_so_or_not(tmp_path):
    with running(tmp_path, max_body_bytes=1_000, max_batch_bytes=2_000) as there:
        assert there.post("/v1/rewrite", b"x" * 1_001).status_code == 413
        assert there.post("/v1/observe", b"x" * 2_001).status_code == 413
        chunks = there.http.post(
            "/v1/observe", content=(b"x" * 500 for _ in range(10)), headers={"content-type": "application/json"}
        )
        assert chunks.status_code == 413


def test_too_many_requests_are_told_when_to_come_again(tmp_path):
    with running(tmp_path, rate_per_s=0.001, burst=3) as there:
        answers = [there.post("/v1/rewrite", {"text": "x", "user_id": "ann"}) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) >= 1


def test_whoever_guesses_tokens_guesses_slowly(tmp_path):
    tokens(tmp_path).add("one", [])
    with running(tmp_path, rate_per_s=0.001, burst=3) as there:
        guesses = [there.http.get("/v1/status", headers={"authorization": f"Bearer {at}"}) for at in range(4)]
        assert [one.status_code for one in guesses] == [401, 401, 401, 429]


@pytest.mark.parametrize(
    "begins",
    [b"", b"POST /v1/rewrite HTTP/1.1\r\nHost: localhost\r\n",
     b"POST /v1/rewrite HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"],
)  # fmt: skip
def test_slow_clients_are_cut_off(tmp_path, begins):
    with running(tmp_path, header_timeout_s=0.3, body_timeout_s=0.3) as there:
        with socket.create_connection(("127.0.0.1", int(there.url.rpartition(":")[2])), timeout=300) as slow:
            slow.sendall(begins)
            try:
                answer = slow.recv(4096)
            except ConnectionResetError:
                answer = b""
            assert answer == b"" or b" 408 " in answer  # cut off: it would be waited for otherwise


def test_endless_headers_are_cut_off(tmp_path):
    with running(tmp_path) as there:
        with socket.create_connection(("127.0.0.1", int(there.url.rpartition(":")[2])), timeout=300) as slow:
            with pytest.raises(OSError, match=r"reset|pipe"):
                slow.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"x-more: and more\r\n" * 1_000_000)


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/static/../pages.py", "/static/%2e%2e/pages.py", "/v1/../tokens.json"]
)
def test_no_path_leads_to_a_file(homes, path):
    there, who = homes
    with socket.create_connection(("127.0.0.1", int(there.url.rpartition(":")[2])), timeout=300) as raw:
        token = who["all"]["authorization"]
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n\r\n".encode())
        assert b" 404 " in raw.recv(4096).partition(b"\r\n")[0] + b" "


def test_versions_are_names_and_not_paths(homes):
    there, who = homes
    for name in ("../../../etc", "/etc", ".."):
        for body in ({"version": name}, {"kind": name}):
            assert there.post("/v1/artifacts/rollback", body, **who["all"]).status_code in (400, 409)


def test_answers_carry_headers_that_forbid_sniffing_framing_and_keeping(homes):
    there, who = homes
    for answer in (
        there.post("/v1/rewrite", {"text": "x", "user_id": "ann"}, **who["all"]),
        there.http.get("/nothing"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_logs_tell_what_happened_and_nothing_that_was_said(tmp_path, capfd):
    with running(tmp_path) as there:
        there.post("/v1/observe", to_json(turn(SAID, user="a-person", turn_id="t1")))
        there.http.get("/v1/people/a-person")
        there.http.get("/v1/explain", params={"request": SAID, "user_id": "a-person"})
        there.post("/v1/rewrite", {"text": SAID, "user_id": "a-person", "wrong": 1})

        def breaks(*_):
            raise ValueError(SAID)

        there.service.decide.pipeline.decide = breaks
        assert there.post("/v1/rewrite", {"text": SAID, "user_id": "a-person"}).status_code == 500
    written = capfd.readouterr().err
    assert SAID not in written
    assert "a-person" not in written
    events = [json.loads(line) for line in written.splitlines()]
    assert {"observe", "person", "explain"} <= {one.get("route") for one in events if one["event"] == "request"}
    assert any(one["event"] == "error" and one["error"] == "ValueError" and one["frames"] for one in events)


def test_a_caller_who_does_not_take_an_answer_is_cut_off(tmp_path):
    state = State(tmp_path)
    state.log.append([turn(user="ann")])
    service = Service(state, Options(body_timeout_s=0.2, learn=False))
    scope = {
        "type": "http", "method": "GET", "path": "/v1/export", "query_string": b"user_id=ann", "root_path": "",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def call():
        await App(service)(scope, receive, send)

    with pytest.raises((TimeoutError, ExceptionGroup)):
        asyncio.run(call())  # it would wait for ever
    service.close()
