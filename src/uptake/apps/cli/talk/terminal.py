"""Run a conversation line by line, on a terminal or from a script: requests, and commands that begin with a slash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from uptake.config import nearest
from uptake.errors import BadConfig
from uptake.types import Request

if TYPE_CHECKING:
    from uptake.assistant.context.situation import Origin
    from uptake.assistant.home import VirtualHome
    from uptake.assistant.loop import Agent
    from uptake.assistant.reply import Reply

__all__ = ["COMMANDS", "Terminal"]

COMMANDS = {
    "/why": "explain the last turn, stage by stage",
    "/wrong": "record that the last answer was wrong, and undo it",
    "/right": "record that the last answer was right",
    "/undo": "undo the last change of the home",
    "/home": "list the devices and their states; /home Kitchen: of one room",
    "/room": "show or change the room you are in: /room Kitchen",
    "/place": "show or change the place you are at: /place pharmacy, /place home",
    "/user": "show or change the person who talks: /user bo",
    "/time": "show or set the clock of the virtual home: /time 07:30, /time +10m (s, m, h, d)",
    "/fail": "make a device fail: /fail light.hall refuse|hang|away",
    "/heal": "make a device work again: /heal light.hall",
    "/help": "list these commands",
    "/quit": "end the conversation",
}
"""Commands of a conversation -> one-line help."""

_BARGE_IN = re.compile(r"\[(\d+) ?ms\]\s*(.*)")
_STEP = re.compile(r"\+(\d+)([smhd])")
_FAILURES: dict[str, Literal["refuse", "hang", "away"]] = {"refuse": "refuse", "hang": "hang", "away": "away"}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass
class Terminal:
    """Conversation that answers line by line, with one person at a time.

    A line is a request, a command of `COMMANDS`, a comment ("# …"), or a barge-in ("[800ms] stop": said 800
    milliseconds into the previous answer).
    """

    agent: Agent
    """The assistant."""
    user_id: str
    """Pseudonym of the person who talks."""
    origin: Origin
    """Device, room and place at which the requests are made."""
    is_over: bool = field(default=False, init=False)
    """Whether the person has ended the conversation."""
    last: Reply | None = field(default=None, init=False)
    """Last reply; None before the first."""

    def answer(self, line: str) -> Iterator[str]:
        """Yield the text to print for one line: the answer, or the output of a command."""
        line = line.strip()
        if not line or line.startswith("#"):
            return
        if line.startswith("/"):
            name, _, rest = line.partition(" ")
            yield from self._command(name.lower(), rest.strip())
            return
        cut_in = _BARGE_IN.fullmatch(line)
        text, offset = (cut_in[2], float(cut_in[1])) if cut_in else (line, None)
        self.last = self.agent.answer(Request(text=text, user_id=self.user_id), self.origin, barge_in_ms=offset)
        yield self.last.speech

    def due(self) -> Iterator[str]:
        """Yield the announcements that are due: timers, alarms, reminders."""
        for announcement in self.agent.due(self.origin, self.user_id):
            yield announcement.speech

    def _command(self, name: str, rest: str) -> Iterable[str]:
        if name not in COMMANDS:
            return [f"Unknown command {name}{nearest(name, COMMANDS)}"]
        made: dict[str, Callable[[str], Iterable[str]]] = {
            "/why": self._why,
            "/wrong": lambda _: [self.agent.judge(self.user_id, False)],
            "/right": lambda _: [self.agent.judge(self.user_id, True)],
            "/undo": lambda _: [self.agent.undo(self.user_id)],
            "/home": self._home,
            "/room": self._room,
            "/place": self._place,
            "/user": self._user,
            "/time": self._time,
            "/fail": self._fail,
            "/heal": self._heal,
            "/help": lambda _: [f"{command:<7} {what}" for command, what in COMMANDS.items()],
            "/quit": self._quit,
        }
        try:
            return made[name](rest)
        except BadConfig as error:
            return [str(error)]

    def _why(self, _rest: str) -> Iterable[str]:
        from uptake.assistant.record.explain import explain

        if self.last is not None:
            return explain(stage.as_json() for stage in self.last.stages)
        turn, traces = self.agent.components.recorder.last(self.user_id), self.agent.components.recorder.traces
        stages = traces.find(turn.turn_id) if turn and traces else None
        return explain(stages) if stages else ["There is no turn to explain yet."]

    def _home(self, rest: str) -> Iterable[str]:
        from uptake.assistant.context.situation import placed
        from uptake.assistant.home import plain

        home = self.agent.components.home
        states = home.states()
        room = placed(replace(self.origin, room=rest), home).room if rest else None
        for area in home.areas:
            devices = [device for device in home.devices if device.area_id == area.area_id]
            if devices and room in (None, area.name):
                yield area.name
                for device in devices:
                    yield f"  {device.name:<24} {plain(device, states[device.entity_id]):<20} {device.entity_id}"
        elsewhere = [device for device in home.devices if device.area_id is None]
        if elsewhere and room is None:
            yield "Elsewhere"
            for device in elsewhere:
                yield f"  {device.name:<24} {plain(device, states[device.entity_id]):<20} {device.entity_id}"

    def _room(self, rest: str) -> Iterable[str]:
        from uptake.assistant.context.situation import placed

        if rest:
            self.origin = placed(replace(self.origin, room=rest, place="home"), self.agent.components.home)
        return [f"You are in {self.origin.room or 'no particular room'}."]

    def _place(self, rest: str) -> Iterable[str]:
        if rest:
            self.origin = replace(self.origin, place=rest)
        return [f"You are at: {self.origin.place}."]

    def _user(self, rest: str) -> Iterable[str]:
        if rest:
            self.user_id, self.last = rest, None
        return [f"Talking: {self.user_id}."]

    def _time(self, rest: str) -> Iterable[str]:
        home = self._virtual()
        step = _STEP.fullmatch(rest)
        if step:
            home.advance(timedelta(**{_UNITS[step[2]]: int(step[1])}))
        elif rest:
            home.set_time(_moment(rest, home.now()))
        if rest:
            self._keep()
        yield f"It is {home.now():%A %H:%M} at home."
        yield from self.due()

    def _fail(self, rest: str) -> Iterable[str]:
        entity_id, _, word = rest.partition(" ")
        how = _FAILURES.get(word or "refuse")
        if how is None:
            raise BadConfig(f"unknown failure {word}{nearest(word, _FAILURES)}")
        self._virtual().fail(self._checked(entity_id), how)
        self._keep()
        return [f"{entity_id} fails from now on; /heal {entity_id} ends it."]

    def _heal(self, rest: str) -> Iterable[str]:
        self._virtual().heal(self._checked(rest))
        self._keep()
        return [f"{rest} works again."]

    def _quit(self, _rest: str) -> Iterable[str]:
        self.is_over = True
        return []

    def _checked(self, entity_id: str) -> str:
        names = [device.entity_id for device in self.agent.components.home.devices]
        if entity_id not in names:
            raise BadConfig(f"the home has no device {entity_id}{nearest(entity_id, names)}")
        return entity_id

    def _keep(self) -> None:
        """Save what was set by hand, for other processes that use this home."""
        from uptake.assistant.act_or_ask import save_home

        save_home(self.agent.components)

    def _virtual(self) -> VirtualHome:
        from uptake.assistant.home import VirtualHome

        home = self.agent.components.home
        if not isinstance(home, VirtualHome):
            raise BadConfig("this command works in the virtual home only")
        return home


def _moment(written: str, now: datetime) -> datetime:
    """Return the next moment with this time ("07:30"), or this very moment ("2026-12-24 18:00")."""
    try:
        if ":" in written and len(written) <= 5:
            hour, minute = map(int, written.split(":"))
            at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
            return at if at > now else at + timedelta(days=1)
        at = datetime.fromisoformat(written)
    except ValueError:
        raise BadConfig("not a time; expected 07:30, +10m (s, m, h, d) or 2026-12-24 18:00") from None
    return at.replace(tzinfo=now.tzinfo) if at.tzinfo is None else at
