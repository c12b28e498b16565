"""What a session says of its own turns, one file a signal.

    rephrase      the user says it again
    barge_in      the user cuts the answer short
    termination   "stop", "never mind"
    hang_up       the user leaves an open question
    outcome       the assistant's own account: failed, ok
    correction    "no, I said ..."
    explicit      yes, no, undo

`defect` combines them into one probability a turn; `marks` does so for a whole log at once.
"""

from __future__ import annotations

from uptake.protocols import Signal
from uptake.signals.barge_in import BargeIn
from uptake.signals.correction import Correction
from uptake.signals.explicit import Explicit
from uptake.signals.hang_up import HangUp
from uptake.signals.outcome import Outcome
from uptake.signals.rephrase import Rephrase
from uptake.signals.termination import Termination

__all__ = ["SIGNALS"]

SIGNALS: dict[str, Signal] = {
    signal.name: signal
    for signal in (Rephrase(), BargeIn(), Termination(), HangUp(), Outcome(), Correction(), Explicit())
}
"""Every signal by its name, with its default options."""
