"""A small intent model, and the sentences it was trained on."""

from functools import cache

from uptake.understanding.intents.artifact import IntentModel
from uptake.understanding.intents.learn.train import Example, train

_ROOMS = ("kitchen", "bedroom", "hall", "office", "cellar")
_THINGS = ("light", "lamp", "fan")


def example(template: str, intent: str, **slots: str) -> Example:
    """An example from a template such as "turn on the {name}"."""
    text, found = "", []
    for at, part in enumerate(template.replace("}", "{").split("{")):
        if at % 2:
            found.append((part, len(text), len(text) + len(slots[part])))
        text += slots[part] if at % 2 else part
    return Example(text, intent, tuple(found))


def sentences() -> list[Example]:
    """Lights on and off, the weather, and what is none of it."""
    found = []
    for room in _ROOMS:
        for thing in _THINGS:
            found += [
                example("turn on the {name} in the {area}", "TurnOn", name=thing, area=room),
                example("switch off the {area} {name}", "TurnOff", name=thing, area=room),
            ]
        found += [
            example("what is the weather like in the {area}", "Weather", area=room),
            example(f"tell me about the history of the {room}", "OutOfScope"),
        ]
    return found


@cache
def small_model(*, slots: bool = True) -> IntentModel:
    """A model trained on `sentences`."""
    return train([one if slots else Example(one.text, one.intent) for one in sentences()])
