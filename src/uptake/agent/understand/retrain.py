"""The assistant's own reading model, trained again with labels of the log, and the gate before it is served.

A label is made into a sentence of the model's own kind: names of the home become placeholders, slots that a wording
fixes go into the label, and what is said of the others is marked. The sentences join those the shipped model was
trained on, with a capped weight. The new model must read held-out sentences of the old kind as well as the shipped one
does, and requests of the labels that it was not trained on at least as well; else it is refused.

Limit: English; what no label of the shipped model means cannot be taught.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import xxhash

from uptake.agent.hypotheses import OUT_OF_SCOPE
from uptake.agent.understand.frames import Frames
from uptake.agent.understand.labelling import Labelling
from uptake.agent.understand.masking import Masked, mask
from uptake.agent.understand.packaged import packaged
from uptake.agent.understand.sampling import Sample, split_label
from uptake.agent.understand.vocabulary import Vocabulary
from uptake.errors import ArtifactRefused, NotReady
from uptake.text.normalize import normalize
from uptake.text.words import words

if TYPE_CHECKING:
    from uptake.agent.skills import Skills
    from uptake.artifacts.intents import IntentModel
    from uptake.artifacts.labels import Labels
    from uptake.learn.intent import Example
    from uptake.learn.taught import Taught

__all__ = ["Gate", "retrained", "sample_of"]

_LEAST = 20
"""Requests that labels must teach before it is worth training."""
_HELD_OUT = 0.2
_MOST_DROP = 0.005
_FAILED = 0.5  # probability of a defect from which a request counts as one that failed
_SURE = 1.64  # one-sided, 95 %
_IMPLIED = frozenset({"area", "floor", "domain", "device_class", "preferred_area_id"})
"""Slots that the situation or the device fills, though nobody says them."""
_LONGEST = 8  # words of a value
_ENOUGH_TO_HOLD_OUT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a new model reads rightly beside the old one."""

    old_test: int
    """Held-out sentences of the old kind."""
    old_before: float
    """Share, in [0, 1], that the old model reads rightly."""
    old_after: float
    """Share that the new one does."""
    old_passed: bool
    """Whether the new one is not worse: neither clearly nor by much."""
    labels_test: int
    """Requests of labels that the new model was not trained on; where there are few labels, all of them."""
    labels_before: float
    """Share that the old model reads as the label says."""
    labels_after: float
    """Share that the new one does."""
    failing_test: int = 0
    """Those of them that seem to have failed when they were said."""
    failing_before: float = 0.0
    """Share of these that the old model reads as the label says."""
    failing_after: float = 0.0
    """Share that the new one does."""

    @property
    def passed(self) -> bool:
        """Whether the new model may be served."""
        return self.old_passed and self.labels_after >= self.labels_before

    def __str__(self) -> str:
        """The figures as errors, in one sentence."""
        parts = [
            f"error {1 - before:.1%} → {1 - after:.1%} of {count} {what}"
            for what, count, before, after in (
                ("held-out sentences", self.old_test, self.old_before, self.old_after),
                ("labels", self.labels_test, self.labels_before, self.labels_after),
                ("labels of requests that failed", self.failing_test, self.failing_before, self.failing_after),
            )
            if count
        ]
        return "; ".join(parts)

    def refuse(self) -> None:
        """Let the new model pass, or refuse it.

        Raises:
            ArtifactRefused: Says how much worse it reads.
        """
        if not self.passed:
            raise ArtifactRefused(f"the model trained with labels reads worse and is not served: {self}")


def sample_of(
    text: str, intent: str, values: Mapping[str, str], *, frames: Frames, vocabulary: Vocabulary
) -> Sample | None:
    """A label as a sentence of the model's kind; None where the model has no words for it.

    Args:
        text: The request.
        intent: What it means.
        values: Its slots, as the assistant read them.
        frames: Labels of the model.
        vocabulary: Names of the home.
    """
    masked = mask(text, vocabulary)
    found: list[tuple[tuple[bool, int, int], Sample]] = []
    for label in frames.labels:
        own, fixed = split_label(label)
        if own != intent or not fixed.items() <= values.items():
            continue
        placed = _placed(masked, {name: value for name, value in values.items() if name not in fixed}, frames)
        if placed is not None:
            allowed = frames.allows(label, [slot for slot, _, _ in placed])
            found.append(((allowed, len(fixed), len(placed)), Sample(masked.text, label, placed)))
    return max(found, key=lambda one: (one[0], one[1].label))[1] if found else None


