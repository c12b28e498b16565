"""Train the assistant's own reading model again with labels of the log, and gate it before it is served.

A label is made into a sentence of the model's own kind: names of the home become placeholders, slots that a wording
fixes go into the label, and what is said of the others is marked. The sentences join those the shipped model was
trained on, with a capped weight. The new model must read held-out sentences of the old kind as well as the shipped one
does, and requests of the labels that it was not trained on at least as well; else it is refused.

Limit: English; what no label of the shipped model means cannot be taught.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import xxhash

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers.bundled import bundled_parts
from uptake.assistant.readers.frames import Frames
from uptake.assistant.readers.learn.label import LabelLearner, Labelling
from uptake.assistant.readers.masking import Masked, mask
from uptake.assistant.readers.sampling import Sample, split_label
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.errors import ArtifactRefused, NotReady
from uptake.protocols import Material
from uptake.text.normalize import normalize
from uptake.text.tokens import words

if TYPE_CHECKING:
    from uptake.assistant.skills import Skills
    from uptake.understanding.intents.artifact import IntentModel
    from uptake.understanding.intents.learn.train import Example
    from uptake.understanding.labels.artifact import Labels
    from uptake.understanding.labels.learn.training_set import LabelledRequest

__all__ = ["Gate", "IntentLearner", "retrained", "sample_of"]

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
    """Correct readings of a new model beside the old one."""

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
        """Return the figures as errors, in one sentence."""
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
    """Turn a label into a sentence of the model's kind; None where the model has no words for it.

    Args:
        text: The request.
        intent: What it means.
        values: Its slots, as the assistant read them.
        frames: Labels of the model.
        vocabulary: Names of the home.
    """
    masked = mask(text, vocabulary)
    ranked: list[tuple[tuple[bool, int, int], Sample]] = []
    for label in frames.labels:
        own, fixed = split_label(label)
        if own != intent or not fixed.items() <= values.items():
            continue
        placed = _placed(masked, {name: value for name, value in values.items() if name not in fixed}, frames)
        if placed is not None:
            allowed = frames.allows(label, [slot for slot, _, _ in placed])
            ranked.append(((allowed, len(fixed), len(placed)), Sample(masked.text, label, placed)))
    return max(ranked, key=lambda one: (one[0], one[1].label))[1] if ranked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentLearner(Labelling):
    """Learner of the model that reads requests; the new one is served if it reads no worse.

    Args:
        most_turns: Latest turns that are labelled where no labels are published.
    """

    most_turns: int = 20_000

    name: ClassVar[str] = "intent"

    def learn(self, material: Material) -> IntentModel:
        """Train the new model; see `retrained`.

        Raises:
            NotReady: The labels teach too little, or there is no shipped model.
            ArtifactRefused: The new model reads worse than the shipped one.
        """
        from uptake.assistant.skills import Skills
        from uptake.understanding.labels.artifact import Labels

        labels = material.served(Labels) or LabelLearner(**asdict(self)).learn(material)
        model, gate = retrained(
            labels,
            vocabulary=Vocabulary.of(material.home),
            skills=Skills(),
            options=self,
            progress=material.note,
        )
        material.report(gate=asdict(gate), says=str(gate))
        return model


def retrained(
    labels: Labels,
    *,
    vocabulary: Vocabulary,
    skills: Skills,
    options: Labelling | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[IntentModel, Gate]:
    """Train the model again with labels, and compare it with the bundled one.

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
    from uptake.assistant.readers.learn.training_set import draw_training_set

    if (bundle := bundled_parts()) is None:
        raise NotReady("there is no shipped model to start from")
    shipped, frames, _ = bundle
    from uptake.understanding.labels.learn.training_set import labelled_requests

    tell, options = progress or (lambda _: None), options or Labelling()
    trusted = list(labels.accepted())
    learnt = labelled_requests(trusted, known=lambda _: None, min_users=options.min_users, cap=options.most_weight)
    failed = {normalize(row.request) for row in trusted if (row.p_defect or 0.0) >= _FAILED}
    sentences = list(_sentences(learnt, shipped, frames, vocabulary))
    if len(sentences) < _LEAST:
        raise NotReady(f"labels teach {len(sentences)} requests; at least {_LEAST} are needed before training again")
    tell(f"{len(sentences)} requests are taught")
    training = draw_training_set(skills)
    held = sentences if len(sentences) < _ENOUGH_TO_HOLD_OUT else [one for one in sentences if _is_held_out(one[0])]
    rest = sentences if len(held) == len(sentences) else [one for one in sentences if one not in held]
    tried = _fitted(training.train, rest, tell)
    again = (one for one in learnt if normalize(one.text) in failed)
    failing = {sample.text for one in again for sample in _samples(one, frames, vocabulary)}
    gate = _gate(shipped, tried, training.held_out, [sample for sample, _ in held], failing)
    gate.refuse()
    return (tried if rest is sentences else _fitted(training.train, sentences, tell)), gate


def _sentences(
    learnt: Iterable[LabelledRequest], shipped: IntentModel, frames: Frames, vocabulary: Vocabulary
) -> Iterable[tuple[Sample, float]]:
    """Turn labels into sentences of the model's kind, each once, with its weight."""
    from uptake.understanding.labels.learn.training_set import STEADY

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


def _samples(one: LabelledRequest, frames: Frames, vocabulary: Vocabulary) -> list[Sample]:
    """Turn a label into its sentence; none where the model has no words for it."""
    sample = sample_of(one.text, one.intent, dict(one.values), frames=frames, vocabulary=vocabulary)
    return [sample] if sample is not None and words(sample.text) else []


def _fitted(old: Sequence[Sample], taught: Sequence[tuple[Sample, float]], tell: Callable[[str], None]) -> IntentModel:
    from uptake.understanding.intents.learn.train import Example, train

    examples: list[Example] = [Example(one.text, one.label, one.slots) for one in old]
    examples += [Example(one.text, one.label, one.slots, weight=weight) for one, weight in taught]
    said: dict[str, set[str]] = {}
    for one, _ in taught:
        said.setdefault(one.label, set()).update(normalize(_without_slots(one)).split())
    model = train(examples, progress=tell)
    return replace(model, taught={label: tuple(sorted(texts)) for label, texts in sorted(said.items())})


def _without_slots(sample: Sample) -> str:
    """Remove what fills the slots from a sentence."""
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
    readings = (model.read(one.text, top=1) for one in samples)
    return [bool(read) and read[0].intent == one.label for read, one in zip(readings, samples, strict=True)]


def _is_held_out(sample: Sample) -> bool:
    return bool(xxhash.xxh3_64_intdigest(sample.text.encode("utf-8", "surrogatepass")) / 2**64 < _HELD_OUT)


def _placed(masked: Masked, values: Mapping[str, str], frames: Frames) -> tuple[tuple[str, int, int], ...] | None:
    """Find where the slots are said; None where one that must be said is not."""
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
    """Return the shortest words that mean the value."""
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
