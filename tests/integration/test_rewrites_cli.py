"""ask, rewrites, artifacts and config: what they print, what they change, and how they fail."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import pyarrow as pa
import pytest

from tests.rewriting.table.tables import rewrite, table
from uptake.apps.cli import main
from uptake.report.rewrite_graph import Move, draw
from uptake.rewriting.table.artifact import FAILURE, OTHER, SUCCESS
from uptake.store.store import ArtifactStore

MOVES = pa.table(
    {
        "source": ["play jas", "play jas", "play jas", "play jazz", "play jazz", "play jazz"],
        "target": ["play jazz", FAILURE, OTHER, SUCCESS, "play jas", "play jazz"],
        "users": [5, 6, 0, 20, 3, 3],
        "moves": [9, 8, 1, 40, 3, 3],
    }
)
FIRST = table(rewrite("play jas", "play jazz"), rewrite("my tune", "play here comes the sun", "ann"), moves=MOVES)
SECOND = table(rewrite("play jas", "play jaws"), rewrite("my tune", "play yesterday", "ann"))


@pytest.fixture
def state(tmp_path):
    ArtifactStore(tmp_path / "state" / "artifacts").publish(FIRST)
    return tmp_path / "state"


@pytest.fixture
def run(state, capsys):
    """Run a command on the state; returns (exit code, stdout, stderr)."""

    def call(*arguments, at=state):
        end = arguments.index("--") if "--" in arguments else len(arguments)
        with pytest.raises(SystemExit) as ended:
            main([*arguments[:end], "--state", str(at), *arguments[end:]])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_ask_says_what_it_acts_on_and_why(run):
    code, out, _ = run("ask", "Play jas", "--user", "bo", "--trace", "--decide-only")
    assert code == 0
    for part in ("play jazz", "global", "5 users in 9 sessions", "rewrite", "proposed", "guard", "allowed"):
        assert part in out


@pytest.mark.long
def test_ask_prints_one_json_object(run):
    code, out, err = run("ask", "Play jas!", "--user", "bo", "--json")
    (answer,) = lines(out)
    assert (code, err) == (0, "")
    assert (answer["request"], answer["normalised"], answer["acted_on"]) == ("Play jas!", "play jas", "play jazz")
    assert answer["decision"]["evidence"]["users"] == 5
    assert [entry["step"] for entry in answer["trace"]] == ["rewrite", "guard", "preflight"]
    (alone,) = lines(run("ask", "play chess", "--user", "bo", "--json")[1])
    assert (alone["acted_on"], alone["decision"]) == (None, None)


def test_ask_works_before_anything_was_learned(run, tmp_path):
    code, out, _ = run("ask", "play jas", "--user", "bo", "--decide-only", at=tmp_path / "empty")
    assert code == 0
    assert "nothing was learned yet" in out
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("text", ["", "🏠", "\udcff\udcfe", "a" * 5_000, "--", "\x07"])
def test_ask_takes_any_text(run, text):
    code, out, _ = run("ask", "--user", "bo", "--json", "--", text)
    assert code == 0
    assert lines(out)[0]["acted_on"] is None


def test_ask_needs_a_user(run):
    assert run("ask", "play jas")[0] == 2
    assert run("ask", "play jas", "--user", "")[0] == 2


def test_ask_refuses_a_wrong_option_in_the_configuration(run, state):
    (state / "uptake.toml").write_text("[guard]\nbudget_shair = 0.1\n")
    code, _, err = run("ask", "play jas", "--user", "bo")
    assert code == 2
    assert "did you mean budget_share?" in err


def test_ask_starts_without_what_learning_needs(state):
    code = f"""
import sys
from uptake.apps.cli import main
try:
    main(["ask", "play jas", "--user", "bo", "--decide-only", "--state", {str(state)!r}])
except SystemExit:
    print(*sorted({{name.partition(".")[0] for name in sys.modules}} & {{"pyarrow", "duckdb", "numba", "rich"}}), "end")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == "end"


def test_list_shows_everybodys_rewrites_and_a_users_own_where_named(run):
    code, out, err = run("rewrites", "list")
    assert code == 0
    assert "play jazz" in out
    assert "my tune" not in out
    assert "1 rows of the table are personal" in err
    (own,) = lines(run("rewrites", "list", "--user", "ann", "--json")[1])
    assert (own["request"], own["user_id"], own["users"]) == ("my tune", "ann", 5)


def test_why_shows_the_paths_in_counts_and_draws_them(run, tmp_path):
    code, out, _ = run("rewrites", "why", "Play JAS", "--svg", str(tmp_path / "why.svg"))
    assert code == 0
    assert "play jas  →  play jazz" in out
    assert "other wordings" in out
    drawn = ET.parse(tmp_path / "why.svg").getroot()
    texts = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"play jas", "play jazz", "success", "failure", "other wordings"} <= set(texts)
    (answer,) = lines(run("rewrites", "why", "play jas", "--json")[1])
    assert answer["rewrite"]["acted_on"] == "play jazz"
    assert answer["moves"][0] == {"source": "play jas", "target": "play jazz", "users": 5, "moves": 9}


def test_why_says_that_nothing_is_known(run, tmp_path):
    code, out, err = run("rewrites", "why", "play chess", "--svg", str(tmp_path / "why.svg"))
    assert code == 0
    assert "no rewrite is known" in out
    assert "nothing to draw" in err


