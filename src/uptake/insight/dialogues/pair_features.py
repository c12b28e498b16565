"""Features of two turns of a session, to decide whether the second says the first again.

All are known once the second turn was recognised and interpreted; nothing later is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.views import Item, TurnInSession, entropy
from uptake.text.distance import edit_similarity, jaccard, word_similarity
from uptake.text.lexicon import content_words, is_control, is_correction, is_courtesy
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_similarity

__all__ = ["pair_row", "recogniser"]

_LIST = 5  # alternatives compared with each other


def pair_row(left: TurnInSession, right: TurnInSession, tables: Tables) -> Row:
    """Return features of one pair."""
    return {
        **_texts(left, right, tables),
        **_lists(left, right),
        **_times(left, right),
        **_prompts(left, right, tables),
        **_meanings(left, right, tables),
    }


def _texts(left: TurnInSession, right: TurnInSession, tables: Tables) -> Row:
    one, other, here, there = left.top, right.top, set(left.content), set(right.content)
    shared, union = tables.weight(here & there), tables.weight(here | there)
    return {
        "edit": edit_similarity(one, other),
        "word_edit": word_similarity(one, other),
        "sound": sound_similarity(one, other),
        "sound_content": sound_similarity(" ".join(left.content), " ".join(right.content)),
        "jaccard": jaccard(one.split(), other.split()),
        "content": jaccard(here, there),
        "rare_shared": shared,
        "rare_jaccard": shared / union if union else 0.0,
        "rare_new": tables.weight(there - here),
        "rare_lost": tables.weight(here - there),
        "trigrams": jaccard(_trigrams(" ".join(left.content)), _trigrams(" ".join(right.content))),
        "words_left": len(one.split()),
        "words_right": len(other.split()),
        "content_left": len(here),
        "content_right": len(there),
        "control_left": float(is_control(one)),
        "control_right": float(is_control(other)),
        "courtesy_right": float(is_courtesy(other)),
        "correction_right": float(is_correction(other)),
        "common_left": math.log1p(tables.texts.get(one, 0)),
        "common_right": math.log1p(tables.texts.get(other, 0)),
    }


def _trigrams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(max(len(text) - 2, 1))} if text else set()


def _lists(left: TurnInSession, right: TurnInSession) -> Row:
    pairs = [(edit_similarity(a, b), p * q) for a, p in left.heard[:_LIST] for b, q in right.heard[:_LIST]]
    mass = sum(weight for _, weight in pairs)
    common = sorted(set(left.words) & set(right.words))
    shared = sum(min(left.words[word], right.words[word]) for word in common)
    total = max(sum(left.words.values()), sum(right.words.values()))
    return {
        "list_best": max(similarity for similarity, _ in pairs),
        "list_mean": sum(similarity * weight for similarity, weight in pairs) / mass if mass else 0.0,
        "list_shared": shared,
        "list_shared_rate": shared / total if total else 0.0,
        "right_in_left": sum(mass for text, mass in left.heard if text == right.top),
        "left_in_right": sum(mass for text, mass in right.heard if text == left.top),
        **{f"{name}_left": value for name, value in recogniser(left).items()},
        **{f"{name}_right": value for name, value in recogniser(right).items()},
    }


def recogniser(view: TurnInSession) -> Row:
    """Compute features of the recogniser's own confidence in one turn."""
    scores = [other.score for other in view.turn.alternatives if other.score is not None]
    return {
        "score": scores[0] if scores else np.nan,
        "posterior": view.heard[0][1],
        "list_entropy": entropy(mass for _, mass in view.heard),
        "seconds": view.seconds,
        "pace": len(view.top.split()) / (view.seconds + 0.2),
    }


def _times(left: TurnInSession, right: TurnInSession) -> Row:
    gap = (right.turn.said_at - left.turn.said_at).total_seconds()
    return {
        "gap": gap - (0.0 if np.isnan(left.seconds) else left.seconds),
        "barged_in": float(left.turn.barge_in_ms is not None),
        "barge_in_ms": np.nan if left.turn.barge_in_ms is None else left.turn.barge_in_ms,
        "response_s": np.nan if left.turn.response_ms is None else left.turn.response_ms / 1000.0,
        "index": right.index,
    }


def _prompts(left: TurnInSession, right: TurnInSession, tables: Tables) -> Row:
    said = set(right.prompt_text.split())
    here, there = set(left.content), set(right.content)
    row = {
        "prompt_same": edit_similarity(left.prompt_text, right.prompt_text),
        "prompt_tokens": jaccard(left.prompt_tokens, right.prompt_tokens),
        "prompt_asks_same": float(any("." in token for token in left.prompt_tokens & right.prompt_tokens)),
        "left_echoed": tables.weight(here & said) / (tables.weight(here) + 0.5),
        "right_echoed": tables.weight(there & said) / (tables.weight(there) + 0.5),
        "right_new_to_prompt": tables.weight(there - said),
    }
    for token in tables.tokens:
        row[f"prompt_left:{token}"] = float(token in left.prompt_tokens)
        row[f"prompt_right:{token}"] = float(token in right.prompt_tokens)
    return row


def _meanings(left: TurnInSession, right: TurnInSession, tables: Tables) -> Row:
    here, there = left.values, right.values
    slots = {name for name, _ in here} & {name for name, _ in there}
    both = sorted(set(left.masses) & set(right.masses))
    least = {item: min(left.masses[item], right.masses[item]) for item in both}
    soft = sum(mass for item, mass in least.items() if item[1])
    row = {
        "meaning_same": float(left.meant == right.meant and bool(left.meant)),
        "values_shared": len(here & there),
        "values_shared_texts": len({value for _, value in here} & {value for _, value in there}),
        "slots_shared": len(slots),
        "slots_changed": float(any((name, value) not in there for name, value in here if name in slots)),
        "values_soft": soft,
        "values_soft_best": max((mass for item, mass in least.items() if item[1]), default=0.0),
        "values_soft_rate": soft / (sum(m for i, m in left.masses.items() if i[1]) + 0.1),
        "parts_soft": sum(mass for item, mass in least.items() if not item[1]),
        "confidence_left": left.confidence,
        "confidence_right": right.confidence,
        "nothing_left": left.nothing,
        "nothing_right": right.nothing,
        "left_value_heard_right": _heard(here, right),
        "right_value_heard_left": _heard(there, left),
    }
    for part in tables.parts:
        row[f"means_left:{part}"] = left.masses.get((part, ""), 0.0)
        row[f"means_right:{part}"] = right.masses.get((part, ""), 0.0)
    return row


def _heard(values: Iterable[Item], view: TurnInSession) -> float:
    """Return the posterior mass, over the recogniser's list, of the best of some values."""
    return max(
        (view.words.get(word, 0.0) for _, value in values for word in content_words(normalize(value))), default=0.0
    )
