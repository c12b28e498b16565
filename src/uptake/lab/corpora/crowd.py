"""Read requests that crowds wrote: SLURP, HWU64, CLINC150 and SNIPS, with the intents of ours that may answer.

The corpora name other intents than ours, so each of theirs is mapped to those of ours that may answer it, to none
(a refusal: nothing may be done) or to nothing (left out: ours do half of it). Rules are developed, and weights of
confidence fitted, on one half of the texts (by a hash); the other half is judged.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xxhash

from uptake.lab.corpora.releases import sources

__all__ = ["EACH", "MEANT", "Sentence", "drawn", "is_judged", "load", "sentences"]

_SWITCHING = "HassTurnOn HassTurnOff HassLightSet HassSetPosition HassClimateSetTemperature"
_PLAYS = "HassMediaSearchAndPlay HassMediaUnpause HassTurnOn"
_LISTS = "HassShoppingListAddItem HassListAddItem CreateList"
_TAKES_OFF = "HassListRemoveItem HassShoppingListCompleteItem HassListCompleteItem DeleteList ClearList"
_ASSISTANT = {
    "iot_hue_lighton": "HassTurnOn HassLightSet",
    "iot_hue_lightoff": "HassTurnOff",
    "iot_hue_lightup": "HassLightSet HassTurnOn",
    "iot_hue_lightdim": "HassLightSet",
    "iot_hue_lightchange": "HassLightSet HassTurnOn",
    "iot_cleaning": "HassVacuumStart HassVacuumCleanArea HassTurnOn",
    "iot_wemo_on": "HassTurnOn",
    "iot_wemo_off": "HassTurnOff",
    "audio_volume_mute": "HassMediaPlayerMute HassSetVolume HassMediaPause HassTurnOff",
    "audio_volume_up": "HassSetVolumeRelative HassSetVolume",
    "audio_volume_down": "HassSetVolumeRelative HassSetVolume",
    "alarm_set": "SetAlarm",
    "alarm_query": "GetAlarms",
    "alarm_remove": "DeleteAlarm DismissAlarm",
    "weather_query": "HassGetWeather",
    "lists_query": "GetList GetLists",
    "lists_createoradd": _LISTS,
    "lists_remove": _TAKES_OFF,
    "play_music": _PLAYS,
    "general_joke": "TellJoke",
    **dict.fromkeys(
        "email_query email_sendemail email_querycontact email_addcontact social_post social_query transport_query "
        "transport_taxi transport_ticket transport_traffic qa_stock takeaway_query takeaway_order "
        "recommendation_locations "
        "recommendation_events recommendation_movies news_query cooking_recipe play_game music_likeness".split(),
        "",
    ),
}
_CLINC = {
    "timer": "HassStartTimer HassTimerStatus HassCancelTimer",
    "alarm": "SetAlarm GetAlarms",
    "change_volume": "HassSetVolume HassSetVolumeRelative HassMediaPlayerMute",
    "next_song": "HassMediaNext",
    "play_music": _PLAYS,
    "shopping_list": "GetList",
    "shopping_list_update": f"{_LISTS} {_TAKES_OFF}",
    "todo_list": "GetList GetLists",
    "todo_list_update": f"{_LISTS} {_TAKES_OFF}",
    "reminder": "GetReminders SetReminder",
    "reminder_update": "SetReminder",
    "time": "HassGetCurrentTime GetFact",
    "date": "HassGetCurrentDate GetWeekday",
    "weather": "HassGetWeather",
    "calculator": "Calculate",
    "measurement_conversion": "ConvertUnits",
    "tell_joke": "TellJoke SmallTalk",
    "smart_home": f"{_SWITCHING} HassGetState HassVacuumStart HassMediaSearchAndPlay HassClimateGetTemperature "
    "ShowCamera",
    **dict.fromkeys(
        "translate transfer insurance_change travel_alert pto_request improve_credit_score payday application_status "
        "flight_status restaurant_reservation balance confirm_reservation freeze_account rollover_401k transactions "
        "restaurant_suggestion rewards_balance pay_bill spending_history credit_score new_card lost_luggage "
        "oil_change_when "
        "travel_suggestion insurance tire_pressure apr nutrition_info uber pto_used schedule_maintenance "
        "report_lost_card "
        "make_call w2 bill_due damaged_card routing schedule_meeting gas_type tire_change credit_limit "
        "order_status pin_change "
        "account_blocked international_fees report_fraud book_hotel taxes vaccines directions book_flight text "
        "redeem_rewards "
        "car_rental jump_start recipe income order traffic order_checks card_declined oos".split(),
        "",
    ),
}
_SNIPS = {
    "PlayMusic": _PLAYS,
    "GetWeather": "HassGetWeather",
    **dict.fromkeys(("AddToPlaylist", "RateBook", "BookRestaurant", "SearchCreativeWork", "SearchScreeningEvent"), ""),
}
MEANT: Mapping[str, Mapping[str, str]] = {
    "slurp_text": _ASSISTANT,
    "hwu64": _ASSISTANT,
    "clinc150": _CLINC,
    "snips": _SNIPS,
}
"""Corpus -> its intent -> ours, any of which is right; "" where nothing may be done."""
EACH = 20
"""Sentences of an intent of a corpus that are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Sentence of a crowd."""

    text: str
    """As it was written."""
    meant: frozenset[str]
    """Intents of ours that may answer it; none where nothing may be done."""
    corpus: str
    """Corpus it comes from."""
    intent: str
    """Its intent there."""


def is_judged(text: str) -> bool:
    """Tell whether a text belongs to the half that is judged; rules are developed on the other."""
    return bool(xxhash.xxh3_64_intdigest(text.casefold().encode("utf-8", "surrogatepass")) % 2)


def load(data: Path) -> list[Sentence]:
    """Read the sentences whose intents are mapped, each text once."""
    found: dict[str, Sentence] = {}
    for corpus, meant in MEANT.items():
        folder = data / corpus
        for text, intent in sentences(corpus, folder) if folder.is_dir() else ():
            if intent in meant:
                one = Sentence(text=text, meant=frozenset(meant[intent].split()), corpus=corpus, intent=intent)
                found.setdefault(text.casefold(), one)
    return list(found.values())


def sentences(corpus: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of a corpus with its intent there."""
    for source in sources(corpus, folder):
        for place in source.read(None):
            row = place.record
            text = row.get("sentence") or row.get("text")
            intent = f"{row.get('scenario')}_{row.get('intent')}" if corpus == "hwu64" else row.get("intent")
            if isinstance(text, str) and isinstance(intent, str):
                yield " ".join(text.split()), intent


def drawn(sentences: Sequence[Sentence], *, each: int = EACH, seed: int = 0) -> list[Sentence]:
    """Draw `each` sentences of each intent of a corpus, so that none counts more than the others."""
    groups: dict[tuple[str, str], list[Sentence]] = {}
    for one in sentences:
        groups.setdefault((one.corpus, one.intent), []).append(one)
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    return [one for _, group in sorted(groups.items()) for one in draw.sample(group, min(each, len(group)))]
