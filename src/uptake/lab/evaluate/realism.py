"""Compare the simulator with real data: error rates and patterns of the recogniser, and reactions of people.

Three columns. `real`: counted on the corpora. `replayed`: the simulated recogniser on the sentences of the corpus
itself, so that only the recogniser differs (the table was fitted on them: this shows the quality of the fit only).
`simulated`: the simulated homes, whose requests are other sentences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from uptake.lab.corpora import read
from uptake.lab.evaluate.realism_lists import list_rows
from uptake.lab.simulate.channel import Channel, Voice
from uptake.lab.simulate.misheard.alignment import align_words, plain_costs, unlike
from uptake.lab.simulate.run import Town
from uptake.lab.train.simulator_reactions import fit_reactions
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["Row", "realism", "sayings"]

_SAME_WISH_S = 120.0
_NEAR = "-headset.flac"
_SAMPLE = 1_500  # utterances with errors whose words are aligned by sound
_PAIRS = 40  # pairs of recordings of one sentence that are compared at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Figure, real and simulated."""

    name: str
    """Name of the figure."""
    real: float | None
    """As counted on the corpus."""
    replayed: float | None
    """As the simulated recogniser does on the corpus's own sentences; None where that means nothing."""
    simulated: float | None
    """As in the simulated homes."""
    source: str
    """Source of the real figure."""

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class _Heard:
    said: str
    heard: str
    far: bool
    take: str
    """Recordings of one utterance share it."""


def realism(root: Path, town: Town, *, days: int = 1) -> list[Row]:
    """Return figures of simulated homes beside those of real people.

    Args:
        root: Folder with `slurp_asr` and `dstc2`.
        town: The homes; a fair number, say 100.
        days: How many of their days to live.

    Raises:
        NotReady: A corpus is missing.
    """
    lived = [turn for day in range(days) for turn in town.live(day)]
    aloud = [
        _Heard(
            normalize(turn.truth.request),
            normalize(turn.request),
            not turn.turn_id.endswith(_NEAR),
            turn.turn_id.removesuffix(_NEAR).removesuffix(".flac"),
        )
        for turn in read("slurp", root / "slurp_asr")
        if turn.truth and turn.truth.request
    ]
    replayed = _replay(aloud, town.seed)
    homes = [
        _Heard(turn.truth.request, turn.request, town.is_far(turn), turn.user_id)
        for turn in lived
        if turn.truth and turn.truth.request
    ]
    slurp = "SLURP test half, read home requests"
    rows = [
        Row(name=name, real=real, replayed=again, simulated=simulated, source=slurp)
        for (name, real), (_, again), (_, simulated) in zip(
            _errors(aloud), _errors(replayed), _errors(homes), strict=True
        )
    ]
    return rows + _listed(root, lived, town.seed) + _reactions(root, lived)


def sayings(turns: Iterable[Turn]) -> list[list[Turn]]:
    """Group one person's turns about one wish, close in time: attempts, with answers to questions left out."""
    by_person: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        if turn.truth and turn.truth.interpretation is not None:
            by_person[turn.user_id].append(turn)
    found: list[list[Turn]] = []
    for spoken in by_person.values():
        spoken.sort(key=lambda turn: (turn.said_at, turn.turn_id))
        before: Turn | None = None
        for turn in spoken:
            if before is not None and _one_wish(before, turn):
                found[-1].append(turn)
            else:
                found.append([turn])
            before = turn
    return found


def _one_wish(first: Turn, second: Turn) -> bool:
    meant, again = first.truth, second.truth
    close = (second.said_at - first.said_at).total_seconds() < _SAME_WISH_S
    return close and meant is not None and again is not None and meant.interpretation == again.interpretation


# The recogniser.


def _replay(aloud: Sequence[_Heard], seed: int) -> list[_Heard]:
    """Replay the corpus's own sentences through the simulated recogniser, each recording by another speaker."""
    channel = Channel({one.said for one in aloud}, seed=seed)
    rng = np.random.default_rng([seed, 5])
    return [
        _Heard(
            one.said,
            channel.hear(one.said, Voice(speaker=f"s{at}", accent="a", far=one.far), rng)[0].text,
            one.far,
            str(at),
        )
        for at, one in enumerate(aloud)
    ]


def _errors(heard: Sequence[_Heard]) -> list[tuple[str, float | None]]:
    rows: list[tuple[str, float | None]] = []
    for name, group in (("near", [one for one in heard if not one.far]), ("far", [one for one in heard if one.far])):
        rows.append((f"word error rate, {name}", _wer(group)))
        rows.append((f"utterances without error, {name}", _mean([one.said == one.heard for one in group])))
    kinds: Counter[str] = Counter()
    for one in heard:
        kinds.update(edit.tag for edit in Levenshtein.editops(one.said.split(), one.heard.split()))
    total = max(kinds.total(), 1)
    for tag, name in (("replace", "substitutions"), ("delete", "deletions"), ("insert", "insertions")):
        rows.append((f"{name}, share of errors", kinds[tag] / total))
    rows += _by_sound(heard)
    wrong, same = _again(heard)
    rows.append(("misheard, given that another speaker was with the same sentence", wrong))
    rows.append(("misheard in the same way, given both were", same))
    return rows


