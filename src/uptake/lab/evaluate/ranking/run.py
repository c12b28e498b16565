"""Evaluate the online step on real recordings: wins and losses by the knowledge of the assistant.

    personal_h100, _h50, _h20   the person's own past: 50 other requests, and this one with that probability
    global                      shared working requests, one recogniser's text alone: spelling, and nearest requests
    hearing                     the outputs of two other recognisers and another parser for the same recording may vote
    both_h…                     personal and global together
    all_h…                      and hearing

A win is a recording that is misinterpreted as heard (intent and every slot) and right afterwards; a loss is the
reverse; recordings without an error count as all others do. `defect_reduction` is wins minus losses over all recordings
misinterpreted as heard. The reader is trained on the commands of the training root, none of them in the test set.
Ranker and thresholds come from the training recordings, each interpreted by a reader that knew neither its sentence nor
the histories. `baseline` replaces a request by the nearest candidate by letters, above a similarity chosen in the same
way.
`guard.*` divides the acted rewrites of a head by what the guard would do with them, before anybody confirmed one:
`guard.wins` and `guard.losses` are acted on unasked, `guard.asked_right` and `guard.asked_wrong` are questions, and
`guard.refused_right` and `guard.refused_wrong` are left alone. Readings of several hearings are not put to the guard.

If both roots hold the same recordings, the evaluation is out of fold.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from uptake.errors import NotReady
from uptake.lab.corpora.commands import Command, commands
from uptake.lab.evaluate.harness import bounded
from uptake.lab.evaluate.intents import examples
from uptake.lab.evaluate.ranking.cases import Sample, Verdict, World, samples, verdict
from uptake.lab.evaluate.ranking.people import Recording, load
from uptake.ml.folds import grouped_folds
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.learn.ranker import Case, Fitted, Outcomes, Rankings, choose_threshold, fit, judged
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.understanding.intents.learn.train import train as train_reader

__all__ = ["HABITS", "slurp"]

HABITS = {"h100": 1.0, "h50": 0.5, "h20": 0.2}
"""Share of requests that are in the personal history."""
TARGET = 8.5
_HISTORIES = ("present", "absent")
_DRAWS = 3  # pasts of each recording to learn from: which other requests are in it is chance
_FOLDS = 4
_SEEDS = {"hearing": 4}  # forests that are joined: a few hundred requests decide, and one forest is chance
_GUARDED: Mapping[str, tuple[str, str]] = {
    "unasked": ("wins", "losses"),
    "asked": ("asked_right", "asked_wrong"),
    "refused": ("refused_right", "refused_wrong"),
}
_COMBINED: Mapping[str, tuple[str, ...]] = {"global": ("spelling", "global"), "hearing": ("hearing", "spelling")}

Samples = Mapping[str, list[Sample]]


class _Policy(NamedTuple):
    """Scores of a head on test cases, and its threshold."""

    outcomes: Outcomes
    threshold: float


def slurp(*, train: Path, data: Path, seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Learn from the recordings of one root, judge on those of another.

    Args:
        train: Root with `slurp_asr`, `hwu64` and `slurp_text`, to learn from.
        data: Root with `slurp_asr`, to judge on.
        seed: Of histories, training and bootstrap.
        tell: Is told what is being done.

    Returns:
        Flat figures.

    Raises:
        NotReady: A root lacks recordings.
        MissingExtra: LightGBM or python-crfsuite is not installed.
    """
    known = list(commands(train))
    lessons, judge = load(train), load(data)
    shared = {one.sentence for one in lessons} & {one.sentence for one in judge}
    held_out = len(shared) < 0.5 * len({one.sentence for one in judge})
    if held_out:
        known = [one for one in known if one.sentence not in {other.sentence for other in judge}]
        lessons = [one for one in lessons if one.sentence not in shared]
    parts = _parts(known, lessons, seed=seed, tell=tell)
    figures: dict[str, Any] = {
        "held_out": held_out,
        "shared_callers": 0 if held_out else len(shared),  # the corpus names no callers: sentences
        "shared_sentences": len(shared),
        "train.recordings": sum(one.times for one in lessons),
        "train.commands": len(known),
        "recordings": sum(one.times for one in judge),
        "sentences": len({one.sentence for one in judge}),
        "target": TARGET,
    }
    if held_out:
        found: Samples = samples(_world(known, (), seed=seed), judge, seed=seed + 1, progress=tell)
        rounds: list[tuple[Samples, Samples]] = [(_joined(parts), found)]
    else:
        rounds = [(_joined(parts[:at] + parts[at + 1 :]), parts[at]) for at in range(len(parts))]
    options = Rankings(target=TARGET, seeds=3 if held_out else 1, seed=seed)
    return figures | _figures([_policies(*one, options, tell=tell) for one in rounds], rounds, seed=seed)


