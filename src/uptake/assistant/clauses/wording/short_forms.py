"""Say in full what people say in short or the other way round: "lock up", "the blinds, close them would you".

Each row is a pattern of a whole request, courtesy aside, and what it means in the words of the templates.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.clauses.wording.choices import CHOICES
from uptake.assistant.clauses.wording.fragments import made
from uptake.assistant.clauses.wording.questions import QUESTIONS
from uptake.assistant.clauses.wording.short_deeds import DEEDS, HOPE, NEEDLESS, THINGS_SAID
from uptake.assistant.clauses.wording.times.deferring import deferred
from uptake.assistant.clauses.wording.times.short_times import ROWS
from uptake.assistant.clauses.wording.unneeded import unneeded
from uptake.assistant.clauses.wording.values.levels import LEVELS
from uptake.assistant.clauses.wording.values.warmth import FEELINGS, warmed
from uptake.assistant.clauses.wording.wishes import wished
from uptake.assistant.clauses.words import POLITE, is_command, unhesitating, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex
from uptake.text.rewordings import Rewordings

__all__ = ["in_full"]

_STATE = r"(?:on|off|open|closed|shut|locked|unlocked|running)"
_STILL = r"(?: still| already| definitely| really| all| both)*"
_ASKED_BACK = (
    r"(?:(?:is|are|was|were|did|do|does|has|have)(?:n't)? (?:it|they|i|we|he|she|you)|right|correct|yes|yeah|no"
    r"|am i right|or not|or is it|or are they)"
)
_SOMEBODY = (
    r"(?:i|we|he|she|they|you|someone|somebody|anyone|no ?one|nobody)(?:(?:'ve| have| has| had| did| do| just| never"
    r"| already| surely| definitely| not|n't| didn't| haven't| hasn't))*"
)
_WARM = (
    r"(?:the |my |our )?(?:[\w']+ )?(?:heating|heat|radiators?|thermostat|temperature|ac|aircon|air con(?:ditioning)?)"
)
_DONE_TO = {
    "turned": "turn", "switched": "turn", "put": "turn", "closed": "close", "shut": "close", "drawn": "close",
    "opened": "open", "locked": "lock", "unlocked": "unlock", "started": "start", "stopped": "stop",
    "paused": "pause", "muted": "mute", "dimmed": "dim", "raised": "open", "lowered": "close",
}  # fmt: skip
_PLAIN = regex(r"\d+(?:\.\d+)?")
_HOURS = 12  # of a clock face: a smaller number is a time rather than a temperature
_GAS_MARKS = {1: 140, 2: 150, 3: 170, 4: 180, 5: 190, 6: 200, 7: 220, 8: 230, 9: 240}
_END = regex(
    r"(?: for| just)? a (?:quick )?(?:sec|second|moment|mo|tick)$| for a bit$| then$|,? (?:would|will|could"
    r"|can) (?:you|ya)$|,? (?:behind|after) (?:me|us)$",
    re.IGNORECASE,
)
_FOR_WHOM = regex(
    r"((?:turn|switch|open|unlock|lock|close|shut|put|pop|start|boil|warm|heat|dim|get|have|let)"
    r" (?!.*\b(?:timer|alarm|reminder)\b).+?) for (?:me|us|him|her"
    r"|them|everyone|everybody|mum|mom|dad|gran|(?:the|my|our|a) (?:[\w']+ )?(?:kids?|children|guests?"
    r"|visitors?|dog|cat"
    r"|baby|post(?:man|ie|woman)|plumber|cleaner|delivery|courier|neighbou?rs?|electrician|builders?|babysitter|wife"
    r"|husband|son|daughter|mother|father|friends?|guy|man|woman|lady|person|people|driver|boys?|girls?|drive|door))$",
    re.IGNORECASE,
)
_PURPOSE = regex(
    r"(?<=\w),? (?:and|so (?:we|i) can|to) let (?:some|a (?:bit|little) of|the) (?:day|sun)?(?:light|sun|air)(?:shine)?"
    r" in(?: here)?$",
    re.IGNORECASE,
)
"""What curtains are opened for, and no further request."""
_ROOMS = regex(
    r" (?:in|of) (?:all|every|each)(?: of)?(?: the| my| our)? rooms?(?P<floor> (?:up|down)stairs)?\b", re.IGNORECASE
)


def _gas(match: re.Match[str]) -> str:
    mark = int(in_digits(match["mark"])) if in_digits(match["mark"]).isdigit() else 0
    degrees = _GAS_MARKS.get(mark)
    front = match["front"] if re.search(r"\w{4}", match["front"]) else "set the oven to "
    return f"{front}{degrees} degrees{match['rest']}" if degrees is not None else match[0]


def _water(match: re.Match[str]) -> str:
    return f"is the water main {'open' if match['state'].lower() == 'on' else 'closed'}"


def _in_front(match: re.Match[str]) -> str:
    """Put what was named first where its pronoun stands."""
    said = f"{match['verb']}{match['way'] or ''} {match['thing']}{match['rest'] or ''}"
    return said if is_command(said) and clause_kind(match["thing"]) != "remark" else match[0]


def _come(match: re.Match[str]) -> str:
    """Return the command for what a thing is hoped to do: "could the blinds come down"."""
    what, rest = match["what"].strip(" ,"), match["rest"] or ""
    if not (match["hope"] or match["may"]) or re.search(r"\b(?:alarm|timer|reminder)", what, re.IGNORECASE):
        return match[0]
    done = (match["done"] or "").lower()
    if not done:
        return f"{made(what, match['way'])}{rest}"
    verb = _DONE_TO[done]
    return f"{verb} {match['particle']} {what}{rest}" if match["particle"] else f"{verb} {what}{rest}"


def _sure(match: re.Match[str]) -> str:
    what = "all the doors" if match["state"].lower() == "locked" and match["what"] == "everything" else match["what"]
    return made(re.sub(r"^every(?= \w)", "all the", what), match["state"])


def _to_be(match: re.Match[str]) -> str:
    """Return the command for how a thing should be: "the radiator should be at 21"."""
    if match["state"]:
        return made(match["what"], match["state"])
    value = in_digits(match["value"])
    return f"set {match['what']} to {value}{match['unit'] or ''}" if re.fullmatch(r"[\d.]+", value) else match[0]


def _is_it(match: re.Match[str]) -> str:
    """Return the question that a tag makes of a statement: "the oven is off, isn't it?"."""
    many = (match.groupdict().get("be") or "").strip().lower() in ("are", "were")
    return f"{'are' if many else 'is'} {match['what']} {match['state']}{match.groupdict().get('where') or ''}"


def _by_degrees(match: re.Match[str]) -> str:
    """Return the command to change a temperature by some degrees: "radiator up two degrees"."""
    amount = in_digits(match["amount"] or "").lower()
    number = "1" if amount in ("a", "1 notch", "a notch") else re.sub(r"\D", "", amount)
    way = match["way"].lower()
    return f"turn {way} {match['what']} by {number} degree{'s' if number != '1' else ''}" if number else match[0]


def _up(match: re.Match[str]) -> str:
    return _in_degrees("up", match)


def _down(match: re.Match[str]) -> str:
    return _in_degrees("down", match)


def _at_degrees(match: re.Match[str]) -> str:
    """Return the command to set a heater or a cooler to a temperature: "the ac at nineteen"; "at nine" is a time."""
    number = in_digits(match["amount"])
    if _PLAIN.fullmatch(number) is None or (float(number) <= _HOURS and match["unit"] is None):
        return match[0]
    return f"set {match['what']}{match['where'] or ''} to {number} degrees"


def _in_degrees(way: str, match: re.Match[str]) -> str:
    number = in_digits(match["amount"])
    return f"turn {way} {match['what']} by {number} degrees" if number.isdigit() else match[0]


def _both_so(match: re.Match[str]) -> str:
    """Return one command for "kettle on, and the coffee maker too"."""
    return f"turn {match['way']} {match['what']} and {match['more']}"


_TUNES = r"(?:music|tunes?|songs?)"
_THINGS = ("water main", "washing machine")
_ROWS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"(?:the |some |a )?(?P<what>lights?)", r"turn on the \g<what>"),
    (
        r"let (?:some|the|a bit of|a little|more) (?:day|sun)?(?:light|sun|sunshine) in(?P<here> here)?",
        "open the blinds",
    ),
    (
        r"are you (?:still )?(?:listening|there|awake|working|alive|with me|on)(?: to me)?|(?:hello|hey)? ?is this"
        r" thing on|(?:hello|hey) is it on|(?:can|do) you (?:still )?hear (?:me|us)",
        "can you hear me",
    ),
    (
        r"(?:some(?:one|body) )?(?:lock|(?:close|shut)(?= up the house| up (?:for|everything))) up(?: (?:the"
        r" house|everything|for the night|now|tonight|everywhere|properly))*",
        "lock all the doors",
    ),
    (
        rf"(?:(?:(?:turn|switch|shut) )?(?:the )?{_TUNES} off"
        rf"|(?:turn|switch|shut) off the {_TUNES}|no (?:more )?{_TUNES}"
        rf"|enough (?:of the |of this )?{_TUNES}|(?:get rid of|kill|cut|stop|silence|lose) (?:the|this|that)"
        rf" (?:{_TUNES}"
        r"|racket|noise|din))(?: in here)?(?: any ?more| now)?",
        "stop the music",
    ),
    (
        r"(?:(?:give me|turn|put|bring|have|get|let me have|i want) )?(?:the |my |our )?(?:sound|audio|volume)"
        r" (?:back(?: on)?|on)(?: again)?|(?:give me|let me hear) (?:the |some )?sound(?: again)?",
        "unmute",
    ),
    (
        r"(?:i'm|we're|i am|we are) (?:off|leaving|heading (?:out|off)|going out|popping out|nipping out"
        r"|away|out of here"
        r"|on my way out)(?: out| now| then| for (?:the day|a bit|a while|the weekend|a walk)| to (?:work|school)| home"
        r"| the house)*(?:,? (?:so )?(?:bye|goodbye|bye ?bye|see you(?: later| soon| tonight)?|cheerio|ta ?ra))*",
        "i'm leaving now",
    ),
    (
        r"(?:(?:i'm|we're|i am|we are) (?:going|off|heading) to (?:bed|sleep)(?: now| then)?|(?:it's )?(?:time for bed"
        r"|bed ?time)(?: now)?)(?:,? (?:so )?(?:good ?night|night|nighty night|sleep (?:well|tight)|see you (?:tomorrow"
        r"|in the morning)|everyone|all|then))*",
        "good night",
    ),
    (
        r"(?:(?:shut|turn|switch|cut) (?:the )?water(?: main| supply| mains)? off|(?:shut|turn|switch"
        r"|cut) off the water"
        r"(?: main| supply| mains)?|(?:close|shut|turn off) the (?:stop ?cock|mains water|water(?: main)?(?: valve)?))"
        r"(?: (?:at|from) the (?:mains?|stop ?cock|valve|source)| completely| right now| now"
        r"| for the (?:whole )?house)*",
        "close the water main",
    ),
    (
        r"stop (?P<what>(?:the|my|our|that) [\w' ]+?) (?:from )?(?:coming|going|turning|switching) on(?: again)?",
        r"turn off \g<what>",
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
        r"(?:put|start|run|do|set off|get) (?:a|the|another) (?:wash|washing|laundry|load(?: of (?:washing|laundry))?)"
        r"(?: on| going)?",
        "start the washing machine",
    ),
    (
        r"(?P<verb>has|is) (?:the|my|our) (?:washing|laundry|wash) (?P<rest>(?:done|finished|ready|over|still)\b.*)",
        r"\g<verb> the washing machine \g<rest>",
    ),
    (r"(?P<front>.*\b)gas mark (?P<mark>\w+)(?P<rest>.*)", _gas),
    (
        rf"(?P<hope>{HOPE})(?P<what>{THINGS_SAID})(?P<may> (?:could|can|may|might))?(?: please| now| just| both"
        rf"| all)*"
        r" (?:be|come|go|get|came|went|were|was|got) (?:(?P<done>turned|switched|put|closed|shut|drawn|opened|locked"
        r"|unlocked|started|stopped|paused|muted|dimmed|raised|lowered)(?: (?P<particle>on|off|up|down))?"
        r"|(?P<way>on|off|up|down|open|closed|shut|(?:a (?:bit|little|touch|tad) |much |slightly )?"
        r"(?:dimmer|brighter|louder|quieter|warmer|cooler|faster|slower|softer)))(?P<rest> (?:in|at|to|for|now|a"
        r"|until)\b.*)?",
        _come,
    ),
    (
        r"(?:make sure|ensure|see to it|check)(?: that)? (?P<what>everything|(?:the|my|our|all|every|both) [\w' ]+?)"
        rf"(?:'s| is| are){_STILL} (?P<state>on|off|closed|shut|locked)",
        _sure,
    ),
    (
        rf"(?P<what>(?:the|my|our|all|both) [\w' ]+?|[\w ]+?)(?P<be>'s|'re| is| are| was"
        rf"| were){_STILL} (?P<state>{_STATE})"
        rf"(?P<where> (?:in|up|down)\b[\w ]*?)?,? {_ASKED_BACK}",
        _is_it,
    ),
    (
        rf"{_SOMEBODY} (?:leave|left) (?P<what>[\w' ]+?){_STILL} (?P<state>{_STATE}),? {_ASKED_BACK}",
        _is_it,
    ),
    (
        rf"{_SOMEBODY} (?P<deed>(?:un)?lock|close|shut|open)(?:e?d)? (?P<what>(?:the|my|our|all) [\w' ]+?)"
        rf",? {_ASKED_BACK}",
        r"did i \g<deed> \g<what>",
    ),
    (
        r"(?P<kept>.+? (?:can|may|should) (?:stay|remain)(?: on| off| as (?:it is|they are))?),? but (?P<deed>.+)",
        r"\g<deed>",
    ),
    (
        r"(?:i'm|i am|we're|we are) not (?:done|finished|through) with (?P<what>.+?)(?: yet| just yet)?",
        r"don't turn off \g<what>",
    ),
    (
        r"(?:raise|increase|put up|turn up) (?P<what>WARM)(?: by)? (?P<amount>\w+)(?: degrees?)?".replace(
            "WARM", _WARM
        ),
        _up,
    ),
    (
        r"(?:lower|decrease|reduce|drop|turn down) (?P<what>WARM)(?: by)? (?P<amount>\w+)(?: degrees?)?".replace(
            "WARM", _WARM
        ),
        _down,
    ),
    (
        rf"(?P<what>(?:the|my|our|all|every|both) [\w' ]+?) (?:should|must|needs? to|has to|have to|ought to"
        rf"|wants? to) be"
        rf"(?: set)?(?: (?:to|at|on))? (?:(?P<state>{_STATE})|(?P<value>(?:[\w.]+ ){{0,2}}[\w.]+?)"
        r"(?P<unit>%| percent| degrees?)?)",
        _to_be,
    ),
    (
        r"(?:i|we)(?:'ve| have)? forgot(?:ten)? to (?P<deed>(?:lock|close|shut|turn off|switch off|put down)\b.+)",
        r"\g<deed>",
    ),
    (
        r"(?:set|put|turn|run) (?P<fan>the fan|fan) to (?P<value>\d+)(?: ?%| percent)?",
        r"set \g<fan> speed to \g<value> percent",
    ),
    (
        r"(?:(?:turn|bring|put|bump|knock|nudge|push|crank|take|move|drop|raise|lower|whack|get|pump|dial|shove"
        r"|have|ramp) )?(?P<what>(?!(?:back|right|all the way) )(?:the |my |our )?[a-z' ]+?)"
        r" (?:up|down|back) to (?P<value>[\w.]+(?: ?%"
        r"| percent| degrees)?)",
        r"set \g<what> to \g<value>",
    ),
    (r"leave (?P<what>(?:the|my|our) [\w' ]+?) (?:alone|be|in peace)", r"don't touch \g<what>"),
    (
        rf"(?:(?:turn|put|bring|knock|nudge|push|bump|crank|move|take|set) )?(?P<what>{_WARM}) (?P<way>up|down)(?: by)?"
        r" (?P<amount>a notch|(?:a|[\w-]+)(?: (?:degrees?|notch(?:es)?))?)",
        _by_degrees,
    ),
    (
        rf"(?:turn|put|bring|knock|nudge|push|bump|crank|take) (?P<way>up|down) (?P<what>{_WARM})(?: by)?"
        r" (?P<amount>a notch|(?:a|[\w-]+)(?: (?:degrees?|notch(?:es)?))?)",
        _by_degrees,
    ),
    (
        r"(?:cool|chill) (?:it|things|us|this (?:room|place)|the (?:room|place))(?: down)?(?: off)?(?P<rest>(?: in here"
        r"| a bit| a little| please| for me)*)",
        "make it cooler",
    ),
    (
        r"(?:warm|heat) (?:it|things|us|this (?:room|place)|the (?:room|place))(?: up)?(?P<rest>(?: in here"
        r"| a bit| a little| please| for me)*)",
        "make it warmer",
    ),
    (
        rf"(?:(?:run|keep|have|hold|leave) )?(?P<what>{_WARM})(?P<where> in here"
        rf"| in the [\w ]+?)? (?:at|to)"
        r" (?P<amount>[\w. ]+?)(?P<unit> degrees?)?",
        _at_degrees,
    ),
    (
        r"(?:i|we)(?:'d| would)? (?:want|like|need|prefer) it (?:to be "
        r"|at )?(?P<amount>[\w. ]+?) degrees(?P<where> (?:in"
        r"|up|down)\b.*)?",
        r"set the temperature to \g<amount> degrees\g<where>",
    ),
    (
        r"(?P<what>(?:the |my |our )?[\w']+(?: [\w']+)?) (?P<way>on|off),? and (?P<more>(?:the |my |our )?[\w' ]+?)"
        r"(?: too| as well| also)",
        _both_so,
    ),
    (
        r"(?P<thing>(?:the|my|our) [\w' ]{2,30}?), (?P<verb>\w+)(?P<way> on| off| up| down)? (?:it|them)"
        r"(?P<rest> [\w' ]+)?",
        _in_front,
    ),
)
_COMPILED = Rewordings(
    (meant, regex(pattern, re.IGNORECASE))
    for pattern, meant in (*CHOICES, *FEELINGS, *NEEDLESS, *_ROWS, *DEEDS, *LEVELS, *ROWS, *QUESTIONS)
)


def _is_here(plain: str, household: Household) -> bool:
    """Tell whether the home has the machine that plain words name, if they name one."""
    named = next((thing for thing in _THINGS if thing in plain), None)
    return named is None or bool(household.match_devices(named, household.devices, exact_only=True))


@lru_cache(maxsize=128)  # asked when a request is heard, and again when it is taken apart
def in_full(text: str, household: Household) -> str:
    """Return a request in the words of the templates; as it is where nothing here is called so.

    Args:
        text: The request.
        household: Names of the home.
    """
    text = unneeded(deferred(_PURPOSE.sub("", unhesitating(text).rstrip(" .!"))), household)
    wish = wished(" ".join(POLITE.sub(" ", text).split()), household)
    text = warmed(wish if wish != " ".join(POLITE.sub(" ", text).split()) else text, household)
    plain = without_courtesy(POLITE.sub(" ", text).strip(" ,"))
    bare = re.sub(r"[,\s]+please$", "", plain.strip(" .!?"), flags=re.IGNORECASE)
    said = _ROOMS.sub(lambda match: match["floor"] or " everywhere", _FOR_WHOM.sub(r"\1", _END.sub("", bare)))
    for meant, pattern in _COMPILED.possible(said):
        match = pattern.fullmatch(said)
        if match is not None:
            plain = match.expand(meant) if isinstance(meant, str) else meant(match)
            if plain == said:
                continue
            return plain if _is_here(plain, household) else text
    return said if said != bare else text
