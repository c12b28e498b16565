"""Match a request with the templates of a grammar: one search for all of them.

Templates are kept as a trie whose edges are compiled pieces (`nodes`): templates that begin alike are searched together
as far as they do, and a rule or a list that stands in several is worked out once for each place of the text. A template
is compiled when it can match something for the first time (`prefilter`), so that nothing is compiled in vain.

Source: `recognize_all` of hassil 3.12 (Open Home Foundation, Apache 2.0), whose results these are; its matcher is not
called. Three differences: an expansion rule or a list that nobody wrote matches nothing and raises nothing; spans are
right where hassil moves those of a value twice that two of its matches share; and a number in words has the sign of its
own list, where hassil takes that of whichever list of the same numbers was tried first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hassil import Expression, Intents, ListReference, SlotList, WildcardSlotList
from hassil import Sequence as InOrder
from hassil.util import check_excluded_context, check_required_context, remove_punctuation

from uptake.assistant.readers.matching.compiler import Compiler, Scope
from uptake.assistant.readers.matching.hearing import Compared, Hearing, Kept, PreparedText
from uptake.assistant.readers.matching.match import Template
from uptake.assistant.readers.matching.nodes import Chain, Entity, Node, Search, State, States

__all__ = ["Filled", "Found", "Recognition"]

_Context = Mapping[str, Any]


class Filled(NamedTuple):
    """Slot of a match."""

    name: str
    """The slot."""
    value: Any
    """What is meant."""
    text: str
    """What was said; empty where it was not said."""
    span: tuple[int, int] | None
    """(start, end) of what was said, in the request."""
    metadata: Mapping[str, Any] | None
    """What the list knows of the value."""
    is_free: bool
    """Whether the slot takes any words."""


class Found(NamedTuple):
    """Match of a request with a template."""

    at: int
    """Position of the template."""
    slots: tuple[Filled, ...]
    """Its slots; one may be filled twice."""
    response: str
    """Key of the answer."""
    literal: int
    """Characters matched by the template's own words."""


@dataclass(slots=True, eq=False)
class _Branch:
    """Node of the trie of templates."""

    piece: Node
    """The last piece on the way here."""
    before: _Branch | None = None
    """The node before."""
    after: dict[Node, _Branch] = field(default_factory=dict)
    """The nodes that follow, by their piece."""

    def path(self) -> list[_Branch]:
        """Return the nodes on the way here."""
        path, at = [], self
        while at.before is not None:
            path.append(at)
            at = at.before
        return path[::-1]


class _Prepared(NamedTuple):
    """Template, compiled."""

    paths: tuple[tuple[tuple[_Branch, ...], Kept], ...]
    """The way to it in the trie, and the text it is compared with."""
    asks: frozenset[str]
    """Context that it is about."""


class _Run:
    """Search of one text."""

    __slots__ = ("compared", "search", "states")

    def __init__(self, compared: Compared, *, unspaced: bool) -> None:
        self.compared = compared
        self.search = Search(compared.text, unspaced)
        self.states: dict[_Branch, States] = {}

    def ends(self, path: Sequence[_Branch]) -> States:
        """Return the states at the end of a way; what other templates searched before is not searched again."""
        states: States = (State(self.compared.text, 0),)
        for branch in path:
            known = self.states.get(branch)
            if known is None:
                known = [after for each in states for after in branch.piece.search(each, self.search)]
                self.states[branch] = known
            if not known:
                return known
            states = known
        return states if path else ()


