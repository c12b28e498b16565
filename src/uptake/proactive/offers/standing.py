"""Keep the standing of a person with offers: kinds that they opted in to, offers made, and their answers.

It is what the log's turns say, kept where the next turn finds it at once. Plain data: the assistant keeps it in the
memory of the person, so that it goes when they are forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

import msgspec

from uptake.errors import BadRecord

__all__ = ["ANSWERS", "Answer", "Made", "Standing", "Tally"]

Answer = Literal["accepted", "declined", "ignored", "anyway"]
"""Said yes; said no; said nothing of it; did it by themselves in other words."""
ANSWERS: tuple[Answer, ...] = ("accepted", "declined", "ignored", "anyway")
_HELD = 60
_USUAL = {"turn_id": "", "text": "", "because": "", "said": True, "by_itself": False}
"""Fields of an offer that was made, as most have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of the answers to an offer."""

    accepted: int = 0
    """Times it got a yes."""
    declined: int = 0
    """Times it got a no."""
    ignored: int = 0
    """Times it got no answer."""
    anyway: int = 0
    """Times the person asked for it in their own words instead of answering."""

    @property
    def said(self) -> int:
        """Times it was made."""
        return self.accepted + self.declined + self.ignored + self.anyway

    def most(self, other: Tally) -> Tally:
        """Return the larger of each count: both count the same answers, one of them not all."""
        return Tally(**{name: max(getattr(self, name), getattr(other, name)) for name in ANSWERS})

    def plus(self, other: Tally) -> Tally:
        """Return the sum of each count."""
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in ANSWERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One offer that was made to a person, or withheld."""

    offer_id: str
    """Identifier of the offer."""
    turn_id: str
    """The turn that made it; "" where it is not kept any more."""
    at: datetime
    """Time of the offer, with its time zone."""
    text: str = ""
    """What was said."""
    because: str = ""
    """Evidence in words."""
    said: bool = True
    """Whether it was said; False where chance withheld it."""
    answer: Answer | None = None
    """The answer; None while it is open."""
    by_itself: bool = False
    """Whether it was done without a question, as the person had allowed; `text` is then what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Opt-ins, refusals and last offers of one person.

    >>> Standing().allows("latent_goals"), Standing(on=("latent_goals",)).allows("latent_goals")
    (False, True)
    """

    on: tuple[str, ...] = ()
    """Kinds that the person opted in to; "all" for every kind."""
    off: tuple[str, ...] = ()
    """Kinds that the person wants to hear nothing of, whatever the household says; "all" for every kind."""
    never: tuple[str, ...] = ()
    """Offers that the person does not want again."""
    made: tuple[Made, ...] = ()
    """The last offers, oldest first."""

    def allows(self, kind: str, household: tuple[str, ...] = ()) -> bool:
        """Return whether offers of a kind may be made.

        Args:
            kind: The kind.
            household: Kinds that are on for everybody at home.
        """
        if {kind, "all"} & {*self.off}:
            return False
        return bool({kind, "all"} & {*self.on, *household})

    def switched(self, kind: str, *, on: bool) -> Standing:
        """Return it with a kind, or all of them, switched on or off."""
        if kind == "all":
            return replace(self, on=("all",) if on else (), off=() if on else ("all",))
        kinds, others = (self.on, self.off) if on else (self.off, self.on)
        chosen = tuple(sorted({*kinds, kind}))
        rest = tuple(one for one in others if one != kind)
        return replace(self, on=chosen, off=rest) if on else replace(self, off=chosen, on=rest)

    def stopped(self, offer_id: str) -> Standing:
        """Return it without an offer from now on."""
        return replace(self, never=tuple(sorted({*self.never, offer_id})))

    def with_made(self, made: Made) -> Standing:
        """Return it with one more offer; one that was open before counts as ignored.

        The turn and the words of those before go once another was said: only of the last is anybody asked why.
        """
        before = self.answered("ignored").made
        if made.said:
            before = tuple(replace(one, turn_id="", text="", because="") if one.turn_id else one for one in before)
        return replace(self, made=(*before, made)[-_HELD:])

    @property
    def open(self) -> Made | None:
        """The offer that waits for an answer; None where none does."""
        last = self.made[-1] if self.made else None
        return last if last is not None and last.said and last.answer is None else None

    def answered(self, answer: Answer) -> Standing:
        """Return it with the answer to the offer that is open."""
        if self.open is None:
            return self
        return replace(self, made=(*self.made[:-1], replace(self.made[-1], answer=answer)))

    def tally(self, offer_id: str | None = None, kind: str | None = None) -> Tally:
        """Count the answers to an offer, or to all of a kind."""
        begin, counts = f"{kind}:" if kind is not None else "", dict.fromkeys(ANSWERS, 0)
        for one in self.made:
            if one.answer is None or not one.said or (offer_id is not None and one.offer_id != offer_id):
                continue
            if one.offer_id.startswith(begin):
                counts[one.answer] += 1
        return Tally(**counts)

    def said_on(self, now: datetime) -> int:
        """Count the offers of a day."""
        return sum(one.said for one in self._made_since(now))

    def was_made_on(self, now: datetime, offer_id: str) -> bool:
        """Return whether an offer was made, or withheld, on a day."""
        return any(one.offer_id == offer_id for one in self._made_since(now))

    def _made_since(self, now: datetime) -> tuple[Made, ...]:
        """Return what was made since the day of a moment began, the last first."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return tuple(takewhile(lambda one: one.at >= midnight, reversed(self.made)))

    def last_said(self, offer_id: str | None = None) -> Made | None:
        """Return the last offer that was said: any, or a given one."""
        return next((one for one in reversed(self.made) if one.said and offer_id in (None, one.offer_id)), None)

    def unwelcome_in_a_row(self) -> int:
        """Count the last offers that were declined or ignored, back to one that was not."""
        count = 0
        for one in reversed(self.made):
            if one.said and one.answer is not None:
                if one.answer not in ("declined", "ignored"):
                    break
                count += 1
        return count

    def as_of(self, now: datetime, lapse: timedelta) -> Standing:
        """Return it at a moment: an offer that waited too long was ignored."""
        return self.answered("ignored") if self.open is not None and now - self.open.at > lapse else self

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values: each offer once, then [its place, when, the answer, what else is known] a time."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        offers: dict[str, int] = {}
        rows = []
        for made in fields["made"]:
            known = {name: value for name, value in made.items() if value != _USUAL.get(name, value)}
            place = offers.setdefault(made["offer_id"], len(offers))
            rows.append([place, made["at"], made["answer"], *([known] if known else [])])
        return {**fields, "offers": list(offers), "made": rows}

    @classmethod
    def from_json(cls, fields: Any) -> Standing:
        """Read what `to_json` wrote, now or before offers were written once each.

        Raises:
            BadRecord: It is something else.
        """
        try:
            if isinstance(fields, dict) and "offers" in fields:
                offers = fields["offers"]
                made = [_USUAL | {"offer_id": offers[one[0]], "at": one[1], "answer": one[2], **dict(*one[3:])}
                        for one in fields["made"]]  # fmt: skip
                fields = {**fields, "made": made}
            return msgspec.convert(fields, cls)
        except (msgspec.ValidationError, LookupError, TypeError, ValueError) as error:
            raise BadRecord(f"no record of offers ({error})", field="suggestions") from error
