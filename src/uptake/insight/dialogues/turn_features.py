"""Features of one turn, to decide whether it was misunderstood.

`turn_row` describes the turn and what came before it; `aftermath_row` what came after it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.pair_features import pair_row, recogniser
from uptake.insight.dialogues.views import Item, TurnInSession, entropy
from uptake.text.distance import edit_similarity, jaccard
from uptake.text.lexicon import content_words, is_control
from uptake.text.normalize import normalize

__all__ = ["aftermath_row", "support", "turn_row"]


def turn_row(view: TurnInSession, tables: Tables) -> Row:
    """Tell whether a turn was misunderstood, from all that is known once it was read: nothing later is looked at."""
    return {**_hearing(view, tables), **_reading(view, tables), **_evidence(view, tables), **_past(view, tables)}


def _hearing(view: TurnInSession, tables: Tables) -> Row:
    scores = [other.score for other in view.turn.alternatives if other.score is not None]
    same = set(view.content)
    agreeing = [edit_similarity(view.top, text) for text, _ in view.heard[1:]]
    row = {
        **recogniser(view),
        "score_2": scores[0] - scores[1] if len(scores) > 1 else np.nan,
        "score_5": scores[0] - scores[4] if len(scores) > 4 else np.nan,
        "silence": sum(mass for text, mass in view.heard if not text),
        "agreement": sum(agreeing) / len(agreeing) if agreeing else np.nan,
        "content_agreement": sum(mass for text, mass in view.heard if set(content_words(text)) == same),
        "word_doubt": min((view.words[word] for word in view.content), default=np.nan),
        "word_entropy": sum(-mass * math.log(mass) for mass in view.words.values() if mass > 0.0),
        "words": len(view.top.split()),
        "content_words": len(same),
        "rarity": tables.weight(same),
        "rarest": max((tables.weight([word]) for word in same), default=0.0),
        "common": math.log1p(tables.texts.get(view.top, 0)),
        "control": float(is_control(view.top)),
        "index": view.index,
    }
    prompt = view.prompt
    if prompt is not None:
        row["prompt_s"] = np.nan if prompt.response_ms is None else prompt.response_ms / 1000.0
        row["cut_in"] = float(prompt.barge_in_ms is not None)
    for token in tables.tokens:
        row[f"prompt:{token}"] = float(token in view.prompt_tokens)
    return row


def _reading(view: TurnInSession, tables: Tables) -> Row:
    readings = [one for one in (view.turn.interpretation, *view.turn.runners_up) if one is not None]
    masses = [one.confidence or 0.0 for one in readings]
    slots = sum(one.confidence or 0.0 for one in readings if frozenset(one.slots) == view.values)
    asked = view.asked
    filled = {name.rpartition(".")[2] for name, _ in view.values}
    row = {
        "confidence": view.confidence,
        "confidence_2": masses[1] if len(masses) > 1 else 0.0,
        "confidence_slots": slots,
        "reading_entropy": entropy(masses),
        "readings": len(readings),
        "nothing": view.nothing,
        "items": len(view.meant),
        "slots": len(filled),
        "slots_values": len(view.values),
        "item_doubt": min((view.masses.get(item, 0.0) for item in view.meant), default=np.nan),
        "item_missed": max((mass for item, mass in view.masses.items() if item not in view.meant), default=0.0),
        "value_missed": max(
            (mass for item, mass in view.masses.items() if item[1] and item not in view.meant), default=0.0
        ),
        "rivals": max((_rival(view, item) for item in view.values), default=0.0),
        "answers": float(bool(asked & filled)),
        "asked": len(asked),
        "common_reading": math.log1p(tables.readings.get(view.meant, 0)),
    }
    for part in tables.parts:
        row[f"means:{part}"] = float((part, "") in view.meant)
        row[f"mass:{part}"] = view.masses.get((part, ""), 0.0)
    for slot in ("this", "dontcare"):
        row[f"mentions:{slot}"] = float(any(slot in (name.rpartition(".")[2], value) for name, value in view.meant))
    return row


def _rival(view: TurnInSession, item: Item) -> float:
    """Return the probability of the best other value for the same slot."""
    return max(
        (mass for other, mass in view.masses.items() if other[0] == item[0] and other[1] != item[1]), default=0.0
    )


def _evidence(view: TurnInSession, tables: Tables) -> Row:
    """Compute how far the words explain the reading, and the reading the words."""
    explained = {word for name, value in view.meant for word in (*normalize(value).split(), name.rpartition(".")[2])}
    said = [value for _, value in sorted(view.values)]
    backed = [support(view, value) for value in said]
    heard = {value: support(view, value) for value in tables.heard(view)}
    unread = {value: mass for value, mass in heard.items() if value not in {normalize(one) for one in said}}
    words = {word: mass for word, mass in view.words.items() if word not in explained}
    return {
        "value_support": min(backed, default=np.nan),
        "value_support_mean": sum(backed) / len(backed) if backed else np.nan,
        "value_unread": max(unread.values(), default=0.0),
        "values_unread": sum(unread.values()),
        "words_unread": sum(1.0 for word in view.content if word not in explained),
        "words_unread_mass": sum(words.values()),
        "words_unread_rarity": max((tables.weight([word]) * mass for word, mass in words.items()), default=0.0),
    }


def support(view: TurnInSession, value: str) -> float:
    """Return the posterior mass of the alternatives that hold all words of a value."""
    needed = set(normalize(value).split())
    return sum(mass for text, mass in view.heard if needed <= set(text.split()))


def _past(view: TurnInSession, tables: Tables) -> Row:
    before = view.before
    if before is None:
        return {"first": 1.0}
    belief = view.belief
    return {
        "first": 0.0,
        "prompt_repeated": edit_similarity(before.prompt_text, view.prompt_text),
        "edit_before": edit_similarity(before.top, view.top),
        "content_before": jaccard(before.content, view.content),
        "meaning_before": float(before.meant == view.meant),
        "confidence_before": before.confidence,
        "nothing_before": before.nothing,
        "contradicts_before": float(_contradicts(view.values, dict(sorted(before.values)))),
        "contradicts_belief": float(_contradicts(view.values, belief)),
        "repeats_belief": float(any(belief.get(name) == value for name, value in view.values)),
        "echoed": tables.weight(set(view.content) & set(view.prompt_text.split()))
        / (tables.weight(view.content) + 0.5),
        "gap_before": (view.turn.said_at - before.turn.said_at).total_seconds(),
        "denied_unread": float(before.turn.status == "failed"),
        "refused_before": float(before.turn.status == "unsupported"),
    }


def _contradicts(values: Iterable[Item], belief: Mapping[str, str]) -> bool:
    return any(name in belief and belief[name] != value for name, value in values)


def aftermath_row(view: TurnInSession, tables: Tables) -> Row:
    """Compute features of a turn from the turns after it; offline only."""
    following = view.next
    row = {"last": float(following is None), "left": float(len(view.later))}
    if following is None:
        return row
    row |= {f"next_{name}": value for name, value in pair_row(view, following, tables).items()}
    row["next_confidence"] = following.confidence
    if following.next is not None:
        second = following.next
        row["second_edit"] = edit_similarity(view.top, second.top)
        row["second_content"] = jaccard(view.content, second.content)
        row["second_meaning"] = float(view.meant == second.meant)
        row["second_values"] = len(view.values & second.values)
        row["next_second_edit"] = edit_similarity(following.top, second.top)
    later = Counter(item for other in view.later for item in other.values)
    row["values_later"] = float(sum(later[item] for item in view.values))
    return row
