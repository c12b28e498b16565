"""Budget: what cannot be a budget is refused in one line."""

from __future__ import annotations

import pytest

from uptake.errors import BadConfig
from uptake.privacy.budget import Budget


@pytest.mark.parametrize(
    "wrong",
    [{"epsilon": 0.0}, {"epsilon": -1.0}, {"epsilon": float("inf")}, {"epsilon": float("nan")}, {"delta": 0.0},
     {"delta": 1.0}, {"releases": 0}, {"keys": 0}, {"keys": True}, {"every_days": 1.5}],
)  # fmt: skip
def test_a_budget_that_is_none_is_refused(wrong):
    with pytest.raises(BadConfig, match=next(iter(wrong))):
        Budget(**wrong)


def test_without_epsilon_nothing_is_spent():
    assert Budget().whole == (0.0, 0.0)
