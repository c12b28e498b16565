"""Compile sentence templates into pieces; what is written alike becomes one piece, whatever template it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hassil import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RangeSlotList,
    RuleReference,
    Sentence,
    SlotList,
    TextChunk,
    TextSlotList,
    WildcardSlotList,
    check_excluded_context,
    check_required_context,
)
from hassil import Sequence as InOrder

from uptake.assistant.readers.matching.lists import Numbers, Texts, Value
from uptake.assistant.readers.matching.nodes import Chain, Choice, Free, Node, Once, Shuffle, Words

__all__ = ["Compiler", "Scope"]

_Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Lists, rules and context that a template is written with."""

    lists: Mapping[str, SlotList]
    """Lists by name."""
    rules: Mapping[str, Sentence]
    """Expansion rules by name."""
    required: _Context
    """Context that a value of a list must not contradict."""
    excluded: _Context
    """Context that a value of a list must not bring."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from another: templates of equal scopes share what they refer to."""
        return (id(self.lists), id(self.rules), repr(self.required), repr(self.excluded))


class Compiler:
    """Maker of pieces.

    Args:
        language: BCP 47 tag of number words.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: dict[tuple[Any, ...], Node] = {}
        self._scopes: dict[tuple[Any, ...], Scope] = {}

    def prepare(self) -> None:
        """Have every list of numbers that is compiled collect their words."""
        for node in self._known.values():
            if isinstance(node, Once) and isinstance(node.body, Numbers):
                node.body.prepare()

    def top(self, expression: Expression, scope: Scope) -> tuple[Node, ...]:
        """Compile a whole template into the pieces that follow one another."""
        scope = self._scopes.setdefault(scope.key, scope)
        items = expression.items if isinstance(expression, InOrder) else [expression]
        return tuple(self._piece(item, scope) for item in items)

    def _piece(self, expression: Expression, scope: Scope) -> Node:
        if isinstance(expression, TextChunk):
            words = self._known.get((Words, expression.text))
            return words or self._known.setdefault((Words, expression.text), Words(expression.text))
        if isinstance(expression, RuleReference):
            return self._rule(expression.rule_name, scope)
        if isinstance(expression, ListReference):
            return self._list(expression, scope)
        if isinstance(expression, Permutation):
            return self._shuffle(tuple(self._piece(item, scope) for item in expression.items))
        if isinstance(expression, Group):
            items = tuple(self._piece(item, scope) for item in expression.items)
            kind = Choice if isinstance(expression, Alternative) else Chain
            if kind is Chain and len(items) == 1:
                return items[0]
            return self._known.setdefault((kind, *items), kind(items))
        raise TypeError(f"a template holds a {type(expression).__name__}, which this version cannot compile")

    def _shuffle(self, items: tuple[Node, ...]) -> Node:
        if len(items) == 1:
            return items[0]
        key = (Shuffle, *items)
        if key not in self._known:
            rests = [self._shuffle((*items[:at], *items[at + 1 :])) for at in range(len(items))]
            self._known[key] = Shuffle(tuple(zip(items, rests, strict=True)))
        return self._known[key]

    def _rule(self, name: str, scope: Scope) -> Node:
        """Compile an expansion rule; one that nobody wrote matches nothing."""
        key = (Once, name, scope)
        known = self._known.get(key)
        if known is None:
            rule = Once()
            self._known[key] = rule  # before its body, which may refer to it
            if name in scope.rules:
                body = self._piece(scope.rules[name].expression, scope)
                known = self._known[key] = self._known.setdefault((Once, body), rule)
                rule.body = body
        return known or self._known[key]

    def _list(self, reference: ListReference, scope: Scope) -> Node:
        """Compile a slot; one whose list nobody wrote matches nothing."""
        listed = scope.lists.get(reference.list_name)
        bounds = reference.get_inline_range()
        key: tuple[Any, ...]
        if listed is None and bounds is not None:
            start, stop, step = bounds
            listed = RangeSlotList(name=reference.list_name, start=start, stop=stop, step=step)
            key = (Numbers, bounds, reference.slot_name)
        else:
            key = (
                id(listed), reference.slot_name, reference.is_end_of_word, reference.is_capture, scope,
            )  # fmt: skip
        if key not in self._known:
            self._known[key] = self._of_list(reference, listed, scope)
        return self._known[key]

    def _of_list(self, reference: ListReference, listed: SlotList | None, scope: Scope) -> Node:
        if isinstance(listed, WildcardSlotList):
            return Free(reference.slot_name, at_word=reference.is_end_of_word)
        if isinstance(listed, RangeSlotList):
            return Once(Numbers(reference.slot_name, listed, language=self._language))
        values = self._values(listed, scope) if isinstance(listed, TextSlotList) else []
        return Once(Texts(reference.slot_name, values, silent=reference.is_capture))

    def _values(self, listed: TextSlotList, scope: Scope) -> Sequence[Value]:
        """Compile the values that do not contradict the context of a template."""
        return [
            Value(
                self._piece(value.text_in, scope),
                value.text_in.text if isinstance(value.text_in, TextChunk) else None,
                value.value_out,
                value.context,
                value.metadata,
            )
            for value in listed.values
            if check_required_context(dict(scope.required), value.context, allow_missing_keys=True)
            and check_excluded_context(dict(scope.excluded), value.context)
        ]
