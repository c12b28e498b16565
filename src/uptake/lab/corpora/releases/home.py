"""The English tests of Home Assistant's intents, in both layouts that its repository had.

Until 2025 a file `tests/en/<domain>_<intent>.yaml` holds the tests of an intent; since then a folder
`tests/en/<intent>/` holds one file for each combination of slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.lab.corpora.files import OnBad, Place
from uptake.lab.corpora.releases.release import Release, entries

__all__ = ["RELEASES"]

_LANGUAGE = "en"


def _document(file: Path, folder: Path, on_bad: OnBad | None) -> Iterator[Place]:  # noqa: ARG001
    import yaml

    if file.name.startswith("_"):
        return
    try:
        content = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadRecord("is not YAML", line=mark.line + 1 if mark else None) from error
    if not isinstance(content, dict):
        raise BadRecord("must be a mapping")
    layout = {"file": file.name} if file.parent.name == _LANGUAGE else {"folder": file.parent.name, "stem": file.stem}
    yield Place({**content, "layout": layout}, str(file), 1)


def _tests(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    layout = document["layout"]
    for at, test in entries(document, "tests"):
        if "file" in layout:
            intent = fields.part(test, "intent", within=at)
            known = {"intent": fields.text(intent, "name", within=f"{at}.intent"), "file": layout["file"]}
        else:
            intent = test
            known = {
                "intent": layout["folder"],
                "slot_combination": layout["stem"],
                "areas": _names(document, "areas"),
                "entities": _names(document, "entities"),
            }
        meaning = {"slots": intent.get("slots") or {}, "context": intent.get("context")}
        for sentence in fields.items(test, "sentences", within=at):
            if not isinstance(sentence, str):
                raise BadRecord("must be text", field=f"{at}.sentences")
            yield {"lang": _LANGUAGE, "text": sentence, **known, **meaning}


def _names(document: Mapping[str, Any], name: str) -> list[str] | None:
    if document.get(name) is None:
        return None
    return [fields.text(one, "name", within=at) for at, one in entries(document, name)]


RELEASES = (
    Release(
        folder="ha_intents",
        marks=(f"**/tests/{_LANGUAGE}/*.yaml", f"**/tests/{_LANGUAGE}/*/*.yaml"),
        records=_tests,
        identifier="text",
        read=_document,
    ),
)
"""Releases of requests to a home."""
