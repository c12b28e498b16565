"""Propose candidate acts of a turn, with their features: the first stage of a repair.

Candidates are the acts of every interpretation, the values that some alternative of the recogniser names, and the gists
predicted from the words. Later turns are not used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from uptake.rewriting.repair.counts import GistModel, Names
from uptake.rewriting.repair.turn import Act, Meaning, TurnView
from uptake.rewriting.repair.values import ANY, Named, Values, gist, is_open
from uptake.text.lexicon import content_words

__all__ = ["Row", "TurnEvidence", "again", "guessed", "marginals", "pieces", "turn_row"]

Row = dict[str, float]
"""Features by name; a missing or NaN feature is unknown."""

_LIKELY = 0.04  # chance of a gist from which it is a candidate
_MAX_PIECES = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class TurnEvidence:
    """Turn with everything that is looked up about it once."""

    heard: TurnView
    values: Values
    gist_models: tuple[GistModel, ...]
    names: Names

    @cached_property
    def masses(self) -> Mapping[Act, float]:
        """Probability of each act over all readings."""
        return marginals(self.heard)

    @cached_property
    def named(self) -> Mapping[Named, float]:
        """Mass of each value over the recogniser's list."""
        return self.values.masses(self.heard.texts)

    @cached_property
    def named_before(self) -> Mapping[Named, float]:
        """Return the same for the turn before."""
        return self.values.masses(self.heard.before.texts) if self.heard.before else {}

    @cached_property
    def rarities(self) -> Mapping[str, float]:
        """Return the rarity of each content word of the n-best list, times its mass."""
        rarity = self.gist_models[0].ties.rarity
        return {word: rarity(word) * mass for word, mass in self.heard.words.items()}

    @cached_property
    def chances(self) -> tuple[Mapping[str, float], ...]:
        """Return the probability of each gist, for each gist_model."""
        return tuple(gist_model.gists.chances(self.heard, self.values) for gist_model in self.gist_models)

    @cached_property
    def belief(self) -> Mapping[str, str]:
        """Return the latest value of each slot, from the interpretations acted on before."""
        found: dict[str, str] = {}
        earlier = self.heard.before
        while earlier is not None:
            for _, slot, value in sorted(earlier.served):
                if slot and slot != "slot":
                    found.setdefault(slot, value)
            earlier = earlier.before
        return found

    @cached_property
    def said_again(self) -> float:
        """Similarity of this turn to the one before, in [0, 1]."""
        return again(self.heard.before, self.heard) if self.heard.before else 0.0

    @cached_property
    def rejected(self) -> Mapping[Meaning, float]:
        """Meanings that were just acted on and said again, with how sure that is."""
        found: dict[Meaning, float] = {}
        later, weight = self.heard, 1.0
        while later.before is not None:
            earlier = later.before
            weight *= again(earlier, later)
            if weight < 0.05:
                break
            found[earlier.served] = max(found.get(earlier.served, 0.0), weight)
            later = earlier
        return found

    @cached_property
    def row(self) -> Row:
        """Features of the turn as a whole."""
        return turn_row(self)


def marginals(heard: TurnView) -> dict[Act, float]:
    """Return the probability of each act over all readings of a turn."""
    masses: dict[Act, float] = {}
    for meaning, probability in heard.readings:
        for act in meaning:
            masses[act] = masses.get(act, 0.0) + probability
    return masses


def again(one: TurnView, other: TurnView) -> float:
    """Return the similarity of two turns, in [0, 1]: content words of both n-best lists, and readings of both."""
    weights = max(sum(one.words.values()), sum(other.words.values())) + 0.3
    words = sum(min(mass, other.words.get(word, 0.0)) for word, mass in one.words.items()) / weights
    if words <= 0.15:
        return words
    left, right = marginals(one), marginals(other)
    read = sum(min(mass, right.get(act, 0.0)) for act, mass in left.items() if act[1])
    return max(words, min(1.0, 0.7 * read))


