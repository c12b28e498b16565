"""Say as a command what people understate or pick out: "I wouldn't mind the lamp on", "no lights, only the radiator".

Limit: English; one thing of the home, or music.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.wording.fragments import as_commands, made
from uptake.assistant.clauses.wording.pieces import domains_meant
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.text.patterns import regex

__all__ = ["wished"]

_WELCOME = (
    r"(?:lovely|nice|great|good|wonderful|perfect|much appreciated|appreciated|welcome|handy|grand|ideal|brilliant"
    r"|fantastic|cosy|cozy|super|helpful|just the thing|just right|a good idea|a treat)"
)
_NOW = r"(?: (?:right now|just now|about now|now|today|tonight|too|as well))*"
_WISH = regex(
    r"(?P<front>.*?[,.!;:]\s+(?:(?:so|and|but|then|now) )*|(?:(?:so|and|but|well|oh|hm+) )*)"
    r"(?:(?:i|we)(?:'d| would|'ll| will)?(?: really| honestly)? (?:(?:not|wouldn't|won't|would not|never|could not"
    r"|couldn't|don't) (?:say no to|mind|object to|be (?:sad|sorry|unhappy|upset) (?:about|with|if we had)"
    r"|be opposed to|turn down|complain about|complain if we had|refuse|be against)(?: having| seeing)?"
    r"|(?:could (?:do with|use)|fancy|(?:'m |am )?in the mood for|settle for))"
    r"|(?:i|we)(?:'d| would| will|'ll) (?:be |feel )(?:\w+ ){0,3}?(?:grateful|thankful|obliged|glad|happy|indebted) for"
    r"|(?:could|can|may|might) (?:i|we) (?:trouble|bother|ask|beg) you for|(?:i|we)(?:'d"
    r"| would) (?:\w+ )?(?:appreciate|love)"
    r"|(?:can't|cannot) say (?:i|we)(?:'d| would) (?:mind|object to)|(?:i'm|we're) in the mood for"
    r"|it (?:wouldn't|would not|couldn't) (?:hurt|be bad|be wrong|harm) to have"
    r"|it(?:'d| would) be (?:\w+ )?(?:nice|lovely|great|good) to have) (?P<after>[\w' %-]+?)"
    rf"{_NOW}|(?P<begin>.*?[,.!;:]\s+(?:(?:so|and|but|then|now) )*|(?:(?:so|and|but|well|oh) )*)(?P<before>[\w' %-]+?)"
    r" (?:(?:would|might|could|'d)(?: really| also| just)? (?:be (?:so |very |really |rather |quite |absolutely )?"
    rf"{_WELCOME}|go down (?:well|a treat)|hit the spot|help)"
    rf"|(?:wouldn't|would not) (?:hurt|go amiss|be bad|be a bad idea|come amiss)){_NOW}",
    re.IGNORECASE,
)
_WISHED = regex(r"(?:would|wouldn't|'d|could|fancy|mood|say|might|may|can|'ll|will)\b", re.IGNORECASE)
_THANKS = regex(r"(?:[\s,.!]+(?:thank you(?: \w+)*|thanks(?: \w+)*|please|cheers|ta))+[\s.!]*$", re.IGNORECASE)
_BROUGHT = regex(
    r"(?P<what>.+?)(?: (?:being|to be|turned|switched|set|put))*(?: (?P<state>on|off|open|closed|shut|locked|running"
    r"|(?:a (?:bit|little|touch|tad) )?(?:dimmer|brighter|louder|quieter|warmer|cooler|hotter|faster|slower)"
    r"|up(?! to)|down(?! to))|(?: up| down)? (?:to|at) (?P<value>\d+)(?P<unit> ?%| percent| degrees)?)",
    re.IGNORECASE,
)
_COULD = regex(
    r"(?P<what>(?:the|my|our) [\w' ]+?) (?:could do with|could use|wants|needs) (?:being )?(?:turned|turning"
    r"|put|putting"
    r"|brought|bringing) (?P<way>on|off|up|down)(?P<some> (?:a (?:bit|little|touch|tad)|slightly))?",
    re.IGNORECASE,
)
_MORE_LIGHT = regex(r"(?:some|a (?:bit|little|touch)(?: of)?) more light(?: in here)?", re.IGNORECASE)
_LIGHT = regex(
    r"(?:some|a (?:bit|little|touch|drop) of|a little) light(?P<where>(?: (?:in |on )?(?:here|the [\w' ]+))?)",
    re.IGNORECASE,
)
_MUSIC = regex(
    r"(?:some|a (?:bit|little|touch|spot) of|a little) (?P<what>(?:[\w']+ )?(?:music|jazz|rock|pop|blues|soul|folk"
    r"|reggae|techno|classical|piano|opera|country|metal|hip hop|funk|disco|mozart|bach|beethoven|chopin))",
    re.IGNORECASE,
)
_ONLY = regex(
    r"(?:(?:no|not|without|no need for|forget|skip|never mind|leave|leave out) )(?P<none>(?:any |the |my "
    r"|our )?[\w' ]{2,30}?)"
    r"(?: please| for now| today| tonight| now)*\s*[,;.-]+\s*(?:but )?(?:only|just) (?P<rest>\S.*)",
    re.IGNORECASE,
)
_RATHER = regex(
    r"(?:please )?(?:don't|do not|dont|not) (?P<verb>turn|switch|put|open|close|shut|lock|start|stop|dim)"
    r"(?P<way> on| off)? (?P<none>[\w' ]{2,30}?)(?P<back> on| off)?\s*[,;.-]*\s*(?:but )?(?:only|just)"
    r" (?P<rest>(?:the|my|our)\b[\w' ]+)",
    re.IGNORECASE,
)
_BASE = (
    r"(?: back)? (?:home|to base|(?:to|in|into|on|onto) (?:its|the|his|her|their) (?:dock|base|charging station"
    r"|docking station|charger|station|home|bed|box)|in(?:side)?(?: (?:out of|from) the (?:rain|wet|garden|lawn))?)"
)
_GO_HOME = regex(
    rf"(?:send|get|bring|call|take|park|put|tell|let|have|make|ask) (?P<sent>[\w' ]+?)(?: (?:to )?(?:go|return"
    rf"|head|drive"
    rf"|come|get))?(?:{_BASE}| back)|(?P<goes>[\w' ]+?),? (?:(?:can|should|may|must|needs to|has to|could|please) )*"
    rf"(?:go|return|head|come|get|be)(?:{_BASE}| back)",
    re.IGNORECASE,
)
_GO_OUT = regex(
    r"(?:tell |let |have |make |ask |send )?(?P<what>[\w' ]+?),? (?:(?:can|should|may|must|needs to|has to|could|to) )*"
    r"(?:start(?: mowing| cleaning| vacuuming| hoovering| working)?|mow|get going|get to work|get started|loose|go out"
    r"|out|have a go|do (?:its|his|her) (?:job|thing|rounds?|work))(?: (?:the )?(?:lawn|grass|garden))?(?: now"
    r"| again)*",
    re.IGNORECASE,
)
_TOLD = regex(
    r"(?:hey |ok |oi )?(?P<what>[\w' ]{3,20})(?:,(?: please)?| (?:can|may|should|could)(?: now| please| just)*) "
    r"(?P<do>stop|pause|halt|start)(?: now| please| it)*|(?:stop|halt|pause) (?P<it>[\w' ]{3,20})",
    re.IGNORECASE,
)
_SHOWN = regex(
    r"(?:bung|stick|pop|throw|whack|chuck|sling|fling|bang|put(?= some\b)) (?P<what>(?!it\b|that\b|the (?:volume"
    r"|sound)\b)[\w'"
    r" :-]+?)"
    r" (?:on|onto|through) (?P<where>(?:the |my |our )?[\w' ]+?)",
    re.IGNORECASE,
)
_FOR_NOW = regex(r" (?:for (?:a bit|a while|now|the moment|tonight|once|a change)|instead)$", re.IGNORECASE)
_ROBOTS = frozenset({"vacuum", "lawn_mower"})
_DOMAINS = frozenset({"light", "fan", "switch", "media_player"})


def wished(text: str, household: Household) -> str:
    """Return the command that a wish or a choice stands for; the text as it is where it is neither.

    Args:
        text: The request.
        household: Names of the home; what is wished for is one of them.
    """
    plain = _THANKS.sub("", text.strip(" .!?"))
    plainly = _asked_for(text, plain, household)
    if plainly is not None:
        return plainly
    only = _ONLY.fullmatch(plain)
    if only is not None and (find_mentions(only["none"], household) or "music" in only["none"].lower()):
        picked = _command(" ".join(only["rest"].replace(",", " ").split()), household)
        return picked or (text if plain.lower().startswith("not ") else _picked(only["rest"], household)) or text
    sent = _sent(plain, household)
    if sent is not None or not _WISHED.search(plain):
        return sent or text
    could = _COULD.fullmatch(plain)
    if could is not None and find_mentions(could["what"], household):
        return f"turn {could['way']} {could['what']}{could['some'] or ''}"
    match = _WISH.fullmatch(plain)
    if match is None:
        return text
    command = _command((match["after"] or match["before"]).strip(), household)
    return text if command is None else f"{match['front'] or match['begin'] or ''}{command}"


def _asked_for(text: str, plain: str, household: Household) -> str | None:
    """Return the command for a light that is only named, or for what is to be switched instead of something else."""
    front, joint, last = plain.rpartition(", ")
    if plain != text.strip(" .!?") and _is_light(last, household):
        return f"{front}{joint}turn on {last}"  # "it's dark, hall light please"
    rather = _RATHER.fullmatch(plain)
    if rather is None or not (find_mentions(rather["none"], household) and find_mentions(rather["rest"], household)):
        return None
    return " ".join(f"{rather['verb']} {rather['way'] or rather['back'] or ''} {rather['rest']}".split())


def _sent(plain: str, household: Household) -> str | None:
    """Return the command to send a machine that drives home, or out; None where none is named."""
    told = _TOLD.fullmatch(plain)
    if told is not None and _is_robot(told["what"] or told["it"], household):
        return f"{'start' if told['do'] == 'start' else 'pause'} {told['what'] or told['it']}"
    shown = _SHOWN.fullmatch(plain)
    if shown is not None and _is_player(shown["where"], household) and not find_mentions(shown["what"], household):
        return f"play {shown['what']} on {shown['where']}"
    home = _GO_HOME.fullmatch(plain)
    out = _GO_OUT.fullmatch(plain) if home is None else None
    if home is None and out is None:
        return None
    what = (home["sent"] or home["goes"]) if home is not None else out["what"] if out is not None else ""
    return f"{'dock' if home is not None else 'start'} {what}" if _is_robot(what, household) else None


def _is_robot(what: str, household: Household) -> bool:
    named = household.match_devices(what, household.devices, exact_only=True)
    return len(named) == 1 and household.by_id[named[0].key].domain in _ROBOTS


def _is_light(what: str, household: Household) -> bool:
    """Tell whether words are a light of the home by its name, and nothing else."""
    named = find_mentions(what, household)
    if len(named) != 1 or named[0].text != what or not (named[0].named or named[0].place) or not named[0].text:
        return False
    return domains_meant(named[0], household) == {"light"} if named[0].named else False


def _is_player(what: str, household: Household) -> bool:
    named = household.match_devices(what, household.devices, exact_only=True)
    return bool(named) and all(household.by_id[one.key].domain == "media_player" for one in named)


def _picked(rest: str, household: Household) -> str | None:
    """Return the command for what alone is wanted."""
    plain = " ".join(rest.replace(",", " ").split())
    return _command(plain, household) or plain


def _command(what: str, household: Household) -> str | None:
    """Return the command for a thing that is wanted, in a state if one is said; None where it is nothing here."""
    light, music = _LIGHT.fullmatch(what), _MUSIC.fullmatch(what)
    if _MORE_LIGHT.fullmatch(what) or light is not None:
        return f"turn on the light{light['where']}" if light is not None else "make it brighter"
    if music is not None:
        return f"play some {music['what']}"
    what = _FOR_NOW.sub("", what)
    valued = as_commands(what, household)
    return valued if valued != what else _brought(what, household)


def _brought(what: str, household: Household) -> str | None:
    """Return the command for a thing that is wanted, in a state if one is said."""
    brought = _BROUGHT.fullmatch(what)
    thing = brought["what"] if brought is not None else what
    named = find_mentions(thing, household)
    if len(named) != 1 or len(named[0].text) < len(thing) - len("the main "):
        return None
    if brought is not None and brought["value"]:
        return f"set {thing} to {brought['value']}{brought['unit'] or ''}"
    if brought is not None:
        return made(thing, brought["state"])
    return f"turn on {thing}" if _is_switched(thing, household) else None


def _is_switched(thing: str, household: Household) -> bool:
    """Tell whether a thing that is wanted can only be wanted on."""
    named = find_mentions(thing, household)[0]
    kind = kind_of(named.kind) if named.kind and not named.named else None
    if kind is not None:
        return kind.domains <= _DOMAINS
    found = household.match_devices(named.text, household.devices, exact_only=True)
    return bool(found) and {household.by_id[each.key].domain for each in found} <= _DOMAINS
