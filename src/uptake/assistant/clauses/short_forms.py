"""Say in full what people say in short or the other way round: "lock up", "the blinds, close them would you".

Each row is a pattern of a whole request, courtesy aside, and what it means in the words of the templates.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.numbers import in_digits

__all__ = ["in_full"]

_COVER = r"(?:[\w'-]+ ){0,4}?(?:blinds?|curtains?|shades?|shutters?|drapes|awning|door|window|garage)"
_SHARES = {
    "half": 50, "halfway": 50, "half way": 50, "midway": 50, "a quarter": 25, "quarter": 25, "a third": 33, "third": 33,
    "two thirds": 67, "three quarters": 75, "a crack": 10,
}  # fmt: skip
_GAS_MARKS = {1: 140, 2: 150, 3: 170, 4: 180, 5: 190, 6: 200, 7: 220, 8: 230, 9: 240}
_END = re.compile(
    r" for a (?:sec|second|moment|bit)$|,? (?:would|will|could|can) (?:you|ya)$|,? (?:behind|after) (?:me|us)$",
    re.IGNORECASE,
)
_ROOMS = re.compile(
    r" (?:in|of) (?:all|every|each)(?: of)?(?: the| my| our)? rooms?(?P<floor> (?:up|down)stairs)?\b", re.IGNORECASE
)


def _share(match: re.Match[str]) -> str:
    """Return how far something is to be open."""
    said = match["share"].lower()
    share = _SHARES.get(said) or int(re.sub(r"\D", "", said) or 0)
    closed = (match["how"] or "").strip().lower() in ("closed", "shut")
    return f"set {match['what']} to {100 - share if closed else share} percent"


def _alarm(match: re.Match[str]) -> str:
    length = match["length"]
    return f"set an alarm for {length} from now" if duration(in_digits(length)) is not None else match[0]


def _timer(match: re.Match[str]) -> str:
    length = match["length"]
    return f"set a timer for {length}" if duration(in_digits(length)) is not None else match[0]


def _gas(match: re.Match[str]) -> str:
    mark = int(in_digits(match["mark"])) if in_digits(match["mark"]).isdigit() else 0
    degrees = _GAS_MARKS.get(mark)
    return f"{match['front']}{degrees} degrees{match['rest']}" if degrees is not None else match[0]


def _water(match: re.Match[str]) -> str:
    return f"is the water main {'open' if match['state'].lower() == 'on' else 'closed'}"


def _in_front(match: re.Match[str]) -> str:
    """Put what was named first where its pronoun stands."""
    said = f"{match['verb']}{match['way'] or ''} {match['thing']}{match['rest'] or ''}"
    return said if is_command(said) else match[0]


_THINGS = ("water main", "washing machine")
_ROWS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        r"(?:some(?:one|body) )?lock up(?: (?:the house|everything|for the night|now|tonight|everywhere|properly))*",
        "lock all the doors",
    ),
    (
        r"(?:(?:turn|switch|shut) )?(?:the )?music off|(?:turn|switch|shut) off the music|no (?:more )?music"
        r"|enough (?:of the |of this )?music",
        "stop the music",
    ),
    (r"(?:i'm|we're|i am|we are) (?:going|off|heading) to bed(?: now)?|(?:it's )?time for bed|bedtime", "good night"),
    (
        r"(?:shut|turn|switch|cut) (?:the )?water(?: main| supply| mains)? off|(?:shut|turn|switch|cut) off the water"
        r"(?: main| supply| mains)?",
        "close the water main",
    ),
    (r"is the water(?: main| mains| supply)? (?P<state>on|off)", _water),
    (r"(?P<verb>lock|unlock|open|close) the (?P<which>back|front)(?: one)?", r"\g<verb> the \g<which> door"),
    (
        r"(?:make|turn|set|put|get|have) (?P<what>.+?)(?: down)? as (?:dim|low|dark|soft) as (?:it goes|it will go"
        r"|possible|it can (?:be|go)|you can|can be)",
        r"set \g<what> to 1 percent",
    ),
    (
        r"(?:make|turn|set|put|get|have) (?P<what>.+?)(?: up)? as (?:bright|high|loud) as (?:it goes|it will go"
        r"|possible|it can (?:be|go)|you can|can be)",
        r"set \g<what> to 100 percent",
    ),
    (
        rf"(?:(?:set|put|open|close|shut|draw|pull|raise|lower|bring|get|have) )?(?P<what>{_COVER})"
        rf"(?: (?:up|down|open|to|at))* (?P<share>{'|'.join(_SHARES)}|\d+ ?(?:%|percent))"
        r"(?P<how> (?:open|closed|shut))",
        _share,
    ),
    (
        rf"(?:(?:set|put|open|close|shut|draw|pull|raise|lower|bring|get|have) )?(?P<what>{_COVER})"
        r"(?: (?:up|down|open|to|at))* (?P<share>halfway|half way|midway|a crack)(?P<how> (?:up|down))?",
        _share,
    ),
    (
        r"(?:put|start|run|do|set off|get) (?:a|the|another) (?:wash|washing|laundry|load(?: of (?:washing|laundry))?)"
        r"(?: on| going)?",
        "start the washing machine",
    ),
    (
        r"(?P<verb>has|is) (?:the|my|our) (?:washing|laundry|wash) (?P<rest>(?:done|finished|ready|over|still)\b.*)",
        r"\g<verb> the washing machine \g<rest>",
    ),
    (r"wake (?:me|us)(?: up)? in (?P<length>.+)", _alarm),
    (r"(?:put |set )?(?P<length>.+) on the (?:timer|clock)", _timer),
    (r"(?:don't|do not|never) let (?:me|us) forget to (?P<what>.+)", r"remind me to \g<what>"),
    (r"(?:don't|do not|never) let (?:me|us) forget (?:about )?(?P<what>.+)", r"remind me about \g<what>"),
    (r"(?P<front>.*\b)gas mark (?P<mark>\w+)(?P<rest>.*)", _gas),
    (
        r"(?P<thing>(?:the|my|our) [\w' ]{2,30}?), (?P<verb>\w+)(?P<way> on| off| up| down)? (?:it|them)"
        r"(?P<rest> [\w' ]+)?",
        _in_front,
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), meant) for pattern, meant in _ROWS)


def _is_here(plain: str, household: Household) -> bool:
    """Whether the home has the machine that plain words name, if they name one."""
    named = next((thing for thing in _THINGS if thing in plain), None)
    return named is None or bool(household.match_devices(named, household.devices, exact_only=True))


def in_full(text: str, household: Household) -> str:
    """Return a request in the words of the templates; as it is where nothing here is called so.

    Args:
        text: The request.
        household: Names of the home.
    """
    bare = re.sub(r"[,\s]+please$", "", without_courtesy(text).strip(" .!?"), flags=re.IGNORECASE)
    said = _ROOMS.sub(lambda match: match["floor"] or " everywhere", _END.sub("", bare))
    for pattern, meant in _COMPILED:
        match = pattern.fullmatch(said)
        if match is not None:
            plain = match.expand(meant) if isinstance(meant, str) else meant(match)
            return plain if _is_here(plain, household) else text
    return said if said != bare else text
