"""My assistant mishears names, and people say them again: let it learn from that.

The log is synthetic (`uptake.lab.simulate.small_log`); with a log of your own, append your turns instead.
"""

import tempfile
from pathlib import Path

from uptake import Request, State, learn
from uptake.lab.simulate.small_log import small_log
from uptake.release.night import Options

with tempfile.TemporaryDirectory() as place:
    state = State(Path(place))
    state.log.append(small_log(seed=0))
    learn(state, ("rewrites",), options=Options(budget=1.0))  # a first release may change all it can

    pipeline = state.pipeline()
    for text in ("Play Maj and Dragons!", "play some jazz", "a lock the front door"):
        decision = pipeline.decide(Request(text=text, user_id="ann")).decision
        if decision is None:
            print(f"{text} -> as it is")
        else:
            print(
                f"{text} -> {decision.acted_on} ({decision.evidence.users} users; asks first: {decision.must_confirm})"
            )

# prints:
# Play Maj and Dragons! -> play imagine dragons (48 users; asks first: False)
# play some jazz -> as it is
# a lock the front door -> unlock the front door (37 users; asks first: True)
