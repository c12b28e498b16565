"""Manage the experiments of a state directory: the running one, the stop rules, and the permanent holdout.

Each experiment is a JSON file in `<state>/experiments`: arms with shares and salt under a digest, the stop rules, the
time it was started, when and why it was stopped. One runs at a time. Files are replaced in one step and under a lock,
and none is ever removed, so that the arms of users in an old log can still be computed.

The permanent holdout belongs to the directory, not to an experiment: the first experiment with one sets its share,
which cannot be changed and applies between experiments, too (`Serving`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from uptake.config import nearest
from uptake.errors import BadConfig, NotReady
from uptake.experiments.assignment import Assignment, Experiment
from uptake.store.durable import locked, replace_text, storage_errors
from uptake.store.stamps import Stamps

__all__ = ["BETWEEN", "Registry", "Serving", "Started", "StopRules"]

BETWEEN = "between"
"""Name of the arm of everybody outside the holdout while no experiment runs."""

_FORMAT = 2
_PLAIN = 1  # format of an experiment written without rules and times


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRules:
    """Rules for ending an experiment. Harm and futility are judged by intervals that hold at all times."""

    max_days: float | None = 28.0
    """Days after its start; None for no limit."""
    max_users: int | None = None
    """Users in all its arms; None for no limit."""
    max_turns: int | None = None
    """Turns in all its arms; None for no limit."""
    alpha: float = 0.05
    """Probability, in (0, 1), of ever stopping for harm where nothing differs."""
    for_harm: bool = True
    """Whether it ends as soon as more defects in the treatment are established."""
    least_reduction: float | None = 0.02
    """It ends in vain once a relative reduction of at least this is excluded; None for never."""

    def __post_init__(self) -> None:
        for name in ("max_days", "max_users", "max_turns"):
            limit = getattr(self, name)
            if limit is not None and not limit > 0:
                raise BadConfig(f"{name} must be above 0, got {limit}")
        if not 0.0 < self.alpha < 1.0:
            raise BadConfig(f"alpha must be in (0, 1), got {self.alpha}")
        if self.least_reduction is not None and not 0.0 <= self.least_reduction < 1.0:
            raise BadConfig(f"least_reduction must be in [0, 1), got {self.least_reduction}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Experiment that was started."""

    experiment: Experiment
    """Experiment that assigns the arms."""
    rules: StopRules = field(default_factory=StopRules)
    """Rules for ending it."""
    started_at: datetime | None = None
    """Time of its start; None where that was not written down (then nobody acts by it)."""
    stopped_at: datetime | None = None
    """Time of its stop; None while it runs."""
    reason: str | None = None
    """Reason for the stop."""

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.experiment.name

    @property
    def is_running(self) -> bool:
        """Tell whether assistants follow it."""
        return self.started_at is not None and self.stopped_at is None

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "format": _FORMAT,
            "experiment": self.experiment.to_json(),
            "rules": asdict(self.rules),
            "started_at": self.started_at and self.started_at.isoformat(),
            "stopped_at": self.stopped_at and self.stopped_at.isoformat(),
            "reason": self.reason,
        }