def retrained(
    labels: Labels,
    *,
    vocabulary: Vocabulary,
    skills: Skills,
    options: Labelling | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[IntentModel, Gate]:
    """Train the model again with labels, and hold it against the shipped one.

    Args:
        labels: Of the assistant's own log.
        vocabulary: Names of the home.
        skills: Whose sentences the shipped model was trained on.
        options: What labels weigh, and how many users must support them.
        progress: Is told what is being done.

    Raises:
        NotReady: The labels teach too little, or there is no shipped model.
        ArtifactRefused: The new model does not pass the gate.
    """
    from uptake.agent.understand.shipped import practise
    from uptake.learn.taught import taught

    if (known := packaged()) is None:
        raise NotReady("there is no shipped model to start from")
    shipped, frames, _ = known
    tell, options = progress or (lambda _: None), options or Labelling()
    trusted = list(labels.accepted())
    learnt = taught(trusted, known=lambda _: None, min_users=options.min_users, cap=options.most_weight)
    failed = {normalize(row.request) for row in trusted if (row.p_defect or 0.0) >= _FAILED}
    sentences = list(_sentences(learnt, shipped, frames, vocabulary))
    if len(sentences) < _LEAST:
        raise NotReady(f"labels teach {len(sentences)} requests; at least {_LEAST} are needed before training again")
    tell(f"{len(sentences)} requests are taught")
    practice = practise(skills)
    held = sentences if len(sentences) < _ENOUGH_TO_HOLD_OUT else [one for one in sentences if _is_held_out(one[0])]
    rest = sentences if len(held) == len(sentences) else [one for one in sentences if one not in held]
    tried = _fitted(practice.train, rest, tell)
    again = (one for one in learnt if normalize(one.text) in failed)
    failing = {sample.text for one in again for sample in _samples(one, frames, vocabulary)}
    gate = _gate(shipped, tried, practice.held_out, [sample for sample, _ in held], failing)
    gate.refuse()
    return (tried if rest is sentences else _fitted(practice.train, sentences, tell)), gate


def _sentences(
    learnt: Iterable[Taught], shipped: IntentModel, frames: Frames, vocabulary: Vocabulary
) -> Iterable[tuple[Sample, float]]:
    """What is taught as sentences of the model's kind, each once, with its weight."""
    from uptake.learn.taught import STEADY

    seen = set()
    for one in learnt:
        if one.intent == OUT_OF_SCOPE:
            continue
        for sample in _samples(one, frames, vocabulary):
            if sample.text not in seen:
                seen.add(sample.text)
                read = shipped.read(sample.text, top=1)
                is_new = not read or read[0].intent != sample.label
                yield sample, one.weight * (1.0 if is_new else STEADY)


def _samples(one: Taught, frames: Frames, vocabulary: Vocabulary) -> list[Sample]:
    """The sentence of what is taught; none where the model has no words for it."""
    sample = sample_of(one.text, one.intent, dict(one.values), frames=frames, vocabulary=vocabulary)
    return [sample] if sample is not None and words(sample.text) else []


def _fitted(old: Sequence[Sample], taught: Sequence[tuple[Sample, float]], tell: Callable[[str], None]) -> IntentModel:
    from uptake.learn.intent import Example, train

    examples: list[Example] = [Example(one.text, one.label, one.slots) for one in old]
    examples += [Example(one.text, one.label, one.slots, weight=weight) for one, weight in taught]
    said: dict[str, set[str]] = {}
    for one, _ in taught:
        said.setdefault(one.label, set()).update(normalize(_without_slots(one)).split())
    model = train(examples, progress=tell)
    return replace(model, taught={label: tuple(sorted(found)) for label, found in sorted(said.items())})


def _without_slots(sample: Sample) -> str:
    """A sentence without what fills its slots."""
    inside = {at for _, start, end in sample.slots for at in range(start, end)}
    return "".join(" " if at in inside else char for at, char in enumerate(sample.text))


def _gate(
    old: IntentModel, new: IntentModel, held_out: Sequence[Sample], labels: Sequence[Sample], failing: Collection[str]
) -> Gate:
    before, after = _right(old, held_out), _right(new, held_out)
    lost = sum(one and not other for one, other in zip(before, after, strict=True))
    won = sum(other and not one for one, other in zip(before, after, strict=True))
    size = max(len(held_out), 1)
    failed = [one for one in labels if one.text in failing]
    worse = lost - won > _SURE * (lost + won) ** 0.5 or lost - won > _MOST_DROP * size
    return Gate(
        old_test=len(held_out),
        old_before=sum(before) / size,
        old_after=sum(after) / size,
        old_passed=not worse,
        labels_test=len(labels),
        labels_before=sum(_right(old, labels)) / max(len(labels), 1),
        labels_after=sum(_right(new, labels)) / max(len(labels), 1),
        failing_test=len(failed),
        failing_before=sum(_right(old, failed)) / max(len(failed), 1),
        failing_after=sum(_right(new, failed)) / max(len(failed), 1),
    )


def _right(model: IntentModel, samples: Sequence[Sample]) -> list[bool]:
    found = (model.read(one.text, top=1) for one in samples)
    return [bool(read) and read[0].intent == one.label for read, one in zip(found, samples, strict=True)]


def _is_held_out(sample: Sample) -> bool:
    return bool(xxhash.xxh3_64_intdigest(sample.text.encode("utf-8", "surrogatepass")) / 2**64 < _HELD_OUT)


def _placed(masked: Masked, values: Mapping[str, str], frames: Frames) -> tuple[tuple[str, int, int], ...] | None:
    """Where the slots are said; None where one that must be said is not."""
    taken: list[tuple[int, int]] = []
    slots = []
    for name, value in values.items():
        span = _mention(masked, value, taken) or _value(masked.text, name, value, frames, taken)
        if span is not None:
            taken.append(span)
            slots.append((name, *span))
        elif name not in _IMPLIED:
            return None
    return tuple(sorted(slots, key=lambda slot: slot[1]))


def _mention(masked: Masked, value: str, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    for mention in masked.mentions:
        if mention.name.meant.casefold() == value.casefold():
            start = masked.text.find(mention.placeholder)
            while start >= 0:
                span = (start, start + len(mention.placeholder))
                if _is_free(span, taken):
                    return span
                start = masked.text.find(mention.placeholder, span[1])
    return None


def _value(
    text: str, slot: str, value: str, frames: Frames, taken: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The shortest words that mean the value."""
    said = words(text)
    for size in range(1, min(_LONGEST, len(said)) + 1):
        for at in range(len(said) - size + 1):
            span = (said[at].start, said[at + size - 1].end)
            meant: Any = frames.meant(slot, text[span[0] : span[1]])
            if meant is not None and normalize(meant) == normalize(value) and _is_free(span, taken):
                return span
    return None


def _is_free(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)
