"""A whole decision with the online step: pipeline, guard, retrieval, ranker, preflight of the real assistant.

The assistant of the home that ships is asked for what it can do; 10^5 requests that work for many and a history of 300
requests for each of 50 people are looked through. What is said is misheard as the simulator's recogniser does, with a
list of up to five; no text is heard twice. What the index knows has the reading it worked with, as a learned index has;
the recogniser's other texts are read by the assistant, which is what takes the time. Times are CPU time of the thread;
the assistant's reading of the request as heard, which it makes with or without rewriting, is not in them.

    light.p50_ms, light.p99_ms                 requests as they come
    light.sure_p50_ms, light.sure_p99_ms       of these, the ones that the assistant is sure of: nothing is looked up
    light.unsure_p50_ms, light.unsure_p99_ms   only requests that it is unsure of: everything is asked
    light.unread_p99_ms                        the same where the index knows no readings: every candidate is read
    light.unsure_share                         of the requests as they come
    light.retrieval_p50_ms, _p99_ms            of an unsure request: candidates,
    light.reading_p50_ms, _p99_ms                  what the assistant makes of those that nobody read before,
    light.ranking_p50_ms, _p99_ms                  weighing
    light.own_reading_p50_ms, _p99_ms          the assistant's reading of the request as heard
    minilm.*                                   the same with MiniLM vectors of the `vectors` commonest requests
                                               (with the encoder installed), of requests of at most 8 words
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin, observe
from uptake.assistant.loop import Agent
from uptake.assistant.preflight import DryRun
from uptake.assistant.read import Readings, read
from uptake.catalogue import open_pipeline
from uptake.lab.simulate.channel import Channel, Voice
from uptake.lab.simulate.people import task_texts
from uptake.ml.encoder.minilm import MiniLM
from uptake.ml.neighbours.trigrams import TrigramIndex
from uptake.ml.neighbours.vectors import VectorIndex
from uptake.rewriting.guard import Guard
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.ranking.scorer import Rank
from uptake.rewriting.ranking.step import PROPOSE, TRUSTED, candidates, shipped
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.rewriting.retrieval.step import Retrieval
from uptake.store.store import ArtifactStore
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Request, Situation


def _beside(name: str) -> Any:
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


wishes, turns, retrieve = _beside("wishes"), _beside("turn"), _beside("retrieve")
_KITCHEN = Origin(device_type="speaker", has_screen=False, room="Kitchen")
_PEOPLE, _SHELF, _MOST_WORDS = 50, 300, 8
_TRIES = 40  # utterances for one request that is wanted
_DONE = 0.5  # confidence of a request that is done when it is heard right
_WARM = 60


class _Asked(NamedTuple):
    """A request at the moment at which it is decided."""

    request: Request
    situation: Situation
    heard: Readings
    """What the assistant made of it."""
    own_ms: float
    """Time of the assistant's own reading."""


