"""Readers taught by the log itself: what is believed, what is refused, and the command that makes one."""

from __future__ import annotations

import random

import pytest

from tests.builders import turn
from uptake.apps.cli import main
from uptake.errors import NotReady
from uptake.insight.dialogues.artifact import ReaderModel
from uptake.insight.dialogues.learn.from_log import learn_reader, targets_of
from uptake.insight.dialogues.targets import NO_REPHRASE
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog
from uptake.store.store import ArtifactStore
from uptake.types import Interpretation

NAMES = "harry potter jungle book silent night golden river summer rain winter song yellow moon paper plane".split()


def conversations(count=160, people=13):
    """Requests for music; every second one is misheard first, every third one is for the same."""
    random_names = random.Random(0)
    turns = []
    for at in range(count):
        name = "harry potter" if at % 3 == 0 else " ".join(random_names.sample(NAMES, 2))
        misheard = "harry porter" if at % 3 == 0 else f"{name[:-2]}rr"
        said = {"user": f"user-{at % people}", "session_id": f"s{at}"}
        if at % 2 == 0:
            turns.append(play(misheard, 0.3, at_s=3600.0 * at, status="failed", **said))
        answer = True if at % 5 == 0 else None
        turns.append(play(name, 0.95, at_s=3600.0 * at + 6, status="ok", answer=answer, **said))
    return turns


def play(name, confidence, **fields):
    read = Interpretation(intent="play", slots=(("name", name),), confidence=confidence)
    return turn(f"play {name}", interpretation=read, response=f"Playing {name}.", **fields)


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, arguments)))
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_the_log_teaches_what_its_signals_are_sure_of_and_what_people_say_aloud():
    targets = targets_of(sessions([*conversations(2), play("silent night", 0.99, at_s=9e5, status="ok", answer=False)]))
    assert [one.defect for one in targets] == [(True, False), (False,), (True,)]
    assert [one.rephrase for one in targets] == [(1, NO_REPHRASE), (NO_REPHRASE,), (NO_REPHRASE,)]


def test_a_log_that_is_too_small_says_what_it_lacks():
    with pytest.raises(NotReady, match="the log is empty"):
        learn_reader([])
    with pytest.raises(NotReady, match="at least 20 turns"):
        learn_reader(sessions(conversations(20)))


@pytest.mark.slow
def test_a_published_reader_goes_with_whom_it_learned_from(tmp_path, capsys):
    with TurnLog(tmp_path / "log") as log:
        log.append(conversations())
    store = ArtifactStore(tmp_path / "artifacts")
    code, out, _ = run(capsys, "learn", "reader", "--state", tmp_path)
    assert (code, out) == (0, f"readers {store.current_version('readers')}\n")
    assert run(capsys, "forget", "user-1", "--state", tmp_path)[0] == 0
    assert store.current_version(ReaderModel.kind) is None
