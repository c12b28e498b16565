"""What damage is noticed, and what a killed process leaves: flipped bits in a log, and kills at single disk operations.

    uptake bench reliability --json [--quick]

flips_*  bits flipped in one file of a log of 400 turns: refused with an error that names the directory, read as it was
         (the bit meant nothing, or was made again), or silent: read otherwise, which must be 0
kills_*  processes killed before their n-th disk operation, for n spread over all of them; lost: a turn that was
         acknowledged is missing, doubled, or what is served is not whole; words: something of a forgotten user is left
         after the next forgetting; both must be 0

Everything runs in forked processes of this one, on a directory of its own.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from uptake.errors import UptakeError

ANN, WORD = "ann-quagga", "quagga"
"""A user to forget, and a word that nobody else says."""

Tell = Callable[[str], None]
_AT_ONCE = 50
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WRITES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.rmtree"}
_OPENS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def run(
    turns: int = 400, *, flips: int = 350, kills: int = 6, seed: int = 1, quick: bool = False, tell: Tell = print
) -> dict[str, float]:
    """Flip and kill; returns counts.

    Args:
        turns: Turns of the log.
        flips: Bits to flip, over all files of a log.
        kills: Processes to kill, for each of what is done.
        seed: Seed of what is flipped.
        quick: Whether to flip and kill a few times only, in a small log.
        tell: Called with what is being done.
    """
    if quick:
        turns, flips, kills = 60, 40, 1
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        _in_child(lambda: _make_log(place / "log", turns))
        found = {"refused": 0, "same": 0, "silent": 0}
        for first in range(0, flips, _AT_ONCE):
            tell(f"{first} of {flips} bits flipped")
            some = range(first, min(first + _AT_ONCE, flips))
            for name, count in _in_child(lambda some=some: _flip(place, turns, some, seed)).items():
                found[name] += count
        figures |= {f"flips_{name}": count for name, count in found.items()}
        _in_child(lambda: _make_state(place / "state", turns))
        for name, do, check in _DEEDS:
            tell(f"killing: {name}")
            figures |= _killed(place, name, do, check, kills)
    return figures


def said(turns: int) -> Iterator[Any]:
    """Yield turns of four users, one of them `ANN`."""
    from uptake.types import Turn

    users = (ANN, "bo", "cy", "di")
    for row in range(turns):
        user, pair = users[row % 4], row // 4
        wish = ("play harry porter", "play harry potter") if pair % 6 < 4 else (f"find {user} {pair}", "stop")
        own = f" {WORD}" if user == ANN and pair % 6 >= 4 else ""
        yield Turn(
            turn_id=f"{user}-{row:06}",
            user_id=user,
            said_at=_START + timedelta(seconds=600 * (pair // 2) + 10 * (pair % 2) + row % 4),
            request=wish[pair % 2] + own,
            status="failed" if pair % 2 == 0 else "ok",
        )


def _make_log(directory: Path, turns: int) -> None:
    from uptake.log.store import TurnLog

    every = list(said(turns))
    with TurnLog(directory, part_rows=max(turns // 8, 1)) as log:
        log.append(every[: turns // 2])
        log.compact()
        log.append(every[turns // 2 :])


def _flip(place: Path, turns: int, flips: range, seed: int) -> dict[str, int]:
    """Flip one bit at a time; returns how it was read."""
    from uptake.log.store import TurnLog

    logging.disable(logging.WARNING)  # an index that is made again is named each time
    want = list(said(turns))
    want.sort(key=lambda one: (one.said_at, one.turn_id))
    files = sorted(path.relative_to(place / "log") for path in (place / "log").rglob("*") if path.is_file())
    files = [path for path in files if (place / "log" / path).stat().st_size]
    found = {"refused": 0, "same": 0, "silent": 0}
    for number in flips:
        chance = random.Random(f"{seed} {number}")
        copy = place / "flipped"
        shutil.copytree(place / "log", copy)
        path = copy / files[number % len(files)]
        content = bytearray(path.read_bytes())
        bit = chance.randrange(8 * len(content))
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            with TurnLog(copy, part_rows=max(turns // 8, 1)) as log:
                same = list(log.read()) == want
                log.compact()
                same = same and list(log.read()) == want
            found["same" if same else "silent"] += 1
        except UptakeError as error:
            found["refused" if str(copy) in str(error) else "silent"] += 1
        except Exception:  # noqa: BLE001 - whatever is no refusal counts as none
            found["silent"] += 1
        shutil.rmtree(copy)
    return found


def _make_state(directory: Path, turns: int) -> None:
    """Make a state directory in which everything there is knows `ANN`."""
    from uptake.release.night import release
    from uptake.release.state import State
    from uptake.types import Request

    directory.mkdir(mode=0o700)
    _make_log(directory / "log", turns)
    state = State(directory)
    agent = state.assistant(logged=True)
    for text in (f"add {WORD} soup to the shopping list", f"play {WORD} in the living room", "what time is it"):
        agent.answer(Request(text=text, user_id=ANN))
    agent.answer(Request(text="add milk to the shopping list", user_id="bo"))
    (directory / "turns.txt").write_text(str(turns))
    (directory / "chat_history").write_text(f"# ann\n+play {WORD}\n")
    release(state)
    state.log.append(list(said(turns + 8))[turns:])


def _forget(state: Any) -> None:
    from uptake.release.forget import forget

    forget(ANN, state)


def _forgotten(state: Any, turns: int) -> str:
    """Let the next forgetting finish; returns what is wrong, "" for nothing."""
    from uptake.release.forget import forget, forgetting
    from uptake.release.state import State

    begun = forgetting(state) or not traces_of(state.directory, WORD)
    forget("nobody" if begun else ANN, state)  # one killed before it was written down is asked for again
    kept = [one.turn_id for one in State(state.directory).log.read() if one.user_id in ("bo", "cy", "di")]
    others = sum(one.user_id != ANN for one in said(turns + 8))
    if len(set(kept)) != len(kept) or len([name for name in kept if "-0" in name]) != others:
        return "lost"
    return "words" if traces_of(state.directory, WORD) else ""


def traces_of(directory: Path, word: str) -> list[Path]:
    """Return the files that hold a word, also where they are compressed."""
    import pyarrow.parquet as pq

    found = []
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        content = path.read_bytes() + str(path).encode()
        if path.suffix == ".parquet":
            content += repr(pq.ParquetFile(path).read().to_pylist()).encode()
        if word.encode() in content:
            found.append(path)
    return found


def _compact(state: Any) -> None:
    state.log.compact()


def _append(state: Any) -> None:
    state.log.append(list(said(2_000))[1_000:])


def _publish(state: Any) -> None:
    from uptake.release.night import release

    release(state)


def _whole(state: Any, turns: int) -> str:
    """Return what is wrong with a directory after a kill, "" for nothing."""
    from uptake.release.doctor import examine
    from uptake.release.state import State

    kept = [one.turn_id for one in State(state.directory).log.read()]
    if len(set(kept)) != len(kept) or not {one.turn_id for one in said(turns + 8)} <= set(kept):
        return "lost"
    wrong = [one for one in examine(state) if one.place in ("log", "artifacts", "memory", "decisions")]
    return "lost" if [one for one in wrong if "left by a killed process" not in one.problem] else ""


def _two(state: Any) -> None:
    """Answer in one process while another one does."""
    from uptake.types import Request

    state.assistant().components.understanding.warm()
    other = os.fork()
    agent = state.assistant(logged=True)
    for number in range(3):
        agent.answer(Request(text=f"add item {number + 5 * bool(other)} to the shopping list", user_id="cy"))
    if not other:
        os._exit(0)
    os.waitpid(other, 0)


_DEEDS: tuple[tuple[str, Callable[[Any], None], Callable[[Any, int], str]], ...] = (
    ("append", _append, _whole),
    ("compact", _compact, _whole),
    ("publish", _publish, _whole),
    ("two_processes", _two, _whole),
    ("forget", _forget, _forgotten),
)


def _killed(
    place: Path, name: str, do: Callable[[Any], None], check: Callable[[Any, int], str], kills: int
) -> dict[str, float]:
    """Kill a deed before each of some of its disk operations; returns counts."""
    turns = int((place / "state" / "turns.txt").read_text())
    copy = place / "killed"
    shutil.copytree(place / "state", copy)
    total = int(_in_child(lambda: _count(copy, do)))
    shutil.rmtree(copy)
    found = {"lost": 0, "words": 0}
    moments = sorted({1 + number * total // kills for number in range(kills)})
    for moment in moments:
        shutil.copytree(place / "state", copy)
        _in_child(lambda moment=moment: _count(copy, do, kill_at=moment))
        wrong = _in_child(lambda: check(_state(copy), turns))
        if wrong:
            found[wrong if wrong in found else "lost"] += 1
        shutil.rmtree(copy)
    return {f"kills_{name}": len(moments), **{f"kills_{name}_{what}": count for what, count in found.items()}}


def _state(directory: Path) -> Any:
    from uptake.release.state import State

    return State(directory)


def _count(directory: Path, do: Callable[[Any], None], *, kill_at: int = 0) -> int:
    """Count the disk operations of a deed under a directory; die before one of them."""
    done = 0

    def seen() -> None:
        nonlocal done
        done += 1
        if done == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WRITES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _OPENS):
            where = arguments[0]
            if isinstance(where, str | os.PathLike) and str(where).startswith(str(directory)):
                seen()

    class Counting(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            if arguments[0].lstrip()[:6].upper() in ("INSERT", "DELETE", "COMMIT", "VACUUM", "PRAGMA"):
                seen()
            return super().execute(*arguments)

        def executemany(self, *arguments: Any) -> sqlite3.Cursor:
            seen()
            return super().executemany(*arguments)

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **named: connect(*args, **{"factory": Counting, **named})  # type: ignore[assignment]
    sys.addaudithook(heard)
    do(_state(directory))
    return done


def _in_child(do: Callable[[], Any]) -> Any:
    """Run something in a process of its own; returns its result, None where it was killed."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        with contextlib.suppress(BaseException):
            os.close(read)
            try:
                result = json.dumps(do()).encode()
            except Exception as error:  # noqa: BLE001 - told to the parent
                result = json.dumps(f"{type(error).__name__}: {error}").encode()
            with os.fdopen(write, "wb") as out:
                out.write(result)
            status = 0
        os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as back:
        content = back.read()
    os.waitpid(child, 0)
    return json.loads(content) if content else None
