"""Shares in percent: of brightness, power, volume and speed, and of nothing else."""

from __future__ import annotations

import pytest

from uptake.assistant.phrases.shares import in_percent


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("the hall at half brightness", "the hall at 50 percent brightness"),
        ("give the fan three quarters of its speed", "give the fan 75 percent speed"),
        ("hall lamp full blast", "hall lamp to 100 percent"),
        ("a quarter of an hour", "a quarter of an hour"),
        ("half past six", "half past six"),
        ("is the tank full", "is the tank full"),
    ],
)
def test_shares_are_percent(said: str, written: str) -> None:
    assert in_percent(said) == written