class Registry:
    """The experiments of one state directory.

    Args:
        directory: Their directory: `<state>/experiments`.
        stamps: Tells whether a file changed.
    """

    def __init__(self, directory: Path, stamps: Stamps | None = None) -> None:
        self.directory, self.stamps = directory, stamps or Stamps()

    def all(self) -> list[Started]:
        """Return all experiments, oldest start first.

        Raises:
            BadConfig: A file is damaged, or its arms were changed; the message names the file and the field.
        """
        known = [_read(path) for path in sorted(self.directory.glob("*.json"))]
        return sorted(known, key=lambda one: (one.started_at.timestamp() if one.started_at else 0.0, one.name))

    def running(self) -> Started | None:
        """Return the running experiment."""
        return next((one for one in self.all() if one.is_running), None)

    def get(self, name: str | None = None) -> Started:
        """Return the experiment with a name; None for the running one, else the last one.

        Raises:
            NotReady: There is none.
        """
        known = self.all()
        if name is None:
            last = next((one for one in known if one.is_running), known[-1] if known else None)
            if last is None:
                raise NotReady("no experiment was started; start one: uptake experiments start NAME")
            return last
        named = next((one for one in known if one.name == name), None)
        if named is None:
            raise NotReady(f"no experiment is called {name}{nearest(name, [one.name for one in known])}")
        return named

    @property
    def holdout(self) -> float | None:
        """Share of the permanent holdout; None if none was set yet."""
        return _holdout(self.all())

    def check(self, experiment: Experiment) -> Started | None:
        """Check that an experiment may start; return the running one if it is the same.

        Raises:
            BadConfig: Another one runs, or one of that name has or had other arms, or the holdout would change.
        """
        known = self.all()
        for one in known:
            if one.name == experiment.name:
                return _same(one, experiment)
        running = next((one for one in known if one.is_running), None)
        if running is not None:
            raise BadConfig(
                f"experiment {running.name} is running, and only one can: stop it first "
                f"(uptake experiments stop {running.name})"
            )
        share = _holdout(known)
        if share is not None and share != experiment.holdout:
            raise BadConfig(
                f"the permanent holdout of this directory is {share:g} of the users, and the same users stay in it "
                f"through all experiments; leave holdout out, or give {share:g}"
            )
        return None

    def start(self, experiment: Experiment, *, at: datetime, rules: StopRules | None = None) -> Started:
        """Start an experiment. Starting the running one again, unchanged, is harmless.

        Args:
            experiment: The experiment to start.
            at: The time, with its zone.
            rules: Stop rules; None for the default ones.

        Raises:
            BadConfig: See `check`.
            StorageFailed: The disk refused.
        """
        with locked(self.directory / ".lock"):
            same = self.check(experiment)
            return same or self._write(
                Started(experiment=experiment, rules=rules or StopRules(), started_at=_zoned(at))
            )

    def stop(self, name: str | None = None, *, at: datetime, reason: str) -> Started:
        """Stop an experiment: from now on everybody outside the holdout gets rewrites.

        Args:
            name: Name of the experiment; None for the running one.
            at: The time, with its zone.
            reason: Reason, for `status` and the report.

        Raises:
            NotReady: It is not running.
            StorageFailed: The disk refused.
        """
        with locked(self.directory / ".lock"):
            found = self.get(name)
            if not found.is_running:
                raise NotReady(f"experiment {found.name} is not running")
            return self._write(replace(found, stopped_at=_zoned(at), reason=reason))

    def serving(self) -> Experiment | None:
        """Return the experiment to follow: the running one, else the permanent holdout alone, else None."""
        known = self.all()
        running = next((one for one in known if one.is_running), None)
        if running is not None:
            return running.experiment
        share = _holdout([one for one in known if one.started_at is not None])
        return Experiment(name=BETWEEN, arms={BETWEEN: 1.0}, unchanged=(), holdout=share) if share else None

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return a value that changes whenever a file does."""
        return self.stamps.within(str(self.directory), ".json")

    def _write(self, record: Started) -> Started:
        name = hashlib.sha256(record.name.encode()).hexdigest()[:12]
        text = json.dumps(record.to_json(), indent=1, ensure_ascii=False)
        replace_text(self.directory / f"{name}.json", text + "\n")
        return record


class Serving:
    """Assignment by the registry's current state; it follows starts and stops without a restart.

    If a file is damaged while an assistant serves, the last state that was read stays in use.

    Raises:
        BadConfig: A file is damaged at the start.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._generation, self._stamp = object(), registry.stamp()
        self._experiment = registry.serving()

    def assign(self, user_id: str) -> Assignment | None:
        """Return the arm of a user now; None if no experiment was ever started."""
        generation = self._registry.stamps.generation
        if generation is not self._generation:
            self._look()
            self._generation = generation
        return self._experiment.assign(user_id) if self._experiment is not None else None

    def _look(self) -> None:
        if (stamp := self._registry.stamp()) != self._stamp:
            with suppress(BadConfig):
                self._experiment, self._stamp = self._registry.serving(), stamp


def _same(known: Started, experiment: Experiment) -> Started:
    """Return the known experiment, if it runs and is the same."""
    old, new = known.experiment.dealing, experiment.dealing
    changed = ", ".join(name for name in old | new if old.get(name) != new.get(name))
    if changed and known.is_running:
        raise BadConfig(
            f"experiment {known.name} is running with other values of: {changed}. Changing them moves users between "
            f"arms: stop it first (uptake experiments stop {known.name}), then start one under another name"
        )
    if not known.is_running:
        raise BadConfig(f"there was an experiment called {known.name} before; start this one under another name")
    return known


def _holdout(known: list[Started]) -> float | None:
    return next((one.experiment.holdout for one in known if one.experiment.holdout > 0.0), None)


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise BadConfig("a time needs its zone")
    return at


def _read(path: Path) -> Started:
    try:
        with storage_errors(path):
            body = json.loads(path.read_text(encoding="utf-8"))
        return _started(body)
    except BadConfig as error:
        raise BadConfig(f"{path}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise BadConfig(
            f"{path}: cannot be read as an experiment ({type(error).__name__}); restore it from a copy. Nothing was "
            "changed; until then no experiment can be started or stopped here"
        ) from error


def _started(body: Any) -> Started:
    if not isinstance(body, dict):
        raise BadConfig("must be an object with experiment, rules, started_at")
    if body.get("format", _PLAIN) == _PLAIN:
        return Started(experiment=Experiment.from_json(body))
    if body["format"] != _FORMAT:
        raise BadConfig(f"format must be {_FORMAT} or {_PLAIN}, got {body['format']!r}; a newer uptake wrote it")
    return Started(
        experiment=Experiment.from_json(body.get("experiment")),
        rules=_rules(body.get("rules")),
        started_at=_time(body, "started_at", needed=True),
        stopped_at=_time(body, "stopped_at"),
        reason=None if body.get("reason") is None else str(body["reason"]),
    )


def _rules(body: Any) -> StopRules:
    known = {each.name: each for each in fields(StopRules)}
    if not isinstance(body, dict):
        raise BadConfig(f"rules must be an object with {', '.join(known)}")
    for name, value in body.items():
        if name not in known:
            raise BadConfig(f"rules has no {name}{nearest(name, list(known))}")
        fits: Callable[[Any], bool] = _is_flag if name == "for_harm" else _is_number
        if not (fits(value) or (value is None and "None" in str(known[name].type))):
            raise BadConfig(f"rules.{name} has the wrong type")
    return StopRules(**body)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _time(body: dict[str, Any], name: str, *, needed: bool = False) -> datetime | None:
    value = body.get(name)
    if value is None and not needed:
        return None
    try:
        return _zoned(datetime.fromisoformat(str(value)))
    except ValueError as error:
        raise BadConfig(f"{name} must be a time with its zone, such as 2026-01-31T18:00:00+00:00") from error