def turn_row(seen: TurnEvidence) -> Row:
    """Return features that all candidates of a turn share."""
    row = _hearing(seen) | _reading(seen) | _before(seen)
    for gist_model, chances in zip(seen.gist_models, seen.chances, strict=True):
        text, prompt = gist_model.keys(seen.heard, seen.values)
        row[f"{gist_model.name}:text_seen"] = math.log1p(gist_model.ties.keys.get(text, 0))
        row[f"{gist_model.name}:text_nothing"] = gist_model.ties.given(text, "")
        row[f"{gist_model.name}:prompt_nothing"] = gist_model.ties.given(prompt, "")
        row[f"{gist_model.name}:no_gist"] = float(np.prod([1.0 - chance for chance in chances.values()]))
        row[f"{gist_model.name}:best_gist"] = max(chances.values(), default=0.0)
    kinds = {act for act, _, _ in seen.heard.prompt}
    row.update({f"prompt:{name}": float(name in kinds) for name in seen.names.prompts})
    return row


def _hearing(seen: TurnEvidence) -> Row:
    heard = seen.heard
    content = content_words(heard.top)
    masses = [mass for _, mass in heard.texts]
    shape = seen.values.find(heard.top)[1]
    return {
        "score": heard.score,
        "posterior": masses[0],
        "list_entropy": _entropy(masses),
        "silence": sum(mass for text, mass in heard.texts if not text),
        "same_shape": sum(mass for text, mass in heard.texts if seen.values.find(text)[1] == shape),
        "same_content": sum(mass for text, mass in heard.texts if set(content_words(text)) == set(content)),
        "word_doubt": min((heard.words[word] for word in content), default=np.nan),
        "words": float(len(heard.top.split())),
        "content": float(len(content)),
        "seconds": heard.seconds,
        "rate": len(heard.top.split()) / (heard.seconds + 0.2),
        "cut_in": heard.cut_in,
        "prompt_s": heard.prompt_s,
        "echoed": float(sum(word in heard.prompt_words for word in content)) / (len(content) + 0.5),
    }


def _reading(seen: TurnEvidence) -> Row:
    heard = seen.heard
    readings = [mass for _, mass in heard.readings]
    read = {act[1:] for act in heard.served}
    return {
        "doubt": heard.doubt,
        "second": readings[1] if len(readings) > 1 else 0.0,
        "reading_entropy": _entropy(readings),
        "nothing": sum(mass for meaning, mass in heard.readings if not meaning),
        "served": float(len(heard.served)),
        "value_unread": max((mass for one, mass in seen.named.items() if one not in read), default=0.0),
        "served_least": min((seen.masses.get(act, 0.0) for act in heard.served), default=np.nan),
        "missed_most": max((mass for act, mass in seen.masses.items() if act not in heard.served), default=0.0),
    }


def _before(seen: TurnEvidence) -> Row:
    heard, before = seen.heard, seen.heard.before
    return {
        "asked": float(len(heard.asked)),
        "index": float(heard.index),
        "said_again": seen.said_again,
        "same_as_before": float(before is not None and before.served == heard.served),
        "prompt_again": float(before is not None and bool(before.prompt) and before.prompt == heard.prompt),
        "doubt_before": before.doubt if before else np.nan,
        "nothing_before": float(not before.served) if before else np.nan,
    }


def _entropy(masses: Iterable[float]) -> float:
    return -sum(mass * math.log(mass) for mass in masses if mass > 0.0)


def pieces(seen: TurnEvidence) -> dict[Act, Row]:
    """Return every act that may have been meant, with its own features (those of the turn left out)."""
    found = list(dict.fromkeys(_candidates(seen)))[:_MAX_PIECES]
    return {act: _row(seen, act) for act in found}


def guessed(seen: TurnEvidence) -> dict[Act, float]:
    """Estimate the chance of each possible act from readings, gists and values alone, without a fitted model."""
    found: dict[Act, float] = {}
    for act in list(dict.fromkeys(_candidates(seen)))[:_MAX_PIECES]:
        known = gist(act, seen.heard.asked)
        told = max((chances.get(known, 0.0) for chances in seen.chances), default=0.0)
        if is_open(act[1], act[2]):
            told *= seen.named.get(act[1:], 0.0)
        found[act] = 1.0 - (1.0 - min(1.0, seen.masses.get(act, 0.0))) * (1.0 - 0.9 * told)
    return found


