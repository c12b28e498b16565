"""`uptake ingest --map` and `--explain`: the log of another assistant, guessed at, explained, stored by its columns."""

import gzip
import json
import shlex
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from uptake.apps.cli import main
from uptake.log.store import TurnLog

CSV = """Date;Time;User Name;Utterance;Result;Reply
31.01.2026;18:00:01;ann;play jass;error;I could not find that
31.01.2026;18:00:11;ann;play jazz;success;Playing jazz
31.01.2026;18:04:00;bo;"play ""harry"" porter";no match;"Sorry; what?"
"""
NESTED = [
    {"event": {"ts": 1769882401.25, "user": {"id": 7}}, "nlu": {"text": "play jass", "conf": 0.2}, "is_error": True},
    {"event": {"ts": 1769882409.5, "user": {"id": 8}}, "nlu": {"text": "play jazz", "conf": 0.9}, "is_error": False},
]
MESSAGES = """{"conversation_id":"c1","created":1769882401,"role":"user","content":"set a timer"}
{"conversation_id":"c2","created":1769882402,"role":"user","content":"hello there"}
{"conversation_id":"c1","created":1769882402,"role":"assistant","content":"For how long?"}
{"conversation_id":"c1","created":1769882405,"role":"user","content":"ten minutes"}
{"conversation_id":"c1","created":1769882406,"role":"assistant","content":"Done"}
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a fresh state; gives exit code, stdout and stderr."""
    monkeypatch.setenv("UPTAKE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        with pytest.raises(SystemExit) as done:
            main([str(argument) for argument in arguments])
        return (done.value.code, *capsys.readouterr())

    return command


@pytest.fixture
def stored(tmp_path):
    """The turns in the log of the state, in the order of time."""

    def read():
        with TurnLog(tmp_path / "state" / "log") as opened:
            return sorted(opened.read(), key=lambda turn: turn.said_at)

    return read


def explained(run, path, *arguments):
    code, out, err = run("ingest", "--explain", path, "--json", *arguments)
    found = json.loads(out)
    assert (code, err) == (1 if found["needed"] else 0, "")
    return found


def follow(run, found, **instead):
    """Run the command that --explain proposed."""
    words = [instead.get(word, word) for word in shlex.split(found["command"])]
    code, _, err = run(*words[1:])
    assert code == 0, err


def test_what_is_proposed_for_a_csv_of_somebody_else_stores_it(run, stored, tmp_path):
    (tmp_path / "log.csv").write_text(CSV)
    found = explained(run, "log.csv")
    assert found["needed"] == ["timezone"]
    follow(run, found, ZONE="Europe/Berlin")
    turns = stored()
    assert [(turn.user_id, turn.request, turn.status) for turn in turns] == [
        ("ann", "play jass", "failed"),
        ("ann", "play jazz", "ok"),
        ("bo", 'play "harry" porter', "unsupported"),
    ]
    assert turns[0].said_at == datetime(2026, 1, 31, 17, 0, 1, tzinfo=UTC)
    assert turns[2].response == "Sorry; what?"


def test_reading_it_again_stores_nothing_twice(run, stored, tmp_path):
    (tmp_path / "log.csv").write_text(CSV)
    found = explained(run, "log.csv", "--timezone", "UTC")
    follow(run, found)
    follow(run, found)
    assert len(stored()) == 3


@pytest.mark.parametrize("form", ["array", "wrapped", "lines", "gzip", "parquet"])
def test_nested_json_and_parquet_are_read_alike(run, stored, tmp_path, form):
    path = tmp_path / "foreign"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(NESTED), path)
    elif form == "gzip":
        path.write_bytes(gzip.compress(json.dumps(NESTED).encode()))
    elif form == "lines":
        path.write_text("\n".join(map(json.dumps, NESTED)))
    else:
        path.write_text(json.dumps(NESTED if form == "array" else {"version": 2, "data": NESTED}, indent=1))
    follow(run, explained(run, path))
    assert [(turn.user_id, turn.request, turn.status) for turn in stored()] == [
        ("7", "play jass", "failed"),
        ("8", "play jazz", "ok"),
    ]
    assert stored()[0].said_at == datetime(2026, 1, 31, 18, 0, 1, 250_000, tzinfo=UTC)


def test_messages_are_joined_into_turns_even_where_conversations_interleave(run, stored, tmp_path):
    (tmp_path / "chat.jsonl").write_text(MESSAGES)
    found = explained(run, "chat.jsonl")
    assert any("nobody is named" in doubt for doubt in found["found"]["doubts"])
    follow(run, found)
    assert [(turn.session_id, turn.request, turn.response) for turn in stored()] == [
        ("c1", "set a timer", "For how long?"),
        ("c2", "hello there", None),
        ("c1", "ten minutes", "Done"),
    ]


def test_it_says_what_is_missing_what_it_costs_and_shows_three_rows(run, tmp_path):
    (tmp_path / "log.csv").write_text("when,utterance\n" + "2026-01-31T18:00:00Z,play jazz\n" * 5)
    code, out, _ = run("ingest", "--explain", "log.csv")
    assert code == 1
    assert out.count('"request":"play jazz"') == 0  # nobody is named: no row is a turn yet
    assert "user_id: needed" in out
    assert "status: failures are known from what people say next alone" in out
    code, out, _ = run("ingest", "--explain", "log.csv", "--fill", "user_id=me")
    assert (code, out.count('"request":"play jazz"')) == (0, 3)
    assert "--fill user_id=me log.csv" in out


