"""German and Spanish: requests are done and answered in the language, from templates, names and near words."""

import pytest

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.languages.responses import Responses
from uptake.assistant.languages.words import words_of
from uptake.types import Request

ROOM = {"de": "Küche", "es": "Cocina"}


@pytest.fixture(scope="module")
def agents(tmp_path_factory):
    return {
        language: open_agent(tmp_path_factory.mktemp(language), {"agent": {"language": language}}) for language in ROOM
    }


def say(agents, language, text, user="ann"):
    return agents[language].answer(Request(text=text, user_id=user), Origin(room=ROOM[language]))


@pytest.mark.parametrize(
    ("language", "text", "intent", "speech"),
    [
        ("de", "schalte das licht in der küche an", "HassTurnOn", "Licht eingeschaltet."),
        ("de", "mach die kuechenlampe aus", "HassTurnOff", "Licht ausgeschaltet."),
        ("de", "stell einen timer auf fünf minuten", "HassStartTimer", "Timer für fünf Minuten gestartet."),
        ("de", "setze milch auf die einkaufsliste", "HassShoppingListAddItem", "Milch hinzugefügt."),
        ("de", "schalte alle lichter aus", "HassTurnOff", "Alle Lichter ausgeschaltet."),
        ("de", "guten tag", "HassRespond", "Hallo. Was kann ich für dich tun?"),
        ("es", "enciende las luces del dormitorio", "HassTurnOn", "Luces encendidas."),
        ("es", "pon un temporizador de cinco minutos", "HassStartTimer", "Temporizador iniciado."),
        ("es", "pon el termostato a 21 grados", "HassClimateSetTemperature", "Temperatura ajustada."),
    ],
)
def test_a_request_is_done_and_answered_with_home_assistants_response(agents, language, text, intent, speech):
    answer = say(agents, language, text, user=text)
    assert answer.turn.interpretation.intent == intent
    assert answer.speech == speech


@pytest.mark.parametrize(
    ("language", "text"), [("de", "schalte das lcht in der Küche an"), ("es", "enciende la lampara de pie")]
)
def test_a_misspelt_word_or_a_missing_accent_is_put_right(agents, language, text):
    answer = say(agents, language, text, user=text)
    assert answer.turn.interpretation is not None
    assert answer.turn.interpretation.intent == "HassTurnOn"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "schalte das lihct nicht an"),
        ("de", "wenn es dunkel ist schalte das lihct an"),
        ("es", "no enciendas la luz"),
        ("es", "si es de noche enciende la lus"),
    ],
)
def test_a_negation_or_a_condition_is_never_corrected_away(agents, language, text):
    answer = say(agents, language, text, user=text)
    assert answer.turn.interpretation is None
    assert answer.turn.status == "failed"


def test_what_is_critical_is_asked_about_and_answered_in_german(agents):
    asked = say(agents, "de", "schließ die haustür auf", "bo")
    assert (asked.question, asked.speech) == ("confirm", "Soll ich Haustür aufschließen?")
    assert say(agents, "de", "nein", "bo").speech == "In Ordnung, ich lasse es."
    say(agents, "de", "schließ die haustür auf", "bo")
    assert say(agents, "de", "ja bitte", "bo").turn.status == "ok"


@pytest.mark.parametrize(
    ("language", "request_", "undo", "speech"),
    [
        ("de", "schalte die stehlampe aus", "rückgängig", "Ich habe es rückgängig gemacht."),
        ("es", "apaga la lámpara de pie", "deshazlo", "Lo he deshecho."),
    ],
)
def test_the_last_deed_is_undone(agents, language, request_, undo, speech):
    home = agents[language].components.home
    home.set_state("light.floor_lamp", "on")
    say(agents, language, request_, "cy")
    assert say(agents, language, undo, "cy").speech == speech
    assert home.states()["light.floor_lamp"].value == "on"


def test_free_words_that_may_be_a_misspelt_name_are_asked_about(agents):
    """ "pon …" plays anything: a misspelt name of a lamp is no title."""
    answer = say(agents, "es", "pon la lmápara de pie al 50 por ciento", "di")
    assert answer.question is not None or answer.turn.interpretation.intent == "HassLightSet"


def test_stop_is_a_request_where_nothing_was_asked(agents):
    say(agents, "de", "stell einen timer auf zehn minuten", "eve")
    assert say(agents, "de", "stopp", "eve").turn.interpretation is not None


def test_what_has_no_answer_in_the_language_is_said_to_be_english(agents):
    assert say(agents, "de", "wie ist das wetter", "fay").speech.startswith("Das kann ich nur auf Englisch sagen: ")


def test_a_response_that_needs_what_is_unknown_is_not_spoken():
    german = Responses("de")
    assert german.say("HassTimerStatus", "default", slots={}) is None
    assert german.error("no_intent") == "Entschuldigung, das habe ich nicht verstanden"


def test_every_table_of_words_has_the_same_keys():
    german, spanish = words_of("de"), words_of("es")
    for table in ("answers", "phrases", "deeds", "slots", "states"):
        assert set(getattr(german, table)) == set(getattr(spanish, table)), table
    assert set(german.reactions.values()) == set(spanish.reactions.values())
    assert words_of("fr") is None