def _candidates(seen: TurnEvidence) -> Iterable[Act]:
    yield from sorted(seen.masses, key=lambda act: (-seen.masses[act], act))
    likely: dict[str, float] = {}
    for chances in seen.chances:
        for name, chance in chances.items():
            likely[name] = max(likely.get(name, 0.0), chance)
    values = sorted(seen.named, key=lambda one: (-seen.named[one], one))
    for name in sorted((name for name, chance in likely.items() if chance >= _LIKELY), key=lambda one: -likely[one]):
        yield from _filled(name, seen.heard.asked, values)
    for slot, value in values[:6]:
        yield ("inform", slot, value)


def _filled(name: str, asked: Sequence[str], values: Sequence[Named]) -> Iterable[Act]:
    """Yield the acts that a gist may stand for, given the values that were heard."""
    act, _, rest = name.partition(":")
    slot, _, value = rest.partition("=")
    if not rest:
        yield (act, "", "")
    elif value == "*":
        if slot != "asked" or asked:
            yield (act, asked[0] if slot == "asked" else slot, ANY)
    elif value:
        yield (act, slot, value)
    else:
        yield from [(act, slot, said) for other, said in values if other == slot][:4]


def _row(seen: TurnEvidence, act: Act) -> Row:
    heard, before = seen.heard, seen.heard.before
    name, slot, value = act
    known = gist(act, heard.asked)
    others = [mass for other, mass in seen.masses.items() if slot and other[1] == slot and other[2] != value]
    said = is_open(slot, value)
    row = {
        "mass": seen.masses.get(act, 0.0),
        "taken": float(act in heard.served),
        "rank": float(next((at for at, (meaning, _) in enumerate(heard.readings) if act in meaning), 9)),
        "heard": seen.named.get((slot, value), 0.0) if said else np.nan,
        "on_top": float((slot, value) in seen.values.find(heard.top)[0]) if said else np.nan,
        "rival_read": max(others, default=0.0),
        "rival_heard": max(
            (mass for one, mass in seen.named.items() if one[0] == slot and one[1] != value), default=0.0
        ),
        "asked_for": float(slot in heard.asked),
        "any": float(value == ANY),
        "believed": float(bool(slot) and seen.belief.get(slot) == value),
        "contradicts": float(slot in seen.belief and seen.belief[slot] != value),
        "read_before": marginals(before).get(act, 0.0) if before else np.nan,
        "served_before": float(act in before.served) if before else np.nan,
        "prompted": float(any((slot, value) == one[1:] for one in heard.prompt)) if said else np.nan,
        "heard_before": seen.named_before.get((slot, value), 0.0) if said and before else np.nan,
        "prompted_slot": float(any(slot == one[1] for one in heard.prompt)) if slot else np.nan,
        "value_twice": float(sum((slot, value) == other[1:] for other in heard.served if other != act)),
    }
    for gist_model, chances in zip(seen.gist_models, seen.chances, strict=True):
        text, prompt = gist_model.keys(heard, seen.values)
        row[f"{gist_model.name}:gist"] = chances.get(known, np.nan)
        row[f"{gist_model.name}:text"] = gist_model.ties.given(text, known)
        row[f"{gist_model.name}:prompt"] = gist_model.ties.given(prompt, known)
        row[f"{gist_model.name}:prior"] = math.log(gist_model.ties.chance(known))
    row.update({f"act:{one}": float(name == one) for one in seen.names.acts})
    prompts = {one[0] for one in heard.prompt if said and one[1:] == (slot, value)}
    row.update({f"prompted:{one}": float(one in prompts) for one in seen.names.prompts})
    row.update({f"slot:{one}": float(slot == one) for one in seen.names.slots})
    return row
