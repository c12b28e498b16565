"""A small log by hand, marked and written out: `python -m tests.feedback.golden_view` writes it anew.

It refuses while the marking differs from what is written and `VIEW_VERSION` has not been raised.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from tests.builders import session
from uptake.feedback.turns_view import TURNS, VIEW_VERSION, mark
from uptake.log.rows import to_table
from uptake.types import Context, Interpretation, Session

GOLDEN = Path(__file__).with_name("golden_view.txt")
_PLAY = Interpretation(domain="media", intent="play", slots=(("song", "b"), ("artist", "a")), confidence=0.8)
_HERE = Context(device_type="speaker", device_state="on", room="Kitchen", local_time="07:05", place="home")


def sessions() -> list[Session]:
    """Every reaction, every status, a rewrite, a reading, and where and when."""
    said = [
        session("Play harry porter!", "stop", "play harry potter", "thank you", failed=(0,)),
        session("light on", "No, I said the kitchen light", "light on in the kitchen", status=None),
        session("set a timer for five minutes", barge_in_ms=1200.0, status="cancelled"),
        session("what's the weather", "weather tomorrow please", gap_s=40, status="unsupported"),
        session("play some music", "stop", gap_s=31),
        session("call mom", response="Which number?"),
        session("turn on the oven", failed=(0,)),
        session("play jazz", "yes please", "play rock", "no", status=None, response="Done. Did I get that right?"),
        session("play it", "play the other one", interpretation=_PLAY, context=_HERE, home_id="h1", undone=True),
        session("dim the hall", answer=False),
        session("dim the halls", answer=True),
        session("play jess", "volume up", acted_on="Play Jazz", interpretation=_PLAY, arm="rewrite", propensity=0.9),
    ]
    return [
        replace(
            one,
            session_id=f"s{at}",
            turns=tuple(
                replace(turn, turn_id=f"s{at}t{row}", session_id=f"s{at}") for row, turn in enumerate(one.turns)
            ),
        )
        for at, one in enumerate(said)
    ]


def marked() -> str:
    """The marked log: the columns, then one turn a line; what is null or False is left out."""
    turns = [turn for one in sessions() for turn in one.turns]
    table = to_table(turns)
    begun = turns[0].said_at
    seconds = [int((turn.said_at - begun).total_seconds()) for turn in turns]
    rows = mark(table.append_column("session", pa.array([turn.session_id for turn in turns]))).to_pylist()
    lines = [
        json.dumps({**{name: value for name, value in row.items() if value not in (None, False)}, "said_at": second})
        for row, second in zip(rows, seconds, strict=True)
    ]
    return "\n".join([f"columns: {' '.join(TURNS.names)}", *lines]) + "\n"


def written() -> tuple[int, str]:
    """The version and the marked log that are written."""
    head, _, body = GOLDEN.read_text(encoding="utf-8").partition("\n")
    return int(head.removeprefix("VIEW_VERSION ")), body


def write() -> None:
    """Write the marked log anew."""
    if GOLDEN.exists() and written()[0] == VIEW_VERSION and written()[1] != marked():
        raise SystemExit("the view has changed: raise VIEW_VERSION in uptake/feedback/turns_view.py first")
    GOLDEN.write_text(f"VIEW_VERSION {VIEW_VERSION}\n{marked()}", encoding="utf-8")


if __name__ == "__main__":
    write()
