"""Ask about a value that this person uses where a request is read surely with one that nobody knows.

    heard      "put on fleet with matt"       read surely: any words may be a title
    own past   "play fleetwood mac", which worked
    asked      "Did you mean: put on fleetwood mac?"

Assistants take any words for a title or for something to buy, and are sure of them, so nothing else looks at such a
request. The person is asked where neither they nor enough others are known to have said it with success, and where the
two readings differ in values alone: each that was heard is no name of this home and was never used by this person, and
each instead sounds like it and worked for them. A yes is needed before it is acted on unasked.

A request that fails in many homes ("turn on the whole light", read as all lights) is asked about in the same way, with
the names of this home beside one's own values: there, having been said before speaks for no value.

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
    request: Request,
    situation: Situation,
    own: Own | None,
    preflight: Preflight,
    works: Callable[[Request], bool],
    *,
    fails: bool = False,
) -> Decision | None:
    """Return what to ask about in the place of a request that is read surely; None where nothing speaks for it.

    Args:
        request: As heard.
        situation: Tells the names of the home.
        own: What worked for the person; None where nothing is known.
        preflight: The assistant's own understanding.
        works: Whether a request is known to work for this person or for many.
        fails: Whether this request is known to fail in many homes.
    """
    used, values = _used(tuple(own.readings) if own is not None else ())
    found = Names(known=values)(request, situation, _MOST)
    if not found or works(request):
        return None
    heard = preflight(request.text)
    if heard is None:
        return None
    here = frozenset(names_of(situation))
    for one in found:
        meant = preflight(one.text)
        gained = _gained(heard, meant, used, here, fails=fails) if meant is not None else None
        if meant is not None and gained:
            is_own = gained <= used
            like = "a value that works for this person" if is_own else "a name of this home"
            why = "the request fails in many homes" if fails else "the one heard is not known to work"
            return Decision(
                step=Names.name,
                acted_on=one.text,
                rewrite_id=meaning_id(request.text, one.text, request.user_id if is_own else None),
                artifact_version=None,
                layer="personal" if is_own else "global",
                reason=f"{one.score:.0%} like {like}; {why}",
                domain=meant.domain,
                must_confirm=True,
                occasions=0 if is_own else None,
            )
    return None


@lru_cache(maxsize=256)
def _used(readings: tuple[str, ...]) -> tuple[frozenset[tuple[str, str]], tuple[str, ...]]:
    """Return (slot, value) of the readings that worked for a person, and the values, normalised."""
    used = frozenset(pair for key in readings for pair in reading_of(key).slots)
    return used, tuple(sorted({normalize(value) for _, value in used}))


def _gained(
    heard: Interpretation,
    meant: Interpretation,
    used: frozenset[tuple[str, str]],
    here: frozenset[str],
    *,
    fails: bool,
) -> set[tuple[str, str]] | None:
    """Return the values in which two readings differ alone, the heard ones unknown and the others known."""
    lost, gained = set(heard.slots) - set(meant.slots), set(meant.slots) - set(heard.slots)
    if heard.intent != meant.intent or any(normalize(value) in here for _, value in lost):
        return None
    if fails:  # said before, and let pass, as everybody did
        return gained if all(pair in used or normalize(pair[1]) in here for pair in gained) else None
    return gained if gained <= used and not lost & used else None
