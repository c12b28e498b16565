"""Commands to an assistant with intent and slots: HWU64, SLURP's texts, and SLURP's recordings, in one form.

All three come from one collection of sentences, so the same sentence may occur in two of them: whoever learns from
one and is judged on another must compare texts. The intent is "scenario_action". Slots are written into the
sentence, as in "wake me at [time : six]".

Source: Liu et al., IWSDS 2019 (HWU64); Bastianelli et al., EMNLP 2020 (SLURP); both CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord
from uptake.lab.corpora.fields import items, text
from uptake.lab.corpora.releases import sources

__all__ = ["FOLDERS", "Command", "commands", "plain"]

FOLDERS = ("hwu64", "slurp_text", "slurp_asr")
"""The corpora, each in a folder of its name."""
_SLOT = re.compile(r"\[\s*([a-z_]+)\s*:\s*([^\]]*)\]")
_OTHER = re.compile(r"[^a-z0-9' ]")
_LOOSE_S = re.compile(r"(?<=\w) 's\b")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sentence and what it means."""

    sentence: str
    """The words that were typed or read out, as `plain` writes them."""
    intent: str
    """Scenario and action."""
    marked: str
    """The words in which the slots were marked; now and then another spelling of the sentence."""
    slots: tuple[tuple[str, int, int], ...]
    """(name, start, end) in `marked`."""
    heard: tuple[str, ...] = ()
    """Texts that a recogniser heard in each recording, as `plain` writes them; may be empty."""
    recordings: tuple[str, ...] = ()
    """Name of each recording, in the order of `heard`."""
    corpus: str = ""
    """Folder it comes from."""

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """(name, value) of the slots."""
        return tuple((name, self.marked[start:end]) for name, start, end in self.slots)


def plain(written: str) -> str:
    """Reduce a text to lower-case letters, digits and apostrophes with single spaces; a clitic clings to its word.

    >>> plain("What's today 's  date?")
    "what's today's date"
    """
    return _LOOSE_S.sub("'s", _SPACES.sub(" ", _OTHER.sub(" ", written.lower())).strip())


def commands(root: Path, *, folders: Sequence[str] = FOLDERS) -> Iterator[Command]:
    """Yield the commands of every file of some corpora below a root; a corpus without a folder has none.

    Raises:
        BadRecord: A record is malformed.
    """
    for folder in folders:
        if not (root / folder).is_dir():
            continue
        for source in sources(folder, root / folder):
            for place in source.read(None):
                try:
                    yield _command(place.record, folder)
                except BadRecord as error:
                    raise error.at(file=place.file, line=place.line) from error


def _command(record: Mapping[str, Any], folder: str) -> Command:
    action = text(record, "action" if "action" in record else "intent")
    marked, slots = _marked(text(record, "annotation"))
    heard = [
        (plain(one["asr_text"]), str(one.get("file", at)))
        for at, one in enumerate(items(record, "recordings") if "recordings" in record else ())
        if isinstance(one, Mapping) and isinstance(one.get("asr_text"), str)
    ]
    return Command(
        sentence=plain(text(record, "sentence" if "sentence" in record else "text")),
        marked=marked,
        intent=f"{text(record, 'scenario')}_{action}",
        slots=slots,
        heard=tuple(text for text, _ in heard),
        recordings=tuple(file for _, file in heard),
        corpus=folder,
    )


def _marked(annotation: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Return the sentence of an annotation, and where its slots are."""
    sentence, slots, done = "", [], 0
    for match in _SLOT.finditer(annotation):
        sentence = _joined(sentence, annotation[done : match.start()])
        longer = _joined(sentence, match.group(2))
        value = plain(match.group(2))
        if value:
            slots.append((match.group(1), len(longer) - len(value), len(longer)))
        sentence, done = longer, match.end()
    return _joined(sentence, annotation[done:]), tuple(slots)


def _joined(sentence: str, more: str) -> str:
    added = plain(more)
    if not added:
        return sentence
    if not sentence or re.match(r"'s\b", added):
        return sentence + added
    return f"{sentence} {added}"
