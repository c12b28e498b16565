"""Locks: to lock is HassTurnOn, to unlock HassTurnOff, as Home Assistant has it; before unlocking, people are asked."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.skills.devices.acting import HERE, answer, in_scope, not_found, perform, switched
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue

__all__ = ["Locks"]

_DOORS = ("(door|doors|lock|locks):lock",)


class Locks(NothingDue):
    """Skill for locks."""

    name: ClassVar[str] = "locks"
    domains: ClassVar[frozenset[str]] = frozenset({"lock"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassTurnOn",
            slots=HERE,
            sentences=(
                "lock [up] [<all>|<the>] {locks_doors:domain} [<in> [<the>] {area}|<everywhere>]",
                "(bolt|secure|lock up) [<the>] {name}",
            ),
            lists={"locks_doors": _DOORS},
            examples=("lock the front door", "lock all the doors"),
        ),
        Intent(
            name="HassTurnOff",
            slots=HERE,
            sentences=(
                "unlock [<all>|<the>] {locks_doors:domain} [<in> [<the>] {area}|<everywhere>]",
                "unbolt [<the>] {name}",
            ),
            lists={"locks_doors": _DOORS},
            critical=True,
            examples=("unlock the front door",),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Lock or unlock. The question whether to do it has been asked before."""
        locks = in_scope(call, self.domains)
        verb = "lock" if call.interpretation.intent == "HassTurnOn" else "unlock"
        if not locks:
            return not_found(call, "lock", f"What shall I {verb}?")
        return answer(call, perform(call, locks, lambda _: (f"lock.{verb}", {})), switched)
