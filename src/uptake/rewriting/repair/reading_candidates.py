"""Propose whole meanings of a turn, with their features: the second stage of a repair.

Meanings are combined from acts: those of every interpretation, the served one with one act more or less, and the most
probable sets under the first stage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

import numpy as np

from uptake.rewriting.repair.act_candidates import Row, TurnEvidence
from uptake.rewriting.repair.turn import Act, Meaning
from uptake.rewriting.repair.values import gist, is_open
from uptake.text.lexicon import content_words

__all__ = ["meanings", "whole_row"]

_OPEN = 6  # acts whose presence is left open when sets are put together
_SETS = 6
_FLOOR = 1e-3


def meanings(seen: TurnEvidence, chances: Mapping[Act, float]) -> list[Meaning]:
    """Return candidate meanings, the served one first; no two are equal."""
    served = seen.heard.served
    found = [served, *(meaning for meaning, _ in seen.heard.readings[:5])]
    found += _likeliest(chances)
    found += [served | {act} for act, chance in chances.items() if chance > 0.1 and act not in served]
    found += [served - {act} for act in sorted(served) if chances.get(act, 0.0) < 0.7]
    found += [frozenset({act}) for act, chance in chances.items() if chance > 0.25]
    return list(dict.fromkeys(found))


def _likeliest(chances: Mapping[Act, float]) -> list[Meaning]:
    """Return the likeliest sets of acts, were they independent; an act may not name two values of one slot."""
    order = sorted(chances, key=lambda act: (abs(chances[act] - 0.5), act))
    left_open, settled = order[:_OPEN], order[_OPEN:]
    sure = frozenset(act for act in settled if chances[act] > 0.5)
    scored = []
    for chosen in product((False, True), repeat=len(left_open)):
        taken = frozenset(act for act, use in zip(left_open, chosen, strict=True) if use)
        score = sum(
            math.log(max(chances[act] if use else 1.0 - chances[act], _FLOOR))
            for act, use in zip(left_open, chosen, strict=True)
        )
        if not _clashes(taken | sure):
            scored.append((-score, sorted(taken | sure)))
    return [frozenset(acts) for _, acts in sorted(scored)[:_SETS]]


def _clashes(meaning: Meaning) -> bool:
    named = [(act, slot) for act, slot, value in meaning if is_open(slot, value)]
    return len(named) != len(set(named))


def whole_row(seen: TurnEvidence, meaning: Meaning, chances: Mapping[Act, float]) -> Row:
    """Return features of one candidate meaning (those of the turn left out)."""
    heard = seen.heard
    more, less = meaning - heard.served, heard.served - meaning
    row = {
        "is_served": float(meaning == heard.served),
        "size": float(len(meaning)),
        "more": float(len(more)),
        "less": float(len(less)),
        **_fit(meaning, heard.served, chances),
        **_read(seen, meaning),
        **_heard(seen, meaning, more),
        **_left(seen, meaning),
        "answers": float(any(slot in heard.asked for _, slot, _ in meaning)),
        "rejected": seen.rejected.get(meaning, 0.0),
        "contradicts": float(any(slot in seen.belief and seen.belief[slot] != value for _, slot, value in meaning)),
        "clashes": float(_clashes(meaning)),
    }
    known = {gist(act, heard.asked) for act in meaning}
    for gist_model, given in zip(seen.gist_models, seen.chances, strict=True):
        row |= _through(gist_model.name, known, given)
        text, prompt = gist_model.keys(heard, seen.values)
        row[f"{gist_model.name}:text"] = min(gist_model.ties.given(text, one) for one in known or {""})
        row[f"{gist_model.name}:prompt"] = min(gist_model.ties.given(prompt, one) for one in known or {""})
    for name in seen.names.acts:
        row[f"more:{name}"] = float(any(act == name for act, _, _ in more))
        row[f"less:{name}"] = float(any(act == name for act, _, _ in less))
    for name in seen.names.slots:
        row[f"has:{name}"] = float(any(slot == name for _, slot, _ in meaning))
    return row


def _fit(meaning: Meaning, served: Meaning, chances: Mapping[Act, float]) -> Row:
    """Compute features from the first stage's chances."""
    own = _likelihood(chances, meaning)
    return {
        "fit": own,
        "fit_gain": own - _likelihood(chances, served),
        "least": min((chances.get(act, 0.0) for act in meaning), default=np.nan),
        "missed": max((chance for act, chance in chances.items() if act not in meaning), default=0.0),
        "more_least": min((chances.get(act, 0.0) for act in meaning - served), default=np.nan),
        "less_most": max((chances.get(act, 0.0) for act in served - meaning), default=np.nan),
    }


def _read(seen: TurnEvidence, meaning: Meaning) -> Row:
    """Compute features from the readings."""
    ranks = [at for at, (other, _) in enumerate(seen.heard.readings) if other == meaning]
    return {
        "rank": float(ranks[0]) if ranks else 9.0,
        "read": sum(mass for other, mass in seen.heard.readings if other == meaning),
        "read_least": min((seen.masses.get(act, 0.0) for act in meaning), default=np.nan),
        "read_missed": max((mass for act, mass in seen.masses.items() if act not in meaning), default=0.0),
    }


def _heard(seen: TurnEvidence, meaning: Meaning, more: Meaning) -> Row:
    """Compute features of a meaning's values from the n-best list."""
    named = {act[1:] for act in meaning}
    return {
        "heard_least": min(
            (seen.named.get(act[1:], 0.0) for act in meaning if is_open(act[1], act[2])), default=np.nan
        ),
        "more_heard": min((seen.named.get(act[1:], 0.0) for act in more if is_open(act[1], act[2])), default=np.nan),
        "unread": max((mass for one, mass in seen.named.items() if one not in named), default=0.0),
    }


def _left(seen: TurnEvidence, meaning: Meaning) -> Row:
    """Return words that no value of the meaning explains."""
    explained = {word for _, slot, value in meaning for word in (*value.split(), slot)}
    left = {word: rarity for word, rarity in seen.rarities.items() if word not in explained}
    on_top = set(content_words(seen.heard.top)) - explained
    return {
        "words_left": float(len(on_top)),
        "rarest_left": max(left.values(), default=0.0),
        "rare_left": sum(left.values()),
        "rare_on_top": sum(left.get(word, 0.0) for word in sorted(on_top)),
    }


def _likelihood(chances: Mapping[Act, float], meaning: Meaning) -> float:
    found = sum(math.log(max(chance if act in meaning else 1.0 - chance, _FLOOR)) for act, chance in chances.items())
    return found + math.log(_FLOOR) * sum(act not in chances for act in meaning)


def _through(name: str, known: set[str], given: Mapping[str, float]) -> Row:
    inside = [given.get(one, 0.0) for one in known]
    return {
        f"{name}:fit": sum(
            math.log(max(chance if one in known else 1.0 - chance, _FLOOR)) for one, chance in given.items()
        ),
        f"{name}:least": min(inside, default=np.nan),
        f"{name}:missed": max((chance for one, chance in given.items() if one not in known), default=0.0),
    }
