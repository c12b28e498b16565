"""Complete a request from the dialogue before it: "what about tomorrow?" as "what is the weather tomorrow in Berlin".

A rewrite is a few edits of the request, or of the request before it. One linear classifier predicts for every place (a
gap, or words that may refer to something) whether and how it is edited: which words are inserted, and whether a span of
the conversation follows them; the same classifier predicts the words after a span within an edit ("the Golden Wok" and
then "'s"). A conditional logit chooses the span among all candidates. Combinations of edits, and the unchanged request,
are ranked by a second conditional logit, and the probability that the best one is right is calibrated.

Everything is numpy; the files are `.npy` and JSON.

Source: edits by tags and copied spans as in Jin et al., "Hierarchical Context Tagging for Utterance Rewriting"
(arXiv:2206.11218) and Liu et al., "Incomplete Utterance Rewriting as Semantic Segmentation" (arXiv:2009.13166); here
with linear models over words, which need hundreds of examples, not tens of thousands. Limit: only words from the
conversation or from a known edit can be inserted; English conventions of spacing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from uptake.ml.arrays import Arrays, arrays_of, open_record, same_arrays, save_arrays
from uptake.ml.linear import Head
from uptake.rewriting.contextual.edits import Edit, Editor, Label, combined, written
from uptake.rewriting.contextual.features import CLASSES, Source, class_of, is_empty
from uptake.rewriting.contextual.spans import Message, line, passage

__all__ = [
    "MAX_WORDS",
    "RANKED",
    "TRUSTED",
    "ContextualRewrite",
    "ContextualRewriter",
    "Option",
    "earlier",
    "trust_row",
]

MAX_WORDS = 30
"""Longer requests are left as they are."""
RANKED = 18 + 3 * len(CLASSES)
"""Number of features by which rewrites are ranked."""
TRUSTED = 4
"""Number of features by which the best rewrite is trusted."""
_LEAST_BEFORE = -4.0  # least log-probability that the request before is what is to be edited

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ContextualRewrite:
    """Completed request, with its confidence."""

    text: str
    """The text, in the letters of what was said."""
    share: float
    """Its part, in [0, 1], of the belief, beside other rewrites and the request as it is."""
    trust: float
    """Calibrated chance, in [0, 1], that a person would have written exactly this."""
    is_copy: bool
    """Whether it is the request as it is."""
    is_before: bool
    """Whether it is the request before with something new in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """Candidate rewrite before ranking."""

    text: str
    words: tuple[str, ...]
    row: Floats
    """(`RANKED`,) features."""
    is_copy: bool
    is_before: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ContextualRewriter:
    """Model that completes requests. Made by `uptake.rewriting.contextual.learn.model.train`."""

    kind: ClassVar[str] = "carriers"
    schema_version: ClassVar[int] = 1

    labels: tuple[Label, ...]
    """Kinds of edits; the first one is none, the second "the request before is to be edited"."""
    replaced: tuple[str, ...]
    """Words that have been replaced."""
    hashes: NDArray[np.uint32]
    """(f,) features of places, ascending."""
    head: Head
    """Their weights."""
    firsts: NDArray[np.float32]
    """(`TABLE`,) weights of features of the first word of a span."""
    lasts: NDArray[np.float32]
    """(`TABLE`,) weights of features of its last word."""
    spans: NDArray[np.float32]
    """(1 + classes, `SPAN_FEATURES`) weights of features of a span: for all, and for each class."""
    ranks: Floats
    """(`RANKED`,) weights of features of whole rewrites."""
    trust: Floats
    """(`TRUSTED`,) weights of what makes the best one right."""
    about: str = ""
    """Description of the training data, in a few words."""

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ContextualRewriter)
            and self._meta() == other._meta()
            and same_arrays(self._arrays(), other._arrays())
        )

    __hash__ = None  # type: ignore[assignment]

    def rewrite(self, request: str, past: Sequence[Message], *, limit: int = 5) -> tuple[ContextualRewrite, ...]:
        """Write the request out, likeliest first; the request as it is is among the results.

        Never raises for anything a user says; () for a request without a word, with too many, or without a past.
        """
        options = self.options(request, past)
        if not options:
            return ()
        scores = np.array([one.row @ self.ranks for one in options])
        shares = np.exp(scores - scores.max())
        shares = shares / shares.sum()
        order = np.argsort(-shares, kind="stable")
        found = []
        for rank, at in enumerate(order[:limit].tolist()):
            one = options[at]
            trust = 1.0 / (1.0 + float(np.exp(-trust_row(shares, options, at) @ self.trust)))
            bound = float(shares[at]) if rank else 1.0
            found.append(ContextualRewrite(one.text, float(shares[at]), min(trust, bound), one.is_copy, one.is_before))
        return tuple(found)

    def options(self, request: str, past: Sequence[Message]) -> list[Option]:
        """Return rewrites that are worth ranking, the request as it is first."""
        own = line(request)
        if not own.words or len(own.words) > MAX_WORDS or not past:
            return []
        talk = passage(past)
        if not talk.lines:
            return []
        editor = self.editor()
        source = Source(own, talk)
        found = {own.words: Option(request, own.words, np.zeros(RANKED), True, False)}
        self._add(found, editor, source, 0.0)
        before = editor.log_before(source)
        base = earlier(request, past) if before > _LEAST_BEFORE else None
        if base is not None:
            self._add(found, editor, base, before)
        return list(found.values())

    def editor(self) -> Editor:
        """Return the model that proposes the edits."""
        return Editor(
            self.labels, self.hashes, self.head, self.firsts, self.lasts, self.spans, frozenset(self.replaced)
        )

    def _add(self, found: dict[tuple[str, ...], Option], editor: Editor, source: Source, before: float) -> None:
        edits, kept = editor.edits(source)
        if not source.is_before:
            next(iter(found.values())).row[:2] = 1.0, kept
        for some in combined(edits):
            text = written(source, some)
            words = line(text).words
            row = _row(some, source, before, kept)
            rival = found.get(words)
            if rival is None or (not rival.is_copy and rival.row @ self.ranks < row @ self.ranks):
                found[words] = Option(text, words, row, False, source.is_before)

    def _meta(self) -> dict[str, Any]:
        return {
            "labels": [list(label) for label in self.labels],
            "replaced": list(self.replaced),
            "temperature": self.head.temperature,
            "about": self.about,
        }

    def _arrays(self) -> Arrays:
        return arrays_of(self) | arrays_of(self.head, "head_")

    def without(self, user_id: str) -> None:
        """Tell nothing: the trees name nobody and cannot tell whose dialogues they saw, so it is trained again."""

    def save(self, directory: Path) -> None:
        """Write arrays as `.npy` and names as JSON."""
        save_arrays(directory, self._arrays())
        meta = json.dumps(self._meta(), sort_keys=True, ensure_ascii=False)
        (directory / "model.json").write_text(meta, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what `save` wrote."""
        meta = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        return open_record(
            cls,
            directory,
            labels=tuple(Label(words, bool(copies)) for words, copies in meta["labels"]),
            replaced=tuple(meta["replaced"]),
            head=open_record(Head, directory, "head_", temperature=float(meta["temperature"])),
            about=meta["about"],
        )


def earlier(request: str, past: Sequence[Message]) -> Source | None:
    """Return the user's request before, to be edited in the light of this one; None where there is none."""
    at = max((at for at, said in enumerate(past) if said.speaker == "user"), default=None)
    if at is None:
        return None
    base = line(past[at].text)
    if not base.words or len(base.words) > MAX_WORDS:
        return None
    rest = (*past[:at], *past[at + 1 :])
    slots = tuple(dict.fromkeys(slot for said in past[at:] for slot in said.slots))
    return Source(base, passage(rest, now=request), slots, is_before=True)


def _row(edits: Sequence[Edit], source: Source, before: float, kept: float) -> Floats:
    """Return (`RANKED`,) features of edits together; the first two are those of the request as it is."""
    words = source.line.words
    brought = [word for one in edits for word in one.words]
    telling = [word for word in brought if not is_empty((word,))]
    held = {word for word in words if not is_empty((word,))}
    gone = {word for one in edits for word in words[one.place.start : one.place.end]}
    again = sum(word in held - gone for word in telling)
    left = sum(class_of((word,)) != "noun" for word in words if word not in gone)
    kinds = [class_of(words[one.place.start : one.place.end], is_before=source.is_before) for one in edits]
    alone = [class_of((word,)) for word in words if word not in gone]
    return np.array(
        [
            0.0,
            0.0,
            sum(one.log_odds for one in edits),
            sum(one.log_stretch for one in edits),
            min(one.log_odds for one in edits),
            min(one.log_stretch for one in edits),
            len(edits) == 2,
            len(edits) >= 3,
            source.is_before,
            source.is_before * before,
            again / max(len(telling), 1),
            again > 0,
            sum(len(one.labels) - 1 for one in edits),
            left,
            any(one.place.start == one.place.end for one in edits),
            kept,
            np.log1p(len(brought)),
            len(telling) == 0,
            *(kind in kinds for kind in CLASSES),
            *(sum(one.log_stretch for one, own in zip(edits, kinds, strict=True) if own == kind) for kind in CLASSES),
            *(kind in alone if kind != "noun" else 0.0 for kind in CLASSES),
        ],
        dtype=np.float64,
    )


def trust_row(shares: Floats, options: Sequence[Option], at: int) -> Floats:
    """Return (`TRUSTED`,) features of the belief that one of the options is right."""
    share = float(shares[at])
    return np.array([1.0, np.log(share + 1e-9), np.log(1.0 - share + 1e-3), options[at].is_before], dtype=np.float64)