def _parts(
    known: Sequence[Command], recordings: Sequence[Recording], *, seed: int, tell: Callable[[str], None]
) -> list[Samples]:
    """Return samples of every part, read by a reader that learned nothing from its sentences."""
    found: list[Samples] = []
    groups = [one.sentence for one in recordings]
    for number, (_, outside) in enumerate(grouped_folds(groups, folds=_FOLDS, seed=seed)):
        tell(f"part {number + 1} of {_FOLDS}: training a reader")
        part = [recordings[at] for at in outside.tolist()]
        world = _world(known, {one.sentence for one in part}, seed=seed)
        mine = samples(world, part, seed=seed, progress=tell)
        for draw in range(1, _DRAWS):
            more = samples(world, part, layers=_HISTORIES, seed=seed + 1_000 * draw)
            mine |= {f"{name} {draw}": one for name, one in more.items()}
        found.append(mine)
    return found


def _world(known: Sequence[Command], without: set[str] | tuple[()], *, seed: int) -> World:
    """Learn a reader and an index of what works from commands, without some sentences."""
    marked = {one.marked for one in known if one.sentence in without}
    lessons = [
        replace(one, heard=())
        for one in known
        if one.sentence not in without and not {one.sentence, one.marked} & marked
    ]
    model = train_reader(examples(lessons), seed=seed, fillers=True)
    shares = Counter(one.intent for one in lessons if one.corpus.startswith("slurp"))
    return World(model=model.expecting(shares), lessons=lessons)


def _joined(parts: Sequence[Samples]) -> Samples:
    return {layer: [one for part in parts for one in part[layer]] for layer in parts[0]}


def _cases(found: Samples, layer: str) -> list[Case]:
    """Build the cases of a layer; a habit mixes histories with the request and without."""
    if layer not in HABITS:
        return [one.case for one in found[layer]]
    habit = HABITS[layer]
    return [
        replace(one.case, weight=one.case.weight * share)
        for history, share in zip(_HISTORIES, (habit, 1.0 - habit), strict=True)
        for one in found[history]
        if share
    ]


