"""The service, over real connections: decide, observe, feedback, explain, curate, forget, export."""

import re
import threading

import msgspec
import pytest

from tests.builders import log, session, turn
from tests.serving import running
from uptake.lab.simulate.small_log import small_log
from uptake.log.records import to_fields, to_json
from uptake.release.night import release
from uptake.release.state import State

TAUGHT = ("concepts", "preferences")


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A service over a log from which a rewrite was learned."""
    directory = tmp_path_factory.mktemp("state")
    state = State(directory)
    state.log.append(small_log(seed=0))
    release(state, ("rewrites",))
    state.log.close()
    with running(directory) as service:
        yield service


def test_a_request_that_failed_others_is_rewritten_with_its_evidence_and_what_to_echo(there):
    found = there.post("/v1/rewrite", {"text": "Play Maj and Dragons!", "user_id": "ann"}).json()
    assert (found["action"], found["text"], found["layer"]) == ("rewrite", "play imagine dragons", "global")
    assert found["evidence"]["users"] >= 3
    assert {"acted_on", "rewrite_id", "artifact_version"} <= set(found["echo"])


def test_a_request_that_nobody_knows_is_left_alone(there):
    found = there.post("/v1/rewrite", {"text": "Dim the lights", "user_id": "ann"}).json()
    assert (found["action"], found["text"], found["echo"]) == ("leave", "Dim the lights", {})


def test_a_turn_is_in_the_log_once_it_is_acknowledged_however_often_it_comes(there):
    sent = turn("play jazz", user="bo", turn_id="once")
    for _ in range(3):
        assert there.post("/v1/observe", to_json(sent)).json()["acknowledged"] == ["once"]
    assert [one.turn_id for one in there.service.state.log.read() if one.user_id == "bo"] == ["once"]


def test_a_batch_with_a_bad_line_is_refused_as_a_whole_and_the_line_is_named(there):
    batch = b"\n".join([to_json(turn(user="cy", turn_id="c1")), b'{"turn_id": "c2"}'])
    refused = there.post("/v1/observe", batch)
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert (refused.json()["line"], refused.json()["field"]) == (2, "user_id")
    assert not [one for one in there.service.state.log.read() if one.user_id == "cy"]


def test_the_assistant_is_warmed_up_in_the_background_once_it_was_opened(tmp_path, monkeypatch):
    pytest.importorskip("hassil")
    from uptake.assistant.readers.understanding import Understanding

    warmed = threading.Event()
    monkeypatch.setattr(Understanding, "warm", lambda _: warmed.set())
    with running(tmp_path) as service:
        assert not warmed.is_set()
        service.post("/v1/due", {"user_id": "dot"})
        assert warmed.wait(10.0)


def test_what_falls_due_is_told_once_to_who_asks(there):
    pytest.importorskip("hassil")
    who = {"user_id": "dot"}
    assert there.post("/v1/due", who).json() == {"due": []}
    assert there.post("/v1/ask", {"text": "set a timer for one second", **who}).json()["status"] == "ok"
    told = []
    while not told:
        told = there.post("/v1/due", who).json()["due"]
    assert [one["speech"] for one in told] == ["Your 1 second timer is done."]
    assert there.post("/v1/due", who).json() == {"due": []}


def test_bad_lines_can_be_passed_over_and_are_listed(there):
    batch = b"\n".join([to_json(turn(user="di", turn_id="d1")), b"not a turn"])
    answer = there.post("/v1/observe?on_error=skip", batch).json()
    assert answer["acknowledged"] == ["d1"]
    assert [row["line"] for row in answer["refused"]] == [2]


def test_feedback_makes_the_turn_fuller_and_a_complaint_suspends_the_rewrite_for_that_person_at_once(there):
    request = {"text": "play maj and dragons", "user_id": "eva"}
    echo = there.post("/v1/rewrite", request).json()["echo"]
    there.post("/v1/observe", {**to_fields(turn("play maj and dragons", user="eva", turn_id="e1")), **echo})
    assert there.post("/v1/feedback", {"turn_id": "e1", "answer": False}).status_code == 200
    again = there.post("/v1/rewrite", request).json()
    assert (again["action"], again["reason"]) == ("leave", "suspended: this user complained about it")
    assert there.post("/v1/rewrite", {**request, "user_id": "fay"}).json()["action"] == "rewrite"
    assert next(one for one in there.service.state.log.read() if one.turn_id == "e1").answer is False


def test_feedback_on_a_turn_that_nobody_observed_is_refused(there):
    assert there.post("/v1/feedback", {"turn_id": "nothing", "answer": True}).status_code == 404


def test_a_block_stops_a_rewrite_at_once_and_undo_lets_it_act_again(there):
    request = {"text": "play maj and dragons", "user_id": "gus"}
    for undo, action in ((False, "leave"), (True, "rewrite")):
        body = {"what": "play maj and dragons", "user_id": "gus", "undo": undo}
        assert there.post("/v1/rewrites/block", body).json() == {"changed": True}
        assert there.post("/v1/rewrite", request).json()["action"] == action


def test_a_pin_acts_for_the_person_it_is_for(there):
    pin = {"request": "my tune", "rewrite": "play here comes the sun", "user_id": "hal"}
    assert there.post("/v1/rewrites/pin", pin).json() == {"changed": True}
    found = [there.post("/v1/rewrite", {"text": "my tune", "user_id": user}).json() for user in ("hal", "ida")]
    assert [(one["action"], one["layer"]) for one in found] == [("rewrite", "pin"), ("leave", None)]


def test_what_was_learned_is_listed_explained_and_drawn(there):
    rows = there.http.get("/v1/rewrites").json()["rewrites"]
    row = next(one for one in rows if one["request"] == "play maj and dragons")
    assert row["acted_on"] == "play imagine dragons"
    why = there.http.get("/v1/explain", params={"request": "play maj and dragons", "user_id": "jo"}).json()
    assert why["acted_on"] == "play imagine dragons"
    assert why["trace"][-1]["step"] == "guard"
    drawn = there.http.get("/v1/rewrites/picture", params={"request": "play maj and dragons"})
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "play imagine dragons" in drawn.text


def test_a_turn_is_explained_by_its_treatment(there):
    there.post("/v1/observe", {**to_fields(turn("play jazz", user="kim", turn_id="k1")), "arm": "control"})
    assert there.http.get("/v1/explain", params={"turn_id": "k1"}).json()["arm"] == "control"


def test_offers_are_listed_and_switched_for_a_person(there):
    asked = {"params": {"user_id": "pam"}}
    assert there.http.get("/v1/suggestions", **asked).json() == {"suggestions": [], "on": [], "off": []}
    for body, changed in (({"on": True}, True), ({"on": True}, False), ({"on": False, "kind": "routines"}, True)):
        assert there.post("/v1/suggestions", {"user_id": "pam", **body}).json() == {"changed": changed}
    found = there.http.get("/v1/suggestions", **asked).json()
    assert (found["on"], found["off"]) == (["all"], ["routines"])
    for wrong in ({"on": True, "kind": "jokes"}, {"on": True, "offer": "routines:tea"}, {"kind": "all"}):
        assert there.post("/v1/suggestions", {"user_id": "pam", **wrong}).status_code == 400
    assert there.post("/v1/suggestions", {"user_id": "pam", "on": False, "offer": "routines:tea"}).json()["changed"]


def test_a_person_is_exported_and_forgotten(there):
    said = [to_json(one) for one in log(session("play jazz", "play blues", user="lou"))]
    there.post("/v1/observe", b"\n".join(said))
    exported = there.http.get("/v1/export", params={"user_id": "lou"})
    assert exported.content.splitlines() == said
    assert there.http.get("/v1/people/lou").json()["turns"] == 2
    assert there.post("/v1/forget", {"user_id": "lou"}).json() == {"turns": 2}
    assert there.http.get("/v1/export", params={"user_id": "lou"}).content == b""
    assert there.http.get("/v1/people/lou").json()["turns"] == 0


def test_what_a_person_taught_is_added_listed_and_forgotten(there):
    dusk = {"concept": "dusk", "actions": [{"intent": "HassLightSet", "slots": {"name": "Hall", "brightness": 20}}]}
    assert there.post("/v1/concepts", {"user_id": "ida", "rows": [dusk]}).json() == {"changed": True}
    bad = there.post("/v1/concepts", {"user_id": "ida", "rows": [dusk, {"concept": "dawn"}]})
    assert (bad.status_code, "rows[1]" in bad.json()["detail"]) == (400, True)
    assert there.post("/v1/preferences", {"user_id": "ida", "rows": [{"type": "diet", "value": "vegan"}]}).json()[
        "changed"
    ]
    [kept] = there.http.get("/v1/concepts", params={"user_id": "ida"}).json()["concepts"]
    assert (kept["concept"], kept["meaning"]) == ("dusk", "Hall: 20 percent")
    assert [
        one["value"] for one in there.http.get("/v1/preferences", params={"user_id": "ida"}).json()["preferences"]
    ] == ["vegan"]
    assert there.http.get("/v1/concepts", params={"user_id": "joe"}).json() == {"concepts": []}
    listed = {what: there.http.get(f"/v1/{what}", params={"user_id": "ida"}).json()[what] for what in TAUGHT}
    person = there.http.get("/v1/people/ida").json()
    assert {what: person[what] for what in TAUGHT} == listed
    for what in TAUGHT:  # what is exported for one can be imported for another
        assert there.post(f"/v1/{what}", {"user_id": "uma", "rows": listed[what]}).json() == {"changed": True}
        [copy] = there.http.get(f"/v1/{what}", params={"user_id": "uma"}).json()[what]
        assert copy == listed[what][0] | {"user": "uma", "at": copy["at"], "turn": copy["turn"]}
    gone = {"user_id": "ida", "concept": "the dusk", "type": "diet"}
    for what in TAUGHT:
        assert there.post(f"/v1/{what}/forget", gone).json() == {"changed": True}
        assert there.post(f"/v1/{what}/forget", gone).json() == {"changed": False}
        assert there.http.get(f"/v1/{what}", params={"user_id": "ida"}).json() == {what: []}


def test_versions_are_listed_rolled_back_to_and_lifted(there):
    listed = there.http.get("/v1/artifacts").json()["artifacts"]
    served = next(one for one in listed if one["kind"] == "rewrites" and one["served"])["version"]
    assert there.post("/v1/artifacts/rollback", {"version": served}).json()["served"] == served
    assert any(one["held"] for one in there.http.get("/v1/artifacts").json()["artifacts"])
    assert there.post("/v1/artifacts/lift", {}).status_code == 200
    assert not any(one["held"] for one in there.http.get("/v1/artifacts").json()["artifacts"])


def test_people_in_the_control_arm_are_left_alone_and_the_treatment_is_told(there):
    started = there.post("/v1/experiments", {"name": "spring", "holdout": 0.0})
    assert started.json()["is_running"], started.json()
    asked = [{"text": "play maj and dragons", "user_id": f"user {at}"} for at in range(40)]
    found = [there.post("/v1/rewrite", one).json() for one in asked]
    arms = {(one["echo"]["arm"], one["action"]) for one in found}
    assert {action for arm, action in arms if arm == "control"} == {"leave"}
    assert {action for arm, action in arms if arm == "treatment"} <= {"rewrite", "ask"}, (
        "what is new may be asked about"
    )
    assert "treatment" in {arm for arm, _ in arms}
    assert all("rewrite_id" in one["echo"] for one in found)
    assert there.http.get("/v1/experiments/spring").json()["results"]["name"] == "spring"
    assert not there.post("/v1/experiments/spring/stop", {"reason": "seen"}).json()["is_running"]


def test_what_is_published_while_serving_is_served_from_then_on(tmp_path):
    with running(tmp_path) as fresh:
        request = {"text": "play maj and dragons", "user_id": "ann"}
        assert fresh.post("/v1/rewrite", request).json()["action"] == "leave"
        state = State(tmp_path)
        state.log.append(small_log(seed=0))
        release(state, ("rewrites",))
        assert fresh.post("/v1/rewrite", request).json()["action"] == "rewrite"


def test_with_approved_only_nothing_acts_before_a_person_approved_it(tmp_path):
    (tmp_path / "uptake.toml").write_text("[guard]\napproved_only = true\n")
    state = State(tmp_path)
    state.log.append(small_log(seed=0))
    release(state, ("rewrites",))
    request = {"text": "play maj and dragons", "user_id": "ann"}
    with running(tmp_path) as there:
        assert there.post("/v1/rewrite", request).json()["reason"] == "waits until a person approves it"
        rows = there.http.get("/v1/rewrites").json()["rewrites"]
        what = next(one for one in rows if one["request"] == request["text"])["rewrite_id"]
        assert there.post("/v1/rewrites/approve", {"what": what}).json() == {"changed": True}
        assert there.post("/v1/rewrite", request).json()["text"] == "play imagine dragons"


def test_metrics_count_requests_decisions_and_turns(there):
    there.post("/v1/rewrite", {"text": "play maj and dragons", "user_id": "mo"})
    text = there.http.get("/metrics").text
    assert re.search(r'uptake_requests_total\{route="rewrite",status="200"\} [1-9]', text)
    assert re.search(r'uptake_decisions_total\{action="rewrite"\} [1-9]', text)
    assert 'rewrites="00000' in text


def test_another_method_than_a_route_takes_is_told_so(there):
    for path, taken in (("/v1/rewrite", "POST"), ("/v1/status", "GET")):
        refused = there.http.put(path)
        assert (refused.status_code, refused.json()["type"]) == (405, "urn:uptake:problem:not_allowed")
        assert taken in refused.headers["allow"]


def test_every_route_that_is_described_exists_and_every_error_is_a_problem(there):
    document = there.http.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    for path, operations in document["paths"].items():
        for method in operations:
            answer = there.http.request(method.upper(), path.replace("{user_id}", "u").replace("{name}", "n"))
            assert answer.status_code < 500, (method, path, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["detail"]


def test_the_turn_of_the_document_is_the_turn_of_the_log(there):
    schemas = there.http.get("/openapi.json").json()["components"]["schemas"]
    assert set(to_fields(turn())) <= set(schemas["_Turn"]["properties"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"text": 1, "user_id": "a"}', b'{"text": "x"}', b"\xff", b"[" * 5000]
)
def test_a_body_that_is_no_request_is_a_bad_request_that_quotes_nobody(there, body):
    answer = there.post("/v1/rewrite", body)
    assert answer.status_code == 400
    assert msgspec.json.decode(answer.content)["type"] == "urn:uptake:problem:bad_record"
