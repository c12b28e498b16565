"""Rules of Home Assistant: the devices that an intent applies to, and the features they need."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from uptake.assistant.home.model import Device
from uptake.types import Interpretation

__all__ = [
    "GROUPS",
    "MEDIA",
    "ROAMING",
    "able",
    "domains_of",
    "fits_state",
    "is_about_devices",
    "is_critical",
    "needs_device_class",
]

GROUPS = frozenset({"light", "switch", "fan", "media_player", "input_boolean"})
"""Domains that "everything" means where no kind is named: nothing that opens, unlocks, heats or drives about."""

ROAMING = frozenset({"HassVacuumCleanArea", "HassVacuumStart", "HassLawnMowerStartMowing"})
"""Intents whose place says where the work is, not where the device stands."""

MEDIA = frozenset({"media_player"})
"""Domains that play."""

_ON_OFF = (
    "light switch fan cover lock media_player climate scene script input_boolean vacuum valve humidifier siren "
    "water_heater lawn_mower button input_button"
)
_DOMAINS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        intent: frozenset(domains.split())
        for intents, domains in (
            ("HassTurnOn HassTurnOff HassToggle", _ON_OFF),
            ("HassLightSet", "light"),
            ("HassSetPosition HassOpenCover HassCloseCover HassStopMoving", "cover valve"),
            ("HassFanSetSpeed", "fan"),
            ("HassClimateSetTemperature HassClimateGetTemperature SetHvacMode", "climate"),
            ("HassHumidifierSetpoint HassHumidifierMode", "humidifier"),
            ("HassVacuumStart HassVacuumReturnToBase HassVacuumCleanArea", "vacuum"),
            ("PauseVacuum", "vacuum lawn_mower"),
            ("HassLawnMowerStartMowing HassLawnMowerDock", "lawn_mower"),
            (
                "HassSetVolume HassSetVolumeRelative HassMediaPause HassMediaUnpause HassMediaNext HassMediaPrevious "
                "HassMediaPlayerMute HassMediaPlayerUnmute HassMediaSearchAndPlay PlayNextEpisode IdentifyMedia "
                "GetMediaRemaining GetQueue",
                "media_player",
            ),
            ("ShowCamera AnswerDoorbell", "camera"),
        )
        for intent in intents.split()
    }
)
_CLASSES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"SetOvenTemperature": frozenset({"oven"}), "AnswerDoorbell": frozenset({"doorbell"})}
)
_FEATURES: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType(
    {
        ("light", "brightness"): frozenset({"brightness"}),
        ("light", "direction"): frozenset({"brightness"}),
        ("light", "color"): frozenset({"color"}),
        ("light", "temperature"): frozenset({"color_temperature", "color_temp", "color"}),  # a colour may be white
        ("fan", "percentage"): frozenset({"speed", "percentage"}),
        ("cover", "position"): frozenset({"position"}),
        ("valve", "position"): frozenset({"position"}),
    }
)
_STATES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "lock": frozenset("locked unlocked jammed locking unlocking".split()),
        "cover": frozenset("open closed opening closing".split()),
        "media_player": frozenset("playing paused idle on off standby muted".split()),
        "climate": frozenset("heat cool heat_cool auto dry fan_only off on heating cooling idle".split()),
        "vacuum": frozenset("docked cleaning paused returning idle error".split()),
    }
)


_GUARDED = frozenset({"lock", "alarm_control_panel"})
_WAYS_IN = frozenset({"garage", "gate", "door"})
_ANY = frozenset({"HassGetState"})


def is_about_devices(intent: str) -> bool:
    """Tell whether Home Assistant means devices by an intent, whatever the skills say of it."""
    return intent in _DOMAINS or intent in _CLASSES or intent in _ANY


def domains_of(intent: str, of_skills: frozenset[str]) -> frozenset[str]:
    """Return domains of the devices that an intent can be about; empty for any.

    Args:
        intent: Its name.
        of_skills: Domains that the skills which answer it act on.
    """
    if intent in _ANY:
        return frozenset()
    domains = _DOMAINS.get(intent, frozenset())
    return (domains & of_skills or domains) if domains else of_skills


def needs_device_class(intent: str) -> frozenset[str]:
    """Return device classes that an intent is about; empty for any."""
    return _CLASSES.get(intent, frozenset())


def is_critical(device: Device) -> bool:
    """Tell whether a device must never be guessed: what the home says is critical, and every way into it."""
    return (
        device.critical or device.domain in _GUARDED or (device.domain == "cover" and device.device_class in _WAYS_IN)
    )


def able(device: Device, interpretation: Interpretation) -> str | None:
    """Return the first slot that asks for something the device cannot do; None where it can do it all."""
    for slot, _ in interpretation.slots:
        needed = _FEATURES.get((device.domain, slot))
        if needed is not None and not needed & device.features:
            return slot
    return None


def fits_state(device: Device, wanted: str) -> bool:
    """Tell whether a device of this domain can be in a state at all: only a lock is locked."""
    states = _STATES.get(device.domain)
    if states is None:
        return wanted not in ("locked", "unlocked", "playing", "docked")
    return wanted in states
