"""Who is in which arm: an experiment randomised by user, and a small group in which nothing is ever rewritten.

A user's arm is a hash of the experiment's salt and the user: the same on every server and every day, with nothing
stored. The holdout is drawn before, by a hash that no experiment can change, so that the same people stay without
rewrites through every experiment: the only honest yardstick of what all rewrites together are worth.

An experiment is a small file (JSON or TOML) with a digest. Once started it must not change: users would move between
arms, and every figure would mix what was done to them before and after. `start` refuses that, and so does the
analysis of a log in which it happened (`refuse_changed`).

Limit: people of one home may be in different arms and tell each other; assign by home (pass `home_id`) where
that matters.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from uptake.artifacts.durable import locked, replace_text
from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord, NotReady

if TYPE_CHECKING:
    from uptake.measure.outcomes import Outcomes

__all__ = ["HOLDOUT", "Assignment", "Experiment", "refuse_changed", "start", "started", "uniform"]

HOLDOUT = "holdout"
"""Name of the arm of the permanent holdout."""

_HOLDOUT_SALT = "uptake permanent holdout"
_FORMAT = 1
_TINY = 1e-9


def uniform(salt: str, user_id: str) -> float:
    """A number in [0, 1) that depends on nothing but salt and user, and is uniform over users.

    >>> uniform("a", "ann") == uniform("a", "ann") != uniform("b", "ann")
    True
    """
    return (xxhash.xxh3_64_intdigest(f"{salt}\0{user_id}".encode("utf-8", "surrogatepass")) >> 11) / 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where a user stands in an experiment."""

    arm: str
    """Name of the arm."""
    propensity: float
    """Probability, in (0, 1], that a user is treated as in this arm (rewritten or not); for `Turn.propensity`."""
    rewrites: bool
    """Whether rewrites are acted on. Where not, one that would have fired is logged without `acted_on`."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Arms with shares, randomised by user.

    >>> test = Experiment(name="first")
    >>> test.assign("ann") == test.assign("ann"), sorted(test.probabilities)
    (True, ['control', 'holdout', 'treatment'])

    Args:
        name: Name of the experiment.
        arms: Arm -> share of the users outside the holdout; must add up to 1.
        unchanged: Arms in which nothing is rewritten. An A/A test names all arms here, or none.
        salt: What is hashed with the user; another salt deals anew; None for the name.
        holdout: Share, in [0, 0.5], of all users in the permanent holdout.
    """

    name: str
    arms: Mapping[str, float] = field(default_factory=lambda: {"control": 0.5, "treatment": 0.5})
    unchanged: tuple[str, ...] = ("control",)
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
        for arm in self.unchanged:
            if arm not in self.arms:
                raise BadConfig(f"unchanged names no arm: {arm}{nearest(arm, list(self.arms))}")
        if not 0.0 <= self.holdout <= 0.5:
            raise BadConfig(f"holdout must be in [0, 0.5], got {self.holdout}")

    @property
    def probabilities(self) -> dict[str, float]:
        """Probability of each arm, the holdout's included where there is one."""
        inside = {arm: share * (1.0 - self.holdout) for arm, share in self.arms.items()}
        return inside | ({HOLDOUT: self.holdout} if self.holdout else {})

    @property
    def digest(self) -> str:
        """16 hexadecimal digits: equal for experiments that deal all users alike."""
        return hashlib.sha256(json.dumps(self._dealing(), sort_keys=True).encode()).hexdigest()[:16]

    def rewrites(self, arm: str) -> bool:
        """Whether rewrites are acted on in an arm."""
        return arm != HOLDOUT and arm not in self.unchanged

    def assign(self, user_id: str) -> Assignment:
        """The arm of a user: always the same one."""
        arm = self._arm(user_id)
        alike = self.rewrites(arm)
        chance = sum(share for other, share in self.probabilities.items() if self.rewrites(other) == alike)
        return Assignment(arm=arm, propensity=min(chance, 1.0), rewrites=alike)

    def to_json(self) -> dict[str, Any]:
        """The experiment as JSON values, with its digest."""
        return {"format": _FORMAT, **asdict(self), **self._dealing(), "digest": self.digest}

    @classmethod
    def from_json(cls, body: Any, *, file: str | None = None) -> Experiment:
        """Read what `to_json` wrote, or what a person wrote by hand (without a digest).

        Raises:
            BadConfig: A field is wrong or unknown, or the content no longer has the digest it was started with.
        """
        where = f"{file}: " if file else ""
        if not isinstance(body, dict):
            raise BadConfig(f"{where}an experiment is an object with name, arms, unchanged, salt, holdout")
        given = {name: value for name, value in body.items() if name not in ("format", "digest")}
        for name, value in given.items():
            if name not in _FIELDS:
                raise BadConfig(f"{where}an experiment has no {name}{nearest(name, list(_FIELDS))}")
            if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
                raise BadConfig(f"{where}{name} has the wrong type")
        if not all(isinstance(share, int | float) for share in given.get("arms", {}).values()):
            raise BadConfig(f"{where}arms must hold a share, a number, for each arm")
        if "unchanged" in given:
            given["unchanged"] = tuple(str(arm) for arm in given["unchanged"])
        if "name" not in given:
            raise BadConfig(f"{where}an experiment needs a name")
        experiment = cls(**given)
        if body.get("digest", experiment.digest) != experiment.digest:
            raise BadConfig(
                f"{where}the experiment was changed after it had started (digest {body['digest']} became "
                f"{experiment.digest}); restore it, or start a new one under another name"
            )
        return experiment

    @classmethod
    def load(cls, path: Path) -> Experiment:
        """Read a JSON or TOML file.

        Raises:
            NotReady: There is no such file.
            BadConfig: It is no experiment, or was changed after it had started.
        """
        try:
            text = path.read_text(encoding="utf-8")
            body = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        except FileNotFoundError:
            raise NotReady(f"{path}: there is no such experiment") from None
        except (ValueError, RecursionError, OSError) as error:
            raise BadConfig(f"{path}: cannot be read as an experiment ({type(error).__name__})") from error
        return cls.from_json(body, file=str(path))

    def _dealing(self) -> dict[str, Any]:
        """What decides who is in which arm, and what is done there."""
        return {
            "name": self.name,
            "arms": {arm: float(share) for arm, share in self.arms.items()},
            "unchanged": sorted(self.unchanged),
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
    "salt": str | None,
    "holdout": int | float,
}


