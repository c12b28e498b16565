"""Everyday conversations with the assistant: nothing happens but what was asked for, and all of that."""

import re
from datetime import datetime, timedelta

import pytest

from tests.integration.everyday import CONVERSATIONS
from tests.integration.everyday_beside import BESIDE
from tests.integration.everyday_carried import CARRIED
from tests.integration.everyday_followed import FOLLOWED
from tests.integration.everyday_further import FURTHER
from tests.integration.everyday_joined import JOINED
from tests.integration.everyday_meant import MEANT
from tests.integration.everyday_more import MORE
from tests.integration.everyday_put import PUT
from tests.integration.everyday_set import SET
from tests.integration.everyday_spoken import SPOKEN
from tests.integration.everyday_timed import TIMED
from tests.integration.everyday_told import TOLD
from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome
from uptake.types import Request

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]

_VALUES = ("brightness", "temperature", "percentage", "volume", "position")
_UNITS = {"m": "minutes", "h": "hours"}


def _rows():
    for category, lines in {
        **CONVERSATIONS,
        **MORE,
        **CARRIED,
        **FOLLOWED,
        **FURTHER,
        **JOINED,
        **SPOKEN,
        **TOLD,
        **BESIDE,
        **MEANT,
        **PUT,
        **SET,
        **TIMED,
    }.items():
        for line in lines:
            yield pytest.param(*line, id=f"{category}: {line[1]}")


def _look(home):
    """Return what people set in the home: states, and values of things that are on."""
    seen = {}
    for key, state in home.states().items():
        if key.partition(".")[0] not in ("sensor", "binary_sensor", "camera"):
            seen[key] = state.value if key.partition(".")[0] != "climate" else "on" if state.value != "off" else "off"
            seen.update({f"{key}.{name}": state.attributes[name] for name in _VALUES if name in state.attributes})
    return seen


@pytest.fixture
def home():
    home = VirtualHome.load()
    home.set_time(datetime(2025, 11, 18, 18, 0, tzinfo=home.now().tzinfo))
    return home


@pytest.mark.parametrize(("room", "turns", "changed", "answer"), list(_rows()))
def test_what_is_asked_for_is_done_and_nothing_else(tmp_path, home, room, turns, changed, answer):
    agent, origin = open_agent(tmp_path, home=home), Origin(device_type="speaker", has_screen=False, room=room)
    before, said = _look(home), ""
    for turn in turns.split("|"):
        home.advance(timedelta(seconds=7))
        if turn == "--":
            before = _look(home)
        elif turn.startswith("+"):
            home.advance(timedelta(**{_UNITS[turn[-1]]: int(turn[1:-1])}))
            said = " ".join(each.speech for each in agent.due(origin, "ann"))
        else:
            said = agent.answer(Request(text=turn, user_id="ann"), origin).speech
    if changed is not None:
        after = _look(home)
        wanted = dict(pair.split("=") for pair in changed.split())
        differs = {key: str(value).removesuffix(".0") for key, value in after.items() if value != before.get(key)}
        things = {key.rpartition(".")[0] if key.count(".") > 1 else key for key in wanted}
        assert {key: differs.get(key, str(after[key])) for key in wanted} == wanted
        assert {key for key in differs if ".".join(key.split(".")[:2]) not in things} == set(), said
    if answer is not None:
        assert re.search(answer, said, re.IGNORECASE | re.DOTALL), said
