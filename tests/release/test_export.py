"""log export --private: nothing planted leaves, sessions stay together, two exports cannot be linked."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest

from tests.builders import log, session
from uptake.apps.cli import main
from uptake.errors import BadConfig
from uptake.log.store import TurnLog
from uptake.release.export import private_turns, public_words, read_key
from uptake.types import Interpretation

PLANTED = ("fatima", "4466818", "oberhof", "zürich", "ann@example.org", "quintessa")


@pytest.fixture
def turns():
    said = session(
        "call fatima oberhof", "call 044 668 18 00", "weather in zürich", "mail ann@example.org", user="ann-b"
    )
    read = Interpretation(domain="phone", intent="call", slots=(("who", "fatima"),))
    return [
        replace(
            turn,
            interpretation=read,
            alternatives=(),
            response="calling quintessa",
            home_id="oberhof-3",
            session_id="s",
        )
        for turn in said.turns
    ]


def test_nothing_planted_leaves_and_a_session_stays_one(turns):
    found = list(private_turns(turns, key=b"0" * 16))
    text = repr(found)
    assert not [word for word in (*PLANTED, "ann-b", "oberhof-3") if word in text]
    assert len({turn.session_id for turn in found}) == len({turn.user_id for turn in found}) == 1
    gaps = [(later.said_at - one.said_at).total_seconds() for one, later in itertools.pairwise(found)]
    assert gaps == [10.0, 10.0, 10.0]
    assert (found[0].said_at.minute, found[0].interpretation.slots) == (0, ())


def test_another_key_links_nobody(turns):
    one, other = ({turn.user_id for turn in private_turns(turns, key=key)} for key in (b"0" * 16, b"1" * 16))
    assert not one & other


def test_towns_are_not_public_words():
    assert {"turn", "the", "kitchen"} <= public_words() | {"kitchen"}
    assert not {"boston", "london", "zürich"} & public_words()


def test_a_key_beside_the_log_or_too_short_is_refused(tmp_path):
    (tmp_path / "key").write_bytes(b"0" * 32)
    with pytest.raises(BadConfig, match="elsewhere"):
        read_key(tmp_path / "key", beside=tmp_path)
    (tmp_path / "short").write_bytes(b"0")
    with pytest.raises(BadConfig, match="16 bytes"):
        read_key(tmp_path / "short", beside=tmp_path / "state")
    assert read_key(None, beside=tmp_path) != read_key(None, beside=tmp_path)


@pytest.mark.parametrize("noise", [(), ("--epsilon", "10"), ("--epsilon", "6", "--near", "any")])
def test_the_command_writes_turns_that_can_be_read_again(tmp_path, turns, capfd, noise):
    with TurnLog(tmp_path / "log") as kept:
        kept.append(log(*turns))
    with pytest.raises(SystemExit) as ended:
        main(["log", "export", "--private", *noise, "--state", str(tmp_path)])
    assert ended.value.code == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 4
    assert not [word for word in PLANTED if word in "".join(lines).casefold()]
    assert all(json.loads(line)["request"] for line in lines)


def test_one_persons_turns_are_exported_whole(tmp_path, capfd):
    with TurnLog(tmp_path / "log") as kept:
        kept.append(log(session("a b", "c d", user="ann"), session("e f", user="bo")))
    with pytest.raises(SystemExit):
        main(["log", "export", "--user", "ann", "--state", str(tmp_path)])
    assert [json.loads(line)["request"] for line in capfd.readouterr().out.splitlines()] == ["a b", "c d"]


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_turns_are_stored_under_pseudonyms_and_found_and_forgotten_by_name(tmp_path, capfd, form):
    state, key, file = tmp_path / "state", tmp_path / "key", tmp_path / f"turns.{form}"
    key.write_bytes(b"k" * 32)
    with TurnLog(tmp_path / "other") as other:
        other.append(log(session("a b", user="ann", home_id="oberhof-3"), session("e f", user="bo")))
    (tmp_path / "other").rename(tmp_path / "log")
    assert run("log", "export", "--out", str(file), "--format", {"jsonl": "turns"}.get(form, form),
               "--state", str(tmp_path)) == 0  # fmt: skip
    assert run("ingest", "--key", str(key), str(file), "--state", str(state)) == 0
    written = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert b"oberhof-3" not in written
    assert not {"ann", "bo"} & {turn.user_id for turn in TurnLog(state / "log").read()}
    capfd.readouterr()
    assert run("log", "export", "--user", "ann", "--key", str(key), "--state", str(state)) == 0
    assert [json.loads(line)["request"] for line in capfd.readouterr().out.splitlines()] == ["a b"]
    assert run("forget", "ann", "--key", str(key), "--state", str(state)) == 0
    assert [turn.request for turn in TurnLog(state / "log").read()] == ["e f"]
    assert run("log", "export", "--key", str(key), "--state", str(state)) == 2
