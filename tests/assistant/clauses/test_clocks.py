"""Timers, alarms and reminders are read from their parts, whatever their order; all else is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from uptake.assistant.clauses.clocks.alarms import read_alarms
from uptake.assistant.clauses.clocks.pieces import clauses_of, pieces_of
from uptake.assistant.clauses.clocks.plans import read_plans
from uptake.assistant.clauses.clocks.reminders import read_reminders
from uptake.assistant.clauses.clocks.set_alarms import read_set_alarms
from uptake.assistant.clauses.clocks.shifting import read_shift
from uptake.assistant.clauses.clocks.starting import told
from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.clocks.timers import read_timers
from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.entities.household import Household
from uptake.assistant.home import VirtualHome
from uptake.assistant.skills.time.alarms import Alarm
from uptake.types import Interpretation

HOUSEHOLD = Household(VirtualHome.load())
NOW = datetime(2025, 11, 18, 18, 0, tzinfo=UTC)  # a Tuesday
_SHORT = {"hours": "h", "minutes": "m", "seconds": "s"}


def _timer(name, minutes, *, ends_in=None):
    ends = None if ends_in is None else (NOW + timedelta(minutes=ends_in)).isoformat()
    return {
        "id": 1,
        "name": name,
        "length_s": minutes * 60.0,
        "ends_at": ends,
        "left_s": 60.0,
        "area": None,
        "command": "",
    }


def _clocks(timers=(), *, rung=(), last=None, now=NOW, alarms=(), alarm_rings=False, plans=()):
    return Clocks(
        now=now, household=HOUSEHOLD, timers=tuple(timers), rung=tuple(rung), last=last, alarms=tuple(alarms),
        alarm_rings=alarm_rings, plans=tuple(plans),
    )  # fmt: skip


def _said(found):
    """Return readings in short: "start pasta 11m"."""
    if found is None or isinstance(found, DirectAnswer):
        return found
    said = []
    for each in found:
        slots = dict(each.slots)
        length = " ".join(f"{slots[unit]}{short}" for unit, short in _SHORT.items() if unit in slots)
        rest = [value for name, value in each.slots if name not in _SHORT]
        said.append(" ".join(filter(None, (each.intent.removeprefix("Hass"), *rest, length))))
    return said


RUNNING = (_timer("pasta", 10, ends_in=6), _timer("rice", 20, ends_in=16))


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("pasta's in, give me eleven minutes", ["StartTimer pasta 11m"]),
        ("just put the chicken in, it wants 45 minutes", ["StartTimer chicken 45m"]),
        ("potatoes are on. Twenty five minutes please", ["StartTimer potatoes 25m"]),
        ("the eggs have just gone in so six minutes please", ["StartTimer eggs 6m"]),
        ("seven minutes on the gnocchi please mate", ["StartTimer gnocchi 7m"]),
        ("give the dough an hour to rise", ["StartTimer dough 1h"]),
        ("I need a timer for an hour and twenty for the lasagne", ["StartTimer lasagne 1h 20m"]),
        ("tell me when ten minutes are up", ["StartTimer 10m"]),
        ("set the timer for the cookies", ["StartTimer cookies"]),
        (
            "twelve minutes for the pizza and eight for the garlic bread please, on timers",
            ["StartTimer pizza 12m", "StartTimer garlic bread 8m"],
        ),
        (
            "timer for the pasta, nine minutes, and one for the sauce, twenty",
            ["StartTimer pasta 9m", "StartTimer sauce 20m"],
        ),
        ("I'd like two timers, five minutes and ten", ["StartTimer 5m", "StartTimer 10m"]),
        ("right, rice eighteen minutes, peas four", ["StartTimer rice 18m", "StartTimer peas 4m"]),
        (
            "carrots want ten minutes and the sausages want twenty five",
            ["StartTimer carrots 10m", "StartTimer sausages 25m"],
        ),
        ("I need two timers, half an hour and three quarters of an hour", ["StartTimer 30m", "StartTimer 45m"]),
        ("timers for ten minutes and five minutes", ["StartTimer 10m", "StartTimer 5m"]),
        ("timer for one hour and five minutes", ["StartTimer 1h 5m"]),
        ("start an eight minute one for the sprouts", ["StartTimer sprouts 8m"]),
        ("six minute timer, then another for twelve", ["StartTimer 6m", "StartTimer 12m"]),
    ],
)
def test_a_timer_is_started_with_the_name_of_what_it_is_for(said, readings):
    assert _said(read_timers(said, _clocks())) == readings


@pytest.mark.parametrize(
    "said",
    [
        "set it to 80",
        "run it for twenty minutes",
        "give me a minute",
        "give me a sec",
        "lamp on for ten minutes",
        "play some jazz for half an hour",
        "turn off the oven in ten minutes",
        "skip forward ten seconds",
        "heating for an hour",
        "how many minutes are in an hour",
        "ten minutes",
        "it's been ten minutes",
        "dinner's in ten minutes",
        "bedroom, ten minutes",
        "set a timer for half past seven",
        "change the fan to fifteen",
    ],
)
def test_what_is_no_timer_is_left_alone(said):
    assert read_timers(said, _clocks()) is None


def test_none_of_several_timers_is_set_where_one_is_not_understood():
    answer = read_timers("two timers: pasta ten minutes, and at the far end of the garden eleven minutes", _clocks())
    assert isinstance(answer, DirectAnswer)
    assert "set no timer" in answer.speech


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("another five minutes on the pasta", ["IncreaseTimer pasta 5m"]),
        ("the rice needs two more minutes", ["IncreaseTimer rice 2m"]),
        ("still raw, give the rice another ten", ["IncreaseTimer rice 10m"]),
        ("knock two minutes off the rice", ["DecreaseTimer rice 2m"]),
        ("change the pasta to twelve minutes", ["CancelTimer pasta", "StartTimer pasta 12m"]),
        ("how's the pasta doing for time", ["TimerStatus pasta"]),
        ("is the pasta nearly there", ["TimerStatus pasta"]),
        ("when's the rice ready", ["TimerStatus yes rice"]),
        ("which one's first", ["TimerStatus pasta"]),
        ("how long have I got", ["TimerStatus"]),
        ("bin the rice one", ["CancelTimer rice"]),
        ("rice is done, cancel that one", ["CancelTimer rice"]),
        ("forget both timers", ["CancelAllTimers"]),
        ("I don't need those timers any more", ["CancelAllTimers"]),
        ("pause the pasta, the phone's ringing", ["PauseTimer pasta"]),
        ("start the pasta one again from the top", ["CancelTimer pasta", "StartTimer pasta 10m"]),
        ("what time is it", None),
        ("when does the film start", None),
        ("turn off the lights", None),
        ("cancel the meeting", None),
    ],
)
def test_a_running_timer_is_changed_asked_after_or_ended_by_its_name(said, readings):
    assert _said(read_timers(said, _clocks(RUNNING))) == readings


@pytest.mark.parametrize(
    ("said", "last", "readings"),
    [
        ("and the other one", ("HassCancelTimer", "pasta"), ["CancelTimer rice"]),
        ("and the rice", ("HassTimerStatus", "pasta"), ["TimerStatus rice"]),
        ("add two minutes to the other one", ("HassStartTimer", "rice"), ["IncreaseTimer pasta 2m"]),
        ("kill it", ("HassStartTimer", "rice"), ["CancelTimer rice"]),
        ("give it another three", ("HassStartTimer", "rice"), ["IncreaseTimer rice 3m"]),
        ("give it another three", ("HassSetVolume", ""), None),
        ("five more minutes", ("ScheduleAction", ""), None),
    ],
)
def test_what_is_not_named_is_what_was_spoken_of_last(said, last, readings):
    before = Interpretation(intent=last[0], slots=(("name", last[1]),) if last[1] else ())
    assert _said(read_timers(said, _clocks(RUNNING, last=before))) == readings


def test_a_thing_of_the_home_is_no_timer_that_is_called_alike():
    timers = [_timer("oven", 10, ends_in=6)]
    assert read_timers("turn off the oven", _clocks(timers)) is None
    assert _said(read_timers("turn off the oven timer", _clocks(timers))) == ["CancelTimer oven"]


def test_a_timer_that_has_just_rung_is_silenced_or_started_again():
    clocks = _clocks(rung=[_timer("cake", 3, ends_in=0)])
    assert isinstance(read_timers("ok I heard you", clocks), DirectAnswer)
    assert isinstance(read_timers("stop", clocks), DirectAnswer)
    assert _said(read_timers("needs a bit longer, five minutes", clocks)) == ["StartTimer cake 5m"]
    assert _said(read_timers("same again", clocks)) == ["StartTimer cake 3m"]
    assert read_timers("stop", _clocks()) is None


def test_more_minutes_snooze_the_alarm_that_rings():
    clocks = _clocks(alarm_rings=True)
    assert _said(read_timers("not yet, another quarter of an hour", clocks)) == ["SnoozeAlarm 15 minutes"]
    assert _said(read_timers("ok ok I'm getting up", clocks)) == ["DismissAlarm"]


@pytest.mark.parametrize(
    ("now", "said", "at"),
    [
        ("10:24", "wake me at half six", "tomorrow at 6:30 am"),
        ("10:24", "I need waking at ten to five", "tomorrow at 4:50 am"),
        ("13:00", "let me sleep till half two", "today at 2:30 pm"),
        ("13:00", "quick nap, wake me at six", "today at 6 pm"),
        ("22:10", "can you make sure I'm up by seven", "tomorrow at 7 am"),
        ("22:10", "early flight, get us up at ten to four", "tomorrow at 3:50 am"),
        ("21:00", "wake me at nine, weekends only", "every weekend at 9 am"),
        ("21:00", "alarm for six thirty Monday to Friday", "every weekday at 6:30 am"),
        ("22:00", "we need to leave at six so get me up at quarter past five", "tomorrow at 5:15 am"),
        ("22:00", "can you set tomorrow's alarm for twenty five to seven", "tomorrow at 6:35 am"),
        ("21:00", "weekday mornings I need to be up at 6.40", "every weekday at 6:40 am"),
        (
            "21:00",
            "alarm for twenty past seven, Monday Wednesday and Friday",
            "every Monday, Wednesday and Friday at 7:20 am",
        ),
        ("10:24", "alarm for half six", "today at 6:30 pm"),
    ],
)
def test_an_alarm_is_set_for_the_time_that_is_meant(now, said, at):
    hour, minute = map(int, now.split(":"))
    found = read_alarms(said, _clocks(now=NOW.replace(hour=hour, minute=minute)))
    assert _said(found) == [f"SetAlarm {at}"]


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("alarm at 8 and another at quarter past", ["8 am", "8:15 am"]),
        ("two alarms tomorrow, six thirty and quarter to seven", ["6:30 am", "6:45 am"]),
        ("alarms at six, quarter past and half past", ["6 am", "6:15 am", "6:30 am"]),
    ],
)
def test_each_of_several_alarms_is_set(said, times):
    assert _said(read_alarms(said, _clocks(now=NOW.replace(hour=21)))) == [
        f"SetAlarm tomorrow at {time}" for time in times
    ]


@pytest.mark.parametrize(
    "said",
    [
        "don't wake me at seven",
        "move my alarm to 8",
        "I got up at seven",
        "wake me when it's light",
        "I'm up",
        "alarm for school at seven",
        "when is my alarm at seven",
        "wake me at seven unless it rains",
    ],
)
def test_no_alarm_is_set_where_more_than_a_time_is_said(said):
    assert read_alarms(said, _clocks()) is None


def test_alarms_that_are_set_are_asked_after_moved_and_ended():
    at = NOW.replace(hour=7) + timedelta(days=1)
    clocks = _clocks(alarms=[Alarm(at=at), Alarm(at=at.replace(hour=8))], last=Interpretation(intent="SetAlarm"))
    assert _said(read_set_alarms("have I got an alarm on", clocks)) == ["GetAlarms"]
    assert _said(read_set_alarms("lose the early one", clocks)) == ["DeleteAlarm tomorrow at 7 am"]
    assert _said(read_set_alarms("bin the eight o'clock one", clocks)) == ["DeleteAlarm tomorrow at 8 am"]
    moved = read_set_alarms("move the eight o'clock one to nine", clocks)
    assert _said(moved) == ["SetAlarm tomorrow at 9 am", "DeleteAlarm tomorrow at 8 am"]
    assert _said(read_set_alarms("wipe all my alarms", clocks)) == ["DeleteAlarm all"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("make it quarter past", "7:15 am"),
        ("scrap that, half past", "7:30 am"),
        ("nah make that ten to seven", "6:50 am"),
        ("actually can we say eight", "8 am"),
        ("push it to half eight", "8:30 am"),
    ],
)
def test_what_was_just_set_is_put_at_another_time_of_its_day(said, at):
    last = Interpretation(intent="SetAlarm", slots=(("at", "tomorrow at 7 am"),))
    found = _said(read_shift(said, _clocks(last=last)))
    assert found == [f"SetAlarm tomorrow at {at}", "DeleteAlarm tomorrow at 7 am"]


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        ("PE kit, don't let me forget, nudge me about it at nine", "SetReminder PE kit at 9"),
        ("put the bins out, remind me at eight", "SetReminder put the bins out at 8"),
        (
            "remind me in half an hour the washing needs hanging",
            "SetReminder the washing needs hanging in half an hour",
        ),
        ("every tuesday night remind me it's bin day", "SetReminder it's bin day every tuesday night"),
        ("I mustn't forget the cake, remind me at noon", "SetReminder the cake at noon"),
        ("remind me to get the milk out in ten", "SetReminder get the milk out in 10 minutes"),
        (
            "need to move the car by eleven tomorrow, remind me at ten to",
            "SetReminder move the car by eleven tomorrow tomorrow at 10:50 am",
        ),
        (
            "I've to collect Sam at quarter past three tomorrow, remind me half an hour before",
            "SetReminder collect Sam at 3:15 pm tomorrow at 2:45 pm",
        ),
        ("what have I asked you to remind me about", "GetReminders"),
        ("remind me to call mum at six", None),  # the templates know it
        ("is the oven on, remind me", None),
    ],
)
def test_a_reminder_may_have_its_parts_in_any_order(said, reading):
    assert _said(read_reminders(said, _clocks())) == (None if reading is None else [reading])


def test_a_reminder_that_was_just_set_is_put_at_another_time():
    last = Interpretation(intent="SetReminder", slots=(("text", "call dad"), ("at", "today at 7 pm")))
    found = _said(read_shift("make it half past", _clocks(last=last)))
    assert found == ["DeleteReminder call dad", "SetReminder call dad today at 7:30 pm"]


def test_the_time_of_what_is_planned_is_told():
    plans, last = (
        ("turn off the oven",),
        Interpretation(intent="ScheduleAction", slots=(("text", "turn off the oven"),)),
    )
    assert read_plans("when's the oven going off", _clocks(plans=plans)) is not None
    assert read_plans("how long before the oven goes off", _clocks(plans=plans)) is not None
    assert read_plans("when does it go off", _clocks(plans=plans, last=last)) is not None
    assert read_plans("when's the heating going off", _clocks(plans=plans)) is None


def test_every_word_is_in_one_piece():
    said = "knock a couple of minutes off the garlic bread, would you"
    assert [(each.kind, each.text) for each in pieces_of(said)][:3] == [
        ("less", "knock"), ("length", "a couple of minutes"), ("less", "off"),
    ]  # fmt: skip
    assert [each.text for each in pieces_of("two more minutes")] == ["more", "2 minutes"]
    assert [told(each) for each in clauses_of(pieces_of("I've popped some bread in, ten minutes"))] == ["bread", None]