def test_block_and_pin_change_what_is_decided_and_can_be_undone(run):
    def acted_on(user="bo"):
        return lines(run("ask", "play jas", "--user", user, "--json", "--decide-only")[1])[0]["acted_on"]

    assert run("rewrites", "block", "Play jas", "--dry-run")[0] == 0
    assert acted_on() == "play jazz"
    assert run("rewrites", "block", "Play jas")[0] == 0
    assert acted_on() is None
    assert "blocked" in run("rewrites", "why", "play jas")[1]
    assert run("rewrites", "pin", "play jas", "play chess", "--user", "ann")[0] == 0
    assert (acted_on(), acted_on("ann")) == (None, "play chess")
    assert run("rewrites", "pin", "play jas", "--undo", "--user", "ann")[0] == 0
    (undone,) = lines(run("rewrites", "block", "play jas", "--undo", "--json")[1])
    assert undone["changed"] is True
    assert acted_on() == "play jazz"
    assert run("rewrites", "block", "play jas", "--undo")[0] == 1


def test_wrong_overrides_are_explained(run, state):
    assert run("rewrites", "pin", "play jas")[0] == 2
    code, _, err = run("rewrites", "block", "?!")
    assert code == 3
    assert "field request" in err
    (state / "overrides.json").write_text('{"format": 1, "pins": [{"request": 1}]}')
    code, _, err = run("rewrites", "block", "play jas")
    assert code == 3
    assert "overrides.json" in err
    assert "pins[0]" in err


def test_artifacts_are_listed_compared_rolled_back_and_published_again(run, state):
    ArtifactStore(state / "artifacts").publish(SECOND)
    rows = lines(run("artifacts", "list", "--json")[1])
    assert [row["served"] for row in rows] == [False, True]
    assert rows[1]["parents"] == [rows[0]["version"]]
    code, out, err = run("artifacts", "diff", "1", "2")
    assert (code, out.strip()) == (0, "~ play jas  →  play jaws (was: play jazz)  [5 users, 9 sessions]")
    assert "1 of them are personal and not shown" in err
    assert run("artifacts", "rollback", "--dry-run")[0] == 0
    assert lines(run("artifacts", "list", "--json")[1])[1]["served"]
    (moved,) = lines(run("artifacts", "rollback", "--json")[1])
    assert (moved["from"], moved["to"]) == (rows[1]["version"], rows[0]["version"])
    assert run("artifacts", "publish", "000002")[0] == 0
    assert lines(run("artifacts", "list", "--json")[1])[1]["served"]
    assert "whole" in run("artifacts", "list")[1]


def test_a_tampered_version_is_shown_and_never_served_again(run, state):
    ArtifactStore(state / "artifacts").publish(SECOND)
    broken = next((state / "artifacts" / "rewrites").glob("000001-*")) / "text.npy"
    broken.write_bytes(broken.read_bytes() + b"x")
    assert "text.npy" in run("artifacts", "list")[1]
    code, _, err = run("artifacts", "rollback")
    assert code == 3
    assert "text.npy" in err


def test_what_is_broken_is_said_by_ask_and_refused_by_the_others(run, state):
    served = next((state / "artifacts" / "rewrites").glob("000001-*")) / "rows.npy"
    served.write_bytes(b"")
    code, out, err = run("ask", "play jas", "--user", "bo", "--json")
    assert (code, lines(out)[0]["acted_on"]) == (0, None)
    assert "rows.npy: 0 bytes, expected" in err
    for command in ("list", "why"):
        code, out, err = run("rewrites", command, *(["play jas"] if command == "why" else []))
        assert (code, out) == (3, "")
        assert "rows.npy" in err


def test_config_says_where_each_value_comes_from(run, state):
    (state / "uptake.toml").write_text("[guard]\nbudget_share = 0.1\n[markov]\nmin_users = 7\n")
    code, out, _ = run("config", "show", "--json")
    (answer,) = lines(out)
    found = {(row["table"], row["option"]): (row["value"], row["from"]) for row in answer["options"]}
    assert code == 0
    assert found["guard", "budget_share"] == (0.1, "uptake.toml")
    assert found["markov", "min_users"] == (7, "uptake.toml")
    assert found["guard", "budget_window"] == (1000, "default")
    assert {table for table, _ in found} >= {"log", "engine", "markov", "guard"}
    assert "budget_share" in run("config")[1]


def test_config_flags_what_it_does_not_know(run, state):
    (state / "uptake.toml").write_text("[guard]\nbudget_shair = 0.1\n[marcov]\nmin_users = 7\n")
    code, _, err = run("config", "show")
    assert code == 1
    assert "did you mean budget_share?" in err
    assert "did you mean markov?" in err


def test_a_drawing_survives_cycles_crowds_and_markup():
    names = [f"wording <{at}> & more of it" for at in range(30)]
    moves = [Move("start", name, 3, at + 1) for at, name in enumerate(names)]
    moves += [Move(one, other, 2, 2) for one, other in pairwise(names)]
    moves += [Move(names[9], "start", 1, 1), Move("start", "start", 4, 4), Move("unreached", SUCCESS, 1, 1)]
    drawn = draw([*moves, Move(names[0], SUCCESS, 9, 9)], start="start", chosen=names[0], most=5)
    ET.fromstring(drawn)
    assert "24 rarer wordings are not drawn" in drawn
    assert "unreached" not in drawn
    ET.fromstring(draw([], start="alone", chosen=None))
