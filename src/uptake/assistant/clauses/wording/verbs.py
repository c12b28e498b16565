"""Say in the verbs of the templates what people do to things of the home: "drop the blinds", "whack the kettle on".

What a verb means depends on the thing: blinds that are dropped are closed.

Limit: English; one thing a clause, named as the home names it.
"""

from __future__ import annotations

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT
from uptake.assistant.clauses.wording.pieces import domains_meant
from uptake.assistant.clauses.wording.short_forms import in_full
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["in_plain_verbs"]

_SWITCHES = (
    r"(?:pop|stick|bung|chuck|whack|flick|flip|fire|power|boot|slap|bang|sling|shove|throw|whip|knock|kick|click|ping"
    r"|nip|put|get|have|bring|spark|crank|set|let)"
)
_TAIL = (
    r"(?P<tail>(?: (?:in here|here|in (?:the|my|our) [\w']+(?: room)?|on (?:the|my|our) [\w']+ [\w']+|upstairs"
    r"|downstairs|for (?:me|us)|again|then|now|please|would you|will you|could you|can you|quickly))*"
    r"(?: (?:at|in|for|until|till|to|tomorrow|tonight)\b.*)?)"
)
_THING = r"(?P<what>(?:the |my |our |all the |both |that |those )?[\w' -]+?)"
_OFF = "turn off {what}{tail}"
_ALL = regex(r"everything|it all|the lot|all of it")
_SHAPES = (
    (regex(rf"{_SWITCHES} {_THING} (?P<way>on|off){_TAIL}"), "turn {way} {what}{tail}"),
    (regex(rf"{_SWITCHES} (?P<way>on|off) {_THING}{_TAIL}"), "turn {way} {what}{tail}"),
    (
        regex(rf"(?:get|set|have) {_THING} (?:going|running|started|under way|on the go|fired up){_TAIL}"),
        "turn on {what}{tail}",
    ),
    (regex(rf"(?:fire|boot|power|start) up {_THING}{_TAIL}"), "turn on {what}{tail}"),
    (regex(rf"(?:fire|boot|power|start) {_THING} up{_TAIL}"), "turn on {what}{tail}"),
    (regex(rf"(?:power|shut|close) down {_THING}{_TAIL}"), "turn off {what}{tail}"),
    (regex(rf"(?:kill|cut|douse|lose|extinguish|snuff|nix|ditch) {_THING}{_TAIL}"), "turn off {what}{tail}"),
)
_OF_COVERS = (
    (
        regex(
            rf"(?:drop|lower|pull|let|bring|draw|roll|wind|put|shut|slide|ease|close)(?: (?:down|to|across))? {_THING}"
            rf"(?: (?:down|to|across|shut|closed))?{_TAIL}"
        ),
        "close {what}{tail}",
    ),
)
_UP_COVERS = (
    (
        regex(
            rf"(?:raise|lift|pull|draw|roll|wind|bring|put|throw|fling|let|slide|get|have|hoist)"
            rf"(?P<up> (?:up|open|back|wide))* {_THING}(?P<way>(?: (?:up|open|back|wide))*){_TAIL}"
        ),
        "open {what}{tail}",
    ),
)
_RAISES = frozenset({"raise", "lift", "hoist"})
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "climate"})
_MACHINE = (
    regex(
        rf"(?:(?:turn|switch|put|get|stick|pop|fire up|start|set)(?: (?P<way>on|off))? (?P<some>(?:some|a|a pot of) )?"
        rf"|(?=[\w' -]+ (?:on|off|going|brewing)\b)){_THING}(?P<after> (?:on|off|going|started|up|brewing|running))?"
        rf"(?: too| as well)?{_TAIL}"
    ),
    ("maker", "machine"),
)
"""What switches a machine that is called by what it makes: "get the coffee on"."""
_MAY = regex(
    r"(?:the|my|our|that|those|these|both|all) [\w' ]+? (?:can|could|may|should|ought to|needs? to|must) (?:go|come"
    r"|be)\b"
)
"""What a thing is wished to do, said of it: "the floor lamp can go off"."""
_LEVEL = regex(r"\b(?:\d|half|quarter|third|percent|crack|way|bit|little|touch|slightly|degree)")


def in_plain_verbs(text: str, household: Household) -> str:
    """Return a request with the verbs of each clause that does something to one thing as the templates have them."""
    out, start = list[str](), 0
    for match in JOINT.finditer(text):
        out += [_wished(text[start : match.start()], household), match[0]]
        start = match.end()
    return "".join([*out, _wished(text[start:], household)])


def _wished(clause: str, household: Household) -> str:
    wish = in_full(clause, household) if _MAY.match(clause.lower()) else ""
    return wish if is_command(wish) else _plain(clause, household)


def _plain(clause: str, household: Household) -> str:
    bare = without_courtesy(clause).strip(" .!").lower()
    if bare.endswith("?") or _LEVEL.search(bare) or not bare:
        return clause
    for shape, said in _SHAPES:
        match = shape.fullmatch(bare)
        if match is not None and said == _OFF and _ALL.fullmatch(match["what"]):
            return said.format(what="everything", tail=match["tail"])
        if match is not None and _is_one(match["what"], household) <= _SWITCHED and _is_one(match["what"], household):
            return said.format(**match.groupdict())
    made = _MACHINE[0].fullmatch(bare)
    if made is not None and not find_mentions(made["what"], household):
        way = made["way"] or ("off" if (made["after"] or "").strip() == "off" else "on")
        for noun in _MACHINE[1]:
            if _is_one(f"{made['what']} {noun}", household) == {"switch"}:
                return f"turn {way} {made['what']} {noun}{made['tail']}"
    for shape, said in (*_UP_COVERS, *_OF_COVERS):
        match = shape.fullmatch(bare)
        if match is None or _is_one(match["what"], household) != {"cover"}:
            continue
        told = match.groupdict()
        if said.startswith("open") and not (told["up"] or told["way"] or bare.split()[0] in _RAISES):
            continue
        return said.format(**told)
    return clause


def _is_one(what: str, household: Household) -> frozenset[str]:
    """Return the domains of the one thing that words name; none where they hold anything else."""
    found = find_mentions(what, household)
    return domains_meant(found[0], household) if len(found) == 1 and found[0].text == what else frozenset()
