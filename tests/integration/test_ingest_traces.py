"""`uptake ingest --format otel`: traces of generative AI, as collectors write them, become turns."""

import json

import pytest

from uptake.apps.cli import main
from uptake.log.store import TurnLog

START = 1_769_882_401_000_000_000


@pytest.fixture
def ingest(tmp_path, monkeypatch, capsys):
    """Ingest exports; gives exit code, stderr and the turns stored."""
    monkeypatch.setenv("UPTAKE_STATE", str(tmp_path / "state"))

    def command(*exports, options=()):
        (tmp_path / "spans.json").write_text("\n".join(map(json.dumps, exports)))
        with pytest.raises(SystemExit) as done:
            main(["ingest", "--format", "otel", *options, str(tmp_path / "spans.json")])
        with TurnLog(tmp_path / "state" / "log") as log:
            return done.value.code, capsys.readouterr().err, sorted(log.read(), key=lambda turn: turn.said_at)

    return command


def attributes(**known):
    return [{"key": name.replace("__", "."), "value": {"stringValue": value}} for name, value in known.items()]


def span(number, *, events=(), code=0, start_s=0, trace="t1", **known):
    return {
        "traceId": trace,
        "spanId": f"s{number}",
        "startTimeUnixNano": str(START + start_s * 10**9),
        "status": {"code": code},
        "attributes": attributes(gen_ai__operation__name="chat", **known),
        "events": [{"name": name, "attributes": attributes(**said)} for name, said in events],
    }


def export(*spans, **resource):
    return {"resourceSpans": [{"resource": {"attributes": attributes(**resource)}, "scopeSpans": [{"spans": spans}]}]}


def messages(*said):
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]} for role, text in said])


def test_calls_for_the_same_words_are_one_turn_with_the_last_answer(ingest):
    asked = messages(("system", "be kind"), ("user", "play jass"))
    looking = span(1, gen_ai__input__messages=asked, enduser__id="ann", gen_ai__conversation__id="c1")
    answered = span(2, start_s=1, code=2, gen_ai__input__messages=asked)
    answered["attributes"] += attributes(gen_ai__output__messages=messages(("assistant", "I cannot find that")))
    again = messages(("user", "play jass"), ("assistant", "I cannot find that"), ("user", "play jass"))
    code, err, turns = ingest(
        export(answered), export(looking, span(3, start_s=9, gen_ai__input__messages=again, enduser__id="ann"))
    )
    assert code == 0, err
    assert [(turn.user_id, turn.request, turn.response, turn.status) for turn in turns] == [
        ("ann", "play jass", "I cannot find that", "failed"),
        ("ann", "play jass", None, None),
    ]
    assert (turns[0].session_id, turns[0].turn_id, turns[0].said_at.year) == ("c1", "t1:s1", 2026)


def test_events_and_numbered_attributes_of_earlier_conventions_are_read(ingest):
    said = (("gen_ai.user.message", {"content": "stop"}), ("gen_ai.choice", {"message": json.dumps({"content": "OK"})}))
    numbered = {"gen_ai__prompt__0__role": "user", "gen_ai__prompt__0__content": "go on"}
    spans = [span(1, events=said, code=1), span(2, trace="t2", start_s=5, **numbered)]
    code, err, turns = ingest(export(*spans, user__id="bo"))
    assert code == 0, err
    assert [(turn.user_id, turn.request, turn.response, turn.status) for turn in turns] == [
        ("bo", "stop", "OK", "ok"),
        ("bo", "go on", None, None),
    ]


def test_where_nobody_is_named_it_asks_for_a_name(ingest):
    one = export(span(1, gen_ai__input__messages=messages(("user", "play jazz"))))
    code, err, turns = ingest(one)
    assert (code, turns) == (3, [])
    assert "field enduser.id: is empty" in err
    assert [turn.user_id for turn in ingest(one, options=["--fill", "user_id=me"])[2]] == ["me"]


def test_traces_without_words_say_how_to_record_them(ingest):
    code, err, turns = ingest(export(span(1)))
    assert (code, turns) == (3, [])
    assert "capture content" in err


def test_what_is_no_trace_is_refused(ingest):
    code, err, turns = ingest({"a": 1})
    assert (code, turns) == (3, [])
    assert "holds no spans" in err
