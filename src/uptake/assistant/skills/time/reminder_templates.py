"""Sentence templates for reminders, in hassil's syntax."""

from __future__ import annotations

__all__ = ["DELETE", "GET", "LISTS", "SET", "WILDCARDS"]

WILDCARDS = ("reminder_text", "reminder_at", "reminder_place")
"""Lists that take any words."""

LISTS = {
    "reminder_text": (
        "call mum", "take my pills", "buy milk", "water the plants", "take the bins out", "pay the rent",
        "pick up the kids", "feed the cat", "check the oven", "book a table", "go to the dentist",
    ),
    "reminder_at": (
        "five", "6 pm", "half past seven", "eight tomorrow morning", "noon", "seven every thursday", "9 on monday",
        "three o'clock",
    ),
    "reminder_day": (
        "today", "tomorrow", "tonight", "tomorrow morning", "tomorrow evening", "this evening", "this afternoon",
        "[on] monday:monday", "[on] tuesday:tuesday", "[on] wednesday:wednesday", "[on] thursday:thursday",
        "[on] friday:friday", "[on] saturday:saturday", "[on] sunday:sunday", "next week", "every day",
        "every morning", "every evening", "every weekday", "every monday", "every tuesday", "every wednesday",
        "every thursday", "every friday", "every saturday", "every sunday", "this weekend", "next month",
    ),
    "reminder_place": ("pharmacy", "office", "supermarket", "airport", "gym", "school", "home", "bank", "station"),
    "reminder_while": (
        "an hour:in an hour", "half an hour:in half an hour", "an hour and a half:in an hour and a half",
        "a minute:in a minute", "a couple of hours:in 2 hours", "a week:in a week",
    ),
    "reminder_leave": ("leave:leave", "am leaving:leave"),
    "reminder_all": ("(all|all of|all the|all my|every one of) [my|the] reminders:all", "(my|the) reminders:all",
                     "every reminder:all"),
}  # fmt: skip
"""Values of the lists; those of wildcards are examples."""

_REMIND = "(remind (me|us)|give me a reminder|set [me] [a|another] reminder|(add|create|make|new) [a] reminder)"
_ARRIVE = "(when|once|as soon as|next time|the next time) (i|we) (get|arrive|am|come|get back|reach|go) [to|at|in|back]"
_LEAVING = "(when|once|as soon as) (i|we) {reminder_leave:event} [from|the]"
_LENGTH = "({timer_hours:hours} hour[s]|{timer_minutes:minutes} minute[s]|{reminder_while:at})"
_TO = "(to|about|that|of|for)"

SET = (
    _REMIND,
    f"{_REMIND} {_TO} {{reminder_text:text}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} (at|by) {{reminder_at:at}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} {{reminder_day:date}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} {{reminder_day:date}} (at|by) {{reminder_at:at}}",
    f"{_REMIND} {{reminder_day:date}} {_TO} {{reminder_text:text}}",
    f"{_REMIND} {{reminder_day:date}} (at|by) {{reminder_at:at}} {_TO} {{reminder_text:text}}",
    f"{_REMIND} (at|by) {{reminder_at:at}} {_TO} {{reminder_text:text}}",
    f"{_REMIND} in {_LENGTH} {_TO} {{reminder_text:text}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} in {_LENGTH}",
    f"in {_LENGTH} {_REMIND} {_TO} {{reminder_text:text}}",
    f"{_REMIND} (for|at) {{reminder_at:at}}",
    f"(at|by) {{reminder_at:at}} {_REMIND} {_TO} {{reminder_text:text}}",
    f"{{reminder_day:date}} {_REMIND} {_TO} {{reminder_text:text}}",
    f"{{reminder_day:date}} (at|by) {{reminder_at:at}} {_REMIND} {_TO} {{reminder_text:text}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} {_ARRIVE} [the|my] {{reminder_place:place}}",
    f"{_REMIND} {_TO} {{reminder_text:text}} {_LEAVING} [the|my] {{reminder_place:place}}",
    f"{_REMIND} {_ARRIVE} [the|my] {{reminder_place:place}} {_TO} {{reminder_text:text}}",
    f"{_REMIND} {_LEAVING} [the|my] {{reminder_place:place}} {_TO} {{reminder_text:text}}",
    f"{_ARRIVE} [the|my] {{reminder_place:place}} {_REMIND} {_TO} {{reminder_text:text}}",
    f"{_LEAVING} [the|my] {{reminder_place:place}} {_REMIND} {_TO} {{reminder_text:text}}",
    "(don't|do not) let me forget [to|about|that] {reminder_text:text}",
    "(i need|i'd like|i want) to be reminded (to|of|about) {reminder_text:text}",
)
"""SetReminder."""

GET = (
    "(what|which) (are|reminders are) [all] (my reminders|the reminders|there|set)",
    "(what|which) reminders do i have [[for] {reminder_day:date}]",
    "what are (my|the) reminders [[for] {reminder_day:date}]",
    "(show|list|read|tell|check|give) [me] [all] [of] [my|the] reminders [[for] {reminder_day:date}]",
    "(do i have|are there|have i [got]) any reminders [[for] {reminder_day:date}]",
    "what (did you remind|do you have to remind|should you remind|will you remind) me (of|about)",
    "my reminders",
    "what do i (have|need) to remember [{reminder_day:date}]",
)
"""GetReminders."""

_DROP = "(delete|remove|cancel|clear|forget|drop|erase|get rid of)"
DELETE = (
    f"{_DROP} {{reminder_all:all}}",
    f"{_DROP} [the|my|that|this] [last] reminder",
    f"{_DROP} [the|my|that] reminder (to|about|of|for|that) {{reminder_text:text}}",
    f"{_DROP} [the|my|that] {{reminder_text:text}} reminder",
    "(don't|do not) remind me (to|about|of) {reminder_text:text} [anymore|any more]",
    "(don't|do not|no longer) remind me [anymore|any more]",
)
"""DeleteReminder."""
