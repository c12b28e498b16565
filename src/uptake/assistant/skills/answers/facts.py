"""Skill for facts: capitals, neighbours, planets, elements, authors. Things outside the graph are reported as unknown.

A question names a relation and a thing; both are looked up in the graph by the declarations of
`uptake.assistant.knowledge.relations`. There is no code for any single question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import ClassVar

from uptake.assistant.knowledge.graph import Graph, Thing
from uptake.assistant.knowledge.names import with_article
from uptake.assistant.knowledge.relations import EXTREMES, RELATIONS, Relation
from uptake.assistant.phrases.saying import capital, say_list, say_number
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Facts"]

_UNKNOWN = Effect(speech="I do not know that.", status="unsupported")
_MAX_NAMED, _MAX_SOME = 20, 5
_RELATIONS: dict[str, list[Relation]] = defaultdict(list)
for _relation in RELATIONS:
    _RELATIONS[_relation.name].append(_relation)
_EXTREMES = {extreme.name: extreme for extreme in EXTREMES}
_SUBJECTS = ("peru", "france", "austria", "mars", "gold", "hamlet", "the mona lisa", "the united states", "saturn",
             "the nile", "mount everest", "albert einstein", "japan", "the euro", "iron", "lima", "africa")  # fmt: skip
_REGIONS = ("africa", "asia", "europe", "north america", "south america", "oceania", "the world:world",
            "the solar system:world", "the universe:world", "germany", "france", "the united states")  # fmt: skip
_WHAT = "(what is|what's|whats|tell me|do you know|name|give me|what are)"


def _templates() -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Build sentence templates and their lists from the declarations: what comes before the thing tells the relation.

    Where several relations are asked in the same words ("how big is ~"), the value names all of them.
    """
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    nouns: dict[str, list[str]] = defaultdict(list)
    for relation in RELATIONS:
        for ask in relation.asks:
            for question in _spelt_out(ask):
                before, _, after = question.partition("~")
                asked[before.strip(), after.strip()].append(relation.name)
        for noun in relation.nouns:
            nouns[noun].append(relation.name)
    lists: dict[str, tuple[str, ...]] = {}
    sentences: list[str] = []
    groups: dict[str, list[str]] = defaultdict(list)
    for (before, after), names in asked.items():
        groups[after].append(f"{before}:{'/'.join(names)}")
    for number, (after, values) in enumerate(sorted(groups.items())):
        name = f"fact_ask_{number}"
        lists[name] = tuple(values)
        sentences.append(f"{{{name}:relation}} {{fact_subject:subject}} {after}".strip())
    lists["fact_noun"] = tuple(f"{noun}:{'/'.join(names)}" for noun, names in nouns.items())
    lists["fact_subject"] = _SUBJECTS
    lists["fact_extreme"] = tuple(f"{ask}:{extreme.name}" for extreme in EXTREMES for ask in extreme.asks)
    lists["fact_region"] = _REGIONS
    which = "(which|what) (is|are|country is|planet is|river is|mountain is|ocean is)"
    sentences += [
        f"[{_WHAT}] [the] {{fact_noun:relation}} (of|in|for) {{fact_subject:subject}}",
        f"{_WHAT} {{fact_subject:subject}}'s {{fact_noun:relation}}",
        f"({which}|{_WHAT}) the {{fact_extreme:relation}} [(in|on|of) {{fact_region:subject}}]",
        "[the] {fact_extreme:relation} [(in|on|of) {fact_region:subject}]",
        "which {fact_extreme:relation}",
    ]
    return tuple(sentences), lists


def _spelt_out(ask: str) -> list[str]:
    """Write out every wording of a template, so that equal words of several relations meet.

    >>> _spelt_out("how (big|large) is ~ [now]")
    ['how big is ~', 'how big is ~ now', 'how large is ~', 'how large is ~ now']
    """
    inner = re.search(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]", ask)
    if inner is None:
        return [" ".join(ask.split())]
    choices = inner[1].split("|") if inner[1] is not None else ["", *inner[2].split("|")]
    return [
        wording for choice in choices for wording in _spelt_out(f"{ask[: inner.start()]}{choice}{ask[inner.end() :]}")
    ]


_SENTENCES, _LISTS = _templates()


class Facts(NothingDue):
    """Skill for questions of fact.

    Args:
        graph: The graph of facts; None for the shipped one, loaded at the first question.
    """

    name: ClassVar[str] = "facts"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="GetFact",
            slots=(Slot(name="relation"), Slot(name="subject", prompt="Of what?")),
            sentences=_SENTENCES,
            lists=_LISTS,
            wildcards=("fact_subject",),
            examples=(
                "what is the capital of Peru",
                "which countries border Austria",
                "who wrote Hamlet",
                "how many moons does Mars have",
            ),
            changes=False,
        ),
    )

    def __init__(self, graph: Graph | None = None) -> None:
        self._graph = graph

    @property
    def graph(self) -> Graph:
        """Graph of facts."""
        if self._graph is None:
            self._graph = Graph.shipped()
        return self._graph

    def handle(self, call: Call) -> Effect:
        """Answer, or say that it is not known."""
        wanted, subject = call.slot("relation"), call.slot("subject")
        if wanted is None:
            return _UNKNOWN
        names = re.split(r"/", wanted)
        if names[0] in _EXTREMES:
            return self._most(names[0], subject)
        if subject is None:
            return Effect(speech="Of what?", missing="subject")
        for name in names:
            for relation in _RELATIONS.get(name, ()):
                thing = self.graph.find(subject, relation.of)
                if thing is not None:
                    return self._answer(relation, thing)
        return _UNKNOWN

    def _answer(self, relation: Relation, thing: Thing) -> Effect:
        values = [value for value in self.graph.ask(relation, thing) if value != thing.name]
        subject = with_article(thing.name, thing.kind)
        if (not values or values == ["0"]) and relation.none is not None:
            return Effect(speech=capital(relation.none.format(subject=subject)))
        if not values:
            return _UNKNOWN
        named = [with_article(_figure(value)) for value in values]
        more = f"{len(named) - _MAX_NAMED} more"
        shown = [*named[:_MAX_NAMED], more] if len(named) > _MAX_NAMED + 1 else named
        answer = relation.answer.format(
            subject=subject, object=say_list(shown), count=len(values), some=say_list(_spread(named))
        )
        return Effect(speech=capital(_one(answer, len(values))))

    def _most(self, name: str, region: str | None) -> Effect:
        extreme, within = _EXTREMES[name], None
        if region is not None and region != "world":
            within = self.graph.find(region, ("Continent", "Country"))
            if within is None:
                return _UNKNOWN
        best = self.graph.most(extreme, within)
        if best is None:
            return _UNKNOWN
        where = f" in {with_article(within.name)}" if within is not None else ""
        answer = extreme.answer.format(
            object=with_article(best[0], extreme.kind),
            value=_figure(best[1]),
            where=where,
        )
        return Effect(speech=capital(answer))


def _figure(value: str) -> str:
    """Write a large number with commas; a year and anything else as it is."""
    if re.fullmatch(r"\d{5,}(?:\.\d+)?", value):
        return say_number(float(value)) if "." in value else f"{int(value):,}"
    return value


def _spread(names: list[str]) -> list[str]:
    """Choose a few of many, from all over the alphabet."""
    return names[:: max(1, len(names) // _MAX_SOME)][:_MAX_SOME]


def _one(answer: str, count: int) -> str:
    """Put words into the singular, where there is only one."""
    answer = answer.replace("..", ".")
    return re.sub(r"\b1 (known |)(neighbour|moon)s\b", r"1 \1\2", answer) if count == 1 else answer
