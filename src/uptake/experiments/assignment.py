"""Assign users to the arms of an experiment, and to a small permanent holdout that never gets a rewrite.

A user's arm is a hash of the experiment's salt and the user: the same on every server and every day, with nothing
stored. The holdout is drawn first, by a hash that no experiment can change, so that the same users stay without
rewrites through every experiment. Only this comparison shows the effect of all rewrites together.

A running experiment must not change: users would move between arms, and every figure would mix treatments before and
after. The registry of experiments refuses a change (`uptake.experiments.registry`), and so does the analysis of a log
in which one happened (`refuse_changed`).

Limit: people of one home may be in different arms and influence each other; assign by home (pass `home_id`) if that
matters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import xxhash

from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord

if TYPE_CHECKING:
    from uptake.experiments.outcomes import Outcomes
    from uptake.experiments.pooled import Totals

__all__ = ["HOLDOUT", "Assignment", "Experiment", "refuse_changed", "uniform"]

HOLDOUT = "holdout"
"""Name of the arm of the permanent holdout."""

_HOLDOUT_SALT = "uptake permanent holdout"
_TINY = 1e-9


def uniform(salt: str, user_id: str) -> float:
    """Draw a number in [0, 1) from salt and user alone, uniform over users.

    >>> uniform("a", "ann") == uniform("a", "ann") != uniform("b", "ann")
    True
    """
    return (xxhash.xxh3_64_intdigest(f"{salt}\0{user_id}".encode("utf-8", "surrogatepass")) >> 11) / 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Arm of a user in an experiment, with its propensity."""

    arm: str
    """Name of the arm."""
    propensity: float
    """Probability, in (0, 1], that a user is treated as in this arm (rewritten or not); for `Turn.propensity`."""
    rewrites: bool
    """Whether rewrites are acted on. Where not, one that would have fired is logged without `acted_on`."""
    offers: bool = True
    """Whether offers are made, to those who asked for them."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Arms with their shares, and the random assignment of users to them.

    >>> test = Experiment(name="first")
    >>> test.assign("ann") == test.assign("ann"), sorted(test.probabilities)
    (True, ['control', 'holdout', 'treatment'])

    Args:
        name: Name of the experiment.
        arms: Arm -> share of the users outside the holdout; must add up to 1.
        unchanged: Arms in which nothing is rewritten. An A/A test names all arms here, or none.
        silent: Arms without suggestions.
        salt: Text that is hashed with the user; another salt gives another assignment; None for the name.
        holdout: Share, in [0, 0.5], of all users in the permanent holdout.
    """

    name: str
    arms: Mapping[str, float] = field(default_factory=lambda: {"control": 0.5, "treatment": 0.5})
    unchanged: tuple[str, ...] = ("control",)
    silent: tuple[str, ...] = ()
    salt: str | None = None
    holdout: float = 0.02

    def __post_init__(self) -> None:
        if not self.name or not self.arms:
            raise BadConfig("an experiment needs a name and at least one arm")
        if HOLDOUT in self.arms:
            raise BadConfig(
                f"no arm may be called {HOLDOUT}: that is the permanent holdout; set its share by `holdout`"
            )
        if any(not arm or not share > 0.0 for arm, share in self.arms.items()):
            raise BadConfig("every arm needs a name and a share above 0")
        if abs(sum(self.arms.values()) - 1.0) > _TINY:
            raise BadConfig(f"the shares of the arms must add up to 1, they add up to {sum(self.arms.values()):.6g}")
        for what, named in (("unchanged", self.unchanged), ("silent", self.silent)):
            for arm in named:
                if arm not in self.arms:
                    raise BadConfig(f"{what} names no arm: {arm}{nearest(arm, list(self.arms))}")
        if not 0.0 <= self.holdout <= 0.5:
            raise BadConfig(f"holdout must be in [0, 0.5], got {self.holdout}")

    @property
    def probabilities(self) -> dict[str, float]:
        """Probability of each arm; the holdout is included if there is one."""
        inside = {arm: share * (1.0 - self.holdout) for arm, share in self.arms.items()}
        return inside | ({HOLDOUT: self.holdout} if self.holdout else {})

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that are equal for experiments with the same assignment of all users."""
        return hashlib.sha256(json.dumps(self.dealing, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def compared(self) -> tuple[str, str]:
        """(control, treatment): the first arm without rewrites or suggestions, and the first arm with them.

        In an A/A test, the first two arms.

        Raises:
            BadConfig: There is one arm only.
        """
        if len(self.arms) < 2:
            raise BadConfig(f"experiment {self.name} has one arm: there is nothing to compare")
        whole = [arm for arm in self.arms if self.rewrites(arm) and self.offers(arm)]
        control = next((arm for arm in self.arms if arm not in whole), next(iter(self.arms)))
        others = [arm for arm in self.arms if arm != control]
        return control, next((arm for arm in others if arm in whole), others[0])

    def rewrites(self, arm: str) -> bool:
        """Tell whether rewrites are acted on in an arm."""
        return arm != HOLDOUT and arm not in self.unchanged

    def offers(self, arm: str) -> bool:
        """Tell whether offers are made in an arm, to those who asked for them."""
        return arm not in self.silent

    def assign(self, user_id: str) -> Assignment:
        """Return the arm of a user; it never changes."""
        arm = self._arm(user_id)
        alike = self.rewrites(arm)
        chance = sum(share for other, share in self.probabilities.items() if self.rewrites(other) == alike)
        return Assignment(arm=arm, propensity=min(chance, 1.0), rewrites=alike, offers=self.offers(arm))

    def to_json(self) -> dict[str, Any]:
        """Return the experiment as JSON values, with its digest."""
        return {**asdict(self), **self.dealing, "digest": self.digest}

    @classmethod
    def from_json(cls, body: Any) -> Experiment:
        """Read what `to_json` wrote.

        Raises:
            BadConfig: A field is wrong or unknown, or the content no longer has the digest it was started with.
        """
        if not isinstance(body, dict):
            raise BadConfig(f"experiment must be an object with {', '.join(_FIELDS)}")
        given = {name: value for name, value in body.items() if name not in ("format", "digest")}
        for name, value in given.items():
            if name not in _FIELDS:
                raise BadConfig(f"experiment has no {name}{nearest(name, list(_FIELDS))}")
            if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
                raise BadConfig(f"{name} has the wrong type")
        if not all(isinstance(share, int | float) for share in given.get("arms", {}).values()):
            raise BadConfig("arms must hold a share, a number, for each arm")
        for named in {"unchanged", "silent"} & given.keys():
            given[named] = tuple(str(arm) for arm in given[named])
        if "name" not in given:
            raise BadConfig("name is missing")
        experiment = cls(**given)
        if body.get("digest", experiment.digest) != experiment.digest:
            raise BadConfig(
                f"digest: the experiment was changed after it had started ({body['digest']} became "
                f"{experiment.digest}); restore it, or stop it and start a new one under another name"
            )
        return experiment

    @property
    def dealing(self) -> dict[str, Any]:
        """Return the settings that decide the assignment, and the treatment of each arm."""
        silent = {"silent": sorted(self.silent)} if self.silent else {}
        return {
            "name": self.name,
            "arms": {arm: float(share) for arm, share in self.arms.items()},
            "unchanged": sorted(self.unchanged),
            **silent,
            "salt": self.name if self.salt is None else self.salt,
            "holdout": float(self.holdout),
        }

    def _arm(self, user_id: str) -> str:
        if uniform(_HOLDOUT_SALT, user_id) < self.holdout:
            return HOLDOUT
        drawn = uniform(self.name if self.salt is None else self.salt, user_id)
        *others, last = sorted(self.arms)  # the last one takes what rounding leaves
        for arm in others:
            drawn -= self.arms[arm]
            if drawn < 0.0:
                return arm
        return last


_FIELDS: dict[str, Any] = {
    "name": str,
    "arms": dict,
    "unchanged": list | tuple,
    "silent": list | tuple,
    "salt": str | None,
    "holdout": int | float,
}


def refuse_changed(outcomes: Outcomes | Totals, experiment: Experiment | None = None) -> None:
    """Raise if users of a log changed arms, or if its arms are not those of an experiment.

    Args:
        outcomes: Turns with their arms; those without an arm are ignored.
        experiment: Experiment that made the arms; None to check only that no user is in two.

    Raises:
        BadRecord: The message says only how many users and arms are concerned.
    """
    pairs = outcomes.arms_of_users()
    twice = sum(len(arms) > 1 for arms in pairs.values())
    if twice:
        raise BadRecord(
            f"{twice} of {len(pairs)} users appear in two arms: the assignment changed mid-way (shares, salt or arms). "
            "Analyse the time before and after the change as two experiments",
            field="arm",
        )
    if experiment is None:
        return
    seen = {arm for arms in pairs.values() for arm in arms}
    unknown = sorted(seen - set(experiment.probabilities))
    if unknown:
        raise BadRecord(
            f"{len(unknown)} arms in the log are unknown to experiment {experiment.name}, which has "
            f"{', '.join(sorted(experiment.probabilities))}",
            field="arm",
        )
    moved = sum(experiment.assign(user).arm not in arms for user, arms in pairs.items())
    if moved:
        raise BadRecord(
            f"{moved} of {len(pairs)} users are in another arm than experiment {experiment.name} deals them: "
            "the log was made with other shares or another salt",
            field="arm",
        )
