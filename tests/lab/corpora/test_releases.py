"""Releases are read as their authors publish them, and become the records and turns that JSON lines give."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.lab.corpora import published
from tests.lab.corpora.published import dump, lines
from uptake.apps.cli.learn.ingest import command as ingest
from uptake.errors import BadRecord, NotReady, UnknownFormat
from uptake.lab import corpora
from uptake.lab.corpora.commands import commands
from uptake.lab.corpora.dstc2 import second_hearing
from uptake.lab.corpora.dstc2_pairs import turn_pairs
from uptake.lab.corpora.releases import RELEASES, convert, sources
from uptake.lab.evaluate.contextual.corpora import cases
from uptake.lab.evaluate.home import load

OF_TURNS = {corpus.folder: name for name, corpus in corpora.CORPORA.items()}


def published_at(root, name):
    published.RELEASES[name](root / name)
    return root / name


def records(name, folder):
    return [place.record for source in sources(name, folder) for place in source.read(None)]


def packed(file):
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def test_every_release_has_an_example():
    assert set(RELEASES) == set(published.RELEASES)


def test_every_release_has_a_page():
    pages = "".join(page.read_text() for page in (Path(__file__).parents[3] / "docs" / "corpora").glob("*.md"))
    assert [name for name in RELEASES if f"ROOT/{name}" not in pages and f"--format {name}" not in pages] == []


@pytest.mark.parametrize("name", published.RELEASES)
def test_converted_a_release_reads_as_it_did_before(tmp_path, name):
    folder = published_at(tmp_path, name)
    before = records(name, folder)
    written = convert(name, folder, tmp_path / "out")
    assert before
    again = [row for file in written for row in packed(file)]
    assert again[: len(before)] == before
    assert sum(written.values()) == len(again)
    if name in OF_TURNS:
        corpus = OF_TURNS[name]
        turns = list(corpora.read(corpus, folder))
        assert turns
        assert turns == list(corpora.read(corpus, tmp_path / "out" / name))


def test_calls_of_dstc2_come_in_the_order_of_their_times(tmp_path):
    turns = list(corpora.read("dstc2", published_at(tmp_path, "dstc2")))
    assert [turn.turn_id[-14:] for turn in turns][:4] == [
        "30402_100000/0",
        "30402_100000/1",
        "30402_100000/2",
        "30402_110000/0",
    ]
    first = turns[0]
    assert (first.request, first.truth.request, first.truth.goal_success) == ("tie food", "thai food", True)
    assert first.alternatives[0].score == -0.1235
    assert first.barge_in_ms is not None  # the prompt that follows was cut
    (call, *_) = corpora.records("dstc2", tmp_path)
    assert call["feedback"]["questionnaire"] == {"Was it good?": "agree"}
    assert [heard[0].text for heard in second_hearing(call).values()] == ["tie food"] * 3


def test_pairs_of_turns_follow_from_the_calls(tmp_path):
    published_at(tmp_path, "dstc2")
    pairs = list(corpora.records("dstc2", tmp_path, kind="pair"))
    assert [(pair["turn_a"], pair["kind"]) for pair in pairs] == [(0, "repeat"), (1, "rephrase")]
    assert pairs[0]["gap_s"] == 8.0
    assert pairs[0]["barge_in_b"] is True
    convert("dstc2", tmp_path / "dstc2", tmp_path / "out")
    assert list(corpora.records("dstc2", tmp_path / "out", kind="pair")) == pairs


def test_what_recognisers_made_is_joined_by_recording(tmp_path):
    published_at(tmp_path, "slurp_asr")
    (command,) = commands(tmp_path, folders=("slurp_asr",))
    assert (command.values, command.heard, command.recordings) == (
        (("time", "six sharp"),),
        ("make me at six",),
        ("audio-1500000000.flac",),
    )
    near, far = next(iter(corpora.records("slurp", tmp_path)))["recordings"]
    assert (near["far_field"], near["asr_text"], near["nlu_on_asr_google"]) == (False, None, None)
    assert far["nlu_on_asr_google"] == {"scenario": "alarm", "action": "set", "entities": []}


def test_commands_come_from_files_of_one_intent(tmp_path):
    published_at(tmp_path, "hwu64")
    assert {(one.sentence, one.intent) for one in commands(tmp_path)} == {
        ("wake me at six", "alarm_set"),
        ("play it", "play_music"),
    }
    assert [row["fold1"] for row in records("hwu64", tmp_path / "hwu64")] == ["test", "train"]


def test_goals_begin_where_the_annotations_say(tmp_path):
    published_at(tmp_path, "star")
    published_at(tmp_path, "sgd")
    (turn,) = corpora.read("star", tmp_path / "star")
    assert (turn.request, turn.action, turn.response) == ("a table please", "query.book();bye()", "done")
    assert (turn.truth.goal_success, turn.said_at.second) == (True, 0)
    (turn,) = corpora.read("sgd", tmp_path / "sgd")
    assert turn.truth.interpretation.slots == (("date", "2019-03-01"),)
    assert (turn.truth.goal_success, turn.action) == (True, "GetWeather()")
    assert len(list(corpora.records("sgd", tmp_path, kind="schema"))) == 1


def test_only_what_users_said_to_almond_is_read(tmp_path):
    first, second = corpora.read("almond", published_at(tmp_path, "almond_logs"))
    assert (first.request, first.status, first.response) == ("weather?", "failed", "It failed.")
    assert first.truth.interpretation.domain == "weather"
    assert (second.request, second.status) == ("thanks", None)


def test_an_answer_about_the_directions_is_read_out_of_the_call(tmp_path):
    folder = published_at(tmp_path, "getgoing")
    assert [turn.answer for turn in corpora.read("getgoing", folder)] == [True, None, None, None]
    assert [(one["caller"], one["useful_answer"]) for one in records("getgoing", folder)] == [
        ("n1", "yes"),
        ("c2", "other"),
    ]


@pytest.mark.parametrize(
    ("name", "request_", "rewrite"),
    [("cqr", "go there", "go to Shell"), ("gecor", "thai?", "a thai place?"), ("canard", "who?", "who is A?")],
)
def test_requests_that_need_their_conversation(tmp_path, name, request_, rewrite):
    published_at(tmp_path, {"cqr": "cqr_kvret"}.get(name, name))
    found = [case for case in cases(name, tmp_path) if case.kind != "complete"]
    assert [(case.request, case.rewrites[0]) for case in found] == [(request_, rewrite)]


def test_both_layouts_of_the_tests_of_a_home(tmp_path):
    folder = published_at(tmp_path, "ha_intents")
    (old,) = load(folder / "tests_2025.jsonl.gz")
    assert (old.text, old.intent, old.area, old.file) == ("lights on", "HassTurnOn", "Den", "light_HassTurnOn.yaml")
    now = load(folder / "tests.jsonl.gz")
    assert [(one.text, one.intent, one.entities) for one in now] == [
        ("fan off", "HassTurnOff", ("Fan",)),
        ("stop the fan", "HassTurnOff", ("Fan",)),
    ]


def test_a_list_says_which_records_are_read(tmp_path):
    folder = published_at(tmp_path, "dstc2")
    dump(folder / "train.flist", "Mar13_S0A0/voip-bb-20130402_110000\n")
    assert {turn.user_id for turn in corpora.read("dstc2", folder)} == {"bb"}


def test_json_lines_come_before_a_release(tmp_path):
    folder = published_at(tmp_path, "conture")
    (record,) = records("conture", folder)
    lines(folder / "mine.jsonl", {**record, "dialog_id": 9})
    assert [one["dialog_id"] for one in records("conture", folder)] == [9]


def _broken(name, file, break_it):
    def write(root):
        published.RELEASES[name](root)
        path = next(iter(sorted(root.rglob(file))))
        content = path.read_text()
        path.write_text(break_it(content))

    return write


def _without(field):
    def cut(content):
        record = json.loads(content)
        del record[field]
        return json.dumps(record)

    return cut


@pytest.mark.parametrize(
    ("name", "file", "break_it", "problem"),
    [
        ("dstc2", "log.json", lambda text: text[:-9], r"log\.json.*is not JSON"),
        ("dstc2", "label.json", lambda text: "[1]", r"label\.json.*must be a JSON object"),
        ("dstc2", "log.json", _without("caller-id"), r"log\.json, line 1, field log\.caller-id: is missing"),
        ("dstc2", "label.json", lambda text: text.replace("voip", "x"),
         r"field label\.session-id: must be that of log"),
        ("dstc2", "label.json", lambda text: text.replace('"json"', '"cam2"'), r"label\.turns\[0\]\.semantics\.json"),
        ("dstc2", "log.json", lambda text: text.replace('["food", "thai"]', "7"),
         r"log\.json, line 1: is not in the form"),
        ("slurp_asr", "test.jsonl", lambda text: text + "{", r"test\.jsonl, line 2: is not JSON"),
        ("slurp_asr", "test.jsonl", lambda text: text.replace("[3, 4]", "[3, 9]"),
         r"entities\[0\]\.span: must name tokens"),
        ("slurp_asr", "multi_slurp*", lambda text: text.replace('"file"', '"f"'),
         r"predictions\.jsonl, line 1, field file"),
        ("hwu64", "alarm_set.csv", lambda text: text.replace(";", ","),
         r"alarm_set\.csv, line 1: must begin with the columns"),
        ("hwu64", "alarm_set.csv", lambda text: text + "4;alarm\n", r"alarm_set\.csv, line 3, field .*: must be text"),
        ("star", "12.json", _without("Events"), r"12\.json, line 1, field Events: is missing"),
        ("sgd", "dialogues_001.json", lambda text: text.replace("SYSTEM", "S"), r"field turns\[1\]\.speaker"),
        ("almond_logs", "annotated.txt", lambda text: text.replace("# recording/1", ""),
         r"annotated\.txt, line 2, field lines"),
        ("gecor", "CamRest676_annotated.json", lambda text: text.replace("transcript_complete", "x"),
         r"dial\[0\]\.usr"),
        ("ha_intents", "light_*.yaml", lambda text: text + "\n {", r"light_HassTurnOn\.yaml, line \d+: is not YAML"),
        ("ha_intents", "light_*.yaml", lambda text: text.replace("name:", "n:"), r"field tests\[0\]\.intent\.name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_field_and_may_be_skipped(tmp_path, name, file, break_it, problem):
    folder = tmp_path / name
    _broken(name, file, break_it)(folder)
    with pytest.raises(BadRecord, match=problem) as caught:
        records(name, folder)
    assert "thai" not in str(caught.value)
    bad = []
    for source in sources(name, folder):
        list(source.read(bad.append))
    assert [str(error) for error in bad] == [str(caught.value)]


def test_a_log_without_its_label_is_refused(tmp_path):
    folder = published_at(tmp_path, "dstc2")
    next(folder.rglob("label.json")).unlink()
    with pytest.raises(BadRecord, match=r"log\.json: has no label\.json beside it"):
        list(corpora.read("dstc2", folder))


def test_recordings_without_what_was_made_of_them_are_refused(tmp_path):
    folder = published_at(tmp_path, "slurp_asr")
    (folder / "experiments/predictions/multi_hermit_predictions.jsonl").unlink()
    with pytest.raises(BadRecord, match=r"test\.jsonl: needs multi_hermit_predictions\.jsonl"):
        records("slurp_asr", folder)


def test_a_folder_that_is_neither_says_what_was_looked_for(tmp_path):
    dump(tmp_path / "dstc2" / "data" / "readme.txt", "nothing here")
    with pytest.raises(NotReady, match=r"ends in \.jsonl.*nothing of the release of dstc2: \*\*/log\.json"):
        list(corpora.read("dstc2", tmp_path / "dstc2"))
    with pytest.raises(UnknownFormat, match="there is dstc2, getgoing"):
        convert("switchboard", tmp_path, tmp_path)


@pytest.mark.parametrize(
    "broken", [{"turns": [{}, {}]}, {"turns": [1, 2]}, {"turns": [{"user": {"transcription": "x"}}] * 2}]
)
def test_a_call_of_another_shape_has_no_pairs(broken):
    with pytest.raises(BadRecord, match="field turns"):
        list(turn_pairs(broken))


@pytest.mark.data
@pytest.mark.slow
def test_the_pairs_of_the_real_calls_are_those_that_were_written(data_root):
    written = [pair for file in sorted((data_root / "dstc2").glob("turn_pairs*.jsonl.gz")) for pair in packed(file)]
    assert [pair for call in corpora.records("dstc2", data_root) for pair in turn_pairs(call)] == written
    assert len(written) == 9_361


def test_what_is_taken_in_names_the_file_that_is_wrong(tmp_path):
    folder = published_at(tmp_path, "dstc2")
    next(folder.rglob("label.json")).write_text("{")
    given = ["--format", "dstc2", str(folder), "--state", str(tmp_path / "state")]
    said = CliRunner().invoke(ingest, given)
    assert isinstance(said.exception, BadRecord)
    assert said.exception.file.endswith("label.json")
    assert CliRunner().invoke(ingest, [*given, "--on-error", "skip"]).exit_code == 0
