"""Sentence templates for alarms, in hassil's syntax."""

from __future__ import annotations

__all__ = ["DELETE", "DISMISS", "GET", "LISTS", "SET", "SNOOZE", "WILDCARDS"]

WILDCARDS = ("alarm_at", "alarm_label")
"""Lists that take any words."""

LISTS = {
    "alarm_order": (
        "(first|earliest|earlier|earlier one):first", "(last|latest|later|later one|second|second one|other):last",
    ),
    "alarm_at": (
        "seven", "7 am", "6:30", "half past seven", "six thirty am", "quarter to eight", "five pm",
        "tomorrow at seven", "tomorrow morning at six", "eight am tomorrow", "seven every weekday", "6 in the morning",
        "every monday at 8", "two hours from now", "nine o'clock on saturday", "noon",
    ),
    "alarm_day": (
        "today:today", "tomorrow:tomorrow", "tomorrow morning:tomorrow morning", "tonight:tonight",
        "monday:monday", "tuesday:tuesday", "wednesday:wednesday", "thursday:thursday", "friday:friday",
        "saturday:saturday", "sunday:sunday",
    ),
    "alarm_label": ("work", "church", "the gym", "school", "medicine", "my flight"),
    "alarm_all": ("[all [of]|every] [the|my] alarms:all", "(all|every|each) [the|my] alarm:all",
                  "every one of my alarms:all", "everything that rings:all"),
}  # fmt: skip
"""Values of the lists."""

_NEW = "(set|set up|create|make|put|place|add|schedule|start|give me|i need|i want|new|turn on|get me)"
_WAKE = "(wake me [up]|get me up|wake us [up]|rouse me)"
_THE = "[the|my|that|this]"

SET = (
    f"{_NEW} [a|an|the|my|another] [new] [wake up|wake-up] alarm [(for|at|to)] {{alarm_at:at}}",
    f"{_NEW} [a|an|the|my|another] [new] alarm (called|named|for) {{alarm_label:label}} (at|for) {{alarm_at:at}}",
    f"{_NEW} [a|an|the|my|another] {{alarm_at:at}} alarm",
    f"{_NEW} [a|an|the|my|another] [new] [wake up] alarm",
    f"{_WAKE} [at|by|in|on] {{alarm_at:at}}",
    f"(can|could|will) you {_WAKE} [at|by|in|on] {{alarm_at:at}}",
    "i (want|need|would like|have) to (wake up|get up|be up|be woken [up]) [at|by|in] {alarm_at:at}",
    _WAKE,
    "alarm (for|at) {alarm_at:at}",
    "(call|alert) me (at|by) {alarm_at:at}",
    "(repeat|recurring|repeating) alarm (for|at) {alarm_at:at}",
)
"""SetAlarm."""

_THERE = "(do i have|are set|have i [got]|are there|did i set|are on|are active)"
_IS_THERE = "(do i have|have i [got]|is there|are there|did i set|have i set)"
GET = (
    f"(what|which) alarms {_THERE} [set] [[for] {{alarm_day:date}}]",
    "(what|which) alarms do i have [set] for {alarm_day:date}",
    "(show|list|read|tell|check|give) [me] [all] [of] [the|my] alarm[s] [[for] {alarm_day:date}]",
    "(when|what time|at what time) is (my|the) [next|first] [wake up] alarm [set [for]]",
    "(when|what time) (does|will) (my|the) [next] alarm (go off|ring|wake me [up])",
    "what time is my alarm [set for] [{alarm_day:date}]",
    "what is my next [scheduled] alarm",
    "what's my next [scheduled] alarm",
    f"{_IS_THERE} [a|an|any|my] alarm[s] [set] [[for] {{alarm_day:date}}]",
    "is (my|the|an) alarm (set|on)",
    "how many alarms (do i have|are set|have i set) [set]",
    "my alarms",
    "what are my alarms [[for] {alarm_day:date}]",
    "when (do|will) you wake me [up]",
)
"""GetAlarms."""

SNOOZE = (
    "snooze",
    f"snooze {_THE} alarm",
    f"snooze [{_THE} alarm] for {{timer_minutes:minutes}} minute[s]",
    f"snooze [{_THE} alarm] {{timer_minutes:minutes}} minute[s]",
    "(give me|let me sleep) [another] {timer_minutes:minutes} [more] minute[s] [in bed|of sleep]",
    "(let me sleep|i want to sleep) [a bit|a little] (more|longer)",
    "(five|ten) more minutes in bed",
)
"""SnoozeAlarm."""

DISMISS = (
    f"(stop|dismiss|silence|shut off|end|quiet|mute) {_THE} [ringing] alarm",
    "(stop|quit) ringing",
    "(turn off|switch off|turn that) [the|that|this] ringing [alarm] [off]",
    "(i am|i'm) (awake|up)",
    "(i am|i'm) up stop ringing",
)
"""DismissAlarm."""

_DROP = (
    "(delete|cancel|remove|clear|forget|drop|erase|disable|deactivate|get rid of|turn off|switch off|unset|take away)"
)
DELETE = (
    f"{_DROP} {{alarm_all:all}}",
    f"{_DROP} {_THE} {{alarm_order:order}} (alarm|one of [the|my|those] alarms|of [the|my|those] alarms)",
    f"{_DROP} {_THE} [next] [wake up] alarm",
    f"{_DROP} [the|my|that|this|tomorrow's] {{alarm_at:at}} alarm",
    f"{_DROP} {_THE} [wake up] alarm (for|at|on|of|set for|from) {{alarm_at:at}}",
    "(don't|do not) wake me [up] [at|on] {alarm_at:at}",
    "(don't|do not) wake me [up]",
    "i (don't|do not|no longer) need [the|my|that] {alarm_at:at} alarm [anymore|any more|any longer]",
    "i (don't|do not|no longer) need [the|my|that|an] alarm [anymore|any more|any longer]",
)
"""DeleteAlarm."""
