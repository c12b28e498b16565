"""Storing turns through the command line, as others do it: a file, a stream, and one turn at a time.

ingest.file_turns_per_s     turns of a file over CPU seconds of `uptake ingest FILE`
ingest.stream_turns_per_s   the same for `uptake ingest --format turns - --ack` with everything sent at once
ingest.json_ratio           CPU of the file, over CPU of only decoding its lines with the same JSON library
ingest.ack_p50_ms, _p99_ms  wall time from sending one turn to reading its acknowledgement
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def run(*, turns: int = 200_000, acks: int = 300) -> dict[str, float]:
    """Measure `turns` small turns, and `acks` single ones."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        home = Path(place)
        lines = [_line(number) for number in range(turns)]
        (home / "turns.jsonl").write_bytes(b"".join(lines))
        file_s = _cpu_s(["ingest", str(home / "turns.jsonl"), "--state", str(home / "a")])
        stream_s = _cpu_s(
            ["ingest", "--format", "turns", "-", "--ack", "--state", str(home / "b")], given=b"".join(lines)
        )
        decode = "import msgspec,sys;d=msgspec.json.Decoder();[d.decode(x) for x in open(sys.argv[1],'rb')]"
        decode_s = _children_s([sys.executable, "-c", decode, str(home / "turns.jsonl")])
        waited_ms = _acknowledged([_line(turns + number) for number in range(acks)], home / "c")
    return {
        "ingest.turns": turns,
        "ingest.file_turns_per_s": round(turns / file_s),
        "ingest.stream_turns_per_s": round(turns / stream_s),
        "ingest.json_ratio": round(file_s / decode_s, 2),
        "ingest.ack_p50_ms": round(float(np.quantile(waited_ms, 0.5)), 3),
        "ingest.ack_p99_ms": round(float(np.quantile(waited_ms, 0.99)), 3),
    }


def _line(number: int) -> bytes:
    turn = {
        "turn_id": f"turn-{number}",
        "user_id": f"user-{number // 3 % 500}",
        "device_id": f"speaker-{number // 3 % 500}",
        "said_at": 1_767_225_600_000_000 + number * 7_000_000,
        "request": f"play song {number % 997}",
        "status": "failed" if number % 13 == 0 else "ok",
    }
    return json.dumps(turn).encode() + b"\n"


def _cpu_s(arguments: list[str], *, given: bytes = b"") -> float:
    return _children_s([sys.executable, "-m", "uptake", *arguments], given=given)


def _children_s(command: list[str], *, given: bytes = b"") -> float:
    """CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def _acknowledged(lines: list[bytes], state: Path) -> list[float]:
    """Milliseconds from sending a turn to its acknowledgement, one turn at a time."""
    command = [sys.executable, "-m", "uptake", "ingest", "--format", "turns", "-", "--ack", "--state", str(state)]
    waited = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as ingest:
        for line in lines:
            begun = time.perf_counter()
            ingest.stdin.write(line)
            assert ingest.stdout.readline()
            waited.append((time.perf_counter() - begun) * 1_000)
        ingest.stdin.close()
    return waited[1:]  # the first waits for the process to start
