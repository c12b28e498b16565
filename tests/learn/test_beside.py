"""The detector of rephrases beside the chain: what is merged, who is named for it, and the commands that do it."""

from __future__ import annotations

import json
import random

import pytest

from tests.artifacts.tables import rewrite, table
from tests.builders import turn
from uptake.apps.cli import main
from uptake.artifacts.readers import ReaderModel
from uptake.artifacts.rewrites import RewriteTable
from uptake.artifacts.store import ArtifactStore
from uptake.errors import BadConfig, NotReady
from uptake.learn.beside import Beside, finders
from uptake.learn.markov import MarkovRewriter
from uptake.learn.reader.own_log import learn_reader, targets_of
from uptake.learn.reader.targets import NO_REPHRASE
from uptake.learn.rephrase import merged
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog
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


def test_the_chain_keeps_its_rewrite_and_each_row_says_who_found_it():
    chain = table(rewrite("a b", "a c"), rewrite("d e", "d f"), rewrite("a b", "a x", "ann"))
    detector = table(rewrite("a b", "a c"), rewrite("d e", "d g"), rewrite("h i", "h j"))
    agreeing = table(rewrite("k l", "k m")._replace(found_by="both"))
    detector = RewriteTable.from_rows(row._replace(found_by="rephrase") for row in detector.rows())
    found = {
        (row.user_id, row.request): (row.acted_on, row.found_by) for row in merged(chain, detector, agreeing).rows()
    }
    assert found == {
        (None, "a b"): ("a c", "both"),
        ("ann", "a b"): ("a x", "markov"),
        (None, "d e"): ("d f", "markov"),
        (None, "h i"): ("h j", "rephrase"),
        (None, "k l"): ("k m", "both"),
    }


def test_who_found_a_rewrite_is_kept_with_the_table(tmp_path):
    rows = [rewrite("a b", "a c"), rewrite("d e", "d f")._replace(found_by="both")]
    found = table(*rows, rewrite("h i", "h j", "ann")._replace(found_by="rephrase"))
    found.save(tmp_path)
    opened = RewriteTable.load(tmp_path)
    assert opened == found != table(*rows, rewrite("h i", "h j", "ann"))
    assert [opened.lookup(request, "ann").found_by for request in ("a b", "d e", "h i")] == [
        "markov",
        "both",
        "rephrase",
    ]
    assert finders(opened) == {"both": 1, "markov": 1, "rephrase": 1}


def test_agreement_lowers_the_bounds_and_never_the_number_of_users():
    chain = MarkovRewriter(min_users=4)
    lenient, detector = Beside().lenient(chain), Beside().detector(chain)
    assert (lenient.confidence, lenient.min_gain) < (chain.confidence, chain.min_gain)
    assert lenient.min_users == detector.min_users == 4
    with pytest.raises(BadConfig):
        Beside(agreed_confidence=0.3)


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
def test_a_published_reader_is_asked_beside_the_chain_and_goes_with_whom_it_learned_from(tmp_path, capsys):
    with TurnLog(tmp_path / "log") as log:
        log.append(conversations())
    (tmp_path / "uptake.toml").write_text("[rephrase]\nbeside_markov = true\n", encoding="utf-8")
    code, out, err = run(capsys, "learn", "rewrites", "--json", "--state", tmp_path)
    assert code == 0
    assert "uptake learn reader" in err
    assert "found_by" not in json.loads(out)

    store = ArtifactStore(tmp_path / "artifacts")
    code, out, _ = run(capsys, "learn", "reader", "--state", tmp_path)
    assert (code, out) == (0, f"readers {store.current_version('readers')}\n")
    code, out, _ = run(capsys, "learn", "rewrites", "--json", "--state", tmp_path)
    assert json.loads(out)["found_by"]["both"] >= 1
    _, out, _ = run(capsys, "rewrites", "why", "play harry porter", "--json", "--state", tmp_path)
    assert json.loads(out)["rewrite"]["found_by"] == "both"
    _, out, _ = run(capsys, "rewrites", "list", "--state", tmp_path)
    assert "both" in out

    assert run(capsys, "forget", "user-1", "--state", tmp_path)[0] == 0
    assert store.current_version(ReaderModel.kind) is None
    assert finders(store.load(RewriteTable)).keys() <= {"markov"}
