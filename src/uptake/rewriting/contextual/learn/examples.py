"""Make training targets: the edits between a request and its complete form, in the words that `carriers` can express.

The words that only the complete form has are cut into parts: words, then a span of the conversation, then words again.
The longest span goes first, as in "of" + "the Golden Wok" + "'s". If no part can express something, it is left out of
the example, and so is its place: it is no example of a place without an edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from uptake.errors import BadRecord
from uptake.rewriting.contextual.artifact import MAX_WORDS, earlier
from uptake.rewriting.contextual.edits import Label
from uptake.rewriting.contextual.features import Place, Source, is_empty
from uptake.rewriting.contextual.spans import Message, line, passage

__all__ = ["EditTargets", "Part", "TrainingExample", "edit_targets", "inventory"]

_LONGEST = 4  # words that a part may bring of its own
_AHEAD = 0.15  # how much nearer the request before must be to the complete form


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingExample:
    """Request with the conversation before it, and its complete form."""

    request: str
    """The request."""
    past: tuple[Message, ...]
    """Conversation before it, oldest first."""
    rewrites: tuple[str, ...]
    """Complete forms, the preferred one first; the request itself where it is complete."""
    group: str = ""
    """Examples of one group stay together where examples are split: a dialogue."""

    def __post_init__(self) -> None:
        if not self.rewrites:
            raise BadRecord("must hold a complete form", field="rewrites")


@dataclass(frozen=True, slots=True)
class Part:
    """Inserted words, and the span that follows them; None for none."""

    words: str
    stretch: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class EditTargets:
    """Targets of one training example."""

    request: Source
    """The request."""
    source: Source
    """The text that is edited: the request, or the request before."""
    edits: tuple[tuple[Place, tuple[Part, ...]], ...]
    """Places of the edits, and the parts inserted there."""


def edit_targets(lesson: TrainingExample) -> EditTargets | None:
    """Derive the edits of a training example; None where the request is too long or has no word."""
    own, goal = line(lesson.request), line(lesson.rewrites[0]).words
    talk = passage(lesson.past)
    if not own.words or len(own.words) > MAX_WORDS or not talk.lines:
        return None
    source = Source(own, talk)
    base = earlier(lesson.request, lesson.past)
    if base is not None and _near(base.line.words, goal) > _near(own.words, goal) + _AHEAD:
        source = base
    known = set(source.passage.texts)
    found = []
    for what, first, last, start, end in SequenceMatcher(None, source.line.words, goal, autojunk=False).get_opcodes():
        if what != "equal":
            found.append((Place(first, last), tuple(_parts(goal[start:end], known))))
    return EditTargets(Source(own, talk), source, tuple(found))


def _near(words: Sequence[str], goal: Sequence[str]) -> float:
    return SequenceMatcher(None, words, goal, autojunk=False).ratio()


def _parts(words: tuple[str, ...], known: set[tuple[str, ...]]) -> list[Part]:
    """Cut words into parts, the longest span first."""
    pieces = _cut(words, known)
    found, at = [], 0
    while at < len(pieces):
        piece, copied = pieces[at]
        if copied:
            found.append(Part("", piece))
        elif at + 1 < len(pieces):
            found.append(Part(" ".join(piece), pieces[at + 1][0]))
            at += 1
        else:
            found.append(Part(" ".join(piece), None))
        at += 1
    return found or [Part("", None)]


def _cut(words: tuple[str, ...], known: set[tuple[str, ...]]) -> list[tuple[tuple[str, ...], bool]]:
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            stretch = words[first : first + size]
            if stretch in known and not is_empty(stretch):
                return [*_cut(words[:first], known), (stretch, True), *_cut(words[first + size :], known)]
    return [(words, False)] if words else []


def inventory(examples: Sequence[EditTargets]) -> tuple[tuple[Label, ...], tuple[str, ...]]:
    """Return labels and replaced words that recur; the first labels are those of `carry_edits.KEEP` and `BEFORE`."""
    parts: Counter[Label] = Counter()
    gone: Counter[str] = Counter()
    for one in examples:
        for place, some in one.edits:
            parts.update(Label(part.words, part.stretch is not None) for part in some)
            if place.end > place.start and place.end - place.start <= 3 and not one.source.is_before:
                gone[" ".join(one.source.line.words[place.start : place.end])] += 1
    kept = sorted(
        label
        for label, count in parts.items()
        if count >= (2 if label.copies else 3) and label.words.count(" ") < _LONGEST
    )
    copying = Label("", True)
    others = [label for label in kept if label not in (copying, Label("", False))]
    labels = (Label("", False), Label("<before>", False), copying, *others)
    return labels, tuple(sorted(words for words, count in gone.items() if count >= 2))
