"""Calls: DSTC2's folders of `log.json` and `label.json`; GetGoing's of `log.json` and `metadata.json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.lab.corpora.dstc2_pairs import turn_pairs
from uptake.lab.corpora.files import OnBad, Place, lines
from uptake.lab.corpora.releases.release import Release, entries

__all__ = ["RELEASES"]

_HEARD, _READ = 10, 5
"""Most hypotheses of a recogniser and most readings that are kept of a turn."""
_TAG = re.compile(r"<[^>]*>")
_USEFUL = "directions useful?"
_SIDES = {"TTS": "system", "USER": "user"}
_YES = {"yes": "yes", "yeah": "yes", "yep": "yes", "no": "no", "nope": "no"}


def _beside(name: str, *, needed: bool) -> Any:
    """Yield a reader that joins a `log.json` with another file of its folder: {"log": …, name: …}."""

    def read(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
        other = file.with_name(f"{name}.json")
        if needed and not other.is_file():
            raise BadRecord(f"has no {other.name} beside it", file=str(file))
        joined = {"log": _only(file), name: _only(other) if other.is_file() else {}}
        yield Place(joined, str(file), 1)

    return read


def _only(file: Path) -> Mapping[str, Any]:
    found = [place.record for place in lines(file)]
    if len(found) != 1:
        raise BadRecord("must hold one object", file=str(file))
    return found[0]


def _time(file: Path) -> tuple[str, str]:
    """Read the time of a call from the end of its folder's name ("voip-0123456789-20130402_004600")."""
    return file.parent.name.rpartition("-")[2], str(file)


def _dstc2(joined: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    log, label = joined["log"], joined["label"]
    name = fields.text(log, "session-id", within="log")
    if fields.text(label, "session-id", within="label") != name:
        raise BadRecord("must be that of log.json", field="label.session-id")
    turns = list(entries(log, "turns", within="log"))
    labels = list(entries(label, "turns", within="label"))
    if len(turns) != len(labels):
        raise BadRecord("must hold as many turns as log.json", field="label.turns")
    task = fields.part(label, "task-information", within="label")
    feedback = fields.part(task, "feedback", within="label.task-information")
    yield {
        "dialogue_id": name,
        "date": fields.text(log, "session-date", within="log"),
        "time": fields.text(log, "session-time", within="log"),
        "caller": fields.text(log, "caller-id", within="log"),
        "feedback": {
            "success": feedback.get("success"),
            "questionnaire": {str(asked): answer for asked, answer in feedback.get("questionnaire") or ()},
        },
        "turns": [_turn(*one, *known) for one, known in zip(turns, labels, strict=True)],
    }


def _turn(where: str, log: Mapping[str, Any], there: str, label: Mapping[str, Any]) -> dict[str, Any]:
    prompt, said = fields.part(log, "output", within=where), fields.part(log, "input", within=where)
    live = fields.part(said, "live", within=f"{where}.input")
    batch = said.get("batch") or {"asr-hyps": []}
    readings = entries(live, "slu-hyps", within=f"{where}.input.live")
    meaning = fields.part(label, "semantics", within=there)
    return {
        "turn": int(fields.number(log, "turn-index", within=where)),
        "system": {
            "text": fields.text(prompt, "transcript", within=f"{where}.output"),
            "acts": _acts(prompt, "dialog-acts", f"{where}.output"),
            **_span(prompt, f"{where}.output"),
            "barged_in": fields.flag(prompt, "aborted", within=f"{where}.output"),
        },
        "user": {
            **_span(said, f"{where}.input"),
            "asr_live": _heard(live, f"{where}.input.live"),
            "asr_batch": _heard(batch, f"{where}.input.batch"),
            "slu_live": [
                [_acts(one, "slu-hyp", at), round(fields.number(one, "score", within=at), 5)] for at, one in readings
            ][:_READ],
            "transcription": fields.text(label, "transcription", within=there),
            "acts": _acts(meaning, "json", f"{there}.semantics"),
            "goal_labels": label.get("goal-labels") or {},
        },
    }


def _span(record: Mapping[str, Any], within: str) -> dict[str, float]:
    return {side: fields.number(record, f"{side}-time", within=within) for side in ("start", "end")}


def _heard(record: Mapping[str, Any], within: str) -> list[list[Any]]:
    return [
        [fields.text(one, "asr-hyp", within=at), round(fields.number(one, "score", within=at), 4)]
        for at, one in entries(record, "asr-hyps", within=within)
    ][:_HEARD]


def _acts(record: Mapping[str, Any], name: str, within: str) -> list[list[Any]]:
    return [
        [
            fields.text(one, "act", within=at),
            [[str(part) for part in slot] for slot in fields.items(one, "slots", within=at)],
        ]
        for at, one in entries(record, name, within=within)
    ]


def _getgoing(joined: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    log = joined["log"]
    name = fields.text(log, "uuid", within="log")
    turns = []
    for at, line in enumerate(fields.items(log, "history", within="log")):
        if not isinstance(line, str):
            raise BadRecord("must be text", field=f"log.history[{at}]")
        side, _, text = line.partition(" ")
        turns.append([_SIDES.get(side, "other"), " ".join(_TAG.sub(" ", text).split())])
    yield {
        "call_id": name,
        "caller": fields.text_or_none(joined["metadata"], "number", within="metadata") or name,
        "start_time": fields.text(log, "start_time", within="log"),
        "end_time": fields.text(log, "end_time", within="log"),
        "turns": turns,
        "useful_answer": _useful(turns),
    }


def _useful(turns: list[list[str]]) -> str | None:
    """Return the answer to the question whether the directions were useful: "yes", "no" or "other"."""
    asked = next((at for at, (side, text) in enumerate(turns) if side == "system" and _USEFUL in text), None)
    said = [text for side, text in turns[asked + 1 :] if side == "user"] if asked is not None else []
    if not said:
        return None
    return next((_YES[word] for word in re.findall(r"[a-z']+", said[0].lower()) if word in _YES), "other")


RELEASES = (
    Release(
        folder="dstc2",
        marks=("**/log.json",),
        records=_dstc2,
        identifier="dialogue_id",
        read=_beside("label", needed=True),
        order=_time,
        derived={"pair": turn_pairs},
    ),
    Release(
        folder="getgoing",
        marks=("**/logs/*/log.json",),
        records=_getgoing,
        identifier="call_id",
        read=_beside("metadata", needed=False),
    ),
)
"""Releases of calls."""
