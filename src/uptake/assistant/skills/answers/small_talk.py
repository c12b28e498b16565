"""Small talk: greetings, thanks, jokes, who are you, good night."""

from __future__ import annotations

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
