"""Skill for help: what can be asked here, with the devices of this home as examples; and words that end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from uptake.assistant.home.model import Device, Home
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize

__all__ = ["Assistance"]

# Topic -> (words for it, domains of devices it needs, two requests; {name} and {area} are filled in from the home).
_TOPICS: dict[str, tuple[str, frozenset[str], tuple[str, str]]] = {
    "lights": ("light lights lamp lamps lighting", frozenset({"light"}),
               ("turn on the {name}", "dim the {area} lights to 40 percent")),
    "switches": ("switch switches plug plugs socket appliance appliances fan", frozenset({"switch", "fan"}),
                 ("turn off the {name}", "is the {name} on")),
    "climate": ("climate heating thermostat temperature heat cooling", frozenset({"climate"}),
                ("set the {name} to 21 degrees", "what is the temperature")),
    "covers": ("cover covers blind blinds curtain curtains shutter shutters garage", frozenset({"cover"}),
               ("close the {name}", "open the {name} halfway")),
    "locks": ("lock locks door doors", frozenset({"lock"}), ("lock the {name}", "is the {name} locked")),
    "media": ("media music film films movie movies audiobook song songs tv radio speaker", frozenset({"media_player"}),
              ("play some jazz on the {name}", "turn the volume down")),
    "vacuum": ("vacuum robot hoover cleaning", frozenset({"vacuum"}), ("start the {name}", "send the {name} home")),
    "scenes": ("scene scenes mood", frozenset({"scene"}), ("turn on {name}", "good night")),
    "timers": ("timer timers countdown", frozenset(), ("set a pasta timer for 8 minutes", "how long is left")),
    "alarms": ("alarm alarms wake", frozenset(), ("wake me at seven every weekday", "snooze")),
    "reminders": ("reminder reminders remind", frozenset(),
                  ("remind me to call mum tomorrow at five", "remind me to buy aspirin when I get to the pharmacy")),
    "lists": ("list lists shopping todo", frozenset(),
              ("add milk and eggs to the shopping list", "what is on my to-do list")),
    "clock": ("clock time date calendar day", frozenset(),
              ("what time is it in Tokyo", "how many days until Christmas")),
    "arithmetic": ("arithmetic math maths sum sums calculation number numbers", frozenset(),
                   ("what is twelve times seven", "15 percent of 80")),
    "units": ("unit units conversion convert measure", frozenset(),
              ("how many cups are in a litre", "convert 5 miles to kilometres")),
    "weather": ("weather forecast rain", frozenset(), ("what is the weather like", "do I need an umbrella tomorrow")),
    "facts": ("fact facts knowledge question questions", frozenset(),
              ("what is the capital of Peru", "who wrote Hamlet")),
}  # fmt: skip
_LISTS = {
    "help_topic": tuple(f"{word}:{topic}" for topic, (words, _, _) in _TOPICS.items() for word in words.split()),
    "help_message": ("dinner is ready", "we are leaving in five minutes", "the food is here"),
}
_CLOSE = 0.8


class Assistance(NothingDue):
    """Skill for help, and for ending a topic."""

    name: ClassVar[str] = "assistance"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="GetHelp",
            slots=(Slot(name="topic"), Slot(name="area", kind="area")),
            sentences=(
                "[i need|please] help [me] [please]",
                "what can (you|i) (do|say|ask) [you|here|for me]",
                "what (are you able to do|can i ask you|do you know how to do|are my options)",
                "(how do|how does) (you|this|it) work",
                "what (skills|commands|features) do you have",
                "help [me] (with|on|about) [the|my] {help_topic:topic}",
                "what can (i|you) (say|ask|do) (about|with|for) [the|my] {help_topic:topic}",
                "how do i (use|control|set|ask for|make|start) [the|my|a|an] {help_topic:topic}",
                "what can (you|i) (do|control|say) in [the|my] {area}",
                "(what is|what's|which devices are) in [the|my] {area}",
            ),
            lists=_LISTS,
            wildcards=("help_message",),
            examples=("help", "what can you do in the kitchen", "help me with timers"),
            follows=True,
            changes=False,
        ),
        Intent(
            name="HassNevermind",
            sentences=(
                "(forget it|forget about it|cancel that|leave it|nothing|no thanks|no thank you)",
                "(stop it|that is all|that's all|that would be all|that'll be all|it's nothing|don't bother)",
            ),
            examples=("never mind",),
            follows=False,
            changes=False,
        ),
        Intent(
            name="HassBroadcast",
            slots=(Slot(name="message", required=True, prompt="What shall I announce?"),),
            sentences=("(tell everyone|tell everybody|let everyone know) [that] {help_message:message}",),
            lists=_LISTS,
            wildcards=("help_message",),
            examples=("announce that dinner is ready",),
            follows=False,
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Help, end the topic, or announce."""
        if call.interpretation.intent == "HassNevermind":
            return Effect(speech="All right.", status="cancelled")
        if call.interpretation.intent == "HassBroadcast":
            message = call.slot("message")
            if not message:
                return Effect(speech="What shall I announce?", missing="message")
            return Effect(speech=f"Attention please: {message}.", action="broadcast")
        topic, area = call.slot("topic"), call.slot("area")
        if topic is not None:
            return _about(topic, call.home)
        return _room(area, call.home) if area is not None else _overview(call)


