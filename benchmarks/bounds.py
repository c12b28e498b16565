"""What must not grow: memory with turns, the cost of a turn with users ever seen and with the length of a request.

    uptake bench bounds --turns 100000 --json

bounds.memory_mb_at_N        resident memory of the process after N turns with the assistant, half of them of a wording
                             that was never said before; bounds.memory_growth_mb: from 5,000 turns to the end
bounds.turn_ms_at_N_users    CPU time of a turn, median, of a person who asks for the first time, after N others did;
                             bounds.turn_p99_ms_at_N_users: the 99th percentile
bounds.long_p50_ms, _p99_ms, _worst_ms   CPU time of requests of up to 10,000 characters: repeated words and commands,
                             conjunctions, numbers, quotes, brackets, other scripts, marks without end

Each part runs in a process of its own, on a state directory of its own; memory is that of the process as the system
counts it, libraries and models included.
"""

from __future__ import annotations

import gc
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from uptake.assistant.build import open_agent
from uptake.assistant.loop import Agent
from uptake.log.store import TurnLog
from uptake.store.store import ArtifactStore
from uptake.types import Request

_SETTLED = 5_000
"""Turns after which memory is to have its size."""
_PEOPLE = 20
_USUAL = 500
_TIDIES = ("cancel all timers", "cancel all alarms", "clear the shopping list", "cancel all reminders")
_ASKS_FOR_A_FACT = "what is the capital of france"
_USERS = (0, 1_000, 3_000)
_LENGTHS = (100, 400, 500, 1_000, 2_000, 10_000)
Tell = Callable[[str], None]
_UNITS = (
    "yes and ", "turn on the kitchen light and ", "add milk and ", "a ", "and ", "then ", "no, ", "wait no ",
    "not ", "is the light on and ", "play music then ", "turn on the light, ", "the kitchen ", "set it to 5 and ",
    "5 ", "1.5, ", "100000000000000000000 ", "two hundred and ", "at 5 ", "at 5 pm and ", "in 5 minutes and ",
    "tomorrow ", "every day ", "until ", "if it rains ", "except the hall ", "remind me to call and ", "\u201c",
    "\"", "'", "\"a\" ", "(", ")", "((a) ", "don't ", "i'm ", "what's ", "\xe0", "\xe9 ", "\xdf", "\ufb03",
    "\u65e5\u672c", "\u0432\u043a\u043b\u044e\u0447\u0438 ", "a\u0301", "\u200b", "\u202e", "\U0001f4a1",
    "0\ufe0f\u20e3", "\\", "%", "$1 ", "/", "-", "--- ", "...", "? ", "! ", ". ", ";", ": ", "\t", "aaaa", "ab",
    "turn off everything but the hall and ", "cancel that ", "undo ", "twenty ", "half ", "minus ", "to ", "of ",
    "in the ", "my ", "when i say x do ", "all lights off and on, ",
)  # fmt: skip


def run(turns: int = 20_000, *, quick: bool = False, tell: Tell = print) -> dict[str, float]:
    """Measure memory over so many turns, the cost of a turn after so many users, and long requests.

    Args:
        turns: Turns with the assistant over which memory is measured.
        quick: Whether to measure a small size, which shows that it runs.
        tell: Called with what is being done.
    """
    users, asked = ((0, 20), 20) if quick else (_USERS, 200)
    figures = _alone(_long, 25 if quick else 1, tell=tell) | _alone(_users, users, asked, tell=tell)
    figures |= _alone(_memory, 200 if quick else turns, tell=tell)
    return {f"bounds.{name}": value for name, value in figures.items()}


def _memory(directory: Path, turns: int, *, tell: Tell) -> dict[str, float]:
    with TurnLog(directory / "log") as log:
        agent = open_agent(directory, log=log, store=ArtifactStore(directory / "artifacts"))
        agent.answer(Request(text=_ASKS_FOR_A_FACT, user_id="user0"))  # loads what would be loaded at some later turn
        texts, figures = _half_new(agent), {}
        settled = min(_SETTLED, turns)
        for number in range(1, turns + 1):
            agent.answer(Request(text=next(texts), user_id=f"user{number % _PEOPLE}"))
            if number % 50 == 0:
                agent.due()
            if number in (settled, turns) or number % _SETTLED == 0:
                gc.collect()
                figures[f"memory_mb_at_{number}"] = _resident_mb()
                tell(f"{number:,} of {turns:,} turns: {_resident_mb():.0f} MB")
    figures["memory_growth_mb"] = figures[f"memory_mb_at_{turns}"] - figures[f"memory_mb_at_{settled}"]
    return figures


