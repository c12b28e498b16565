"""Small talk: greetings, thanks, jokes, who are you, good night; a coin that is tossed, dice that are rolled."""

from __future__ import annotations

import secrets
from typing import ClassVar

from uptake.assistant.skills.answers.chatter import ANSWERS, JOKES, LISTS, SENTENCES
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["SmallTalk"]

_TOLD = "jokes_told"


class SmallTalk(NothingDue):
    """Skill for small talk."""

    name: ClassVar[str] = "small_talk"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="SmallTalk",
            slots=(Slot(name="topic"),),
            sentences=SENTENCES,
            lists=LISTS,
            examples=("good morning", "how are you", "who are you", "thank you"),
            follows=False,
            changes=False,
        ),
        Intent(
            name="TellJoke",
            sentences=(
                "[(can|could) you] [please] (tell|say|give|read|share) [me|us] [a|another|one more|some] "
                "[good|funny|nice|new] (joke|jokes) [please]",
                "(do you know|have you [got]|know) [a|any|some] [good|funny] (joke|jokes)",
                "(make me|make us) (laugh|smile)",
                "(tell|say) [me|us] something funny",
                "i (want|need|would like) [to hear] a [good|funny] joke",
                "another joke [please]",
                "[a] joke [please]",
            ),
            examples=("tell me a joke",),
            changes=False,
        ),
        Intent(
            name="DrawLots",
            slots=(Slot(name="drawn_with", prompt="A coin or a die?"),),
            sentences=(
                "[(can|could|will) you] (flip|toss|throw|spin) (a|the|me a) {drawn_with_coin:drawn_with} [for (me|us)]",
                "[(can|could|will) you] (roll|throw) [a|the|me a] {drawn_with_die:drawn_with} [for (me|us)]",
                "[let's] [play] heads or tails",
                "(pick|choose|give me|say|think of) a {drawn_with_number:drawn_with}",
            ),
            lists={
                "drawn_with_coin": ("coin:coin",),
                "drawn_with_die": ("(die|dice):die", "(2|two) dice:dice"),
                "drawn_with_number": ("[random] number (between|from) (1|one) (and|to) (10|ten):ten",),
            },
            examples=("flip a coin", "roll a die"),
            follows=False,
            changes=False,
        ),
        Intent(
            name="HassRespond",
            slots=(Slot(name="response"),),
            examples=("hello",),
            follows=False,
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Answer small talk."""
        if call.interpretation.intent == "TellJoke":
            return _joke(call)
        if call.interpretation.intent == "DrawLots":
            return Effect(speech=_drawn(call.slot("drawn_with") or "coin"))
        topic = call.slot("topic") or call.slot("response") or "hello"
        if topic == "good_morning" and call.now.hour >= 12:
            topic = "good_evening" if call.now.hour >= 18 else "good_afternoon"
        answers = ANSWERS.get(topic, ANSWERS["hello"])
        return Effect(speech=answers[(call.now.toordinal() + len(call.situation.recent)) % len(answers)])


def _joke(call: Call) -> Effect:
    """Return the next joke that was not told to anybody at home lately."""
    told = sum(exchange.interpretation is not None and exchange.interpretation.intent == "TellJoke"
               for exchange in call.situation.recent)  # fmt: skip
    start = call.now.toordinal() * 7 + call.now.hour
    return Effect(speech=JOKES[(start + told) % len(JOKES)])


def _drawn(with_what: str) -> str:
    """Say what fell."""
    if with_what == "ten":
        return f"{secrets.randbelow(10) + 1}."
    if with_what == "die":
        return f"A {secrets.randbelow(6) + 1}."
    if with_what == "dice":
        one, other = secrets.randbelow(6) + 1, secrets.randbelow(6) + 1
        return f"A {one} and a {other}: {one + other}."
    return secrets.choice(("Heads.", "Tails."))
