"""Ask about a value that this person uses where a request is read surely with one that nobody knows.

    heard      "put on fleet with matt"       read surely: any words may be a title
    own past   "play fleetwood mac", which worked
    asked      "Did you mean: put on fleetwood mac?"

Assistants take any words for a title or for something to buy, and are sure of them, so nothing else looks at such a
request. The person is asked where neither they nor enough others are known to have said it with success, and where the
two readings differ in values alone: each that was heard is no name of this home and was never used by this person, and
each instead sounds like it and worked for them. A yes is needed before it is acted on unasked.

Source: matching by sound against a person's own entities as in Raghuvanshi et al., "Entity resolution for noisy ASR
transcripts" (EMNLP 2019, demo). Differs: the values are those of the person's requests that worked, of whatever kind.
Limit: English sounds only; a value that they never asked for is not found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from uptake.feedback.state_keys import reading_of
from uptake.protocols import Preflight
from uptake.rewriting.identity import meaning_id
from uptake.rewriting.known_names import names_of
from uptake.rewriting.ranking.home_names import Names
from uptake.rewriting.retrieval.history import Own
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["own_value"]

_MOST = 3  # candidates that are read


def own_value(
    request: Request, situation: Situation, own: Own, preflight: Preflight, works: Callable[[Request], bool]
) -> Decision | None:
    """Return what to ask about in the place of a request that is read surely; None where nothing speaks for it.

    Args:
        request: As heard.
        situation: Tells the names of the home.
        own: What worked for the person.
        preflight: The assistant's own understanding.
        works: Whether a request is known to work for this person or for many.
    """
    used, values = _used(tuple(own.readings))
    found = Names(known=values)(request, situation, _MOST)
    if not found or works(request):
        return None
    heard = preflight(request.text)
    if heard is None:
        return None
    here = frozenset(names_of(situation))
    for one in found:
        meant = preflight(one.text)
        if meant is not None and _exchanges_unknown(heard, meant, used, here):
            return Decision(
                step=Names.name,
                acted_on=one.text,
                rewrite_id=meaning_id(request.text, one.text, request.user_id),
                artifact_version=None,
                layer="personal",
                reason=f"{one.score:.0%} like a value that works for this person; the one heard is not known to work",
                domain=meant.domain,
                must_confirm=True,
                occasions=0,
            )
    return None


@lru_cache(maxsize=256)
def _used(readings: tuple[str, ...]) -> tuple[frozenset[tuple[str, str]], tuple[str, ...]]:
    """Return (slot, value) of the readings that worked for a person, and the values, normalised."""
    used = frozenset(pair for key in readings for pair in reading_of(key).slots)
    return used, tuple(sorted({normalize(value) for _, value in used}))


def _exchanges_unknown(
    heard: Interpretation, meant: Interpretation, used: frozenset[tuple[str, str]], here: frozenset[str]
) -> bool:
    """Tell whether two readings differ in values alone, the heard ones unknown and the others the person's own."""
    lost, gained = set(heard.slots) - set(meant.slots), set(meant.slots) - set(heard.slots)
    known = lost & used or any(normalize(value) in here for _, value in lost)
    return heard.intent == meant.intent and bool(gained) and gained <= used and not known
