"""What is kept of closed parts: read back as it was made, made again where it must be, gone with the part."""

from dataclasses import fields

import numpy as np
import pytest

from tests.builders import log, session
from uptake.experiments.outcomes import Outcomes, outcomes_of_log
from uptake.release.forget import forget
from uptake.release.kept import outcomes_of_parts
from uptake.release.state import State
from uptake.types import Interpretation

_READ = Interpretation(domain="media", intent="play", confidence=0.8)


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path)
    yield state
    state.log.close()


def said(user):
    return [
        session("play harry porter", "play harry potter", user=user, failed=(0,), gap_s=4),
        session(
            "play jess", "stop", user=user, acted_on="Play Jazz", rewrite_id="r1", interpretation=_READ, undone=True
        ),
        session("call mum", user=user, barge_in_ms=900.0, arm="rewrite", answer=True, propensity=0.9),
    ]


def rows(outcomes: Outcomes) -> list:
    """The turns in an order of their own, names in full."""
    columns = {}
    for each in fields(outcomes):
        value = getattr(outcomes, each.name)
        if hasattr(value, "names"):
            columns[each.name] = [value.names[at] if at >= 0 else None for at in value.codes.tolist()]
        elif isinstance(value, np.ndarray):
            columns[each.name] = value.tolist()
        else:
            columns |= {name: column.tolist() for name, column in value.items()}
    assert len(columns) > 15
    return sorted(map(repr, zip(*columns.values(), strict=True)))


def test_what_was_kept_is_what_marking_the_whole_log_gives(state):
    state.log.append(log(said("ann"), said("bo")))
    state.log.compact()
    state.log.append(log(session("play harry porter", "play harry potter", user="late", failed=(0,))))
    made = outcomes_of_parts(state.log, state.learning)
    kept = outcomes_of_parts(state.log, state.learning)
    assert rows(made) == rows(kept) == rows(outcomes_of_log(state.log))
    assert kept.said_at.dtype == np.int64


def test_a_closed_part_is_marked_once_and_a_broken_file_is_made_again(state):
    state.log.append(log(said("ann")))
    state.log.compact()
    made = rows(outcomes_of_parts(state.log, state.learning))
    (file,) = (one for one in (state.learning / "outcomes").iterdir() if one.suffix == ".arrow")
    before = file.stat().st_mtime_ns
    outcomes_of_parts(state.log, state.learning)
    assert file.stat().st_mtime_ns == before
    file.write_bytes(file.read_bytes()[:100])
    assert rows(outcomes_of_parts(state.log, state.learning)) == made
    assert file.stat().st_size > 100


def test_a_forgotten_user_is_in_no_kept_file(state):
    state.log.append(log(said("ann"), said("bo")))
    state.log.compact()
    outcomes_of_parts(state.log, state.learning)
    forget("ann", state)
    left = b"".join(path.read_bytes() for path in (state.learning / "outcomes").iterdir())
    assert b"ann" not in left
    assert set(outcomes_of_parts(state.log, state.learning).user.names) == {"bo"}
