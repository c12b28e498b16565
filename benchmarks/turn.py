"""A whole text turn: hear, read, rewrite, resolve, act, reply, and the turn in the log on disk.

Requests to the home that ships, every one of another wording, so that no cache of texts helps: commands and questions
about real devices, the skills' own examples, misspelt ones, and some that are nothing the assistant can do.

    turn.p50_ms, turn.p99_ms             process CPU time of one Agent.answer
    turn.wall_p50_ms, turn.wall_p99_ms   wall time of the same calls, the log's fsync included
    turn.encoder_p50_ms, _p99_ms         CPU time where every request is also encoded by MiniLM, as a model that reads
                                         with sentence vectors needs it (with `uptake[encoder]` installed)
    turn.start_s                         wall time of `uptake ask` as a new process, median of five, with the compiled
                                         modules that an installed package has
    turn.memory_mb                       peak resident memory of a process that answers all these requests
"""

from __future__ import annotations

import gc
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.log.store import TurnLog
from uptake.ml.encoder.minilm import MiniLM
from uptake.store.store import ArtifactStore
from uptake.types import Request

_PLEASE = ("", "please ", "could you ", "hey ")
_ENDS = ("", " please", " now", " for me")
_ABOUT_DEVICES = (
    "turn on the {name}",
    "turn the {name} off",
    "is the {name} on",
    "set the {name} to {n} percent",
    "swich on the {name}",
    "what is the {name} doing",
)
_OTHER = (
    "set a timer for {n} minutes",
    "what is {n} times {n}",
    "add {n} eggs to the shopping list",
    "wake me at 7 {n}",
    "what's the weather on day {n}",
    "who won the cup in 19{n}",
    "book flight {n} to the moon",
    "play some jazz number {n}",
    "how many cups are {n} litres",
    "remind me to call home in {n} minutes",
)


def run(*, count: int = 600) -> dict[str, float]:
    """Measure `count` turns after a warm-up, without and with sentence vectors."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        light = _measure(Path(place) / "light", count)
        _start_s(Path(place) / "start")  # compiles
        start = median(_start_s(Path(place) / "start") for _ in range(5))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        encoded = _measure(Path(place) / "encoder", count, MiniLM()) if MiniLM.available() else None
    figures = {
        "turn.requests": float(count),
        "turn.p50_ms": light[0][0],
        "turn.p99_ms": light[0][1],
        "turn.wall_p50_ms": light[1][0],
        "turn.wall_p99_ms": light[1][1],
        "turn.start_s": start,
        "turn.memory_mb": memory,
    }
    if encoded is not None:
        figures |= {"turn.encoder_p50_ms": encoded[0][0], "turn.encoder_p99_ms": encoded[0][1]}
    return figures


def _measure(
    directory: Path, count: int, encoder: MiniLM | None = None
) -> tuple[tuple[float, float], tuple[float, float]]:
    """((p50, p99) of CPU time, (p50, p99) of wall time), in milliseconds."""
    with TurnLog(directory / "log") as log:
        agent = open_agent(directory, log=log, store=ArtifactStore(directory / "artifacts"))
        agent.components.understanding.warm()
        texts = _requests(agent, count + 100)
        times = np.empty((2, len(texts)))
        gc.disable()
        try:
            for at, text in enumerate(texts):
                request = Request(text=text, user_id=f"user{at % 7}")
                origin = Origin(device_type="speaker", has_screen=False, room="Kitchen")
                wall, cpu = time.perf_counter_ns(), time.process_time_ns()
                agent.answer(request, origin)
                if encoder is not None:
                    encoder.encode([text])
                times[:, at] = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
                if at % 50 == 0:
                    gc.collect()
        finally:
            gc.enable()
    p50, p99 = (np.percentile(times[:, 100:], share, axis=1) / 1e6 for share in (50, 99))
    return (float(p50[0]), float(p99[0])), (float(p50[1]), float(p99[1]))


def _requests(agent, count: int) -> list[str]:
    random = np.random.default_rng(0)
    names = [device.name.lower() for device in agent.components.home.devices]
    examples = [text for intent in agent.components.skills.intents.values() for text in intent.examples]
    made = {
        f"{start}{form.format(name=name, n=number)}{end}"
        for form, name, start, end, number in zip(
            itertools.cycle(_ABOUT_DEVICES + _OTHER),
            random.choice(names, 20 * count),
            random.choice(_PLEASE, 20 * count),
            random.choice(_ENDS, 20 * count),
            random.integers(2, 60, 20 * count),
            strict=False,
        )
    }
    texts = sorted(made | set(examples))
    random.shuffle(texts)
    return texts[:count]


def _start_s(directory: Path) -> float:
    ask = [
        sys.executable,
        "-m",
        "uptake",
        "ask",
        "turn on the kitchen light",
        "--user",
        "ann",
        "--state",
        str(directory),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(directory.with_name("compiled"))
    begun = time.perf_counter()
    subprocess.run(ask, check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(run())
