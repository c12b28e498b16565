"""Requests and what people wrote to make them stand alone: CQR, GECOR, CANARD."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from uptake.lab.corpora import fields
from uptake.lab.corpora.releases.release import Release, entries, read_document

__all__ = ["RELEASES"]

_SPEAKERS = {"driver": "user"}


def _cqr(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    scenario = fields.part(record, "scenario")
    turns, reformulations = [], []
    for number, (at, one) in enumerate(entries(record, "dialogue")):
        data, speaker = fields.part(one, "data", within=at), fields.text(one, "turn", within=at)
        turn = {"speaker": _SPEAKERS.get(speaker, speaker), "text": fields.text(data, "utterance", within=f"{at}.data")}
        turns.append({**turn, "slots": data["slots"]} if data.get("slots") else turn)
        if "reformulation" in one:
            reformulations.append({"after_turn": number, **fields.part(one, "reformulation", within=at)})
    yield {
        "dialogue_id": fields.text(scenario, "uuid", within="scenario"),
        "turns": turns,
        "reformulations": reformulations,
    }


def _gecor(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    turns = []
    for at, one in entries(record, "dial"):
        said, system = fields.part(one, "usr", within=at), fields.part(one, "sys", within=at)
        turns.append(
            {
                "user": fields.text(said, "transcript", within=f"{at}.usr"),
                "complete": fields.text(said, "transcript_complete", within=f"{at}.usr"),
                "with_ellipsis": said.get("transcript_with_ellipsis"),
                "with_coreference": said.get("transcript_with_coreference"),
                "slu": fields.items(said, "slu", within=f"{at}.usr"),
                "system": fields.text(system, "sent", within=f"{at}.sys"),
            }
        )
    yield {"dialogue": int(fields.number(record, "dialogue_id")), "turns": turns}


def _canard(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield {
        "dialogue_id": fields.text(record, "QuAC_dialog_id"),
        "question_no": int(fields.number(record, "Question_no")),
        "history": fields.items(record, "History"),
        "question": fields.text(record, "Question"),
        "rewrite": fields.text(record, "Rewrite"),
    }


RELEASES = (
    Release(
        folder="cqr_kvret",
        marks=("**/*kvret*_public*",),
        records=_cqr,
        identifier="dialogue_id",
        read=read_document,
    ),
    Release(folder="gecor", marks=("**/CamRest676_annotated.json",), records=_gecor, identifier="dialogue"),
    Release(
        folder="canard",
        marks=("**/train.json", "**/dev.json", "**/test.json"),
        records=_canard,
        identifier="dialogue_id",
    ),
)
"""Releases of rewrites."""
