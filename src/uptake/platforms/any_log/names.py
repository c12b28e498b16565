"""List the column names that logs use for each field of a turn, the most specific first."""

from __future__ import annotations

import re

__all__ = ["FAILING", "NAMES", "joined_names"]

_WRITTEN = {
    "said_at": "said_at timestamp event_time event_timestamp request_time request_timestamp start_time "
    "started_at created_at "
    "occurred_at logged_at received_at timestamp_ms ts_ms utc_time date_time datetime ts time "
    "created epoch when date at zeitpunkt zeitstempel uhrzeit zeit datum",
    "request": "request utterance user_utterance query user_query transcript transcription asr_text "
    "asr_transcript asr_output "
    "recognized_text recognised_text user_text user_input user_message user_request spoken_text "
    "input_text request_text "
    "message_text text_heard heard spoken command question prompt input message text content said "
    "phrase sentence asr stt "
    "speech hypothesis body äußerung anfrage eingabe",
    "user_id": "user_id user user_name username uid speaker_id speaker person_id person customer_id customer "
    "account_id account "
    "profile_id profile member_id member caller_id caller end_user_id end_user client_id subject_id "
    "subject participant who benutzer nutzer benutzername",
    "turn_id": "turn_id request_id utterance_id interaction_id message_id msg_id event_id record_id exchange_id "
    "span_id uuid id",
    "session_id": "session_id session conversation_id conversation dialog_id dialogue_id dialog dialogue chat_id "
    "thread_id call_id "
    "interaction_session conversation_uuid",
    "home_id": "home_id home household_id household family_id tenant_id",
    "device_id": "device_id device_serial serial_number satellite_id device satellite terminal_id serial gerät",
    "context.device_type": "device_type device_kind device_model hardware",
    "context.room": "room room_name area area_name location raum zimmer",
    "language": "language lang locale language_code",
    "status": "status outcome result success was_successful is_success succeeded successful ok handled "
    "resolved completed "
    "outcome_code status_code result_code response_type resolution is_error error failed is_failed "
    "fallback is_fallback state ergebnis",
    "response": "response assistant_response system_response bot_response agent_response response_text "
    "assistant_message "
    "bot_message answer_text reply output output_text answer completion speech_response "
    "spoken_response tts tts_text "
    "assistant bot antwort",
    "answer": "feedback user_feedback rating user_rating thumbs thumb vote helpful was_helpful satisfied",
    "interpretation.intent": "intent intent_name predicted_intent top_intent nlu_intent matched_intent",
    "interpretation.domain": "domain nlu_domain skill skill_name vertical",
    "interpretation.confidence": "confidence intent_confidence nlu_confidence nlu_score intent_score probability",
    "alternatives": "alternatives n_best nbest hypotheses asr_alternatives",
    "role": "role speaker_role sender_type author_role from sender author speaker type",
}
FAILING = frozenset("iserror error failed isfailed fallback isfallback".split())
"""Names of columns in which true means that it went wrong."""

_SEPARATING = re.compile(r"[^a-z0-9]+")

NAMES = {
    field: tuple(_SEPARATING.sub("", name.casefold()) for name in names.split()) for field, names in _WRITTEN.items()
}
"""Names by field, in English and German, without what separates words."""


def joined_names(column: str) -> list[str]:
    """Return the names that a column goes by: its whole path, its last two steps, its last step.

    >>> joined_names("event.user.ID"), joined_names("requestText")
    (['eventuserid', 'userid', 'id'], ['requesttext'])
    """
    steps = [_SEPARATING.sub("", step) for step in column.casefold().split(".") if not step.isdecimal()]
    names = ["".join(steps), "".join(steps[-2:]), "".join(steps[-1:])]
    return list(dict.fromkeys(names))
