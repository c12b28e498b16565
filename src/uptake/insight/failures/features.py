"""Features of one turn that may show where it failed: one row per turn, named signal:feature.

There are twelve signals: the wake word's score; the n-best list; the words against what people usually say; nearly
equal requests of others; the interpretation and its rivals; a second interpretation of every alternative, from counts
of the same log; the slots against the words; the things of this home; the outcome; the response; what the person did
next; what came before. Counts exclude the person who is scored (`uptake.insight.dialogues.usual_meaning`).

Nothing is taken from `Turn.truth`. A field that was never logged is unknown (NaN), not 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import Judgement, judge
from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.near_texts import near_rows
from uptake.insight.dialogues.turn_features import support
from uptake.insight.dialogues.usual_meaning import Counted, Homes, People, intent_of
from uptake.insight.dialogues.views import TurnInSession, entropy, views
from uptake.text.distance import edit_similarity, jaccard
from uptake.text.lexicon import (
    content_words,
    is_control,
    is_correction,
    is_courtesy,
    is_no,
    is_termination,
    is_yes,
)
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_similarity
from uptake.types import Session

__all__ = ["SIGNALS", "failure_rows"]

SIGNALS = {
    "wake": "the score of the wake word",
    "list": "the recogniser's list",
    "words": "words that people seldom say so",
    "reading": "the reading's confidence and its rivals",
    "near": "what others say that is nearly the same",
    "second": "a second reading of what was heard",
    "slots": "values that nobody was heard to say",
    "home": "the things of this home",
    "ended": "how it ended, as the assistant saw it",
    "answer": "the assistant's own answer",
    "next": "what the person did next",
    "before": "what came before",
}
"""Signals, and how an explanation calls them."""

_MAX_WORDS = 40


def failure_rows(sessions: Sequence[Session], *, verdict: Judgement | None = None) -> list[Row]:
    """Compute one row of features a turn, in the order of the sessions.

    Args:
        sessions: The turns.
        verdict: What the scorers say of each turn [default: the scorers that come with the package].
    """
    if not sessions:
        return []
    seen = list(views(sessions))
    verdict = verdict or judge(TurnFrame.of(sessions))
    again = np.where(verdict.partner >= 0, verdict.rephrased, np.nan)
    failed = np.where(again >= 0.5, True, verdict.defect)
    people, homes = People.of(seen, failed), Homes.of(seen)
    rows = []
    near = near_rows(seen, failed, people)
    for at, view in enumerate(seen):
        others = people.without(view.turn.user_id)
        rows.append(
            {
                **_hearing(view),
                **_words(view, others),
                **people.own(view),
                **others.one_word_off(view.top),
                **near[at],
                **_reading(view),
                **_second(view, others),
                **_slots(view),
                **homes.row(view),
                **_end(view),
                **_next(view, float(again[at]), float(verdict.p_defect[at])),
                **_before(view),
            }
        )
    return rows


def _hearing(view: TurnInSession) -> Row:
    turn = view.turn
    scores = [one.score for one in turn.alternatives if one.score is not None]
    same = set(view.content)
    others = [edit_similarity(view.top, text) for text, _ in view.heard[1:]]
    size = len(view.top.split())
    return {
        "wake:score": np.nan if turn.wake_score is None else turn.wake_score,
        "list:score": scores[0] if scores else np.nan,
        "list:gap": scores[0] - scores[1] if len(scores) > 1 else np.nan,
        "list:span": scores[0] - scores[-1] if len(scores) > 1 else np.nan,
        "list:posterior": view.heard[0][1] if scores else np.nan,
        "list:entropy": entropy(mass for _, mass in view.heard) if scores else np.nan,
        "list:agreement": float(np.mean(others)) if others else np.nan,
        "list:content": sum(mass for text, mass in view.heard if set(content_words(text)) == same),
        "list:doubt": min((view.words[word] for word in view.content), default=np.nan),
        "list:silence": sum(mass for text, mass in view.heard if not text),
        "list:seconds": view.seconds,
        "list:pace": view.seconds / size if size else np.nan,
        "words:count": float(size),
        "words:control": float(is_control(view.top)),
        "words:courtesy": float(is_courtesy(view.top)),
        "words:stop": float(is_termination(view.top)),
        "words:yes_no": float(is_yes(view.top) or is_no(view.top)),
    }


def _words(view: TurnInSession, others: Counted) -> Row:
    words = view.top.split()[:_MAX_WORDS]
    chain = others.fluency(words)
    alternatives = [float(np.mean(others.fluency(text.split()[:_MAX_WORDS]))) for text, _ in view.heard[1:]]
    mean = float(np.mean(chain))
    return {
        "words:said": math.log1p(others.texts.get(view.top, 0)),
        "words:shape_said": math.log1p(others.shapes.get(others.shape(view.top), 0)),
        "words:fluency": mean,
        "words:roughest": float(chain.min()),
        "words:rougher": float(np.sort(chain)[: max(len(chain) // 2, 1)].mean()),
        "words:rough": float((chain < math.log(0.02)).sum()),
        "words:unknown": float(sum(word not in others.words for word in words)),
        "words:rarest": min((others.words.get(word, 0) for word in words), default=0),
        "words:others_said": math.log1p(max((others.texts.get(text, 0) for text, _ in view.heard[1:]), default=0)),
        "words:others_fluent": max(alternatives) - mean if alternatives else np.nan,
    }


def _reading(view: TurnInSession) -> Row:
    turn = view.turn
    masses = [one.confidence for one in turn.runners_up if one.confidence is not None]
    sure = view.confidence
    return {
        "reading:none": float(not view.meant),
        "reading:confidence": sure,
        "reading:margin": sure - max(masses, default=0.0),
        "reading:rivals": float(len(turn.runners_up)),
        "reading:entropy": entropy([sure, *masses]) if masses and not np.isnan(sure) else np.nan,
        "reading:nothing": view.nothing,
        "reading:slots": float(len(view.values)),
        "reading:same_intent": float(sum(one.intent == intent_of(turn) for one in turn.runners_up)),
        "reading:domain": float(turn.interpretation is not None and turn.interpretation.domain is not None),
    }


def _second(view: TurnInSession, others: Counted) -> Row:
    intent = intent_of(view.turn)
    usual = others.usual(view.top)
    shape = others.usual_of_shape(view.top)
    chances = others.intents(view.top)
    mine = chances.get(intent, 0.0)
    chance, best = _likeliest(chances)
    voted: dict[str, float] = {}
    for text, mass in view.heard:
        _, top = _likeliest(others.intents(text))
        voted[top] = voted.get(top, 0.0) + mass
    row = {
        "second:chance": mine,
        "second:best": chance,
        "second:other": chance - mine,
        "second:agrees": float(best == intent),
        "second:entropy": entropy(chances.values()),
        "second:things": others.about_things(view.top),
        "second:votes": voted.get(intent, 0.0),
        "second:vote_best": max(voted.values(), default=0.0),
        "second:intent_seen": math.log1p(others.intent_counts.get(intent, 0)),
        "second:intent_failed": others.failure_rate(intent),
        "second:text_failed": others.text_failed(view.top),
        "second:shape_failed": others.shape_failed(view.top),
    }
    for name, told in (("usual", usual), ("shape", shape)):
        row[f"second:{name}"] = np.nan if told is None else float(told[0] == intent)
        row[f"second:{name}_share"] = np.nan if told is None else told[1]
        row[f"second:{name}_turns"] = 0.0 if told is None else math.log1p(told[2])
    return row


def _likeliest(chances: Mapping[str, float]) -> tuple[float, str]:
    return max(zip(chances.values(), chances, strict=True), default=(0.0, ""))


def _slots(view: TurnInSession) -> Row:
    values = [normalize(value) for _, value in sorted(view.values)]
    backed = [support(view, value) for value in values]
    said = set(view.top.split())
    spoken = [len(set(value.split()) & said) / max(len(value.split()), 1) for value in values]
    explained = {word for value in values for word in value.split()}
    left = [word for word in view.content if word not in explained]
    return {
        "slots:backed": min(backed, default=np.nan),
        "slots:spoken": min(spoken, default=np.nan),
        "slots:spoken_mean": float(np.mean(spoken)) if spoken else np.nan,
        "slots:unsaid": float(sum(share == 0.0 for share in spoken)),
        "slots:words_left": float(len(left)),
        "slots:share_left": len(left) / max(len(view.content), 1),
    }


def _end(view: TurnInSession) -> Row:
    turn = view.turn
    answer = normalize(turn.response or "")
    words = answer.split()
    acted = bool(turn.action) and not (turn.action or "").startswith("dialogue.")
    row: Row = {f"ended:{name}": float(turn.status == name) for name in ("ok", "failed", "unsupported", "cancelled")}
    return row | {
        "ended:unknown": float(turn.status is None),
        "ended:acted": float(acted),
        "ended:talk": float((turn.action or "").startswith("dialogue.")),
        "ended:acted_failed": float(acted and turn.status == "failed"),
        "answer:words": float(len(words)) if turn.response is not None else np.nan,
        "answer:asks": float((turn.response or "").rstrip().endswith("?")),
        "answer:sorry": float("sorry" in words[:3]),
        "answer:negative": float(bool({"not", "no", "cannot", "can't", "didn't", "nothing"} & set(words))),
        "answer:heard": float("hear" in words or "understand" in words),
        "answer:echo": jaccard(view.content, content_words(answer)),
        "answer:already": float("already" in words),
    }


def _next(view: TurnInSession, again: float, p_defect: float) -> Row:
    turn, following = view.turn, view.next
    row = {
        "next:last": float(following is None),
        "next:left": float(len(view.later)),
        "next:failed": p_defect,
        "next:again": again,
        "next:barge_in": np.nan if turn.barge_in_ms is None else turn.barge_in_ms / 1000.0,
        "next:undone": np.nan if turn.undone is None else float(turn.undone),
        "next:said_right": np.nan if turn.answer is None else float(turn.answer),
    }
    if following is None:
        return row
    later = following.turn
    return row | {
        "next:gap": (later.said_at - turn.said_at).total_seconds(),
        "next:edit": edit_similarity(view.top, following.top),
        "next:content": jaccard(view.content, following.content),
        "next:sound": sound_similarity(view.top, following.top),
        "next:heard_before": sum(mass for text, mass in view.heard if text == following.top),
        "next:words_before": min((view.words.get(word, 0.0) for word in following.content), default=np.nan),
        "next:meaning": float(following.meant == view.meant),
        "next:intent": float(intent_of(later) == intent_of(turn)),
        "next:values": float(len(following.values & view.values)),
        "next:changed": float(any(dict(view.values).get(name, value) != value for name, value in following.values)),
        "next:confidence": following.confidence,
        "next:ok": float(later.status == "ok"),
        "next:stop": float(is_termination(following.top)),
        "next:correction": float(is_correction(following.top)),
        "next:yes": float(is_yes(following.top)),
        "next:no": float(is_no(following.top)),
        "next:undo": float(later.action == "dialogue.undo"),
        "next:wake": np.nan if later.wake_score is None else later.wake_score,
        "next:slower": following.seconds / max(len(following.top.split()), 1)
        - view.seconds / max(len(view.top.split()), 1),
    }


def _before(view: TurnInSession) -> Row:
    before = view.before
    row = {"before:first": float(before is None), "before:index": float(view.index)}
    if before is None:
        return row
    return row | {
        "before:gap": (view.turn.said_at - before.turn.said_at).total_seconds(),
        "before:asked": float((before.turn.response or "").rstrip().endswith("?")),
        "before:ok": float(before.turn.status == "ok"),
        "before:edit": edit_similarity(before.top, view.top),
        "before:content": jaccard(before.content, view.content),
        "before:meaning": float(before.meant == view.meant),
        "before:confidence": before.confidence,
    }
