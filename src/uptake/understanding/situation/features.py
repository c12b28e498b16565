"""Features of a reading in a situation: a few dozen, none of which knows a device, an intent or a word.

Each asks a question that makes sense for things never seen before: is the thing named on? was it mentioned last?
is its kind what the last turn was about? So their weights, learnt on some situations, hold in others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from uptake.understanding.situation.reading_view import ALL, ReadingFeatures
from uptake.understanding.situation.scene import EarlierRequest, Message, Scene, Thing
from uptake.understanding.situation.semantic_fields import fields, stem

__all__ = ["AGAINST", "FEATURES", "evidence", "thing_of"]

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "named_by_user": "words of its slots in the last request",
        "named_by_agent": "words of its slots in the last answer",
        "named_before": "words of its slots in earlier turns",
        "named_last": "how late in the last turn its words were last said",
        "kind_by_user": "fields shared with the last request",
        "kind_by_agent": "fields shared with the last answer",
        "kind_before": "fields shared with earlier turns",
        "act_by_user": "words of its intent in the last turn",
        "points_named": "words of its slots in the last turn, where the request says it, that, there",
        "points_kind": "fields shared with the last turn, where the request says it, that, there",
        "offered": "the assistant has just asked whether to do this",
        "not_offered": "the assistant has just asked about something else",
        "listed": "the thing it is about has a known state",
        "fits": "the state is one in which the action makes sense",
        "contradicts": "the state is one in which the action makes none",
        "lively": "something goes on there",
        "calls": "the thing rings or has finished: it calls for attention",
        "missed_call": "another thing calls for attention",
        "kind_of_lively": "fields shared with something that goes on",
        "value_in_states": "words of its slots in what a state says",
        "invented": "words of its slots that nothing in the situation says",
        "this_room": "named after this room",
        "other_room": "named after another room",
        "kind_of_room": "fields of this kind of room",
        "seen": "for the eye, and there is a screen",
        "unseen": "for the eye, and there is no screen",
        "heard": "for the ear alone, and there is no screen",
        "kind_of_device": "fields of this kind of device",
        "kind_of_place": "fields of the place where the person is",
        "place_named": "words of its slots in the name of the place",
        "out_of_reach": "a thing at home of unknown state, while away",
        "kind_of_hour": "fields of this hour of the day",
        "usual_words": "words of its slots in the person's requests at such hours",
        "usual_kind": "fields of the person's requests at such hours",
        "usual_ever": "words of its slots in any request of the person",
        "usual_next": "what this person asks for after what was just said",
        "as_many": "about all of a kind, where the request says all",
        "too_few": "about one thing, where the request says all, or about all, where it says it or that",
        "said": "words and fields shared with the request",
    }
)
"""Feature -> what it asks; values lie in [0, 1]."""

AGAINST = frozenset(
    {"not_offered", "contradicts", "missed_call", "invented", "other_room", "unseen", "out_of_reach", "too_few"}
)
"""Features that speak against a reading; the others speak for it."""

_READINGS = 256  # whose thing is kept, of one situation
_ROOMS = frozenset(
    map(
        stem,
        "kitchen bedroom bathroom living lounge study office hall hallway landing garage garden nursery attic basement "
        "cellar porch terrace patio balcony utility laundry dining guest loft conservatory playroom entrance".split(),
    )
)
_EYE = frozenset({"film", "tv", "video", "photo", "camera", "screen", "slides"})
_EAR = frozenset({"music", "podcast"})
_NO_THING = Thing("", "", frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), lively=False)
_FITS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {  # need -> (flags that fit, flags that contradict)
    "idle": (frozenset({"off", "idle", "locked", "paused"}), frozenset({"active", "running", "unlocked"})),
    "active": (
        frozenset({"active", "running", "attention", "other", "paused", "unlocked"}),
        frozenset({"off", "idle"}),
    ),
    "running": (frozenset({"running", "attention", "other"}), frozenset({"off", "idle", "paused"})),
    "paused": (frozenset({"paused"}), frozenset({"running", "off", "idle"})),
    "attention": (frozenset({"attention", "running"}), frozenset({"off", "idle"})),
    "present": (frozenset({"active", "running", "other"}), frozenset({"off", "idle"})),
    "level": (frozenset({"active", "running"}), frozenset({"off"})),
    "armed": (frozenset({"armed"}), frozenset({"disarmed"})),
    "disarmed": (frozenset({"disarmed"}), frozenset({"armed"})),
}


def evidence(seen: ReadingFeatures, scene: Scene) -> dict[str, float]:
    """Return features of a reading in a situation; those that are 0 are left out."""
    new = seen.values - scene.request
    thing, sure = thing_of(seen, scene)
    found: dict[str, float] = {}
    about = seen.fields | (thing.kind if sure == 1.0 else frozenset())
    _from_turns(found, seen, scene, new, about)
    _from_states(found, seen, scene, new, thing, sure)
    _from_surroundings(found, seen, scene, new, thing, about)
    _from_habits(found, scene, new, about)
    if scene.says_all:
        found["as_many"], found["too_few"] = float(seen.all_of_kind), float(seen.by_name and not seen.all_of_kind)
    elif scene.says_one:
        found["too_few"] = float(seen.all_of_kind)
    found["said"] = 0.5 * _share(seen.values | seen.acts, scene.request) + 0.5 * _common(about, scene.request_fields)
    return {name: value for name, value in found.items() if value}


def thing_of(seen: ReadingFeatures, scene: Scene) -> tuple[Thing, float]:
    """Return the thing with a state that a reading is about, and how sure that is: 1 by its name, 0.5 by its kind."""
    found = scene.thing_of.get(seen)
    if found is None:
        if len(scene.thing_of) >= _READINGS:
            scene.thing_of.clear()
        found = scene.thing_of[seen] = _thing_of(seen, scene)
    return found


def _thing_of(seen: ReadingFeatures, scene: Scene) -> tuple[Thing, float]:
    best, score = _NO_THING, 0.0
    for thing in scene.things:
        if seen.in_area and seen.own.isdisjoint(thing.kind):
            continue  # the bedroom light is not the bedroom curtain
        if not seen.name.isdisjoint(thing.name):
            shared = len(seen.name & thing.name)
            like = shared / len(seen.name) + shared / len(thing.name)
            if (shared == len(seen.name) or like >= 1.4) and like > score:
                best, score = thing, like
    if score or (seen.by_name and not seen.all_of_kind):
        return best, 1.0 if score else 0.0
    for thing in scene.things:
        if seen.fields.isdisjoint(thing.kind) and seen.own.isdisjoint(thing.fields):
            continue
        akin = len(seen.fields & thing.kind) or 0.5 * len(seen.own & thing.fields)
        like = akin + (0.5 if thing.lively else 0.0) + len(seen.values & (thing.value | thing.name))
        if akin and like > score:
            best, score = thing, like
    return best, 0.0 if not score else 1.0 if seen.all_of_kind else 0.5


def _from_turns(
    found: dict[str, float], seen: ReadingFeatures, scene: Scene, new: frozenset[str], about: frozenset[str]
) -> None:
    if not scene.turns:
        return
    user, agent = scene.turns[0]
    named_user, named_agent = _share(new, user.words), _share(new, agent.words)
    kind_user, kind_agent = _common(about, user.fields), _common(about, agent.fields)
    found["named_by_user"], found["named_by_agent"] = named_user, named_agent
    found["kind_by_user"], found["kind_by_agent"] = kind_user, kind_agent
    found["named_before"] = _decayed(scene, lambda said: _share(new, said.words))
    found["kind_before"] = _decayed(scene, lambda said: _common(about, said.fields))
    found["act_by_user"] = max(_share(seen.acts, user.words), 0.5 * _share(seen.acts, agent.words))
    if max(named_user, named_agent) > 0:
        found["named_last"] = _place_of(new, user, agent)
    if scene.deictic:
        found["points_named"] = max(named_user, named_agent)
        found["points_kind"] = max(kind_user, kind_agent)
    if scene.question is not None:
        about_it = max(named_user, named_agent, 0.8 * max(kind_user, kind_agent))
        same_way = seen.turns in scene.offers if scene.offers and seen.turns else None
        act = _share(seen.acts, scene.question.words)
        offered = about_it * (1.0 if same_way else 0.6 if same_way is None else 0.2)
        found["offered"] = max(offered, 0.7 * act)
        found["not_offered"] = 1.0 - found["offered"]


def _from_states(
    found: dict[str, float], seen: ReadingFeatures, scene: Scene, new: frozenset[str], thing: Thing, sure: float
) -> None:
    if sure:
        found["listed"] = sure
        fits = _fit(seen, thing)
        found["fits"], found["contradicts"] = sure * max(fits, 0.0), sure * max(-fits, 0.0)
        found["lively"] = sure if thing.lively else 0.0
        found["calls"] = 1.0 if "attention" in thing.flags else 0.0
    if not found.get("calls") and any("attention" in other.flags for other in scene.lively):
        found["missed_call"] = 1.0
    for other in scene.lively:
        if not seen.fields.isdisjoint(other.fields):
            found["kind_of_lively"] = max(found.get("kind_of_lively", 0.0), _common(seen.fields, other.fields))
    for other in scene.things:
        if not new.isdisjoint(other.value):
            found["value_in_states"] = max(found.get("value_in_states", 0.0), _share(new, other.value))
    unknown = new - scene.known - ALL
    if unknown:
        soft = sum(0.5 if _kin(word, scene) else 1.0 for word in unknown)
        found["invented"] = soft / len(new)


def _from_surroundings(
    found: dict[str, float],
    seen: ReadingFeatures,
    scene: Scene,
    new: frozenset[str],
    thing: Thing,
    about: frozenset[str],
) -> None:
    rooms = (seen.values | thing.name) & (_ROOMS | scene.room)
    said_which = 0.5 if scene.deictic and scene.turns else 1.0  # what was just spoken of may be anywhere
    found["this_room"] = said_which if rooms & scene.room else 0.0
    found["other_room"] = said_which if rooms and scene.room and not rooms & scene.room else 0.0
    found["kind_of_room"] = _common(about, scene.room_fields)
    own = seen.own if seen.media else seen.fields
    eye = bool(own & _EYE) and not own & _EAR and (seen.media or not thing.name)  # a player is no thing to look at
    ear = bool(own & _EAR) and not own & _EYE
    found["seen"] = 1.0 if eye and scene.screen else 0.0
    found["unseen"] = 1.0 if eye and scene.screen is False else 0.0
    found["heard"] = 1.0 if ear and seen.media and scene.screen is False else 0.0
    found["kind_of_device"] = _common(about, scene.device)
    found["kind_of_place"] = _common(about, scene.place_fields)
    found["place_named"] = _share(new, scene.place) if scene.away else 0.0
    found["out_of_reach"] = 1.0 if scene.away and seen.by_name and not thing.name else 0.0
    found["kind_of_hour"] = _common(about, scene.hour_fields)


def _from_habits(found: dict[str, float], scene: Scene, new: frozenset[str], about: frozenset[str]) -> None:
    if not scene.usual:
        return
    words = kind = ever = 0.0
    for one in scene.usual:
        said = one.said
        if not new.isdisjoint(said.words):
            shared = _share(new, said.words)
            words, ever = words + one.near * shared, ever + shared
        if not about.isdisjoint(said.fields):
            kind += one.near * _common(about, said.fields)
    found["usual_words"], found["usual_kind"] = words / scene.nearness, kind / scene.nearness
    found["usual_ever"] = ever / len(scene.usual)
    if scene.turns:
        last = scene.turns[0][0]
        found["usual_next"] = max((_follows(one, last, new, about) for one in scene.following), default=0.0)


def _follows(one: EarlierRequest, last: Message, new: frozenset[str], about: frozenset[str]) -> float:
    """Score how well a habit fits: after what was just said, this person asks for such a thing."""
    if one.after is None or (new.isdisjoint(one.said.words) and about.isdisjoint(one.said.fields)):
        return 0.0
    before = max(_share(one.after.words, last.words), 0.7 * _common(one.after.fields, last.fields))
    return before * max(_share(new, one.said.words), 0.7 * _common(about, one.said.fields))


def _fit(seen: ReadingFeatures, thing: Thing) -> float:
    """Return 1 where the action makes sense in this state, -1 where it does not, 0 where that is unknown."""
    flags, need = thing.flags, seen.need
    if flags & {"locked", "unlocked"} and seen.intent in ("HassTurnOn", "HassTurnOff"):
        return 1.0 if ("unlocked" in flags) == (seen.intent == "HassTurnOn") else -1.0  # to lock is to turn on
    if need is None or (need == "present" and "attention" in flags):
        return 0.0
    fit, contradict = _FITS[need]
    if need == "active" and "paused" in flags:
        return 0.5
    off = "off" in flags
    if flags & contradict and not (flags & fit and not off) and not (need == "idle" and off):
        return -1.0
    return 1.0 if flags & fit else 0.0


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    """Return the share of words that are among others."""
    return len(words & among) / len(words) if words else 0.0


def _common(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the overlap of two sets of fields: 0, then 0.7 and 1."""
    shared = len(left & right)
    return 0.0 if not shared else 0.7 if shared == 1 else 1.0


def _decayed(scene: Scene, like: Callable[[Message], float]) -> float:
    """Return the likeness to earlier turns, less for those longer ago."""
    return max((0.6**at * max(map(like, turn)) for at, turn in enumerate(scene.turns[1:])), default=0.0)


def _place_of(words: frozenset[str], user: Message, agent: Message) -> float:
    """Return the last place of any of the words in the last turn, in [0, 1]."""
    said = f"{user.text} {agent.text}".split()
    return max(((at + 1) / len(said) for at, word in enumerate(said) if stem(word) in words), default=0.0)


def _kin(word: str, scene: Scene) -> bool:
    """Tell whether a word is of a field that the situation speaks of."""
    return not fields().of((word,)).isdisjoint(scene.known_fields)
