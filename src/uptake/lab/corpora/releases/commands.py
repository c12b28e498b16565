"""Commands: SLURP's sentences with what recognisers and parsers made of their recordings; HWU64's files of one intent.

SLURP publishes the parser's readings in files of their own (`experiments/predictions`), one line a recording. The
recogniser's text stands in one of them (`multi_slurp_hermit_predictions.jsonl`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.lab.corpora.files import OnBad, Place, lines
from uptake.lab.corpora.releases.release import Release, entries

__all__ = ["RELEASES"]

_PREDICTIONS = {
    "nlu_on_asr_slurp": "multi_slurp_hermit_predictions.jsonl",
    "nlu_on_asr_multi": "multi_hermit_predictions.jsonl",
    "nlu_on_asr_google": "google_hermit_predictions.jsonl",
}
"""Field of a recording -> the file of readings that it comes from; the first one also holds the recogniser's text."""
_HEARD = "nlu_on_asr_slurp"
_READING = ("scenario", "action", "entities")
_HEADER = ("answerid", "scenario", "intent", "answer_annotation", "answer_from_anno", "answer_from_user")


def _with_predictions(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:
    tables = {voice: _by_recording(name, folder) for voice, name in _PREDICTIONS.items()}
    for place in lines(file, on_bad=on_bad):
        yield Place({**place.record, "predictions": tables}, place.file, place.line)


def _by_recording(name: str, folder: Path) -> dict[str, Mapping[str, Any]]:
    file = next(iter(sorted(folder.rglob(name))), None)
    if file is None:
        raise BadRecord(f"needs {name} of the same release, which holds what was made of the recordings")
    found = {}
    for place in lines(file):
        try:
            found[fields.text(place.record, "file")] = place.record
        except BadRecord as error:
            raise error.at(file=place.file, line=place.line) from error
    return found


def _sentence(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    surfaces = {int(fields.number(one, "id", within=at)): one for at, one in entries(record, "tokens")}
    tables = record.get("predictions") or {}
    yield {
        "slurp_id": int(fields.number(record, "slurp_id")),
        "sentence": fields.text(record, "sentence"),
        "annotation": fields.text(record, "sentence_annotation"),
        "scenario": fields.text(record, "scenario"),
        "action": fields.text(record, "action"),
        "intent": fields.text(record, "intent"),
        "entities": [
            {"type": fields.text(one, "type", within=at), "filler": _filler(one, at, surfaces)}
            for at, one in entries(record, "entities")
        ],
        "recordings": [_recording(one, at, tables) for at, one in entries(record, "recordings")],
    }


def _filler(entity: Mapping[str, Any], within: str, tokens: Mapping[int, Mapping[str, Any]]) -> str:
    span = fields.items(entity, "span", within=within)
    if not all(at in tokens for at in span):
        raise BadRecord("must name tokens of the sentence", field=f"{within}.span")
    return " ".join(fields.text(tokens[at], "surface", within="tokens") for at in span)


def _recording(
    recording: Mapping[str, Any], within: str, tables: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    name = fields.text(recording, "file", within=within)
    found: dict[str, Any] = {
        "file": name,
        "far_field": "headset" not in name,
        "verify_wer": recording.get("wer"),
        "verify_ent_wer": recording.get("ent_wer"),
        "status": recording.get("status"),
    }
    for field, table in tables.items():
        read = table.get(name)
        if field == _HEARD:
            found["asr_text"] = None if read is None else fields.text(read, "text", within=field)
        found[field] = None if read is None else {part: read.get(part) for part in _READING}
    return found


def _rows(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
    fold = "test" if "testset" in file.parts else "train"
    with file.open(encoding="utf-8", newline="") as stream:
        try:
            rows = csv.DictReader(stream, delimiter=";")
            if tuple(rows.fieldnames or ()) != _HEADER:
                raise BadRecord(f"must begin with the columns {', '.join(_HEADER)}", line=1)
            for row in rows:
                yield Place({**row, "fold": fold}, str(file), rows.line_num)
        except UnicodeDecodeError as error:
            raise BadRecord("is not UTF-8") from error
        except csv.Error as error:
            raise BadRecord("is not a table of columns between semicolons", line=rows.line_num) from error


def _row(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    answer = fields.text(row, "answerid")
    if not answer.isdigit():
        raise BadRecord("must be a number", field="answerid")
    yield {
        "answer_id": int(answer),
        "scenario": fields.text(row, "scenario"),
        "intent": fields.text(row, "intent"),
        "text": fields.text(row, "answer_from_anno"),
        "annotation": fields.text(row, "answer_annotation"),
        "typed_by_user": fields.text(row, "answer_from_user"),
        "fold1": row["fold"],
    }


RELEASES = (
    Release(
        folder="slurp_asr",
        marks=("**/slurp/test.jsonl",),
        records=_sentence,
        identifier="slurp_id",
        read=_with_predictions,
    ),
    Release(
        folder="slurp_text",
        marks=("**/slurp/devel.jsonl",),
        records=_sentence,
        identifier="slurp_id",
    ),
    Release(
        folder="hwu64",
        marks=("**/KFold_1/trainset/*.csv", "**/KFold_1/testset/csv/*.csv"),
        records=_row,
        identifier="answer_id",
        read=_rows,
    ),
)
"""Releases of commands."""
