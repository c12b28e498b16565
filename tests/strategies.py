"""Hypothesis strategies: any `turns`, and small `logs` in which users meet, pause and say things again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.builders import START
from uptake.types import Context, Interpretation, ResolvedEntity, Transcript, Truth, Turn

words = st.text(max_size=12)
names = st.text(min_size=1, max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(min_value=0.0, max_value=1.0)
moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


interpretations = st.builds(
    Interpretation,
    intent=words,
    domain=maybe(words),
    slots=st.lists(st.tuples(st.sampled_from(["room", "song", "Straße", ""]), words), max_size=4).map(tuple),
    confidence=maybe(shares),
)
transcripts = st.builds(Transcript, text=words, score=maybe(numbers))
entities = st.builds(
    ResolvedEntity,
    slot=words,
    value=words,
    score=maybe(numbers),
    candidates=st.lists(st.tuples(words, numbers), max_size=2).map(tuple),
)
contexts = st.builds(Context, **dict.fromkeys(Context.__dataclass_fields__, maybe(words)))
truths = st.builds(
    Truth,
    request=maybe(words),
    interpretation=maybe(interpretations),
    defect=maybe(st.booleans()),
    goal_success=maybe(st.booleans()),
    failure_point=maybe(words),
)
_texts = ("home_id device_id session_id language acted_on rewrite_id artifact_version arm action response").split()
_numbers = ["wake_score", "spoken_ms", "response_ms", "barge_in_ms"]

turns = st.builds(
    Turn,
    turn_id=names,
    user_id=names,
    said_at=moments,
    request=words,
    propensity=st.floats(min_value=0.0, max_value=1.0, exclude_min=True),
    status=maybe(st.sampled_from(["ok", "failed", "unsupported", "cancelled"])),
    alternatives=st.lists(transcripts, max_size=2).map(tuple),
    interpretation=maybe(interpretations),
    runners_up=st.lists(interpretations, max_size=2).map(tuple),
    entities=st.lists(entities, max_size=2).map(tuple),
    context=contexts,
    answer=maybe(st.booleans()),
    undone=maybe(st.booleans()),
    truth=maybe(truths),
    **dict.fromkeys(_texts, maybe(words)),
    **dict.fromkeys(_numbers, maybe(numbers)),
)
"""Any turn at all, every field known or not."""


@st.composite
def logs(draw: st.DrawFn, *, max_turns: int = 12) -> list[Turn]:
    """A small log: few users, devices and requests, gaps on both sides of 45 s, unique turn ids, in any order."""
    seconds = st.sampled_from([0.0, 1.0, 20.0, 45.0, 45.000001, 60.0, 3600.0, 86_400.0])
    at, said = START, []
    for index in range(draw(st.integers(0, max_turns))):
        at += timedelta(seconds=draw(seconds))
        said.append(
            Turn(
                turn_id=f"t{index}",
                user_id=draw(st.sampled_from(["ann", "bo", "cy"])),
                device_id=draw(st.sampled_from([None, "kitchen"])),
                session_id=draw(st.sampled_from([None, None, None, "call-1"])),
                said_at=at,
                request=draw(st.sampled_from(["play jazz", "play jass", "stop", "lights on", ""])),
                status=draw(st.sampled_from([None, "ok", "failed"])),
                barge_in_ms=draw(st.sampled_from([None, 300.0])),
            )
        )
    return draw(st.permutations(said))
