"""Join actions: those of one definition into one list, and those of a correction into the earlier definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from uptake.teaching.concepts.deeds import PLACES, things_of
from uptake.teaching.concepts.house import House
from uptake.types import Interpretation

__all__ = ["merged", "unified", "without"]


def unified(deeds: Sequence[Interpretation]) -> list[Interpretation]:
    """Join what sets one place in several ways; leave out switching on a light that is set anyway."""
    joined: dict[tuple[object, ...], Interpretation] = {}
    for deed in deeds:
        where, key = _of(deed), (deed.intent, _of(deed))
        before = joined.get(key, deed)
        values = dict(pair for pair in (*before.slots, *deed.slots) if pair not in where)
        if "color" in dict(deed.slots):
            values.pop("temperature", None)
        joined[key] = replace(deed, slots=(*where, *values.items()))
    lit = {_of(deed) for deed in joined.values() if deed.intent == "HassLightSet"}
    return [one for one in joined.values() if one.intent != "HassTurnOn" or _of(one) not in lit]


def _of(deed: Interpretation) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in deed.slots if pair[0] in PLACES)


def without(deeds: Sequence[Interpretation], names: Sequence[str], house: House) -> list[Interpretation]:
    """Leave devices out of what is to be done."""
    kept = []
    for deed in deeds:
        things = things_of(deed, house)
        rest = [thing for thing in things if thing.name not in names]
        if len(rest) == len(things):
            kept.append(deed)
        elif rest:
            values = (pair for pair in deed.slots if pair[0] not in PLACES)
            kept.append(replace(deed, slots=(*(("name", thing.name) for thing in rest), *values)))
    return kept


def merged(
    before: Sequence[Interpretation],
    said: Sequence[Interpretation],
    drops: Sequence[str] = (),
    *,
    keep_others: bool = True,
) -> tuple[Interpretation, ...]:
    """Return a meaning after a correction: new values replace those of the same kind at the same place.

    Args:
        before: The meaning before.
        said: What the correction says.
        drops: Names of devices that are to be left out.
        keep_others: Whether what it does not speak of stays.
    """
    deeds = {(_of(deed), _sort(deed)): deed for deed in before if not set(_names(deed)) & set(drops)}
    if not keep_others and not {_of(deed) for deed in said} & {where for where, _ in deeds}:
        deeds = {}
    for deed in said:
        key = (_of(deed), _sort(deed))
        earlier = deeds.get(key)
        if earlier is not None and earlier.intent == deed.intent:
            values = dict(pair for pair in earlier.slots if pair[0] not in PLACES)
            new = dict(pair for pair in deed.slots if pair[0] not in PLACES)
            if "color" in new:
                values.pop("temperature", None)
            if "temperature" in new:
                values.pop("color", None)
            deeds[key] = replace(deed, slots=(*_of(deed), *(values | new).items()))
        else:
            deeds[key] = deed
    return tuple(deeds.values())


def _names(deed: Interpretation) -> tuple[str, ...]:
    return tuple(value for slot, value in deed.slots if slot == "name")


def _sort(deed: Interpretation) -> str:
    """Return what an action is about, so that off replaces 40 percent."""
    return (
        "media" if deed.intent == "HassMediaSearchAndPlay" else "volume" if deed.intent == "HassSetVolume" else "state"
    )
