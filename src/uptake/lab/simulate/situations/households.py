"""Draw situations of simulated households, each with an interpretation that is right by construction.

Hand-written situations are few, and clean. Here homes are drawn at random (rooms, devices, states, hours, previous
turns), with an ambiguous request. Its interpretation is right because the rule that made the situation defines it; the
rest (other active devices, older unrelated turns, habits of other hours) is noise that the weights must ignore.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from uptake.lab.simulate.situations.hand_written import reading
from uptake.types import Context, Exchange, Habit, Interpretation, Situation

__all__ = ["Drawn", "draw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Request in a situation, with candidate interpretations and the right one."""

    text: str
    situation: Situation
    candidates: tuple[Interpretation, ...]
    """At least two; the first one is right."""


_ROOMS = ("Kitchen", "Bedroom", "Living Room", "Bathroom", "Study", "Hall", "Guest Room", "Attic", "Nursery", "Garage")
_KINDS = {  # kind -> states that go on, states that do not
    "Light": (("on", "on, 60 %", "on, 100 %"), ("off",)),
    "Fan": (("on", "on, 40 %"), ("off",)),
    "Heater": (("heating, 21 °C", "on, 20 °C"), ("off", "idle, 18 °C")),
    "Speaker": (("playing music", "playing podcast", "playing, volume 40"), ("idle", "off")),
    "Blinds": (("open",), ("closed",)),
    "Window": (("open",), ("closed",)),
    "Humidifier": (("on",), ("off",)),
    "TV": (("playing: a film", "on"), ("off", "standby")),
}
_MADE_UP = ("Zorba", "Pixel Lamp", "Old Faithful", "Big Bertha", "Mr Chips", "Aquarium", "Lava Lamp", "Egg Chair")
_SMALL_TALK = (
    ("what day is it", "It is Tuesday."),
    ("tell me a joke", "Why did the chicken cross the road?"),
    ("thank you", "You are welcome."),
    ("how tall is mont blanc", "4,806 metres."),
    ("what's the weather like", "Cloudy, 14 degrees."),
)
_GENRES = ("jazz", "hard rock", "techno", "folk", "opera", "reggae", "punk", "swing", "bossa nova", "heavy metal")
_ORDERS = ("flat white", "pad thai", "ramen", "two margheritas", "falafel", "chicken curry", "cheese burger", "sushi")
_TITLES = ("Dracula", "The Martian", "Heidi", "Room", "Emma", "Contact", "Blindness", "The Road", "Matilda", "Jaws")
_PLACES = ("Oslo", "Rome", "the harbour", "the old town", "Kyoto", "Lima", "the pharmacy", "the airport", "Leeds")
_PEOPLE = ("Anna", "Tom", "Petra", "the plumber", "Dr Singh", "mum", "Jonas", "Aunt Clara")

T = TypeVar("T")
Maker = Callable[["_Dice"], Drawn]


