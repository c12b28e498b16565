"""I want to know where my assistant fails, without annotating anything: read the reactions.

A session by hand: a misheard request, a stop, another attempt, and a new wish.
"""

from datetime import UTC, datetime, timedelta

from uptake import Turn
from uptake.feedback import REACTIONS, defects, reactions_of
from uptake.types import Session

START = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
SAID = [
    ("play harry porter", "failed", 0),
    ("stop", "ok", 6),
    ("play harry potter", "ok", 12),
    ("set a timer for ten minutes", "ok", 40),
]
session = Session(
    session_id="evening",
    turns=tuple(
        Turn(turn_id=f"t{n}", user_id="ann", said_at=START + timedelta(seconds=at), request=text, status=status)
        for n, (text, status, at) in enumerate(SAID)
    ),
)

for turn_id, names in reactions_of(session).items():
    for name in names:
        if REACTIONS[name].speaks_for == "defect":
            print(f"{name} speaks against {turn_id}")
for turn_id, p_defect in defects(session).items():
    print(f"{turn_id} failed its user with probability {p_defect:.2f}")

# prints:
# retried speaks against t0
# terminated speaks against t0
# failed speaks against t0
# t0 failed its user with probability 0.98
# t1 failed its user with probability 0.06
# t2 failed its user with probability 0.16
# t3 failed its user with probability 0.10