def start(experiment: Experiment, directory: Path) -> Path:
    """Start an experiment: write it where it cannot be changed unnoticed. Starting it again is harmless.

    Args:
        experiment: What to start.
        directory: Where started experiments are kept, for example `<state>/experiments`.

    Raises:
        BadConfig: One of that name was started with other arms, shares or salt; says which of them differ.
        StorageFailed: The disk refused.
    """
    path = directory / f"{hashlib.sha256(experiment.name.encode()).hexdigest()[:12]}.json"
    with locked(directory / ".lock"):
        if path.exists():
            before = Experiment.load(path)
            if before.digest != experiment.digest:
                old, new = before._dealing(), experiment._dealing()
                changed = ", ".join(name for name in old if old[name] != new[name])
                raise BadConfig(
                    f"experiment {experiment.name} has started with other values of: {changed}. Changing them moves "
                    "users between arms; start a new experiment under another name"
                )
            return path
        replace_text(path, json.dumps(experiment.to_json(), indent=1, ensure_ascii=False) + "\n")
    return path


def started(directory: Path) -> list[Experiment]:
    """All experiments that were started in a directory, by name.

    Raises:
        BadConfig: One of them was changed since.
    """
    return sorted((Experiment.load(path) for path in directory.glob("*.json")), key=lambda one: one.name)


def refuse_changed(outcomes: Outcomes, experiment: Experiment | None = None) -> None:
    """Refuse a log whose users changed arms, or whose arms are not those of an experiment.

    Args:
        outcomes: Turns with their arms; those without an arm are not looked at.
        experiment: What the arms should be; None to check only that nobody is in two.

    Raises:
        BadRecord: Says how many users and arms are concerned, and nothing else of them.
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
