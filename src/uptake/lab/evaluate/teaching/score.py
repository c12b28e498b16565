"""Compare the results of turns with the expected ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uptake.lab.evaluate.teaching.play import Noted, same
from uptake.lab.evaluate.teaching.rows import Action, actions_of

__all__ = ["Tally", "equal", "figures"]

_MEDIA = "HassMediaSearchAndPlay"


@dataclass(slots=True)
class Tally:
    """Counts over the turns of some dialogues, and the errors."""

    counts: Counter[str] = field(default_factory=Counter)
    """Name -> count."""
    wrong: list[str] = field(default_factory=list)
    """Kind of fault of each turn that went wrong, with its dialogue."""

    def judge(self, key: str, turn: Mapping[str, Any], noted: Noted) -> None:
        """Count one turn."""
        expected, kind = turn["expect"], turn["kind"]
        if "gap" in expected:
            self._gap(key, expected, noted)
        elif expected.get("offer") is False:
            self._add("no_offer", wrong=noted.offer is not None, key=key, fault="false offer", count_wrong=True)
        if kind in ("definition", "clarify"):
            self._definition(key, expected, noted)
        if kind == "use":
            self._use(key, expected, noted)
        if expected.get("stored") is False:
            self._kept_nothing(key, kind, expected, noted)
        if expected.get("stored") is True and kind == "confirm":
            self._add("store", wrong=not noted.stored, key=key, fault="not stored")
        mentions = expected.get("answer_mentions")
        if mentions:
            self._add("mention", wrong=mentions.lower() not in noted.speech.lower(), key=key, fault="not mentioned")

    def _add(self, name: str, *, wrong: bool, key: str, fault: str, count_wrong: bool = False) -> None:
        self.counts[name] += 1
        self.counts[f"{name}_wrong" if count_wrong else f"{name}_right"] += wrong if count_wrong else not wrong
        if wrong:
            self.wrong.append(f"{key}: {fault}")

    def _gap(self, key: str, expected: Mapping[str, Any], noted: Noted) -> None:
        right = same(expected["gap"], noted.offer)
        self._add("gap", wrong=not right, key=key, fault="gap missed" if noted.offer is None else "other gap")
        self.counts["gap_other"] += noted.offer is not None and not right
        self.counts["type_right"] += right and noted.slot_type == expected.get("slot_type")

    def _definition(self, key: str, expected: Mapping[str, Any], noted: Noted) -> None:
        if expected.get("alias_of"):
            right = (noted.alias_of or "").lower() == expected["alias_of"].lower()
            self._add("alias", wrong=not right, key=key, fault="other thing")
        elif expected.get("actions") and expected.get("stored") is not False:
            right = equal(actions_of(expected), noted.meant)
            self._add("definition", wrong=not right, key=key, fault="other meaning")
        elif expected.get("clarify"):
            self._add(
                "clarify", wrong=bool(noted.meant) or noted.stored, key=key, fault="took too little for a meaning"
            )

    def _use(self, key: str, expected: Mapping[str, Any], noted: Noted) -> None:
        if expected.get("recall"):
            right = noted.offer is None and equal(actions_of(expected), noted.did)
            self._add("recall", wrong=not right, key=key, fault="not recalled")
        elif expected.get("recall") is False:
            self._add("no_recall", wrong=noted.recalled, key=key, fault="false recall", count_wrong=True)

    def _kept_nothing(self, key: str, kind: str, expected: Mapping[str, Any], noted: Noted) -> None:
        critical = actions_of({"actions": expected.get("critical", ())})
        did = bool(noted.ran) if kind == "definition" and not expected.get("actions") else bool(critical & noted.ran)
        self._add("kept_nothing", wrong=noted.stored or did, key=key, fault="stored or did", count_wrong=True)


def equal(expected: set[Action], got: frozenset[Action]) -> bool:
    """Return whether the same was done to the same devices; switching on what is set anyway counts for nothing.

    Of media, the slots that are expected count, and devices where they are expected.
    """
    if not expected:
        return not got
    lit = {name for intent, _, name in expected if intent == "HassLightSet"}
    rest = {one for one in got if not (one[0] == "HassTurnOn" and one[2] in lit and one not in expected)}
    loose = [one for one in expected if one[0] in (_MEDIA, "HassStartTimer")]
    for intent, values, name in loose:
        fit = {one for one in rest if one[0] == intent and values <= one[1] and name in (None, one[2])}
        if not fit:
            return False
        rest -= fit
    return {one for one in expected if one not in loose} == rest


def figures(tally: Tally, prefix: str) -> dict[str, Any]:
    """Return the figures of a tally."""
    counts = tally.counts
    right, missed = counts["gap_right"], counts["gap"] - counts["gap_right"]
    false = counts["gap_other"] + counts["no_offer_wrong"]
    found: dict[str, Any] = {f"{prefix}gap_f1": _share(2 * right, 2 * right + missed + false)}
    for name, top, bottom in _SHARES:
        found[f"{prefix}{name}"] = _share(counts[top], counts[bottom])
    found[f"{prefix}stored_wrong"] = counts["kept_nothing_wrong"]
    found |= {
        f"{prefix}{name}_n": counts[name] for name in ("gap", "no_offer", "definition", "alias", "recall", "no_recall")
    }
    return found


_SHARES: Sequence[tuple[str, str, str]] = (
    ("false_offer_rate", "no_offer_wrong", "no_offer"),
    ("slot_type_accuracy", "type_right", "gap_right"),
    ("definition_accuracy", "definition_right", "definition"),
    ("alias_accuracy", "alias_right", "alias"),
    ("clarify_rate", "clarify_right", "clarify"),
    ("recall", "recall_right", "recall"),
    ("false_recall", "no_recall_wrong", "no_recall"),
    ("stored_rate", "store_right", "store"),
    ("mention_rate", "mention_right", "mention"),
)


def _share(top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None