def run(*, rows: int = 100_000, vectors: int = 20_000, count: int = 1_500) -> dict[str, float]:
    """Measure `count` requests as they come and as many unsure ones."""
    TrigramIndex.warm()
    figures = {"decide-online.rows": float(rows)}
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        agent = open_agent(Path(place))
        agent.components.understanding.warm()
        said = _doable(agent, turns._requests(agent, 3 * count))
        texts = wishes.made(rows, list(dict.fromkeys([*said, *wishes.real()])))
        index, unread = _index(agent, texts, said), RequestIndex.of(IndexedRequest(text, 5, 9) for text in texts)
        figures |= _measured("light", agent, _served(Path(place) / "light", index), index, said, count)
        other = _served(Path(place) / "unread", unread)
        asked = _asked(agent, said, count // 3, seed=3, sure_too=False)
        figures["light.unread_p99_ms"] = _times(lambda one: _decide(agent, other, one), asked)[1]
        encoder = MiniLM.available()
        if encoder is not None:
            given = retrieve._encoded(encoder, texts[:vectors])
            dense = replace(index, vectors=VectorIndex.of(given), encoder=encoder.name)
            VectorIndex.warm()
            figures["minilm.vectors"] = float(len(given))
            short = [text for text in said if text.count(" ") < _MOST_WORDS]
            figures |= _measured("minilm", agent, _served(Path(place) / "minilm", dense), dense, short, count)
    return figures


def _doable(agent: Agent, texts: Sequence[str]) -> list[str]:
    """The texts that the assistant is sure of when it hears them right."""
    found = []
    for text in dict.fromkeys(map(normalize, texts)):
        reading = _preflight(agent, *_heard(agent, text, "user0"))(text)
        if reading is not None and (reading.confidence or 0.0) >= _DONE:
            found.append(text)
    return found


def _index(agent: Agent, texts: Sequence[str], said: Sequence[str]) -> RequestIndex:
    """Requests that work, with what the assistant took them for; those of other homes were taken for something."""
    known = {text: _read(agent, text) for text in said}
    rng = random.Random(0)
    histories = {}
    for person in range(_PEOPLE):
        own = rng.sample(list(said), min(_SHELF, len(said)))
        counts = [Count(text, known[text], 1, None, None, None, None, 4, 4) for text in own]
        histories[f"user{person}"] = UserHistory().plus(counts)
    shared = (IndexedRequest(text, 5, 9, 1, known[text] if text in known else _elsewhere(text)) for text in texts)
    return RequestIndex.of(shared, histories)


def _read(agent: Agent, text: str) -> str | None:
    reading = _preflight(agent, *_heard(agent, text, "user0"))(text)
    return reading.key if reading is not None else None


def _elsewhere(text: str) -> str:
    first, _, rest = text.partition(" ")
    return Interpretation(intent=f"{first.title()}Something", slots=(("what", rest),) if rest else ()).key


def _served(directory: Path, index: RequestIndex) -> Pipeline:
    store = ArtifactStore(directory)
    store.publish(index)
    return open_pipeline(store, overrides=directory / "overrides.json", guard=Guard(budget_share=1.0))


def _heard(agent: Agent, text: str, user_id: str) -> tuple[Situation, Readings]:
    """The situation in the kitchen, and what the assistant makes of a text there."""
    home, memory, skills = agent.components.home, agent.components.memory, agent.components.skills
    situation = observe(_KITCHEN, home, memory, user_id, recent=(), skills=skills)
    return situation, read(text, situation, agent.components)


def _preflight(agent: Agent, situation: Situation, heard: Readings) -> DryRun:
    return DryRun(heard, situation, agent.components, ask_at=agent.ask_at)


def _measured(
    name: str, agent: Agent, pipeline: Pipeline, index: RequestIndex, said: Sequence[str], count: int
) -> dict[str, float]:
    as_they_come = _asked(agent, said, count, seed=0)
    sure = [one for one in as_they_come if one.request.confidence >= TRUSTED]
    unsure = _asked(agent, said, count, seed=1, sure_too=False)
    figures = {f"{name}.unsure_share": 1.0 - len(sure) / len(as_they_come)}

    def decide(one: _Asked) -> None:
        _decide(agent, pipeline, one)

    for what, asked in (("", as_they_come), ("sure_", sure), ("unsure_", unsure)):
        figures[f"{name}.{what}p50_ms"], figures[f"{name}.{what}p99_ms"] = _times(decide, asked)
    parts = _parts(agent, index, _asked(agent, said, count // 2, seed=2, sure_too=False))
    parts["own_reading"] = [one.own_ms for one in as_they_come]
    for part, times in parts.items():
        figures[f"{name}.{part}_p50_ms"], figures[f"{name}.{part}_p99_ms"] = _quantiles(times)
    return figures


def _asked(agent: Agent, said: Sequence[str], count: int, *, seed: int, sure_too: bool = True) -> list[_Asked]:
    """Requests as a recogniser hears them, every text once, read by the assistant."""
    channel, rng = Channel([*said, *task_texts()], seed=seed), np.random.default_rng(seed)
    found: list[_Asked] = []
    seen: set[str] = set()
    for at in range(_TRIES * count):
        person = f"user{rng.integers(_PEOPLE)}"
        voice = Voice(speaker=person, accent="", far=bool(rng.random() < 0.5))
        listed = channel.hear(said[at % len(said)], voice, rng)
        request = Request(text=listed[0].text, user_id=person, alternatives=listed)
        if not request.text or request.text in seen:
            continue
        seen.add(request.text)
        begun = time.thread_time_ns()
        situation, heard = _heard(agent, request.text, person)
        reading = _preflight(agent, situation, heard)(heard.text)
        sure = reading.confidence or 0.0 if reading is not None else 0.0
        own_ms = (time.thread_time_ns() - begun) / 1e6
        if sure_too or sure < TRUSTED:
            found.append(_Asked(replace(request, confidence=sure), situation, heard, own_ms))
        if len(found) == count:
            break
    return found


def _decide(agent: Agent, pipeline: Pipeline, one: _Asked) -> None:
    pipeline.decide(one.request, one.situation, _preflight(agent, one.situation, one.heard))


def _parts(agent: Agent, index: RequestIndex, asked: Sequence[_Asked]) -> dict[str, list[float]]:
    """Where the time of unsure requests goes."""
    retrieval = Retrieval.over(index)
    generators = (retrieval, *PROPOSE)
    times: dict[str, list[float]] = {"retrieval": [], "reading": [], "ranking": []}
    for one in asked:
        dry, spent = _preflight(agent, one.situation, one.heard), [0]

        def tried(text: str, dry: DryRun = dry, spent: list[int] = spent) -> tuple[Interpretation, ...]:
            begun = time.thread_time_ns()
            reading = dry(text)
            spent[0] += time.thread_time_ns() - begun
            return () if reading is None else (reading,)

        begun = time.thread_time_ns()
        found = candidates(generators, one.request, one.situation)
        looked = time.thread_time_ns()
        own, readings = retrieval.taken(one.request.user_id), tried(one.request.text)
        Rank(shipped(), tried)(one.request, found, situation=one.situation, readings=readings, own=own)
        ended = time.thread_time_ns()
        times["retrieval"].append((looked - begun) / 1e6)
        times["reading"].append(spent[0] / 1e6)
        times["ranking"].append((ended - looked - spent[0]) / 1e6)
    return times


def _times(ask: Callable[[_Asked], None], asked: Sequence[_Asked]) -> tuple[float, float]:
    """p50 and p99 in milliseconds of CPU; the first ones only warm up."""
    times = np.empty(len(asked))
    gc.collect()
    gc.disable()
    try:
        for at, one in enumerate(asked):
            begun = time.thread_time_ns()
            ask(one)
            times[at] = time.thread_time_ns() - begun
    finally:
        gc.enable()
    return _quantiles((times / 1e6).tolist())


def _quantiles(times_ms: Sequence[float]) -> tuple[float, float]:
    p50, p99 = np.percentile(times_ms[min(_WARM, len(times_ms) // 4) :], [50, 99])
    return float(p50), float(p99)


if __name__ == "__main__":
    print(run())