class _Dice:
    """Random generator with convenience methods."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def one(self, options: Sequence[T]) -> T:
        return options[int(self.generator.integers(len(options)))]

    def some(self, options: Sequence[T], size: int) -> list[T]:
        return [options[int(at)] for at in self.generator.permutation(len(options))[:size]]

    def chance(self, probability: float) -> bool:
        return bool(self.generator.random() < probability)

    def moment(self, hour: int | None = None) -> datetime:
        start = datetime(2026, 1, 5) + timedelta(days=int(self.generator.integers(300)))
        drawn = int(self.generator.integers(6, 23)) if hour is None else hour
        return start + timedelta(hours=drawn, minutes=int(self.generator.integers(60)))

    def things(self, size: int) -> list[tuple[str, str]]:
        """Return names of devices and their kinds, each name once."""
        found: dict[str, str] = {}
        while len(found) < size:
            kind = self.one(tuple(_KINDS))
            made_up = kind in ("Light", "Fan", "Humidifier") and self.chance(0.2)
            found[self.one(_MADE_UP) if made_up else f"{self.one(_ROOMS)} {kind}"] = kind
        return list(found.items())

    def state(self, kind: str, on: bool) -> str:
        return self.one(_KINDS[kind][0 if on else 1])

    def situation(self, **known: object) -> Situation:
        """Return a situation in some room at some hour, with what is known of it."""
        local = known.pop("local", None)
        local = local if isinstance(local, datetime) else self.moment()
        room, device = known.pop("room", self.one(_ROOMS)), known.pop("device", self.one(("speaker", "display")))
        context = Context(
            device_type=str(device),
            room=None if room is None else str(room),
            local_time=local.strftime("%H:%M"),
            place=str(known.pop("place", "home")),
        )
        found = Situation(context=context, has_screen=device not in {"speaker", "car"}, local=local)
        return replace(found, **known)  # type: ignore[arg-type]

    def recent(self, *last: tuple[str, str]) -> tuple[Exchange, ...]:
        """Return an earlier exchange, sometimes with small talk before it."""
        before = [self.one(_SMALL_TALK)] if self.chance(0.3) else []
        return tuple(Exchange(request=user, response=agent) for user, agent in (*before, *last))


def draw(size: int, *, seed: int = 0) -> list[Drawn]:
    """Draw situations: as many as asked, of every kind in turn."""
    dice = _Dice(np.random.default_rng(seed))
    return [_MAKERS[at % len(_MAKERS)](dice) for at in range(size)]


def _just_spoken_of(dice: _Dice) -> Drawn:
    """Draw a request about what was just spoken of, though others are on or were spoken of before ('Turn it off')."""
    things, way = dice.things(int(dice.generator.integers(2, 5))), dice.one(("off", "on"))
    (name, kind), other = things[0], things[1][0]
    verb = {"off": ("turn it off", "HassTurnOff"), "on": ("turn it on", "HassTurnOn")}[way]
    states = [(one, dice.state(of, (way == "off") != dice.chance(0.3))) for one, of in things[1:]]
    states.append((name, dice.state(kind, way == "off")))
    asked = dice.one(
        (
            (f"is the {name.lower()} on", f"{'Yes' if way == 'off' else 'No'}, it is {way}."),
            (f"what is the {name.lower()} doing", f"The {name.lower()} is {'on' if way == 'off' else 'off'}."),
            (f"did I leave the {name.lower()} on", "Let me see. Yes." if way == "off" else "No, you did not."),
        )
    )
    older = [(f"what about the {other.lower()}", "All is well there.")] if dice.chance(0.4) else []
    candidates = tuple(reading(f"{verb[1]} name={one}") for one in (name, *(one for one, _ in things[1:])))
    situation = dice.situation(states=tuple(dice.some(states, len(states))), recent=dice.recent(*older, asked))
    return Drawn(text=verb[0], situation=situation, candidates=candidates)


def _only_one_makes_sense(dice: _Dice) -> Drawn:
    """Draw a request about the one thing that is on, out of the blue ('Turn it off')."""
    things, way = dice.things(int(dice.generator.integers(2, 6))), dice.one(("off", "on"))
    states = [(name, dice.state(kind, (way == "off") == (at == 0))) for at, (name, kind) in enumerate(things)]
    intent = "HassTurnOff" if way == "off" else "HassTurnOn"
    candidates = tuple(reading(f"{intent} name={name}") for name, _ in things)
    situation = dice.situation(states=tuple(dice.some(states, len(states))), recent=dice.recent())
    situation = replace(situation, context=replace(situation.context, room=None))
    return Drawn(text=f"turn it {way}", situation=situation, candidates=candidates)


_BARE = {
    "pause": (
        ("PauseVacuum", "Rover", "cleaning", ("docked",)),
        ("HassMediaPause", "Soundbar", "playing radio", ("idle", "paused", "off")),
        ("HassPauseTimer", "Egg", "running, 3 minutes left", ("paused",)),
    ),
    "stop": (
        ("DismissAlarm", "Alarm Clock", "ringing", ("set for 06:00", "off")),
        ("HassCancelTimer", "Tea", "ringing", ("paused",)),
        ("HassMediaPause", "Soundbar", "playing music", ("idle", "off")),
        ("StopCover", "Awning", "opening", ("open", "closed")),
    ),
    "next": (
        ("HassMediaNext", "Soundbar", "playing music", ("idle", "off")),
        ("RecipeNextStep", "Display", "recipe, step 2 of 6", ("off", "standby")),
        ("SlideshowNext", "Picture Frame", "slideshow, photo 4 of 90", ("off", "standby")),
    ),
    "resume": (
        ("HassMediaUnpause", "Soundbar", "paused", ("playing", "off")),
        ("HassUnpauseTimer", "Tea", "paused, 2 minutes left", ("running, 1 minute left",)),
        ("HassVacuumStart", "Rover", "paused", ("cleaning", "docked")),
    ),
    "how long": (
        ("HassTimerStatus", "Rice", "running, 9 minutes left", ("paused",)),
        ("GetApplianceRemaining", "Dishwasher", "running, 40 minutes left", ("off", "empty")),
        ("GetMediaRemaining", "TV", "playing: Heidi", ("off", "standby")),
    ),
    "answer": (
        ("AnswerCall", "Phone", "ringing", ("idle",)),
        ("AnswerDoorbell", "Doorbell", "ringing", ("idle",)),
    ),
}


def _bare_verb(dice: _Dice) -> Drawn:
    """Draw a request about what is in the state that asks for it, whatever the others do ('Pause')."""
    text = dice.one(tuple(_BARE))
    rows = dice.some(_BARE[text], len(_BARE[text]))
    timers = [row for row in rows if "Timer" in row[0]]
    if len(timers) > 1:
        rows.remove(timers[1])
    states = [
        (f"{name} Timer" if "Timer" in intent else name, going if at == 0 else dice.one(others))
        for at, (intent, name, going, others) in enumerate(rows)
        if at == 0 or dice.chance(0.7)
    ]
    candidates = tuple(reading(f"{intent} name={name}") for intent, name, _, _ in rows)
    situation = dice.situation(states=tuple(dice.some(states, len(states))), recent=dice.recent())
    return Drawn(text=text, situation=situation, candidates=candidates)


def _this_room(dice: _Dice) -> Drawn:
    """Draw a request about the one in this room, whatever the states of the others ('Turn on the light')."""
    rooms, kind = dice.some(_ROOMS, int(dice.generator.integers(2, 5))), dice.one(tuple(_KINDS))
    on = dice.chance(0.5)
    states = tuple((f"{room} {kind}", dice.state(kind, not on)) for room in sorted(rooms))
    intent = "HassTurnOn" if on else "HassTurnOff"
    candidates = tuple(reading(f"{intent} name={room} {kind}") for room in rooms)
    text = f"turn {'on' if on else 'off'} the {kind.lower()}"
    return Drawn(text=text, situation=dice.situation(states=states, room=rooms[0]), candidates=candidates)


def _screen_or_none(dice: _Dice) -> Drawn:
    """Draw a request for a film where there is a screen, else for an audio book ('Play Dracula')."""
    title, seen = dice.one(_TITLES), dice.chance(0.5)
    forms = [f"HassMediaSearchAndPlay search_query={title}; media_class={kind}" for kind in ("movie", "audiobook")]
    situation = dice.situation(device=dice.one(("display", "tv")) if seen else "speaker", recent=dice.recent())
    candidates = tuple(map(reading, forms if seen else forms[::-1]))
    return Drawn(text=f"play {title.lower()}", situation=situation, candidates=candidates)


def _habits(dice: _Dice, now: datetime, wanted: str, other: str, text: Callable[[str], str]) -> tuple[Habit, ...]:
    """Draw requests at this hour for one thing and, more often, at another hour for another."""
    found = [(now - timedelta(days=day, minutes=int(dice.generator.integers(-25, 25))), wanted) for day in (1, 2, 4)]
    if dice.chance(0.7):
        away = timedelta(hours=6 if now.hour < 14 else -6)
        found += [
            (now - timedelta(days=day) + away, other) for day in (1, 2, 3, 5)[: int(dice.generator.integers(1, 5))]
        ]
    return tuple(Habit(request=text(what), at=at) for at, what in sorted(found) if at < now)


def _habit_of_the_hour(dice: _Dice) -> Drawn:
    """Draw a request that this person makes at this hour ('Play music', 'the usual')."""
    now = dice.moment()
    if dice.chance(0.5):
        (one, other, third), text = dice.some(_GENRES, 3), "play music"
        form, said = "HassMediaSearchAndPlay search_query={}; media_class=genre", "play some {}"
    else:
        (one, other, third), text = dice.some(_ORDERS, 3), "the usual please"
        form, said = "PlaceOrder name={}", "order {}"
    habits = _habits(dice, now, one, other, said.format)
    candidates = tuple(reading(form.format(what)) for what in (one, other, third))
    return Drawn(text=text, situation=dice.situation(local=now, habits=habits), candidates=candidates)


def _after_what(dice: _Dice) -> Drawn:
    """Draw a request that this person makes after what was just said ('Start')."""
    now, (one, other) = dice.moment(), dice.some(("coffee maker", "radio", "tumble dryer", "heater", "kettle"), 2)
    habits = []
    for day in (1, 2, 3):
        morning = now - timedelta(days=day, minutes=int(dice.generator.integers(0, 150)))
        habits += [("stop the alarm", morning), (f"turn on the {one}", morning + timedelta(minutes=3))]
        habits.append((f"turn on the {other}", morning + timedelta(hours=9)))
    usual = tuple(Habit(request=said, at=at) for said, at in sorted(habits, key=lambda habit: habit[1]) if at < now)
    situation = dice.situation(local=now, habits=usual, recent=dice.recent(("stop the alarm", "Good morning.")))
    candidates = tuple(reading(f"HassTurnOn name={name.title()}") for name in (one, other))
    return Drawn(text="start it", situation=situation, candidates=candidates)


def _offered(dice: _Dice) -> Drawn:
    """Draw an answer to what the assistant has just offered ('Yes')."""
    things, off = dice.things(3), dice.chance(0.5)
    name, intent = things[0][0], "HassTurnOff" if off else "HassTurnOn"
    states = tuple((one, dice.state(kind, off)) for one, kind in dice.some(things, 3))
    offer = f"The {name.lower()} is still {'on' if off else 'off'}. Shall I turn it {'off' if off else 'on'}?"
    candidates = tuple(reading(f"{intent} name={one}") for one, _ in things)
    situation = dice.situation(states=states, recent=dice.recent((dice.one(("I'm leaving", "good night")), offer)))
    return Drawn(text=dice.one(("yes", "yes please", "do it")), situation=situation, candidates=candidates)


_QUANTITIES = {
    "volume": ("HassSetVolumeRelative name=Soundbar; volume_step=", "make the music louder", "Volume is 60."),
    "light": (
        "HassLightSet name=Floor Lamp; direction=",
        "brighten the floor lamp",
        "The floor lamp is at 60 percent.",
    ),
    "heat": (
        "HassClimateSetTemperature name=Thermostat; direction=",
        "make it warmer",
        "The heating is at 22 degrees.",
    ),
    "fan": ("HassFanSetSpeed name=Ceiling Fan; direction=", "speed up the fan", "The fan is at 80 percent."),
}


def _a_bit_less(dice: _Dice) -> Drawn:
    """Draw a request about what was just changed, though all of it is on ('A bit less')."""
    kinds, way = dice.some(tuple(_QUANTITIES), int(dice.generator.integers(2, 5))), dice.one(("up", "down"))
    states = (
        ("Soundbar", "playing, volume 60"), ("Floor Lamp", "on, 60 %"), ("Thermostat", "heating, 22 °C"),
        ("Ceiling Fan", "on, 80 %"),
    )  # fmt: skip
    older = [_QUANTITIES[kinds[1]][1:]] if dice.chance(0.3) else []
    candidates = tuple(reading(_QUANTITIES[kind][0] + way) for kind in kinds)
    situation = dice.situation(states=states, recent=dice.recent(*older, _QUANTITIES[kinds[0]][1:]))
    return Drawn(text="a bit less" if way == "down" else "a bit more", situation=situation, candidates=candidates)


_POINTING = (
    ("what time is it there", "HassGetCurrentTime place={}", _PLACES, ("how far is it to {}", "It is quite far.")),
    ("take me there", "NavigateTo place={}", _PLACES, ("what can one do in {}", "There is much to see.")),
    ("call back", "CallContact name={}", _PEOPLE, ("did {} ring", "Yes, at noon.")),
    ("play that", "HassMediaSearchAndPlay search_query={}", _TITLES, ("who wrote {}", "I would have to look it up.")),
    ("order it", "PlaceOrder name={}", _ORDERS, ("what does {} cost", "About twelve euros.")),
)


def _pointing(dice: _Dice) -> Drawn:
    """Draw a reference to what was said last, not before and not by habit ('There', 'them', 'that')."""
    text, form, options, (user, agent) = dice.one(_POINTING)
    one, other, third = dice.some(options, 3)
    older = [(user.format(other), agent)] if dice.chance(0.5) else []
    candidates = tuple(reading(form.format(what)) for what in (one, other, third))
    situation = dice.situation(recent=dice.recent(*older, (user.format(one), agent)))
    return Drawn(text=text, situation=situation, candidates=candidates)


_KINDS_OF_TALK = (
    ("HassGetWeather", "will it rain", "Yes, in the afternoon."),
    ("GetCalendar", "what is my first meeting", "Budget review at nine."),
    ("GetSportsScore", "did the home team win the match", "Yes, two to one."),
    ("ReadMessage", "did anyone write", "One email came in."),
    ("GetQueue", "what song is this", "This is by The Cure."),
    ("GetTvGuide", "which channel shows the series", "Channel four."),
    ("HassListAddItem", "put eggs on the shopping list", "Eggs are on the list."),
    ("ModifyReservation", "book a table for two", "A table for two, at eight."),
    ("StartWorkout", "how many steps did I walk", "Six thousand steps."),
    ("TranslateText", "how do you say hello in Greek", "Yassas."),
    ("NavigateTo", "how is the traffic", "There is a jam on the ring road."),
    ("SetAlarm", "when do I have to wake up", "Your alarm is set for seven."),
)


def _same_kind(dice: _Dice) -> Drawn:
    """Draw a request about the kind of thing that was just talked about ('And then')."""
    rows = dice.some(_KINDS_OF_TALK, int(dice.generator.integers(2, 6)))
    older = [rows[1][1:]] if dice.chance(0.3) else []
    situation = dice.situation(recent=dice.recent(*older, rows[0][1:]))
    candidates = tuple(Interpretation(intent=intent) for intent, _, _ in rows)
    return Drawn(text=dice.one(("what's next", "and then", "show me more")), situation=situation, candidates=candidates)


def _in_the_car(dice: _Dice) -> Drawn:
    """Draw a request for the car's heating in the car, the house's at home ('I'm cold')."""
    driving = dice.chance(0.5)
    forms = ["HassClimateSetTemperature name=Car Climate; direction=up"]
    forms.append(f"HassClimateSetTemperature name={dice.one(('Thermostat', 'Hall Heater', 'Radiator'))}; direction=up")
    names = [form.split("name=")[1].split(";")[0] for form in forms]
    here = 0 if driving else 1
    states = ((names[here], "on, 18 °C"),)
    known = {"device": "car", "room": None, "place": "road"} if driving else {}
    candidates = tuple(reading(form) for form in (forms[here], forms[1 - here]))
    return Drawn(text="I'm cold", situation=dice.situation(states=states, **known), candidates=candidates)


_OF_A_KIND = (("light", "Light"), ("fan", "Fan"), ("media_player", "Speaker"), ("cover", "Blinds"))


def _everything(dice: _Dice) -> Drawn:
    """Draw a request about all of the kind that was just spoken of, though each is on ('Turn everything off')."""
    (domain, kind), (other, other_kind) = dice.some(_OF_A_KIND, 2)
    rooms = dice.some(_ROOMS, 4)
    names = [f"{room} {kind if at < 3 else other_kind}" for at, room in enumerate(rooms)]
    states = tuple((name, dice.state(kind if at < 3 else other_kind, True)) for at, name in enumerate(names))
    asked = dice.one(((f"which {kind.lower()} are on", f"The {names[0].lower()}."), (f"the {kind.lower()}", "Yes?")))
    forms = [f"name=all; domain={domain}", f"name=all; domain={other}", *(f"name={name}" for name in names)]
    candidates = tuple(reading(f"HassTurnOff {form}") for form in forms)
    situation = dice.situation(states=tuple(dice.some(states, 4)), room=rooms[0], recent=dice.recent(asked))
    return Drawn(text=dice.one(("turn everything off", "all off")), situation=situation, candidates=candidates)


_MAKERS: tuple[Maker, ...] = (
    _just_spoken_of, _only_one_makes_sense, _bare_verb, _this_room, _screen_or_none, _habit_of_the_hour, _after_what,
    _offered, _a_bit_less, _pointing, _same_kind, _in_the_car, _everything,
)  # fmt: skip
