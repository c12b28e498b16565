"""Offer to learn a correction that a person keeps making.

"Turn on the desk lamp", then "set it to 40 percent": if the same request was corrected the same way three times, the
answer asks whether it should mean that from now on. The offer names what would be learned, counts against the budget of
teaching offers, and is not repeated for a week after a refusal. A yes stores a concept like any other.

Limit: corrections within the same conversation, on the same devices, to an absolute value ("brighter" is none); the
request is recognised by its words.
"""

from __future__ import annotations

from collections.abc import Sequence

from uptake.assistant.dialogue import Conversation, Pending
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory, of_user
from uptake.assistant.teaching.house_view import house_of
from uptake.assistant.teaching.memory import Offers
from uptake.assistant.teaching.turns import speaker, waiting
from uptake.teaching.concepts.artifact import key_of, slot_type_of
from uptake.teaching.concepts.deeds import is_critical
from uptake.teaching.concepts.events import DOMAIN
from uptake.teaching.concepts.lesson import Lesson
from uptake.teaching.concepts.saying import described
from uptake.types import Interpretation

__all__ = ["ByHand"]

_KEY = "teaching.by_hand"
_VALUES = frozenset("brightness color temperature position volume_level percentage humidity".split())
_POINTS = frozenset("it that this them those these there same again back more less".split())
"""Words by which a request means something only beside another."""
_MOST = 40  # corrections that are counted for one person
_LONGEST = 8  # words of a request that is worth a meaning of its own


class ByHand:
    """Counter of corrections, and source of offers to learn them.

    Args:
        memory: Memory for the counts.
        offers: Budget of teaching offers.
        times: Number of equal corrections before an offer.
    """

    def __init__(self, memory: Memory, offers: Offers, *, times: int = 3) -> None:
        self.memory, self.offers, self.times = memory, offers, times

    def propose(
        self,
        turn: Incoming,
        done: Interpretation,
        targets: Sequence[Device],
        household: Household,
    ) -> tuple[str, Pending] | None:
        """Return the offer to make with the answer to a turn, as a question that waits; None for silence.

        Args:
            turn: The turn, before it is kept in the conversation.
            done: What was done.
            targets: The devices that were reached.
            household: The devices and rooms of the home.
        """
        user_id, request = speaker(turn), _put_right(turn.conversation, done, targets)
        if user_id is None or not request:
            return None
        deed, phrase = _by_name(done, targets, household), key_of(request)
        if is_critical(deed, house_of(household)) or self._count(user_id, phrase, deed) < self.times:
            return None
        if not self.offers.may(user_id, phrase, turn.now):
            return None
        self.offers.made(user_id, turn.now)
        self._forget(user_id, phrase, deed)
        meant = described((deed,))
        lesson = Lesson(stage="offer", phrase=phrase, deeds=(deed,), slot_type=slot_type_of((deed,)))
        question = f'You often put that right after "{phrase}". Shall "{phrase}" mean {meant} from now on?'
        pending = waiting((("lesson", lesson.to_json()),), question, turn)
        turn.trace.add("teach", "by hand", "the same was put right again")
        return question, pending

    def _count(self, user_id: str, phrase: str, deed: Interpretation) -> int:
        kept = self._kept(user_id)
        key = _written(phrase, deed)
        seen = kept.pop(key, 0) + 1
        kept = dict([*kept.items(), (key, seen)][-_MOST:])
        self.memory.set(of_user(user_id), _KEY, kept)
        return seen

    def _forget(self, user_id: str, phrase: str, deed: Interpretation) -> None:
        kept = self._kept(user_id)
        kept.pop(_written(phrase, deed), None)
        self.memory.set(of_user(user_id), _KEY, kept or None)

    def _kept(self, user_id: str) -> dict[str, int]:
        kept = self.memory.get(of_user(user_id), _KEY)
        return {key: int(seen) for key, seen in kept.items()} if isinstance(kept, dict) else {}


def _put_right(conversation: Conversation, done: Interpretation, targets: Sequence[Device]) -> str:
    """Return the request before, where what was done sets what it reached to another value; "" where it does not."""
    before, last = next(reversed(conversation.exchanges), None), conversation.last
    if before is None or last is None or before.interpretation != last.interpretation or not targets:
        return ""
    words = key_of(before.request).split()
    if last.interpretation.domain == DOMAIN or not 1 < len(words) <= _LONGEST or _POINTS & set(words):
        return ""
    said = {pair for pair in done.slots if pair[0] in _VALUES}
    same = {device.entity_id for device in targets} <= set(last.targets)
    return before.request if same and said and not said <= set(last.interpretation.slots) else ""


def _by_name(done: Interpretation, targets: Sequence[Device], household: Household) -> Interpretation:
    """Return what was done with the devices by name, so that it means the same whatever was spoken of before."""
    names = tuple(("name", household.label(device)) for device in targets)
    values = tuple(pair for pair in done.slots if pair[0] in _VALUES)
    return Interpretation(intent=done.intent, slots=(*names, *values))


def _written(phrase: str, deed: Interpretation) -> str:
    return f"{phrase} -> {deed.intent} {' '.join('='.join(pair) for pair in sorted(deed.slots))}"
