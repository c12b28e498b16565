"""Word answers about preferences: what was understood, and what is known of a person."""

from __future__ import annotations

from collections.abc import Sequence

from uptake.teaching.preferences.artifact import Preference

__all__ = ["described", "known", "noted"]

_WORDS = {
    "likes": "{who} {like} {value}", "dislikes": "{who} {dislike} {value}", "is_fan_of": "{who} {follow} {value}",
    "diet": "{whose} diet is {value}", "allergy": "{who} {are} allergic to {value}", "unit": "{who} {want} {value}",
    "bedtime": "{whose} bedtime is {value}", "wake_time": "{who} {get} up at {value}",
    "quiet_hours": "quiet hours are {value}", "default_service": "{about} comes from {value}",
    "commute": "{who} {go} to work by {value}", "language": "{who} {speak} {value}", "name": "{whose} name is {value}",
    "birthday": "{whose} birthday is {value}", "home_city": "{who} {live} in {value}",
    "room_temperature": "{who} {like} {value} degrees", "answer_style": "{who} {want} {value} answers",
}  # fmt: skip
_MOST = 15


def described(one: Preference) -> str:
    """Word a preference.

    >>> described(Preference(type="diet", value="vegan", scope="household"))
    "the household's diet is vegan"
    """
    shared = one.scope == "household"
    verbs = {verb: verb for verb in ("like", "dislike", "follow", "want", "get", "go", "speak", "live", "are")}
    if shared:
        verbs = {verb: {"go": "goes", "are": "is"}.get(verb, f"{verb}s") for verb in verbs}
    who, whose = ("the household", "the household's") if shared else ("you", "your")
    return _WORDS[one.type].format(who=who, whose=whose, value=one.value, about=one.about or "that", **verbs)


def noted(stated: Sequence[Preference]) -> str:
    """Word what was understood from a statement."""
    kept = [described(one) for one in stated if one.polarity > 0]
    gone = [described(one) for one in stated if one.polarity < 0]
    said = [f"Noted: {'; '.join(kept)}."] if kept else []
    return " ".join([*said, *([f"I will no longer go by this: {'; '.join(gone)}."] if gone else [])])


def known(rows: Sequence[Preference]) -> str:
    """Word what is known of somebody; nothing where nothing is."""
    more = f"; and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f"I know this: {'; '.join(map(described, rows[:_MOST]))}{more}." if rows else ""
