"""Commands with intent and slots: what is read out of three forms of record."""

import gzip
import json

import pytest

from uptake.errors import BadRecord
from uptake.lab.corpora.commands import commands, plain

WRITTEN = {
    "scenario": "alarm",
    "intent": "set",
    "text": "Wake me at six, please.",
    "annotation": "Wake me at [time : six], please.",
}
SPOKEN = {
    "scenario": "email",
    "action": "query",
    "intent": "email_query",
    "sentence": "read paul's mail",
    "annotation": "read [person : paul]'s mail",
    "recordings": [{"asr_text": "read paul 's mail"}, {"asr_text": ""}, {"file": "a"}],
}


def _write(root, folder, *records):
    (root / folder).mkdir(parents=True)
    with gzip.open(root / folder / "some.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


def test_a_written_command(tmp_path):
    _write(tmp_path, "hwu64", WRITTEN)
    (one,) = commands(tmp_path)
    assert (one.sentence, one.intent, one.values) == ("wake me at six please", "alarm_set", (("time", "six"),))


def test_a_spoken_command_and_what_was_heard_of_it(tmp_path):
    _write(tmp_path, "slurp_asr", SPOKEN)
    (one,) = commands(tmp_path)
    assert (one.intent, one.values, one.heard) == ("email_query", (("person", "paul"),), ("read paul's mail", ""))


def test_a_malformed_record_is_named(tmp_path):
    _write(tmp_path, "hwu64", WRITTEN, {"scenario": "alarm", "intent": "set", "annotation": 3})
    with pytest.raises(BadRecord, match="line 2, field annotation"):
        list(commands(tmp_path))


def test_plain_is_idempotent():
    assert plain(plain("What 's  UP?! it's")) == plain("What 's  UP?! it's") == "what's up it's"