class Recognition:
    """Matcher of templates.

    Args:
        intents: The grammar: its rules, words to skip and settings.
        templates: Its templates.
        lists: Its slot lists, names of the home included.
        language: BCP 47 tag.
    """

    def __init__(
        self, intents: Intents, templates: Sequence[Template], lists: Mapping[str, SlotList], *, language: str
    ) -> None:
        self._templates, self._lists, self._rules = templates, lists, intents.expansion_rules
        self._unspaced = intents.settings.ignore_whitespace
        self._hearing = Hearing(intents.skip_words, unspaced=self._unspaced)
        self._compiler, self._root = Compiler(language or intents.language), _Branch(Chain(()))
        self._prepared: dict[int, _Prepared] = {}

    def heard(self, text: str) -> PreparedText:
        """Prepare a request for comparison."""
        return self._hearing.heard(text)

    def results(self, heard: PreparedText, chosen: Iterable[int], context: _Context) -> Iterator[Found]:
        """Yield every match of some templates, in their order.

        Args:
            heard: The request.
            chosen: Positions of the templates.
            context: What is known beside the words.
        """
        texts: dict[Kept, list[_Run]] = {}
        runs: dict[str, _Run] = {}
        words: list[str] | None = None
        for at in chosen:
            one = self._prepared.get(at) or self._prepare(at)
            if one.asks and not one.asks.isdisjoint(context) and not self._fits(at, context):
                continue
            keywords = self._templates[at].data.required_keywords
            if keywords:
                words = words if words is not None else heard.bare.text.split()
                if keywords.isdisjoint(words):
                    continue
            for path, kept in one.paths:
                if kept not in texts:
                    texts[kept] = [
                        runs.setdefault(text.text, _Run(text, unspaced=self._unspaced))
                        for text in self._hearing.texts(heard, kept)
                    ]
                for run in texts[kept]:
                    for state in run.ends(path):
                        found = self._found(at, state, run.compared, len(heard.text), context)
                        if found is not None:
                            yield found

    def prepare(self) -> None:
        """Compile every template, and the numbers in them."""
        for at in range(len(self._templates)):
            if at not in self._prepared:
                self._prepare(at)
        self._compiler.prepare()

    def _prepare(self, at: int) -> _Prepared:
        data = self._templates[at].data
        scope = Scope(
            self._lists if not data.slot_lists else {**self._lists, **data.slot_lists},
            self._rules if not data.expansion_rules else {**self._rules, **data.expansion_rules},
            data.requires_context,
            data.excludes_context,
        )
        paths = []
        for sentence in data.sentences:
            branch = self._root
            for piece in self._compiler.top(sentence.expression, scope):
                branch = branch.after.setdefault(piece, _Branch(piece, branch))
            paths.append((tuple(branch.path()), self._kept(sentence.expression)))
        prepared = self._prepared[at] = _Prepared(
            tuple(paths), frozenset(data.requires_context) | frozenset(data.excludes_context)
        )
        return prepared

    def _kept(self, expression: Expression) -> Kept:
        if not isinstance(expression, InOrder) or not expression.items:
            return "none"
        first, last = (
            isinstance(item, ListReference) and isinstance(self._lists.get(item.list_name), WildcardSlotList)
            for item in (expression.items[0], expression.items[-1])
        )
        if len(expression.items) == 1:
            return "all" if first else "none"
        return "start" if first else "end" if last else "none"

    def _fits(self, at: int, context: _Context) -> bool:
        """Tell whether the context leaves a template possible."""
        data, known = self._templates[at].data, dict(context)
        if not check_required_context(data.requires_context, known, allow_missing_keys=True):
            return False
        return check_excluded_context(data.excludes_context, known)

    def _found(self, at: int, state: State, compared: Compared, size: int, context: _Context) -> Found | None:
        """Return the match at the end of a template; None where text is left, a slot is empty or context is missing."""
        entities, left = state.entities, state.text.strip()
        if state.wild is not None:
            if not left:
                return None
            entities = (*entities, Entity(state.wild.name, left, left, state.wild.start, None, True))
        elif left and remove_punctuation(left).strip():
            return None
        if any(entity.is_free and not entity.text.strip() for entity in entities):
            return None
        data = self._templates[at].data
        known = context
        for more in state.known:
            known = {**known, **more}
        if data.excludes_context and not check_excluded_context(data.excludes_context, dict(known)):
            return None
        assumed = _assumed(data.requires_context, known)
        if assumed is None:
            return None
        slots = [_filled(entity, compared.offsets, size) for entity in entities]
        said = {entity.name for entity in entities}
        slots += [Filled(slot, value, "", None, None, False) for slot, value in data.slots.items() if slot not in said]
        slots += [slot for slot in assumed if slot.name not in said]
        return Found(at, tuple(slots), "default" if data.response is None else data.response, state.literal)


def _filled(entity: Entity, offsets: Sequence[int], size: int) -> Filled:
    """Return a slot with its place in the request; free words without the space around them."""
    name, value, text, start, metadata, is_free = entity
    if is_free:
        bare = text.strip()
        if bare != text:
            start += len(text) - len(text.lstrip())
        text, value = bare, value.strip() if isinstance(value, str) else value
    end = start + len(text)
    first = offsets[start] if start < len(offsets) else size
    last = first
    if end > start:
        last = offsets[end - 1] + 1 if end <= len(offsets) else size
    return Filled(name, value, text, (min(first, size), min(max(last, first), size)), metadata, is_free)


def _assumed(required: _Context, known: _Context) -> list[Filled] | None:
    """Return the slots that context fills; None where what is required is missing or is something else."""
    filled = []
    for key, asked in required.items():
        wanted, slot = asked, None
        if isinstance(asked, Mapping):
            named, wanted = asked.get("slot"), asked.get("value")
            slot = named if isinstance(named, str) else key if named else None
        there, text, metadata = known.get(key), "", None
        if isinstance(there, Mapping):
            text, metadata, there = there.get("text", ""), there.get("metadata"), there.get("value")
        among = isinstance(wanted, Collection) and not isinstance(wanted, str) and there in wanted
        if not (there is not None if wanted is None else there == wanted or among):
            return None
        if slot is not None:
            filled.append(Filled(slot, there, text, None, metadata, False))
    return filled
