"""Choose a player, and make it play, pause, change its volume or tell what it plays.

The content decides the kind of player: films and videos need a screen, the rest goes to a speaker first. Among several,
the one that plays already is chosen, else one in the room, else the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from uptake.assistant.home.model import Device, State
from uptake.assistant.home.plain import number
from uptake.assistant.skills.devices.acting import (
    DeviceResults,
    Order,
    answer,
    direction,
    in_scope,
    not_found,
    number_of,
    perform,
    room_of,
    unable,
)
from uptake.assistant.skills.naming import Subject, place, the, upper
from uptake.assistant.skills.skill import Call, Effect

__all__ = ["identify", "mute", "play", "set_volume", "show_camera", "switch", "transport"]

_SEEN = frozenset({"movie", "film", "video", "tv_show", "episode", "channel", "image"})
"""Classes of media that need a screen."""
_STEP = 10
_PLAYER = {"media_player"}


def switch(call: Call, verb: str) -> Effect:
    """Turn players on or off."""
    chosen = in_scope(call, _PLAYER)
    if not chosen:
        return not_found(call, "player", "Which player?")

    def describe(who: Subject, outcome: DeviceResults) -> str:
        changed = any((before.value == "off") != (after.value == "off") for _, before, after in outcome.done)
        return f"{who.verb('is')} {'' if changed else 'already '}{verb.removeprefix('turn_')}"

    return answer(call, perform(call, chosen, lambda _: (f"media_player.{verb}", {})), describe)


def play(call: Call) -> Effect:
    """Play what was asked for, on a player that can."""
    title, kind = call.slot("search_query"), (call.slot("media_class") or "").lower()
    if not title:
        return Effect(speech="What shall I play?", missing="search_query")
    wanted = _candidates(call)
    if not wanted:
        return not_found(call, "player", "On which player?")
    able = [player for player in wanted if "screen" in player.features] if kind in _SEEN else wanted
    if not able:
        return unable(call, wanted, "has no screen")
    chosen = _best(call, able, screen=kind in _SEEN)
    artist = call.slot("artist")
    data = {"title": title, "artist": artist, "media_class": kind or None}
    what = f"{title} by {artist}" if artist and artist.lower() != title.lower() else title
    label = {"audiobook": "the audiobook ", "podcast": "the podcast ", "playlist": "the playlist "}.get(kind, "")
    outcome = perform(call, [chosen], lambda _: ("media_player.play_media", data))
    return answer(call, outcome, lambda _, done: f"playing {label}{what} on {the(done.devices[0].name)}")


def transport(call: Call, verb: str, words: str) -> Effect:
    """Pause, go on or skip."""
    chosen = _active(call, "paused" if verb == "media_play" else "playing")
    if not chosen:
        return _nothing_plays(call)
    first, _, rest = words.partition(" ")
    outcome = perform(call, chosen, lambda _: (f"media_player.{verb}", {}))
    return answer(call, outcome, lambda who, _: f"{who.verb(first)} {rest}")


def set_volume(call: Call) -> Effect:
    """Set the volume, or turn it up or down."""
    level, step = number_of(call, "volume_level"), number_of(call, "volume_step")
    way = direction(call, "volume_step")
    relative = call.interpretation.intent == "HassSetVolumeRelative"
    if level is None and step is None and way is None:
        slot, question = ("volume_step", "Up or down?") if relative else ("volume_level", "How loud, in percent?")
        return Effect(speech=question, missing=slot)
    if level is not None and not 0 <= level <= 100:
        return Effect(speech="Volume goes from 0 to 100 percent.", status="unsupported")
    chosen = _active(call, "playing") or _candidates(call)
    if not chosen:
        return not_found(call, "player", "Which player?")
    if not call.slot("name") and not call.slot("floor"):
        chosen = [_best(call, chosen, screen=False)]
    states = call.home.states()

    def order(player: Device) -> Order:
        now = float(states[player.entity_id].attributes.get("volume", 30))
        wanted = level if level is not None else now + (step if step is not None else (way or 0) * _STEP)
        return "media_player.volume_set", {"volume_level": min(100.0, max(0.0, wanted)) / 100}

    return answer(call, perform(call, chosen, order), _loudness)


def mute(call: Call) -> Effect:
    """Mute or unmute."""
    quiet = call.interpretation.intent == "HassMediaPlayerMute"
    chosen = _active(call, "playing") or _candidates(call)
    if not chosen:
        return not_found(call, "player", "Which player?")
    if not call.slot("name"):
        chosen = [_best(call, chosen, screen=False)]
    outcome = perform(call, chosen, lambda _: ("media_player.volume_mute", {"is_volume_muted": quiet}))
    return answer(call, outcome, lambda who, _: f"{who.verb('is')} {'muted' if quiet else 'no longer muted'}")


def identify(call: Call) -> Effect:
    """Tell what is playing."""
    chosen = _active(call, "playing")
    if not chosen:
        return _nothing_plays(call)
    state = call.home.states()[chosen[0].entity_id]
    title, artist = state.attributes.get("title"), state.attributes.get("artist")
    name = the(chosen[0].name)
    if title is None:
        return Effect(speech=upper(f"{name} is {state.value}, but does not say what."))
    if call.slot("field") == "artist":
        return Effect(speech=f"This is {artist}." if artist else f"I do not know who it is; it is called {title}.")
    by = f" by {artist}" if artist and artist != title else ""
    return Effect(speech=upper(f"{name} {'is playing' if state.value == 'playing' else 'has paused'} {title}{by}."))


def show_camera(call: Call) -> Effect:
    """Show a camera on a screen of the room."""
    cameras = in_scope(call, {"camera"}) or [device for device in call.home.devices if device.domain == "camera"]
    if not cameras:
        return not_found(call, "camera", "Which camera?")
    camera = cameras[0]
    screens = [
        device for device in call.home.devices if device.domain == "media_player" and "screen" in device.features
    ]
    if not screens:
        return Effect(speech="There is no screen to show it on.", status="unsupported")
    screen = _best(call, screens, screen=True)
    data = {"title": camera.name, "media_class": "camera"}

    def order(device: Device) -> Order:
        return ("camera.play_stream", {}) if device == camera else ("media_player.play_media", data)

    outcome = perform(call, [camera], order)
    if outcome.failed:
        return answer(call, outcome, lambda who, _: who.text)
    outcome = perform(call, [screen], order)
    return answer(call, outcome, lambda _, done: f"{the(camera.name)} is on {the(done.devices[0].name)}")


def _candidates(call: Call) -> list[Device]:
    """Return the players that are meant; every one where no place and no name was said."""
    players = in_scope(call, _PLAYER)
    if players or any(call.slot(name) for name in ("name", "area", "floor")):
        return players
    return [device for device in call.home.devices if device.domain == "media_player"]


def _states(call: Call, players: Sequence[Device]) -> dict[Device, State]:
    states = call.home.states()
    return {player: states[player.entity_id] for player in players if player.entity_id in states}


def _active(call: Call, first: str) -> list[Device]:
    """Return the players that are meant by "pause": those asked for by name, else one that plays, here or elsewhere."""
    asked = _candidates(call)
    if call.slot("name"):
        return asked
    second = "paused" if first == "playing" else "playing"
    everywhere = [] if call.slot("area") or call.slot("floor") else call.home.devices
    for pool in (asked, [device for device in everywhere if device.domain == "media_player"]):
        states = _states(call, pool)
        for value in (first, second):
            if active := [player for player, state in states.items() if state.value == value]:
                return active if call.slot("floor") else [_best(call, active, screen=False)]
    return []


def _best(call: Call, players: Sequence[Device], *, screen: bool) -> Device:
    states, areas = _states(call, players), {area.area_id: area.name for area in call.home.areas}

    def fit(player: Device) -> tuple[bool, bool, bool, bool]:
        state = states.get(player)
        here = room_of(call) is not None and areas.get(player.area_id or "") == room_of(call)
        there = state is not None and state.value != "unavailable"
        return there, here, state is not None and state.value == "playing", ("screen" in player.features) == screen

    return max(players, key=fit)


def _nothing_plays(call: Call) -> Effect:
    asked = _candidates(call)
    if not asked:
        return not_found(call, "player", "Which player?")
    if call.slot("name"):
        return unable(call, asked, "is not playing anything")
    where = place(call.slot("area"), call.slot("floor"))
    return Effect(speech=f"Nothing is playing{f' {where}' if where else ''}.", status="failed")


def _loudness(who: Subject, outcome: DeviceResults) -> str:
    levels = {after.attributes.get("volume") for _, _, after in outcome.done}
    if len(levels) == 1 and (level := next(iter(levels))) is not None:
        return f"the volume of {who.text} is {number(level, 0)} %"
    _, before, after = outcome.done[0]
    return f"{who.verb('is')} {'louder' if after.attributes['volume'] > before.attributes['volume'] else 'quieter'}"
