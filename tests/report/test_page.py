"""The report: complete without a network or scripts, right about an empty state, and careful with words."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from tests.experiments.toy_experiment import BAD, START, toy
from uptake.apps.cli.inspect.report import command
from uptake.experiments.assignment import Experiment
from uptake.experiments.registry import Registry
from uptake.log.store import TurnLog
from uptake.report import charts
from uptake.report.overview import overview
from uptake.report.page import page
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.store import ArtifactStore
from uptake.types import Evidence

EVIDENCE = Evidence(users=9, sessions=20, success_before=0.3, success_after=0.8)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    directory, made = tmp_path_factory.mktemp("state"), toy(users=120)
    with TurnLog(directory / "log") as log:
        log.append(made.turns)
    rows = [*made.table.rows(), Rewrite("<b>bold</b>", "own & words", EVIDENCE, user_id="ann")]
    ArtifactStore(directory / "artifacts").publish(RewriteTable.from_rows(rows))
    Registry(directory / "experiments").start(made.experiment, at=START + timedelta(days=4))
    return directory


@pytest.fixture(scope="module")
def found(state):
    with TurnLog(state / "log") as log:
        return overview(log, ArtifactStore(state / "artifacts"), state, defect="truth")


class Links(HTMLParser):
    """Collects what a page would fetch, and checks that its tags are closed."""

    def __init__(self, text):
        super().__init__()
        self.fetched, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.fetched += [value for name, value in attrs if name in ("src", "href", "action", "data")]
        if tag in ("script", "link", "iframe", "img", "object"):
            self.fetched.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_fetches_nothing_and_closes_what_it_opens(found):
    read = Links(page(found))
    assert read.fetched == []
    assert read.open == []
    assert "url(" not in page(found)


def test_figures_are_json_and_say_what_happened(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["experiment"]["scopes"]["all"]["effect"]["reduction"] > 0.1
    assert found["experiment"]["any_time"]["all"]["high"] < 0.0
    assert found["experiment"]["win_loss"]["expected"]["ratio"] > 1.0
    assert len(found["withdrawn"]) == 1
    assert found["sizes"]["personal_rewrites"] == 1
    assert [row["name"] for row in found["failing"]["by_domain"]] == ["music", "lights"]
    assert found["failing"]["by_signal"][0]["turns"] > 0


def test_the_page_says_what_is_known_at_any_time_and_what_is_not(found):
    shown = page(found)
    for said in ("Experiment toy, started 2026-01-09, running", "fewer defects are established", "By P(defect)"):
        assert said in shown
    thin = found["experiment"] | {"unknown": ["whether <b>it</b> helps"], "is_balanced": False}
    shown = page({**found, "experiment": thin})
    assert "Whether &lt;b&gt;it&lt;/b&gt; helps." in shown
    assert "<p class='warn'>The sizes of the arms do not fit their shares" in shown


def test_words_of_single_people_are_not_shown(found):
    shown = page(found)
    assert "bold" not in shown
    assert "own &amp; words" not in shown
    assert next(iter(BAD)) in shown
    assert not re.search(r"user-\d", shown)


def test_texts_are_escaped(found):
    rows = [{**found["rewrites"][0], "request": "<script>alert(1)</script>"}]
    shown = page({**found, "rewrites": rows})
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_an_empty_state_makes_a_page_that_says_so(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        empty = overview(log, ArtifactStore(tmp_path / "artifacts"), tmp_path)
    assert empty["sizes"]["turns"] == 0
    shown = page(empty)
    for said in (
        "no turns yet",
        "Nothing is served yet",
        "No experiment is in the log",
        "No rewrite was found to hurt",
    ):
        assert said in shown
    assert Links(shown).open == []


def test_a_changed_assignment_is_reported_instead_of_analysed(state, found):
    (state / "experiments").rename(state / "kept")
    try:
        Registry(state / "experiments").start(Experiment(name="toy", salt="another"), at=START + timedelta(days=4))
        with TurnLog(state / "log") as log:
            refused = overview(log, ArtifactStore(state / "artifacts"), state, defect="truth")
    finally:
        for path in (state / "experiments").glob("*"):
            path.unlink()
        for path in (state / "experiments").glob(".*"):
            path.unlink()
        (state / "experiments").rmdir()
        (state / "kept").rename(state / "experiments")
    assert "another arm" in refused["experiment"]["refused"]
    assert "Not analysed" in page(refused)


@pytest.mark.slow
def test_the_command_writes_the_page_and_prints_json(state, tmp_path):
    out = tmp_path / "r.html"
    done = CliRunner().invoke(command, ["--state", str(state), "--out", str(out), "--json", "--defect", "truth"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["defect_by"] == "truth"
    assert out.read_text().startswith("<!doctype html>")


def test_charts_survive_single_points_gaps_and_flat_lines():
    nan = float("nan")
    band = charts.Band(name="a < b", values=[nan, 0.1, nan, 0.1], low=[nan, 0.1, nan, 0.0], high=[nan, 0.1, nan, 0.2])
    for drawn in (
        charts.lines("one", ["d1", "d2", "d3", "d4"], [band], marks=[(1, "release")]),
        charts.lines("point", ["d1"], [charts.Band(name="x", values=[0.0])]),
        charts.lines("nothing", ["d1"], [charts.Band(name="x", values=[nan])]),
        charts.bars("bars", []),
        charts.bars("bars", [("x", 0.0, "none")]),
        charts.intervals("intervals", [charts.Interval(name="x", value=0.2, low=-0.1, high=0.3)]),
    ):
        assert Links(drawn).open == []
        assert "nan" not in drawn
    assert "a &lt; b" in charts.lines("one", ["d1", "d2", "d3", "d4"], [band])