def _lessons(found: Samples, layer: str) -> list[Case]:
    """Build training cases: every recording with several pasts, which together count once."""
    drawn = [name for name in found if name.split()[0] in _HISTORIES] if layer in HABITS else []
    draws = max(len(drawn) // len(_HISTORIES), 1)
    cases = _cases(found, layer)
    for draw in range(1, draws):
        cases += _cases({name: found[f"{name} {draw}"] for name in _HISTORIES}, layer)
    return [replace(one, weight=one.weight / draws) for one in cases]


def _likeness(found: Samples, layer: str) -> Outcomes:
    """Return the plain baseline: acting on the nearest candidate by letters."""
    nearest = _ordered(found, layer)
    cases = _cases(found, layer)
    acts = [
        one.similar[1] >= 0 and bool(case.changes[one.similar[1]]) for one, case in zip(nearest, cases, strict=True)
    ]
    right = [act and bool(case.right[one.similar[1]]) for act, one, case in zip(acts, nearest, cases, strict=True)]
    before = np.array([case.heard_right for case in cases])
    return Outcomes(
        score=np.array([one.similar[0] if act else -math.inf for act, one in zip(acts, nearest, strict=True)]),
        win=np.array(right) & ~before,
        loss=before & np.array(acts) & ~np.array(right),
        weight=np.array([case.weight for case in cases]),
        group=np.array([case.group for case in cases], dtype=str),
        best=np.array([one.similar[1] for one in nearest], dtype=np.int64),
    )


def _policies(
    taught: Samples, found: Samples, options: Rankings, *, tell: Callable[[str], None]
) -> dict[str, tuple[_Policy, _Policy]]:
    """Fit every head and its baseline on some samples, and apply both to others."""
    made = {}
    for layer in (*HABITS, "global", "spelling", "hearing"):
        mine = replace(options, seeds=_SEEDS.get(layer, options.seeds))
        tell(f"ranking: {layer}")
        plain = _Policy(_likeness(found, layer), choose_threshold(_likeness(taught, layer), mine))
        made[layer] = (_learned(taught, found, layer, mine), plain)
    return made


def _learned(taught: Samples, found: Samples, layer: str, options: Rankings) -> _Policy:
    cases = _cases(found, layer)
    try:
        fitted: Fitted = fit(_lessons(taught, layer), VOTE_FEATURES if layer == "hearing" else FEATURES, options)
    except NotReady:  # nothing to learn from, so nothing is done
        return _Policy(_likeness(found, layer), math.inf)
    return _Policy(judged(fitted.head, cases), fitted.head.threshold)


def _figures(
    rounds: Sequence[Mapping[str, tuple[_Policy, _Policy]]],
    samples_of: Sequence[tuple[Samples, Samples]],
    *,
    seed: int,
) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    first = [one.case for _, found in samples_of for one in found["present"]]
    total = sum(one.weight for one in first)
    figures["defects"] = sum(one.weight for one in first if not one.heard_right)
    figures["defect_rate"] = figures["defects"] / total
    for name, acted in _answers(rounds, samples_of).items():
        figures |= {f"{name}.{key}": value for key, value in _scored(acted, seed=seed).items()}
    return figures


class _Acted(NamedTuple):
    """Outcomes of acting on cases: +1 a win, -1 a loss, 0 neither; and whether each was wrong as heard."""

    outcome: np.ndarray[Any, np.dtype[np.float64]]
    acted: np.ndarray[Any, np.dtype[np.bool_]]
    wrong: np.ndarray[Any, np.dtype[np.bool_]]
    weight: np.ndarray[Any, np.dtype[np.float64]]
    group: list[str]
    verdicts: np.ndarray[Any, np.dtype[np.str_]]
    """What the guard would do with what was acted on; "" where nothing was, and where a hearing was."""


def _answers(
    rounds: Sequence[Mapping[str, tuple[_Policy, _Policy]]], samples_of: Sequence[tuple[Samples, Samples]]
) -> dict[str, _Acted]:
    """Name every figure and list its results, all rounds together."""
    names: dict[str, tuple[str, tuple[str, ...], int]] = {}
    for habit in HABITS:
        names[f"personal_{habit}"] = (habit, (habit,), 0)
        names[f"personal_{habit}.baseline"] = (habit, (habit,), 1)
        names[f"both_{habit}"] = (habit, (habit, "spelling", "global"), 0)
        names[f"both_{habit}.baseline"] = (habit, (habit, "global"), 1)
    for layer, heads in _COMBINED.items():
        names[layer] = (layer, heads, 0)
        names[f"{layer}.baseline"] = (layer, (layer,), 1)
    names["spelling"] = ("spelling", ("spelling",), 0)
    return {
        name: _acted([(one, found) for one, (_, found) in zip(rounds, samples_of, strict=True)], base, heads, which)
        for name, (base, heads, which) in names.items()
    }


def _acted(
    rounds: Sequence[tuple[Mapping[str, tuple[_Policy, _Policy]], Samples]], base: str, heads: Sequence[str], which: int
) -> _Acted:
    """Let the heads decide each case of the first one's layer; the one furthest above its threshold acts."""
    outcome: list[float] = []
    acted: list[bool] = []
    cases: list[Case] = []
    verdicts: list[Verdict | Literal[""]] = []
    for policies, found in rounds:
        mine = _cases(found, base)
        places = _places(found, base)
        best = np.full(len(mine), -math.inf)
        result = np.zeros(len(mine))
        told: list[Verdict | Literal[""]] = [""] * len(mine)
        for head in heads:
            policy = policies[head][which]
            rows = _rows(found, head, base, places)
            above = policy.outcomes.score[rows] - policy.threshold
            above[~np.isfinite(policy.outcomes.score[rows]) | ~np.isfinite(policy.threshold)] = -math.inf
            acts = (above >= 0.0) & (above > best)
            result[acts] = (policy.outcomes.win.astype(float) - policy.outcomes.loss)[rows][acts]
            best[acts] = above[acts]
            chosen = policy.outcomes.best[rows]
            of_head = _ordered(found, head)
            for at in np.flatnonzero(acts).tolist():
                told[at] = _verdict(of_head[int(rows[at])], int(chosen[at]))
        outcome += result.tolist()
        acted += np.isfinite(best).tolist()
        cases += mine
        verdicts += told
    return _Acted(
        np.array(outcome),
        np.array(acted, dtype=bool),
        np.array([not one.heard_right for one in cases]),
        np.array([one.weight for one in cases]),
        [one.group for one in cases],
        np.array(verdicts, dtype=str),
    )


def _verdict(one: Sample, best: int) -> Verdict | Literal[""]:
    candidate = one.candidates[best]
    return "" if candidate.layer == "hearing" else verdict(one.place[1], candidate)


def _places(found: Samples, layer: str) -> list[tuple[str, str]]:
    return [one.place for one in _ordered(found, layer)]


def _ordered(found: Samples, layer: str) -> list[Sample]:
    """Return the samples of a layer in the order of its cases."""
    if layer not in HABITS:
        return list(found[layer])
    return [one for name in _HISTORIES for one in found[name] if name == "present" or HABITS[layer] < 1]


def _rows(found: Samples, head: str, base: str, places: Sequence[tuple[str, str]]) -> Any:
    """Return the row of each case among a head's own."""
    if head == base:
        return np.arange(len(places))
    at = {place: row for row, place in enumerate(_places(found, head))}
    return np.array([at[place] for place in places])


def _scored(acted: _Acted, *, seed: int) -> dict[str, float]:
    """Compute figures with 95 % intervals by a bootstrap over sentences. Without a loss the ratio counts half a one."""
    win, loss = acted.weight * (acted.outcome > 0), acted.weight * (acted.outcome < 0)
    wrong = acted.weight * acted.wrong

    def ratio(rows: Any) -> float:
        return float(win[rows].sum() / max(loss[rows].sum(), 0.5))

    def reduction(rows: Any) -> float:
        return float((win[rows].sum() - loss[rows].sum()) / max(wrong[rows].sum(), 1e-9))

    figures = {
        "wins": float(win.sum()),
        "losses": float(loss.sum()),
        "neutral": float(acted.weight[acted.acted & (acted.outcome == 0)].sum()),
    }
    for done, (right, other) in _GUARDED.items():
        mine = acted.verdicts == done
        figures[f"guard.{right}"] = float(win[mine].sum())
        figures[f"guard.{other}"] = float((loss if other == "losses" else acted.weight - win)[mine].sum())
    for name, statistic in (("win_loss", ratio), ("defect_reduction", reduction)):
        figures |= bounded(name, statistic, acted.group, seed=seed)
    return figures