def _half_new(agent: Agent) -> Iterator[str]:
    """Yield requests without end: a usual one, one that nobody made before, and so on; and what tidies up, at times."""
    wishes = _beside("wishes")
    turn = _beside("turn")
    usual, chance = turn._requests(agent, _USUAL), random.Random(0)
    number = 0
    while True:
        new = wishes.made(_SETTLED, usual, seed=number)
        for text in new[_USUAL:]:
            number += 1
            yield chance.choice(usual)
            yield _TIDIES[number // 50 % len(_TIDIES)] if number % 50 == 0 else f"{text} {number}"


def _users(directory: Path, users: tuple[int, ...], asked: int, *, tell: Tell) -> dict[str, float]:
    figures: dict[str, float] = {}
    with TurnLog(directory / "log") as log:
        agent = open_agent(directory, log=log, store=ArtifactStore(directory / "artifacts"))
        agent.components.understanding.warm()
        usual = _beside("turn")._requests(agent, _USUAL)
        for text in usual[:100]:
            agent.answer(Request(text=text, user_id="warm"))
        seen = 0
        for number in users:
            for user in range(seen, number):
                agent.answer(Request(text=usual[user % _USUAL], user_id=f"early{user}"))
            agent.answer(Request(text="cancel all timers", user_id="warm"))
            seen = number
            spent = _spent_ms(agent, [(usual[at], f"late{number}-{at}") for at in range(asked)])
            figures[f"turn_ms_at_{number}_users"] = float(np.median(spent))
            figures[f"turn_p99_ms_at_{number}_users"] = float(np.percentile(spent, 99))
            tell(f"after {number:,} users: {np.median(spent):.1f} ms a turn")
    return figures


def _long(directory: Path, every: int, *, tell: Tell) -> dict[str, float]:
    with TurnLog(directory / "log") as log:
        agent = open_agent(directory, log=log, store=ArtifactStore(directory / "artifacts"))
        agent.components.understanding.warm()
        texts = list(long_requests())[::every]
        for text in _beside("turn")._requests(agent, 20):  # what is loaded when it is first needed
            agent.answer(Request(text=text, user_id="warm"))
        spent = _spent_ms(agent, [(text, f"user{at}") for at, text in enumerate(texts)])
    p50, p99 = np.percentile(spent, [50, 99])
    tell(f"longest to answer: {texts[int(np.argmax(spent))][:40]!r}")
    return {"long_requests": len(texts), "long_p50_ms": p50, "long_p99_ms": p99, "long_worst_ms": max(spent)}


def long_requests() -> Iterator[str]:
    """Yield requests of 100 to 10,000 characters, of the kinds that make readers work."""
    chance = random.Random(0)
    for length in _LENGTHS:
        for unit in _UNITS:
            for start in ("", "add ", "turn on the light and ", "remind me to ", "is "):
                yield (start + unit * (1 + length // len(unit)))[:length]
        for _ in range(100):
            text = "".join(chance.choice(_UNITS) for _ in range(length))
            yield text[:length]


def _spent_ms(agent: Agent, said: list[tuple[str, str]]) -> list[float]:
    spent = []
    gc.collect()
    gc.disable()
    for text, user_id in said:
        began = time.process_time()
        agent.answer(Request(text=text, user_id=user_id))
        spent.append((time.process_time() - began) * 1e3)
    gc.enable()
    return spent


def _alone(measure: Callable[..., dict[str, float]], *arguments: Any, tell: Tell) -> dict[str, float]:
    """Measure in a process of its own, which tells what it does."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(theirs, measure, arguments))
    process.start()
    theirs.close()
    try:
        while isinstance(said := ours.recv(), str):
            tell(said)
        return said
    finally:
        process.join()


def _measure(out: Any, measure: Callable[..., dict[str, float]], arguments: tuple[Any, ...]) -> None:
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        out.send(measure(Path(place), *arguments, tell=out.send))


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _beside(name: str) -> Any:
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{name}.py must stand beside this file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