def _overview(call: Call) -> Effect:
    """Say what can be asked, and a few requests to try, from this room where it is known."""
    topics = [topic for topic in _TOPICS if _fits(topic, call.home.devices)]
    about_home = [topic for topic in topics if _TOPICS[topic][1]][:2]
    shown = [_examples(topic, call.home, call.situation.context.room)[0] for topic in (*about_home, "timers", "facts")]
    asked = say_list([f'"{example}"' for example in shown], "or")
    return Effect(speech=f'I know about {say_list(topics)}. Try {asked}, or ask for "help with timers".')


def _about(topic: str, home: Home) -> Effect:
    matched = _topic(topic)
    if matched is None:
        return Effect(speech=f"I cannot help with that, but with {say_list(list(_TOPICS))}.", status="unsupported")
    if not _fits(matched, home.devices):
        return Effect(speech=f"There is nothing for {matched} in this home.")
    asked = say_list([f'"{example}"' for example in _examples(matched, home, None)], "or")
    return Effect(speech=f"For {matched}, say {asked}.")


def _room(area: str, home: Home) -> Effect:
    """Say what there is in a room, and what to say to it."""
    wanted = normalize(area)
    named = {normalize(name): each for each in home.areas for name in (each.name, *each.aliases)}
    found = named.get(wanted)
    devices = [device for device in home.devices if found is not None and device.area_id == found.area_id]
    if found is None or not devices:
        return Effect(speech="I know of nothing there.", status="failed" if found is None else "ok")
    tried = [
        examples[0].format(name=device.name, area=found.name)
        for device in devices
        for _, domains, examples in _TOPICS.values()
        if device.domain in domains
    ]
    said = f"In the {found.name} there is {say_list([device.name for device in devices[:8]])}."
    return Effect(speech=said + (f' Try "{tried[0]}".' if tried else ""))


def _examples(topic: str, home: Home, room: str | None) -> list[str]:
    """Return example requests of a topic with names of this home, from a room first where one is given."""
    _, domains, examples = _TOPICS[topic]
    if not domains:
        return list(examples)
    names = {area.area_id: area.name for area in home.areas}
    devices = [device for device in home.devices if device.domain in domains]
    devices.sort(key=lambda device: names.get(device.area_id or "") != room)
    first = devices[0]
    area = names.get(first.area_id or "", "living room")
    return [example.format(name=first.name, area=area) for example in examples]


def _fits(topic: str, devices: Sequence[Device]) -> bool:
    domains = _TOPICS[topic][1]
    return not domains or any(device.domain in domains for device in devices)


def _topic(said: str) -> str | None:
    wanted = normalize(said)
    for topic, (words, _, _) in _TOPICS.items():
        if wanted == topic or wanted in words.split():
            return topic
    near = max(_TOPICS, key=lambda topic: edit_similarity(topic, wanted))
    return near if edit_similarity(near, wanted) >= _CLOSE else None