def _wer(heard: Sequence[_Heard]) -> float | None:
    words = sum(len(one.said.split()) for one in heard)
    wrong = sum(Levenshtein.distance(one.said.split(), one.heard.split()) for one in heard)
    return wrong / words if words else None


def _by_sound(heard: Sequence[_Heard]) -> list[tuple[str, float | None]]:
    costs = plain_costs()
    found = [
        unlike(pair.said, pair.heard, costs)
        for one in [one for one in heard if one.said != one.heard][:_SAMPLE]
        for pair in align_words(one.said.split(), one.heard.split(), costs)
        if pair.said and pair.heard and pair.said != pair.heard
    ]
    return [
        ("substituted words that sound much alike (distance below 0.4)", _mean([value < 0.4 for value in found])),
        ("substituted words that sound unlike (distance above 0.8)", _mean([value > 0.8 for value in found])),
    ]


def _again(heard: Sequence[_Heard]) -> tuple[float | None, float | None]:
    """Compute (P(wrong | another speaker's recording of the sentence is wrong), P(same text | both wrong))."""
    by_sentence: dict[str, list[_Heard]] = defaultdict(list)
    for one in heard:
        by_sentence[one.said].append(one)
    one_wrong = both = alike = 0
    for said, recordings in by_sentence.items():
        pairs = ((one.heard, other.heard) for one, other in combinations(recordings, 2) if one.take != other.take)
        for first, second in islice(pairs, _PAIRS):
            one_wrong += (first != said) + (second != said)
            both += said not in (first, second)
            alike += first != said and first == second
    return (2 * both / one_wrong if one_wrong else None), (alike / both if both else None)


def _listed(root: Path, lived: Sequence[Turn], seed: int) -> list[Row]:
    rows = []
    for name, one in list_rows(root, lived, seed=seed).items():
        between = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
        other = "" if one["second"] is None else f"; its other recogniser {one['second']:.3f}"
        spoken = "" if one["spoken"] is None else f"; DSTC10 spoken {one['spoken']:.3f}"
        source = f"DSTC2 live, callers apart{between}{other}{spoken}"
        rows.append(
            Row(name=name, real=one["real"], replayed=one["replayed"], simulated=one["simulated"], source=source)
        )
    return rows


# The people.


def _reactions(root: Path, lived: Sequence[Turn]) -> list[Row]:
    real = fit_reactions(root)
    groups = sayings(lived)
    failed = [(one, following) for group in groups for one, following in _followed(group) if _wrong(one)]
    understood = [
        (one, following)
        for group in groups
        for one, following in _followed(group)
        if not _wrong(one) and one.status == "ok"
    ]
    meant = [turn for turn in lived if turn.truth and turn.truth.interpretation is not None]
    after = [not _wrong(following) for _, following in failed if following is not None]
    rows = [
        (
            "said again, given misunderstood",
            real["say_again"]["misunderstood"],
            _mean([f is not None for _, f in failed]),
        ),
        (
            "said again, given understood",
            real["say_again"]["understood"],
            _mean([f is not None for _, f in understood]),
        ),
        ("understood, given that it was said again", real["success_after_any"], _mean(after)),
        (
            "cut in, given misunderstood",
            real["cut_in"]["misunderstood"],
            _mean([t.barge_in_ms is not None for t in meant if _wrong(t)]),
        ),
        (
            "cut in, given understood",
            real["cut_in"]["understood"],
            _mean([t.barge_in_ms is not None for t in meant if not _wrong(t)]),
        ),
        ("turns misunderstood", real["misunderstood"], _mean([_wrong(turn) for turn in meant])),
    ]
    first_wrong = [min(len(group), 5) for group in groups if _wrong(group[0])]
    for length, share in enumerate(real["run_length"], start=1):
        many = " and more" if length == 5 else ""
        rows.append(
            (
                f"attempts at a wish misunderstood at first: {length}{many}",
                share,
                _mean([n == length for n in first_wrong]),
            )
        )
    source = "DSTC2 train, callers"
    return [
        Row(name=name, real=value, replayed=None, simulated=simulated, source=source) for name, value, simulated in rows
    ]


def _followed(group: Sequence[Turn]) -> list[tuple[Turn, Turn | None]]:
    return [*pairwise(group), (group[-1], None)]


def _wrong(turn: Turn) -> bool:
    return bool(turn.truth and turn.truth.defect)


def _mean(values: Sequence[bool]) -> float | None:
    return float(np.mean(values)) if len(values) else None