def test_values_that_say_nothing_known_are_shown_and_can_be_told(run, stored, tmp_path):
    rows = "".join(f"2026-01-31T18:00:0{at}Z,ann,play jazz,{said}\n" for at, said in enumerate(["ok", "ok", "blue"]))
    (tmp_path / "log.csv").write_text("time,user,text,outcome\n" + rows)
    found = explained(run, "log.csv")
    assert found["values"]["status"] == "ok = ok (2), blue = unknown (1)"
    plain = ["--map", "said_at=time", "--map", "user_id=user", "--map", "request=text", "--map", "status=outcome"]
    code, _, err = run("ingest", *plain, "log.csv")
    assert (code, stored()) == (3, [])
    assert "log.csv, line 4, field outcome" in err
    assert "blue" not in err
    assert run("ingest", *plain, "--outcome", "Blue=cancelled", "log.csv")[0] == 0
    assert [turn.status for turn in stored()] == ["ok", "ok", "cancelled"]


def test_a_day_and_a_month_that_could_be_swapped_are_doubted(run, tmp_path):
    (tmp_path / "log.csv").write_text("time,user,text\n02/01/2026 10:00,ann,play jazz\n03/01/2026 10:00,ann,stop it\n")
    assert any("day and month" in doubt for doubt in explained(run, "log.csv")["found"]["doubts"])


def test_rows_that_are_whole_conversations_are_not_taken_for_turns(run, tmp_path):
    said = [{"id": at, "turns": [{"user": f"play song {at}"}, {"user": "and louder"}]} for at in range(3)]
    (tmp_path / "talks.json").write_text(json.dumps(said))
    found = explained(run, "talks.json", "--fill", "user_id=me")
    assert found["needed"] == ["said_at"]
    assert "turns: a row holds a list" in found["found"]["doubts"][0]


def test_a_log_of_our_own_is_recognised(run, tmp_path):
    (tmp_path / "ours.jsonl").write_text(
        '{"turn_id":"t","user_id":"a","said_at":"2026-01-31T18:00:00Z","request":"x y"}'
    )
    assert "own format already" in run("ingest", "--explain", "ours.jsonl")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "usr=User Name"], "did you mean user_id?"),
        (["--map", "user_id"], "takes NAME=VALUE"),
        (["--map", "user_id=User Name"], "no column is mapped to said_at"),
        (["--map", "user_id=User Nam", "--map", "said_at=Date+Time", "--map", "request=Reply"], "mean User Name?"),
        (["--fill", "language=en"], "need --map"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_line_and_nothing_is_stored(run, stored, tmp_path, arguments, said):
    (tmp_path / "log.csv").write_text(CSV)
    code, out, err = run("ingest", *arguments, "--time-format", "%d.%m.%Y %H:%M:%S", "--timezone", "UTC", "log.csv")
    assert code in (2, 3)
    assert (out, stored()) == ("", [])
    assert said in err
    assert "jass" not in err


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\xff\xfe\x00", b"\x00\x01\x02" * 50, b"[1, 2]", b"{", b"[]"])
def test_what_is_no_log_is_refused_in_a_line(run, tmp_path, content):
    (tmp_path / "it").write_bytes(content)
    code, _, err = run("ingest", "--explain", "it")
    assert code == 3
    assert err.count("\n") == 1
    assert "file it" in err


def test_bad_rows_are_skipped_and_counted_on_demand(run, stored, tmp_path):
    (tmp_path / "log.csv").write_text("time,user,text\n2026-01-31T18:00:00Z,ann,play jazz\nsoon,ann,stop\nx\n")
    maps = ["--map", "said_at=time", "--map", "user_id=user", "--map", "request=text"]
    assert run("ingest", *maps, "log.csv")[0] == 3
    code, _, err = run("ingest", *maps, "--on-error", "skip", "log.csv")
    assert (code, len(stored())) == (0, 1)
    assert "2 bad records skipped" in err


def test_an_export_of_whole_conversations_is_read_a_message_a_row_with_what_the_answers_say(run, stored, tmp_path):
    told = {"role": "assistant", "text": "Sorry", "ts": "2026-01-05T07:01:14Z", "success": False}
    asked = {"role": "user", "text": "play jas", "ts": "2026-01-05T07:01:13Z"}
    held = [{"id": f"c{at}", "user": {"id": f"u{at}"}, "messages": [asked, told]} for at in range(3)]
    text = json.dumps({"meta": {"exported": "2026-01-07"}, "conversations": held})
    file = tmp_path / "export.json"
    file.write_text(text.replace('"conversations": [', '"conversations":\n[\n').replace("]}, ", "]},\n"))
    follow(run, explained(run, file))
    assert sorted((one.user_id, one.session_id, one.request, one.status, one.response) for one in stored()) == [
        (f"u{at}", f"c{at}", "play jas", "failed", "Sorry") for at in range(3)
    ]


def test_columns_in_german_are_known(run, tmp_path):
    rows = [f"05.01.2026 07:0{at}:13;anna;licht an {at};{'ok' if at else 'Fehler'};Antwort {at}" for at in range(4)]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["Zeitpunkt;Benutzer;Äußerung;Ergebnis;Antwort", *rows]))
    _, out, _ = run("ingest", "--explain", file)
    proposed = out.splitlines()[-1]
    for mapped in ("user_id=Benutzer", "said_at=Zeitpunkt", "request=Äußerung", "status=Ergebnis", "response=Antwort"):
        assert mapped in proposed
    assert "says nothing we know" not in out
