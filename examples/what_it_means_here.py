"""The same words mean one thing here and another there: I want my assistant to look around before it guesses.

Readings of a request go to the ranker with the situation: states, room, screen, habits, what was just said. It knows
none of these devices beforehand.
"""

from datetime import datetime, timedelta

from uptake.types import Context, Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

ranker = ContextRanker()
morning = datetime(2026, 3, 10, 7, 5)


def reads(intent, **slots):
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def show(text, readings, **situation):
    best = ranker.rank(text, readings, Situation(**situation))[0]
    slots = ", ".join(value for _, value in best.interpretation.slots)
    print(f"{text} -> {best.interpretation.intent}: {slots} ({best.reasons[0]})")


def usual(*requests):
    """Requests of the last three mornings, a few minutes apart."""
    return tuple(
        Habit(request=text, at=morning - timedelta(days=day) + timedelta(minutes=3 * at))
        for day in (3, 2, 1)
        for at, text in enumerate(requests)
    )


temperature = [reads("HassClimateGetTemperature", name="Thermostat"), reads("HassGetState", name="Oven")]
show("what is the temperature", temperature, states=(("Oven", "on, 180 °C"), ("Thermostat", "idle, 21 °C")))
show("what is the temperature", temperature, states=(("Oven", "off"), ("Thermostat", "heating, 19 °C")))

games = [
    reads("HassMediaSearchAndPlay", search_query="The Hunger Games", media_class=kind)
    for kind in ("audiobook", "movie")
]
show("play hunger games", games, context=Context(device_type="display"), has_screen=True)
show("play hunger games", games, context=Context(device_type="speaker"), has_screen=False)

genres = [reads("HassMediaSearchAndPlay", search_query=genre, media_class="genre") for genre in ("jazz", "hard rock")]
show("play music", genres, habits=usual("play some jazz"), local=morning)
show("play music", genres, habits=usual("play hard rock"), local=morning)

brewers = [reads("HassTurnOn", name="Kettle"), reads("HassTurnOn", name="Coffee Maker")]
alarm = (Exchange(request="stop the alarm", response="Good morning."),)
show("start brewing", brewers, habits=usual("stop the alarm", "make coffee"), recent=alarm, local=morning)

off = [reads("HassTurnOff", name=name) for name in ("TV", "Floor Lamp")]
dimmed = (Exchange(request="dim the floor lamp", response="The floor lamp is at 30 percent."),)
show("turn it off", off, states=(("TV", "on"), ("Floor Lamp", "on, 30 %")), recent=dimmed)

lights = [reads("HassTurnOn", name=f"{room} Light") for room in ("Kitchen", "Bedroom")]
show("turn on the light", lights, context=Context(room="Bedroom"))

# prints:
# what is the temperature -> HassGetState: Oven (Oven is on, 180 °C)
# what is the temperature -> HassClimateGetTemperature: Thermostat (Thermostat is heating, 19 °C)
# play hunger games -> HassMediaSearchAndPlay: The Hunger Games, movie (there is a screen)
# play hunger games -> HassMediaSearchAndPlay: The Hunger Games, audiobook (there is no screen)
# play music -> HassMediaSearchAndPlay: jazz, genre (usual for this person at this hour)
# play music -> HassMediaSearchAndPlay: hard rock, genre (usual for this person at this hour)
# start brewing -> HassTurnOn: Coffee Maker (usual for this person at this hour)
# turn it off -> HassTurnOff: Floor Lamp (this is what the last request was about)
# turn on the light -> HassTurnOn: Bedroom Light (it is in this room)
