"""Scenes and scripts: several devices at one word."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.devices.acting import AREA, NAME, DeviceResults, answer, in_scope, not_found, perform
from uptake.assistant.skills.naming import Subject, the
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue

__all__ = ["Scenes"]


class Scenes(NothingDue):
    """Skill for scenes and scripts."""

    name: ClassVar[str] = "scenes"
    domains: ClassVar[frozenset[str]] = frozenset({"scene", "script"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassTurnOn",
            slots=(NAME, AREA),
            sentences=(
                "(it is|it's) time for [<the>] {name}",
                "(set|start|let us have|let's have|get ready for) [<the>] {name} [mode|scene|mood]",
            ),
            examples=("movie night", "activate the dinner scene", "run good night"),
        ),
        Intent(name="HassTurnOff", slots=(NAME, AREA)),
    )

    def handle(self, call: Call) -> Effect:
        """Set the scene or run the script."""
        chosen = in_scope(call, self.domains)
        if not chosen:
            return not_found(call, "scene", "Which scene?")
        if call.interpretation.intent == "HassTurnOff":
            names = say_list([device.name for device in chosen])
            return Effect(speech=f"{names} cannot be turned off; say undo to go back.", status="unsupported")
        outcome = perform(call, chosen, lambda device: (f"{device.domain}.turn_on", {}))
        missed = {name for _, _, after in outcome.done for name in after.attributes.get("missed", ())}
        lost = [device for device in call.home.devices if device.entity_id in missed]
        if not lost:
            return answer(call, outcome, _done)
        names = say_list([the(device.name) for device in lost])
        return Effect(
            speech=f"{say_list([device.name for device in outcome.devices])} is done, but {names} did not answer.",
            status="failed",
            action=outcome.action,
        )


def _done(who: Subject, outcome: DeviceResults) -> str:  # noqa: ARG001
    names = say_list([device.name for device in outcome.devices])
    scripts = all(device.domain == "script" for device in outcome.devices)
    return f"{names}: done" if scripts else f"{names} it is"
