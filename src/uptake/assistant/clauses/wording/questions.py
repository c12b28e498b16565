"""Rows of questions about the home as people put them, and what they mean in the words of the templates.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.phrases.numbers import in_digits

__all__ = ["QUESTIONS"]

_STATE = r"(?:on|off|open|closed|shut|locked|unlocked|running|playing)"
_ASKING = (
    r"(?:tell me|let me know|check(?: for me)?|see|find out|do you know|do you happen to know|any idea|say"
    r"|remind me|look|make out"
    r"|(?:i )?wonder|(?:just |i was )?wondering|(?:i'd (?:like|love)|i want|i need) to know)(?: please)?"
)

_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
          "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9,
          "tenth": 10, "tenths": 10}  # fmt: skip
_STILL = r"(?: still| left| currently| actually| been left)*(?: switched| turned| powered)?"
_ANYWHERE = (
    r"(?:(?:anywhere|somewhere) )?(?:(?:in|around|about) the (?:house|home|place|flat)|at home|in total|anywhere)"
)


def _whether(match: re.Match[str]) -> str:
    """Return the question that is asked in a roundabout way: "could you tell me whether the door's locked"."""
    said = match.groupdict().get("be") or ("are" if match["what"].lower().endswith("s") else "")
    many = said.strip(" '").lower() in ("are", "re", "were")
    return f"{'are' if many else 'is'} {match['what']} {match['rest']}"


def _left(match: re.Match[str]) -> str:
    """Return the question whether a thing is as somebody may have left it: "have I got the window open in here"."""
    many = re.match(r"(?:both|all)\b|any \w+s$", match["what"], re.IGNORECASE)
    where = match["where"] or (" in the house" if match["what"].lower().startswith("any ") else "")
    return f"{'are' if many else 'is'} {match['what']} {match['state']}{where}"


def _robot(match: re.Match[str]) -> str:
    """Return the question what a vacuum cleaner or a mower does: "has the hoover finished"."""
    name = match["what"].lower()
    kind = "the mower" if "mower" in name else name if name in ("rover", "clippy") else "the vacuum"
    return f"what is {kind} doing"


def _sum(match: re.Match[str]) -> str:
    return "what is " + in_digits(f"a {match['sum']}")


def _share_off(match: re.Match[str]) -> str:
    """Return the sum of a price with something off: "20 percent off 85"."""
    share = in_digits(match["n"])
    left = f"{100 - float(share):g}" if re.fullmatch(r"\d{1,2}(?:\.\d+)?", share) else None
    return match[0] if left is None else f"what is {left} percent of {match['of']}"


def _weekday(match: re.Match[str]) -> str:
    return f"what day of the week is {match['when']}{match['year'] or ''}"


def _battery(match: re.Match[str]) -> str:
    what = next(each for each in (match["what"], match["on"], match["it"], match["does"], match["has"]) if each)
    return f"what is the battery level of {what}"


def _running(match: re.Match[str]) -> str:
    """Return the question what is on, in a place or anywhere: "anything still on downstairs?"."""
    where = (match["where"] or "").strip()
    is_anywhere = re.fullmatch(_ANYWHERE, where, re.IGNORECASE)
    return "is anything on" if not where or is_anywhere else f"what devices are on {where}"


QUESTIONS = (
    (
        r"(?:(?:is|are) )?(?:there )?(?:anything|something|any (?:devices?|appliances?|things?)|owt)"
        rf"{_STILL} on(?: still| right now| now| at the moment| at all)*"
        rf"(?P<where> (?:{_ANYWHERE}|(?:in|on) the \w+(?: \w+)?|in here|upstairs|downstairs|outside))?"
        r"(?: still| right now| now| at the moment| that shouldn't be)*",
        _running,
    ),
    (
        r"(?:what|which|what (?:devices|things|appliances|stuff)|which (?:devices|things|appliances))"
        rf"(?: is|'s| are|'re|)(?: there)?{_STILL} on(?: still| right now| now| at the moment)*"
        rf"(?P<where> (?:{_ANYWHERE}|(?:in|on) the \w+(?: \w+)?|in here|upstairs|downstairs|outside))?"
        r"(?: still| right now| now| at the moment)*",
        _running,
    ),
    (
        r"what (?:have|did|do) (?:i|we|you|they|anyone|somebody) (?:got |have |leave |left |still )+"
        r"(?:switched |turned )?on"
        rf"(?P<where> (?:{_ANYWHERE}|(?:in|on) the \w+(?: \w+)?|upstairs|downstairs))?",
        _running,
    ),
    (r"(?P<be>is|are) (?P<what>(?:(?:the|my|our) )?[\w' ]*?doors?) shut", r"\g<be> \g<what> closed"),
    (
        r"(?:would|should|shouldn't|might|ought) (?P<what>(?:the|my|our|all the|both the) [\w' ]+?) (?:not )?be"
        rf" (?P<rest>{_STATE}(?: (?:in|on|up|down)\b[\w' ]*?)?)(?: by now| already| at all| now|,? do you know)*",
        _whether,
    ),
    (
        r"(?:(?:you|we|i|they) did lock(?: everything)? up|(?:you|we|i|they)(?:'ve| have) locked(?: everything)? up),?"
        r" (?:didn't|haven't|did|have) (?:you|we|i|they)",
        "are all the doors locked",
    ),
    (r"how (?:damp|muggy|moist|clammy|dry) is (?P<what>.+)", r"how humid is \g<what>"),
    (
        r"(?:.*[ ,])?(?P<amount>\d+(?:\.\d+)?) ?(?:degrees? )?(?P<unit>[a-z]+),? (?:and |so )?what"
        r"(?:'s| is| would| does) (?:that|it|this)(?: be| come to| make)? in (?P<to>[a-z]+)",
        r"what is \g<amount> \g<unit> in \g<to>",
    ),
    (
        rf"{_ASKING} (?:if|whether) (?P<what>[\w' ]+?)(?P<be>'s|'re| is| are| was| were)(?: still| already"
        rf"| actually| really)*"
        rf" (?P<rest>{_STATE}(?: (?:in|on|up|down)\b[\w ]*)?)",
        _whether,
    ),
    (
        rf"(?:have|has|did|do) (?:i|we|you|they|he|she|anyone|somebody|someone) (?:got |left |leave |have |still got )+"
        rf"(?P<what>(?:the|my|our|any|all the|both)(?: [\w']+){{1,3}}?) (?P<state>{_STATE})(?P<where> (?:in|on|up"
        rf"|down)\b[\w ]*)?",
        _left,
    ),
    (
        r"what (?:have|did|do) (?:i|we|you|they) (?:got |have |leave |put |keep |left |set )+(?P<what>(?:the|my|our)"
        r" [\w' ]+?)(?: set)? (?:at|to|on)(?: now| at the moment)?",
        r"what is \g<what> set to",
    ),
    (
        r"(?:has|did|is|was|where(?:'s| is)|what(?:'s| is)) (?:(?:the|my|our) )?(?P<what>rover|clippy|hoover|vacuum"
        r"|robot|mower|lawn ?mower)(?: cleaner| vacuum| hoover| mower)?"
        r"(?P<state>(?: (?:still|already|just|now|yet|busy|finish(?:ed)?|done|through|on|off|running|cleaning"
        r"|hoovering|vacuuming|mowing|charging|docked|home|back|stuck"
        r"|going|working|up to|doing|upstairs|downstairs|at the moment|right now|on (?:its|his|her|the)"
        r" (?:dock|base|charger)))*)",
        _robot,
    ),
    (
        r"what(?:'s| is) (?P<what>(?!it\b|that\b|this\b)[\w' ]+?) (?:up to|doing|busy with)(?: right now| now"
        r"| at the moment)?",
        r"what is \g<what> doing",
    ),
    (
        rf"(?:double[- ]?check|confirm|verify)(?: that| if| whether)? (?P<what>[\w' ]+?)(?P<be>'s|'re| is"
        rf"| are)(?: still"
        rf"| all| both| really)* (?P<rest>{_STATE}(?: (?:in|on|up|down)\b[\w ]*)?)",
        _whether,
    ),
    (
        r"(?:what(?:'s| is) )?the battery (?:level )?(?:on|of|in|for) (?P<what>.+)",
        r"what is the battery level of \g<what>",
    ),
    (
        r"is there (?:enough|any|much) (?:charge|battery|juice|power)(?: left)? (?:in|on) (?P<what>(?:the|my|our) .+)"
        r"|how (?:much )?(?:charged?|juice|battery)(?: is| has)?(?: left)?(?: in| on)? (?P<on>(?:the|my|our) .+?)"
        r"(?: got)?(?: left)?|how much (?:juice|battery|charge|power)"
        r" (?:does|do|has|have) (?P<has>(?:the|my|our) [\w ]+?) (?:got|have|left)(?: left)?|(?:is"
        r"|are) (?P<it>(?:the|my|our) [\w ]+?) (?:fully |all )?charged(?: up)?(?: yet"
        r"| now)?|does (?P<does>(?:the|my|our) [\w ]+?) need charging",
        _battery,
    ),
    (r"battery (?:level )?(?:on|of|in|for) (?P<what>.+)", r"what is the battery level of \g<what>"),
    (
        r"(?:do|have) (?:i|we) (?:have |got )+(?:anything|something|any plans) (?:on|planned|coming up|to do)?"
        r" ?(?:for |on )?(?P<day>today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        r"what reminders do i have \g<day>",
    ),
    (
        r"what(?:'s| is| are) (?:the )?(?:current )?(?:brightness|colou?r|speed|level|setting|volume"
        r"|position) (?:of|on|for)"
        r" (?P<what>(?:the |my |our )?[\w' ]+?)(?: set to| at| now| right now)*",
        r"what is the state of \g<what>",
    ),
    (
        r"(?:what|which) (?:brightness|colou?r|speed|level|setting|volume) (?:is|are) (?P<what>(?:the|my|our) [\w' ]+?)"
        r"(?: on| at| set to| now| right now| set at)*",
        r"what is the state of \g<what>",
    ),
    (
        r"(?:what(?:'s| is) )?(?P<n>[\w.-]+) ?(?:percent|%) off (?:of )?(?:[£$€])?(?P<of>[\w.,-]+)"
        r"(?: pounds?| dollars?| euros?)?",
        _share_off,
    ),
    (
        rf"(?:what(?:'s| is) )?(?P<n>[\w-]+)[ -](?P<of>{'|'.join(_PARTS)}) (?:as|in) (?:a )?(?:decimals?"
        rf"|percent(?:age)?s?)"
        r"(?: form)?",
        lambda match: f"what is {match['n']} divided by {_PARTS[match['of'].lower()]}",
    ),
    (
        r"(?:split|divide|share)(?: up)? (?:[£$€])?(?P<n>[\w.,-]+)(?: pounds?| dollars?| euros?| quid)?"
        r" (?:between|among|amongst|by|into|over) (?:the )?(?P<by>[\w-]+)"
        r"(?: of us| people| ways| friends| persons| kids)?",
        r"what is \g<n> divided by \g<by>",
    ),
    (
        r"(?P<ask>.*\b\d+(?:\.\d+)?) ?k (?P<to>(?:in|to) (?:miles|metres|meters|yards|feet))",
        r"\g<ask> kilometres \g<to>",
    ),
    (r"what(?:'s| is) the date (?P<day>tomorrow|today)", r"what date is \g<day>"),
    (
        r"is (?:anything|something|any music) (?:still )?playing(?: anywhere| in here| now| right now)*",
        "what is playing",
    ),
    (
        r"what (?:have|do) (?:i|we) (?:got |have )+(?:(?:on|planned|coming up|to do) )?(?:for |on )?"
        r"(?P<day>today|tomorrow|tonight|this (?:morning|afternoon|evening)|(?:mon|tues|wednes|thurs|fri"
        r"|satur|sun)day)",
        r"what reminders do i have \g<day>",
    ),
    (
        r"(?P<ask>(?:is it (?:going to|gonna)|will it|might it|could it) (?:be )?[a-z]+) later(?: on)?(?: today)?",
        r"\g<ask> today",
    ),
    (r"what(?:'s| is) it (?:doing|like) (?:outside|out there|out)(?: now| today)?", "what's the weather"),
    (r"what(?:'s| is) a (?P<sum>(?:hundred|thousand|million|dozen)\b.+)", _sum),
    (
        r"is (?P<what>anything|something|everything)(?: still| left| already| switched| turned)+"
        r" (?P<rest>(?:on|off|open|running)\b.*)",
        r"is \g<what> \g<rest>",
    ),
    (
        r"(?:is|was)(?: there)? (?:anyone|anybody|someone|somebody)(?: still| left)? (?P<where>(?:in|at|by|on) (?:the"
        r"|my|our) [\w' ]+?)(?: now"
        r"| right now)?",
        r"is there any motion \g<where>",
    ),
    (
        r"(?:is there )?any (?P<what>motion|movement|smoke) (?P<where>in|at|by) (?P<place>.+)",
        r"is there any \g<what> \g<where> \g<place>",
    ),
    (
        r"(?:(?:is|are) )?(?:everyone|everybody|anyone|anybody|someone|people) (?:at )?(?:home|in)(?: yet| now)?"
        r"|who(?:'s| is| all is)(?: all)? (?:at home|home|in)(?: yet| now| right now| today)?",
        "who is home",
    ),
    (
        r"where(?:'s| is|'re| are) (?P<what>(?:the |my |our )?(?:rover|clippy|hoover|vacuum|robot|mower|lawn ?mower)"
        r"(?: cleaner| vacuum)?)(?: now| right now| at the moment| got to)*",
        r"what is \g<what> doing",
    ),
    (
        r"(?:(?:on )?(?:what|which) week ?day (?:falls|is|lands)|(?:on )?(?:what|which) (?:week)?day(?: of the week)?"
        r" (?:does|do|will|is|did|falls)) (?P<when>(?!it\b|this\b|that\b"
        r"|today)[\w' ]+?)(?: (?:fall|be|land|come)(?: on)?)?"
        r"(?:(?P<year> next year)| this year| coming up)?",
        _weekday,
    ),
    (
        r"what(?:'s| is| all is)(?: still| left| currently)* on(?: right now| now| at the moment| then)*",
        "is anything on",
    ),
    (
        r"what(?:'s| is)(?: still| left| currently)* on (?P<where>(?:in|up|down)\b.+|upstairs|downstairs)",
        r"is anything on \g<where>",
    ),
    (
        r"is (?P<what>[\w' ]+?) (?:cleaning|mowing|charging|docked|vacuuming|hoovering)(?: right now| now| yet)?",
        r"what is \g<what> doing",
    ),
    (
        r"(?:(?:tell|remind) (?:me|us) )?what(?:'s| is)?(?: the)? temp(?:erature)?(?: is it| is)?(?: like|"
        r" doing| at)? (?:outside"
        r"|outdoors|out there|out|in the garden)(?: right now| now| this (?:morning|afternoon|evening)| today"
        r"| tonight)?",
        "what's the outside temperature",
    ),
    (
        r"(?:how (?:long|much time|many hours)(?: is there| is it| do i have| have i got| to go)?(?: until| till"
        r"| before| to) (?:my|the)"
        r"(?: next)? alarm(?: goes off| rings)?|(?:when|what time) (?:does|will|is) (?:my"
        r"|the) (?:next )?alarm(?: going to)?(?: go off"
        r"| ring| set for| for)?)",
        "when is my next alarm",
    ),
    (
        r"do (?:we|i|you think we)(?: still| also)? need (?:to (?:buy|get|pick up) )?(?:any |more |some |any more )*"
        r"(?P<item>(?!to\b|it\b|an? (?:umbrella|coat|jacket)|any\b)[a-z]+(?: [a-z]+){0,2})",
        r"is \g<item> on the shopping list",
    ),
    (
        r"(?:how (?:hot|cold|warm|cool|chilly|many degrees) is it"
        r"|is it (?:very |really |still )?(?:hot|cold|warm|cool|chilly|freezing|mild))"
        r" (?:outside|outdoors|out there|out)(?: right now| now| today| at the moment| currently)?",
        "what's the outside temperature",
    ),
    (
        r"(?:is|are) (?:everything|the (?:house|place|flat)|it all|we"
        r") (?:all )?locked(?: up)?(?: for the night| tonight| now)?"
        r"|(?:have|did|has|had)(?: (?:i|we|you|he|she|they|any(?:one|body)|some(?:one|body)))(?: (?:remember"
        r"|manage) to)?"
        r" lock(?:ed)?(?: everything)? up(?: properly| right| ok(?:ay)?)?(?: for the night| tonight)?",
        "are all the doors locked",
    ),
    (
        r"what(?:'s| is) (?P<what>(?:the |my |our )?(?:[\w']+ )*(?:lights?|lamps?|fan|blinds?|curtains?"
        r"|speaker)) (?:set (?:to|at)|at|on)",
        r"what is the state of \g<what>",
    ),
    (
        r"(?:which|what) rooms? (?:still )?(?:have|has|got|have got)(?: still)?(?: got)?(?: the| their| a"
        r"| any)? lights?"
        r"(?: still)? on(?: right now| now| still)?|where are (?:the |any )?lights(?: still)? on",
        "which lights are on",
    ),
    (
        rf"(?:which|what) (?P<what>[a-z]+s) (?:have|has|did|do) (?:i|we|you|they) (?:got |have |leave |left "
        rf"|still got )+"
        rf"(?P<state>{_STATE})(?: in here| here| now| right now| at the (?:moment|minute))*",
        r"which \g<what> are \g<state>",
    ),
    (
        r"(?:who(?:'s| is) (?:this|that|it|singing|playing)(?: song| one)?(?: by| singing| playing)?|who (?:sings|made"
        r"|wrote|plays) (?:this|that)(?: song| one)?|what(?:'s| is) (?:this|that) (?:song|track|tune|one|music|playing)"
        r"|name (?:this|that) (?:song|tune))(?: called| then| again)?",
        "what is playing",
    ),
    (
        r"(?:how (?:long|much longer|much time)(?: is (?:it|left)| have i got)?(?: until| till| before)"
        r"|when(?:'s| is| will))"
        r" (?P<what>(?:the|my) (?:dishwasher|washing machine|washer|dryer|kettle|coffee (?:maker|machine)))"
        r"(?:'s| is| be| will be| has| going to be)? (?:done|finished|ready|boiled)"
        r"|(?:is|has) (?P<other>(?:the|my) (?:kettle|coffee (?:maker|machine))) (?:boiled|boiling|brewed"
        r"|ready)(?: yet)?",
        lambda match: f"is {match['what'] or match['other']} finished",
    ),
    (
        r"what(?:'s| is) (?P<where>(?:the|my|our) [\w' ]+?) like,? temperature(?:[ -]wise)?",
        r"what is the temperature in \g<where>",
    ),
    (
        r".*\b(?P<share>[\w.]+(?:[ -][a-z]+)?) percent of (?P<of>[\w., ]+?)(?: quid| pounds?| dollars?| euros?|"
        r" bucks)?,? (?:so )?"
        r"(?:how much|what)(?:'s| is| would)? (?:that|it)(?: be| come to| make)?",
        r"what is \g<share> percent of \g<of>",
    ),
    (
        r"is it (?P<how>raining|snowing|sunny|windy|cloudy|foggy|wet|dry) (?:outside|out there|out|outdoors)"
        r"(?: now| right now| today)?",
        r"is it \g<how>",
    ),
    (
        r"how (?:bright|dim|loud|fast|far (?:open|closed|up|down)) (?:is|are) (?P<what>.+)",
        r"what is the state of \g<what>",
    ),
)
"""Pattern of a whole question, courtesy aside, and what it means in the words of the templates."""
