"""Choose a media player if none was named: one with a screen for a film, the one that plays for "pause"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from uptake.assistant.entities.rules import MEDIA
from uptake.assistant.home.model import Device, State
from uptake.types import Interpretation

__all__ = ["LISTENED", "WATCHED", "choose_players"]

WATCHED = frozenset({"movie", "tv_show", "video", "episode", "season", "image"})
"""Media classes that need a screen."""
LISTENED = frozenset({"track", "album", "artist", "genre", "music", "playlist", "podcast", "radio", "audiobook"})
"""Media classes that need none."""

_PLAYS = frozenset({"HassMediaSearchAndPlay", "PlayNextEpisode"})
_BUSY = ("playing", "paused", "on")


def choose_players(
    devices: Sequence[Device], reading: Interpretation, states: Mapping[str, State], *, strictly: bool = False
) -> list[Device]:
    """Choose the players that are meant among some devices; all of the devices where they are no players.

    Args:
        devices: What may be meant.
        reading: The intent and what is to be played.
        states: What the players do.
        strictly: Leave out players that cannot or need not do it: no screen, nothing that plays.
    """
    if not devices or not {device.domain for device in devices} <= MEDIA:
        return list(devices)
    if reading.intent in _PLAYS:
        return _to_play(devices, reading, states, strictly)
    doing = [device for device in devices if _value(device, states) == "playing"]
    if reading.intent == "HassMediaUnpause":
        doing = [device for device in devices if _value(device, states) == "paused"] or doing
    if doing or strictly:
        return doing
    busy = [device for device in devices if _is_on(device, states)]
    if not busy and reading.intent.startswith("HassSetVolume"):
        return sorted(devices, key=lambda device: ("screen" in device.features, device.entity_id))[:1]
    return busy or list(devices)


def _to_play(
    devices: Sequence[Device], reading: Interpretation, states: Mapping[str, State], strictly: bool
) -> list[Device]:
    wanted = next((value for slot, value in reading.slots if slot == "media_class"), None)
    with_screen = [device for device in devices if "screen" in device.features]
    if wanted in WATCHED:
        able = with_screen or ([] if strictly else list(devices))
    elif wanted in LISTENED:
        able = [device for device in devices if "screen" not in device.features] or list(devices)
    else:
        able = list(devices)
    return sorted(able, key=lambda device: (_rank(device, states), device.entity_id))[:1]


def _rank(device: Device, states: Mapping[str, State]) -> int:
    value = _value(device, states)
    return 3 if value == "unavailable" else _BUSY.index(value) if value in _BUSY else len(_BUSY) - 1


def _is_on(device: Device, states: Mapping[str, State]) -> bool:
    """Tell whether a player is in use: a TV that idles shows its picture."""
    value = _value(device, states)
    return value in _BUSY or (value == "idle" and device.device_class == "tv")


def _value(device: Device, states: Mapping[str, State]) -> str:
    state = states.get(device.entity_id)
    return "" if state is None else state.value
