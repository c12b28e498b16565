"""Rewrite at request time what no table knows: look up what was meant, weigh it, and act only where it is worth it.

    retrieval (cascade.py) + the recogniser's list + names of things in this home + what was said before
        -> one list of candidates, each with its origins -> ranker -> a decision, a question, or nothing
    where a person's own past would ask or abstain: the same as for a stranger, and a question names both

The assistant's own reading is asked first: where it is sure, nothing is looked up, which is the normal case and
costs next to nothing; only a value that nobody is known to have said is held against the person's own (`own_values`).
What is proposed still goes before the guard and the preflight of `uptake.rewriting.pipeline`.

Source: retrieval and ranking with a personal and a global layer as in Cho et al., "Personalized Search-based Query
Rewrite System for Conversational AI" (NLP4ConvAI 2021). Differs: the recogniser's list as a source of its own,
and thresholds by expected wins per loss.
Limit: without an assistant to ask (no preflight), only what the index knows of readings is weighed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import ClassVar, Self

from uptake.protocols import Foresees, Preflight, Reads
from uptake.rewriting.identity import Meaning
from uptake.rewriting.known_names import names_another, names_of
from uptake.rewriting.proposal import Candidate, Generator, Offer, fuse
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.home_names import Names
from uptake.rewriting.ranking.nbest import Listed
from uptake.rewriting.ranking.own_values import own_value
from uptake.rewriting.ranking.scorer import MOST_OTHERS, Rank, Read
from uptake.rewriting.retrieval.history import Own
from uptake.rewriting.retrieval.step import ServedRetrieval
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["PROPOSE", "TRUSTED", "OnlineRewrite", "ServedOnline", "candidates", "shipped"]

TRUSTED = 0.9
"""Confidence from which the assistant's own reading stands."""
PROPOSE: tuple[Generator, ...] = (Listed(), Names())
"""Generators beside the retrieval: the recogniser's n-best list, and names of this home that sound alike."""
_LIMIT = 8  # candidates of each generator
_ACTS = 0.6  # confidence in the request as heard from which the assistant acts on it (`uptake.assistant.stakes`)


def candidates(generators: Sequence[Generator], request: Request, situation: Situation) -> tuple[Candidate, ...]:
    """Return the candidates of all generators, each text once, the best score first.

    In the place of a request that the assistant would act on, none is proposed for its place on the recogniser's list
    alone: what the recogniser itself found less likely, and nobody is known to have said. What is not on the list does
    not name another thing of the home than was heard.
    """
    text, names = normalize(request.text), names_of(situation)
    fused = fuse(one for generator in generators for one in generator(request, situation, _LIMIT))
    found = tuple(one for one in fused if one.is_listed or not names_another(text, one.text, names))
    if request.confidence is None or request.confidence < _ACTS:
        return found
    return tuple(one for one in found if not one.is_listed_only)


