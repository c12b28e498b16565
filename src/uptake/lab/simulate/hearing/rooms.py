"""Rooms: reverberation and noise between a speaker and the microphone.

A room's response is noise that decays exponentially (Polack's model); the noise in it is pink. Near microphones hear
the voice 15 to 35 dB above the noise, far ones 10 to 25 dB and with a longer decay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.hearing.voices import RATE_HZ

__all__ = ["Room", "draw", "through"]

Audio = NDArray[np.float32]

_SNR_DB = {False: (15.0, 35.0), True: (10.0, 25.0)}
_DECAY_S = {False: (0.1, 0.2), True: (0.2, 0.4)}
_DIRECT = {False: 4.0, True: 1.5}  # energy of the direct sound, relative to all that is reflected
_PAUSE_S = 0.15  # of noise alone, before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Room with its reverberation and noise level."""

    far: bool
    """Whether the microphone is across the room."""
    snr_db: float
    """Level of the voice above the noise."""
    decay_s: float
    """Time in which the reverberation falls by 60 dB."""


def draw(far: bool, rng: np.random.Generator) -> Room:
    """Draw a room."""
    return Room(
        far=far, snr_db=round(rng.uniform(*_SNR_DB[far]), 1), decay_s=round(float(rng.uniform(*_DECAY_S[far])), 2)
    )


def through(voice: Audio, room: Room, rng: np.random.Generator) -> Audio:
    """Return what the microphone in a room hears of a voice."""
    length = int(room.decay_s * RATE_HZ)
    response = rng.standard_normal(length) * 10.0 ** (-3.0 * np.arange(length) / length)
    response *= np.sqrt(1.0 / (_DIRECT[room.far] * np.sum(response**2)))
    response[0] = 1.0
    size = len(voice) + length
    wet = np.fft.irfft(np.fft.rfft(voice, size) * np.fft.rfft(response, size), size)
    pause = int(_PAUSE_S * RATE_HZ)
    heard = np.pad(wet, (pause, pause))
    noise = _pink(len(heard), rng)
    level = np.sqrt(np.mean(wet[: len(voice)] ** 2)) * 10.0 ** (-room.snr_db / 20.0)
    heard += noise * level
    return np.asarray(0.5 * heard / max(float(np.abs(heard).max()), 1e-6), dtype=np.float32)


def _pink(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return noise whose power falls as 1/frequency, of variance 1."""
    white = np.fft.rfft(rng.standard_normal(count))
    white /= np.sqrt(np.maximum(np.arange(len(white)), 1.0))
    noise = np.fft.irfft(white, count)
    return np.asarray(noise / noise.std())
