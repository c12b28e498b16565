"""Build the whole assistant from a state directory and its configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uptake import config as configuration
from uptake.assistant.asking.explore import Exploration
from uptake.assistant.asking.feedback import AskPolicy
from uptake.assistant.asking.policy import Explorer
from uptake.assistant.clauses.meaning import reads
from uptake.assistant.clauses.wording.fragments import as_commands
from uptake.assistant.components import Assigns, Components
from uptake.assistant.context.context_reader import ContextReader
from uptake.assistant.entities import Resolver
from uptake.assistant.entities.rules import is_critical
from uptake.assistant.home import Home, VirtualHome
from uptake.assistant.home.watch import Watch
from uptake.assistant.hypotheses import Reader
from uptake.assistant.languages.speaker import Speaker
from uptake.assistant.loop import Agent
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.readers import Understanding, Vocabulary
from uptake.assistant.readers.grammar import GrammarReader
from uptake.assistant.readers.statistical import ServedReader, StatisticalReader
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.record.traces import TraceStore
from uptake.assistant.skills import Skills
from uptake.assistant.suggesting import Suggesting
from uptake.assistant.teaching import Teaching
from uptake.assistant.teaching.by_hand import ByHand
from uptake.assistant.teaching.memory import Offers
from uptake.catalogue import open_pipeline, open_proposers
from uptake.errors import BadConfig
from uptake.log.timeline import Timeline
from uptake.proactive.offers.artifact import OfferAnswers
from uptake.proactive.offers.policy import OfferPolicy
from uptake.rewriting.guard import Guard
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.store.served import Served
from uptake.store.store import ArtifactStore
from uptake.understanding.situation.step import ContextRanker

if TYPE_CHECKING:
    from uptake.assistant.readers.llm import LlmReader
    from uptake.log.store import TurnLog

__all__ = ["home_of", "llm_of", "open_agent"]

Config = Mapping[str, Mapping[str, Any]]


def home_of(
    directory: Path, language: str = "en", *, file: str | None = None, clock: Callable[[], datetime] | None = None
) -> VirtualHome:
    """Open the virtual home of a state directory.

    Args:
        directory: The state directory; a relative `file` is looked for there.
        language: BCP 47 tag of the names in the home that comes with the package.
        clock: What tells the time; None for the clock of this machine.
        file: The home file; None for the home that comes with the package.

    Raises:
        BadConfig: The home file has an error; the message says the line and the key.
    """
    return VirtualHome.load((directory / file).expanduser() if file else None, clock=clock, language=language)


def open_agent(  # noqa: PLR0913 - an assistant has many parts
    directory: Path,
    config: Config | None = None,
    *,
    log: TurnLog | None = None,
    store: ArtifactStore | None = None,
    home: VirtualHome | None = None,
    experiment: Assigns | None = None,
    skills: Skills | None = None,
) -> Agent:
    """Open the assistant of a state directory, with what was learned there.

    Args:
        directory: Where its memory and its traces are kept.
        config: What `uptake.config.read` returned; tables [agent], [home], [feedback], [explore], [traces],
            [guard], [understand.llm].
        log: Where turns are recorded; None to record none.
        store: What was learned; None for an assistant that has learned nothing.
        home: The home; None for the one that the configuration names.
        experiment: Who gets rewrites; None where everybody does.
        skills: What can be done; every skill that ships by default.

    Raises:
        BadConfig: An option or the home file is wrong.
        StorageFailed: The memory cannot be opened.
    """
    options = config or {}
    memory = Memory(directory / "memory.sqlite")
    language = configuration.chosen_options(Agent, "agent", options).get("language", "en")
    if home is None:
        home = configuration.build(home_of, "home", options, directory, language)
        home.restore_dump(memory.get(HOME, "home", {}))
    skills = skills or Skills()
    ranker = ContextRanker() if store is None else ContextRanker.serving(store)
    explorer = configuration.build(Explorer, "explore", options)
    english = language.split("-", maxsplit=1)[0] == "en"
    suggesting = _suggesting(memory, options, store) if english else None
    understanding = _understanding(home, skills, language, ranker, store)
    components = Components(
        home=home,
        memory=memory,
        skills=skills,
        understanding=understanding,
        resolver=Resolver(home, skills),
        recorder=Recorder(
            memory,
            log=log,
            traces=configuration.build(TraceStore, "traces", options, directory / "traces.sqlite"),
            shelves=FreshHistory.beside(directory / "learning") if log is not None else None,
            opinions=Opinions.beside(directory / "learning") if log is not None else None,
        ),
        pipeline=_pipeline(directory, options, store),
        ranker=ranker if english else None,  # it weighs English words
        asks=configuration.build(AskPolicy, "feedback", options),
        llm=configuration.build(llm_of, "understand.llm", options, home, skills, memory),
        explores=Exploration(explorer, memory) if explorer.on else None,
        suggests=suggesting,
        moments=ByHand(memory, Offers(memory)) if english else None,
        watch=Watch(home, Timeline(directory / "timeline.sqlite")) if log is not None else None,
        speaks=None if english else _speaker(language, home, skills, memory, understanding),
        experiment=experiment,
    )
    teaching = Teaching(memory, reads=reads, in_full=as_commands) if english else None
    return configuration.build(Agent, "agent", options, components, teaching)


def _speaker(language: str, home: Home, skills: Skills, memory: Memory, understanding: Understanding) -> Speaker | None:
    """Build what speaks another language than English."""
    grammar = next((reader.grammar for reader in understanding.readers if isinstance(reader, GrammarReader)), None)
    if grammar is None:
        return None
    return Speaker(language, home=home, grammar=grammar, intents=skills.intents, memory=memory)


def _suggesting(memory: Memory, options: Config, store: ArtifactStore | None) -> Suggesting:
    """Build what makes offers, over what was learned."""
    policy = configuration.build(OfferPolicy, "proactive", options)
    if store is None:
        return Suggesting(memory, policy)
    proposers = [served.current for served in open_proposers(store)]
    answers = Served(store, OfferAnswers.kind, lambda found, version: found.load(OfferAnswers, version), missing=None)
    return Suggesting(memory, policy, proposers=proposers, answers=answers.current)


def _pipeline(directory: Path, options: Config, store: ArtifactStore | None) -> Pipeline | None:
    if store is None:
        return None
    guard = configuration.build(Guard, "guard", options)
    learning, overrides = directory / "learning", directory / "overrides.json"
    return open_pipeline(store, overrides=overrides, learning=learning, guard=guard)


def llm_of(  # noqa: PLR0913 - every option of its table
    home: Home,
    skills: Skills,
    memory: Memory,
    *,
    base_url: str | None = None,
    model: str = "",
    timeout_s: float = 2.0,
    share_names: bool = False,
    worth: float = 0.55,
    a_day: int = 200,
) -> LlmReader | None:
    """Return the language model that is asked where the other readers are unsure; None unless one is configured.

    Its key, where it needs one, stands in the environment variable UPTAKE_LLM_KEY: secrets stay out of files.

    Args:
        home: Whose names it is told.
        skills: Whose intents it is told.
        memory: Where the requests that were sent today are counted.
        base_url: Address of an OpenAI-compatible endpoint; None for none. Requests then leave this machine.
        model: Name of the model there.
        timeout_s: Longest time to wait for it, in seconds.
        share_names: Whether names of the home are sent; placeholders in their place by default.
        worth: The most that its readings are worth, in [0, 1]; below 0.6 the assistant always asks first.
        a_day: The most requests that are sent a day.

    Raises:
        BadConfig: The address is no http(s) address, or an option is out of range.
    """
    if base_url is None:
        return None
    from uptake.assistant.readers.llm import LlmReader, Quota

    if a_day < 0:
        raise BadConfig("a_day must be 0 or more")
    return LlmReader(
        base_url,
        model=model,
        intents=skills.intents,
        vocabulary=Vocabulary.of(home),
        critical={device.name for device in home.devices if is_critical(device)},
        api_key=os.environ.get("UPTAKE_LLM_KEY"),
        timeout_s=timeout_s,
        share_names=share_names,
        worth=worth,
        quota=Quota(memory, a_day, home.now),
    )


def _understanding(
    home: VirtualHome,
    skills: Skills,
    language: str,
    ranker: ContextRanker,
    store: ArtifactStore | None,
) -> Understanding:
    """Build the readers; requests that name nothing are read from the situation first, and by the others, too."""
    whole = Understanding.for_home(home, skills, language=language)
    readers: list[Reader] = [
        ServedReader(reader, store) if store is not None and isinstance(reader, StatisticalReader) else reader
        for reader in whole.readers
    ]
    if language.split("-", maxsplit=1)[0] == "en":
        readers.insert(0, ContextReader(skills.intents, home=home, ranker=ranker))
    return whole.with_readers(readers)