class OnlineRewrite:
    """Proposes the candidate that is worth acting on, or worth asking about.

    Args:
        retrieval: Looks up what was asked before.
        ranker: Weighs candidates.
        version: Version of the ranker, for the log.
        more: Further generators, beside the recogniser's list.
        taken: What worked for a person before, by pseudonym; None where nobody knows.
        works: Whether a request is known to work for its person or for many; None where nobody knows.
        fails: Whether a request is known to fail in many homes; None where nobody knows.
    """

    name: ClassVar[str] = "online"

    def __init__(  # noqa: PLR0913 - one a thing that is known
        self,
        retrieval: Generator,
        ranker: Ranker,
        version: str | None = None,
        *,
        more: Sequence[Generator] = (),
        taken: Callable[[str], Own | None] | None = None,
        works: Callable[[Request], bool] | None = None,
        fails: Callable[[Request], bool] | None = None,
    ) -> None:
        self.generators: tuple[Generator, ...] = (retrieval, *PROPOSE, *more)
        self.ranker, self.version = ranker, version
        self._more, self._taken, self._works, self._fails = tuple(more), taken, works, fails

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision, propose to ask (`must_confirm`), or abstain."""
        found = self.offer(request, situation, preflight)
        return None if found is None else found.whole

    def offer(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Offer | None:
        """Propose the same, with alternatives that are read only where they are wanted."""
        sure = request.confidence
        if len(request.text) > MAX_CHARS:
            return None
        own = self._taken(request.user_id) if self._taken is not None else None
        if sure is not None and sure >= TRUSTED:
            fails = self._fails is not None and self._fails(request)
            if preflight is None or self._works is None or (own is None and not fails):
                return None
            asked = own_value(request, situation, own, preflight, self._works, fails=fails)
            return None if asked is None else Offer(replace(asked, step=self.name, artifact_version=self.version))
        generators: list[Generator] = [
            self.generators[0],
            *map(_Once, self.generators[1 : 1 + len(PROPOSE)]),
            *self._more,
        ]
        found = candidates(generators, request, situation)
        if not found:
            return None
        read = _Reader(preflight)
        asks = _asks_anyway(request, preflight)
        decide = partial(
            Rank(self.ranker, read, self.version, reads=preflight is not None, asks_anyway=asks),
            situation=situation,
            readings=read(request.text),
            now=situation.local.astimezone() if situation.local is not None else None,
        )
        if own is None and not any(one.layer == "personal" for one in found):
            offer = _alone(decide(request, found))
        else:
            stranger = replace(request, user_id="")
            shared = candidates(generators, stranger, replace(situation, user_id=None))
            decision = decide(request, fuse((*found, *shared)), own=own)  # one's own crowd out nobody's
            asks = decision is None or decision.must_confirm
            offer = _beside(decision, decide(stranger, shared), read) if asks else _alone(decision)
        return None if offer is None else offer._replace(decision=replace(offer.decision, step=self.name))


class ServedOnline:
    """The online step over whatever is published at the moment; the shipped ranker where none was learned yet.

    Args:
        store: Where indexes and rankers are published.
        learning: Directory of learning, beside which fresh histories are kept; None where nobody keeps them.
        more: Further generators.
    """

    name: ClassVar[str] = OnlineRewrite.name

    def __init__(self, store: ArtifactStore, learning: Path | None = None, *, more: Sequence[Generator] = ()) -> None:
        self._retrieval, self._more = ServedRetrieval(store, learning), tuple(more)
        self._served: Served[OnlineRewrite | None] = Served(store, Ranker.kind, self._opened, missing=None)

    @classmethod
    def serving(cls, store: ArtifactStore, learning: Path | None = None) -> Self:
        """Return the step with requests written out by what was said before them among its candidates."""
        from uptake.rewriting.contextual.step import ContextualRewrites

        return cls(store, learning, more=(ContextualRewrites.serving(store),))

    @property
    def note(self) -> str:
        """Warning about what is served; "" where all is well."""
        if self._served.broken:
            return self._served.note.replace("nothing is served", "the shipped ranker goes on serving")
        return self._retrieval.note if self._retrieval.broken else ""

    @property
    def broken(self) -> bool:
        """Tell whether something that should be served was refused."""
        return self._served.broken or self._retrieval.broken

    @property
    def rests_on(self) -> object | None:
        """Return what answers where nobody is asked how a text would be read; None where more is looked at."""
        return self._shipped if self._served.current() is None and not self.broken else None

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Ask the step over the served versions."""
        found = self.offer(request, situation, preflight)
        return None if found is None else found.whole

    def offer(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Offer | None:
        """Ask the same; alternatives are read only where they are wanted."""
        step = self._served.current() or self._shipped
        if preflight is None and step.version is None:
            return None  # the shipped ranker leans on how the assistant reads each candidate
        return step.offer(request, situation, preflight)

    def warm(self) -> None:
        """Load what a large index is faster with."""
        self._retrieval.current().warm()

    @cached_property
    def _shipped(self) -> OnlineRewrite:
        return self._over(shipped(), None)

    def _opened(self, store: ArtifactStore, version: str) -> OnlineRewrite:
        return self._over(store.load(Ranker, version), version)

    def _over(self, ranker: Ranker, version: str | None) -> OnlineRewrite:
        return OnlineRewrite(
            self._retrieval, ranker, version, more=self._more, taken=self._own, works=self._known, fails=self._failing
        )

    def _own(self, user_id: str) -> Own | None:
        return self._retrieval.current().taken(user_id)

    def _known(self, request: Request) -> bool:
        return self._retrieval.current().as_heard(request) is not None

    def _failing(self, request: Request) -> bool:
        return self._retrieval.current().fails(request)

    def days(self, user_id: str, meaning: Meaning) -> int:
        """Days on which a person taught a meaning by a repair."""
        return self._retrieval.current().days(user_id, meaning)


@lru_cache(maxsize=1)
def shipped() -> Ranker:
    """Return the ranker that comes with the package, learned from simulated people; see its `provenance.json`."""
    with resources.as_file(resources.files("uptake.rewriting.ranking") / "model") as directory:
        return Ranker.load(directory)


def _alone(decision: Decision | None) -> Offer | None:
    return None if decision is None else Offer(decision)


def _beside(own: Decision | None, everybodys: Decision | None, read: Read) -> Offer | None:
    """Return the decision with a person's past, which would ask or abstain, beside the decision for a stranger.

    Their past speaks first in a question, and what everybody's requests say is the next that it names. Where only
    everybody's requests say something, it is asked about: the past spoke against it.
    """
    if own is None or everybodys is None:
        return _alone(own if everybodys is None else replace(everybodys, must_confirm=True))
    beside = (everybodys, *everybodys.others, *own.others)
    alone = tuple(replace(one, must_confirm=True, others=()) for one in beside)
    return Offer(replace(own, others=()), alone, partial(_apart, own, alone, read))


def _apart(own: Decision, beside: Sequence[Decision], read: Read) -> tuple[Decision, ...]:
    """Return the first few of what may be meant beside a decision, each of another reading."""
    apart = {_meant(own, read): own}
    for one in beside:
        if len(apart) > MOST_OTHERS:
            break  # a further one is not named, so it need not be read
        apart.setdefault(_meant(one, read), one)
    return tuple(apart.values())[1:]


def _meant(decision: Decision, read: Read) -> str:
    """Return the reading of what would be acted on; its text where it would be read as nothing."""
    found = read(decision.acted_on)
    return found[0].key if found else decision.acted_on


def _asks_anyway(request: Request, preflight: Preflight | None) -> bool:
    """Tell whether the assistant would ask before it does what it heard."""
    if request.confidence is None or request.confidence >= _ACTS or not isinstance(preflight, Foresees):
        return False
    meant = preflight.foresee()
    return meant is not None and meant.changes and meant.asks


class _Once:
    """Generator that looks at nobody's past, asked once in a decision: a stranger is proposed the same."""

    name: ClassVar[str] = "once"

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._found: Sequence[Candidate] | None = None

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:
        if self._found is None:
            self._found = self._generator(request, situation, limit)
        return self._found


class _Reader:
    """The assistant's own understanding, as far as there is one to ask."""

    def __init__(self, preflight: Preflight | None) -> None:
        self._preflight = preflight
        self._known: dict[str, tuple[Interpretation, ...]] = {}

    def __call__(self, text: str) -> tuple[Interpretation, ...]:
        """Return the reading of a text as a turn would log it: the index knows readings by that key alone."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> tuple[Interpretation, ...]:
        found = self._preflight(text) if self._preflight is not None else None
        if found is None:
            return ()
        logged = self._preflight.readings(text)[:1] if isinstance(self._preflight, Reads) else ()
        return tuple(replace(one, confidence=found.confidence) for one in logged) or (found,)
