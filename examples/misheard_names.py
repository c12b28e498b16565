"""My assistant mishears names, and people say them again: let it learn from that.

The log is synthetic (`uptake.simulate.small_log`); with a log of your own, append your turns instead.
"""

import tempfile
from pathlib import Path

from uptake import Request
from uptake.artifacts.store import ArtifactStore
from uptake.decide.pipeline import Pipeline
from uptake.engine.local import LocalEngine
from uptake.learn.incremental import learn, publish
from uptake.learn.markov import MarkovRewriter
from uptake.log.store import TurnLog
from uptake.simulate.small_log import small_log

with tempfile.TemporaryDirectory() as place:
    state = Path(place)
    log = TurnLog(state / "log")
    log.append(small_log(seed=0))

    store = ArtifactStore(state / "artifacts")
    for report in learn(log, LocalEngine(), [MarkovRewriter()], state / "learning"):
        publish(store, report)

    pipeline = Pipeline.serving(store, overrides=state / "overrides.json")
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
# a lock the front door -> unlock the front door (45 users; asks first: True)
