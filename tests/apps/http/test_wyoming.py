"""Wyoming: found as a conversation agent, repairs what was misheard, lets Home Assistant do it, keeps the turn."""

import asyncio
import threading
import time
from contextlib import contextmanager

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe, Info

from tests.home_stand_in import home_assistant
from tests.serving import loaded, running
from uptake.apps.http.options import Options
from uptake.apps.http.wyoming import Wyoming, open_wyoming
from uptake.errors import BadConfig
from uptake.platforms.home_assistant import HomeAssistant, Socket
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.overrides import Override

WITHIN_S = 300.0
HALL = "turn on the hall lamp"


@contextmanager
def door(directory, home=None, **chosen):
    """A service with a Wyoming door, before a stand-in for Home Assistant where one is given."""
    doors = []

    def prepare(service):
        agent = HomeAssistant(Socket(home.url, home.token)) if home is not None else None
        doors.append(Wyoming(service, "tcp://127.0.0.1:0", agent, **chosen))

    with running(directory, prepare=prepare) as there:
        there.door = doors[0]
        yield there, there.door.server.port


def exchanged(port, *events):
    """Send events on one connection; returns an answer to each."""

    async def talk():
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=WITHIN_S) as client:
            answers = []
            for event in events:
                await client.write_event(event)
                answers.append(await client.read_event())
            return answers

    return asyncio.run(talk())


def said(port, *texts, **context):
    """Say things; returns (type, text) of each answer."""
    answers = exchanged(port, *(Transcript(text=text, context=context or None).event() for text in texts))
    return [(answer.type, answer.data.get("text")) for answer in answers]


def turns(there):
    """The turns that are kept, once those that wait for the disk are."""
    until(lambda: there.door.waiting == 0)
    if not there.service.state.log.exists():
        return []
    return sorted(there.service.state.log.read(), key=lambda turn: turn.said_at)


def until(holds):
    """Wait until something holds; returns what it gave."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to hold")


@pytest.fixture
def home():
    with home_assistant() as running_home:
        yield running_home


def test_a_misheard_request_is_acted_on_as_meant_and_kept_with_its_treatment(tmp_path, home):
    State(tmp_path).overrides.put(Override("turn on the whole lamp", HALL))
    context = {"conversation_id": "c0", "device_id": "d1", "satellite_id": "assist_satellite.hall"}
    with door(tmp_path, home) as (there, port):
        done, not_done = exchanged(
            port,
            Transcript(text="Turn on the whole lamp.", language="en", context=context).event(),
            Transcript(text="open the pod bay doors").event(),  # an older client sends the text alone
        )
        first, second = turns(there)
    assert (done.type, done.data["text"]) == ("handled", "Turned on the light")
    assert done.data["context"] == {"conversation_id": "c1"}
    assert not_done.type == "not-handled"
    run = home.commands("assist_pipeline/run")[0]
    assert (run["input"], run["pipeline"]) == ({"text": HALL}, "p1")
    assert (run["conversation_id"], run["device_id"]) == ("c0", "d1")
    assert (first.request, first.acted_on, first.status) == ("Turn on the whole lamp.", HALL, "ok")
    assert (first.user_id, first.session_id, second.status) == ("assist_satellite.hall", "c0", "failed")


@pytest.mark.slow
def test_a_misheard_request_fails_is_said_again_is_learned_works_and_is_undone(tmp_path, home):
    with door(tmp_path, home) as (there, port):
        assert [kind for kind, _ in said(port, "turn on the whole lamp", HALL)] == ["not-handled", "handled"]
        turns(there)
        release(State(tmp_path))
        until(lambda: loaded(there.service, "index"))
        home.flip("light.hall_lamp", "off")
        assert said(port, "turn on the whole lamp") == [("handled", "Turned on the light")]
        assert home.lamps["light.hall_lamp"] == "on"
        home.flip("light.hall_lamp", "off")
        until(lambda: turns(there)[-1].undone)
        assert said(port, "turn on the whole lamp")[0][0] == "not-handled"
        acted = [turn.acted_on for turn in turns(there)]
    assert acted == [None, None, HALL, None]


def test_what_home_assistants_own_matcher_would_not_understand_is_left(tmp_path, home):
    State(tmp_path).overrides.put(Override("turn on the whole lamp", "turn on the hole lamp"))
    with door(tmp_path, home) as (there, port):
        assert said(port, "turn on the whole lamp")[0][0] == "not-handled"
        [turn] = turns(there)
    assert [one["input"]["text"] for one in home.commands("assist_pipeline/run")] == ["turn on the whole lamp"]
    assert (turn.acted_on, turn.rewrite_id) == (None, None)


def test_what_must_be_confirmed_is_asked_and_a_yes_does_it_and_a_no_takes_it_back(tmp_path, home):
    State(tmp_path).overrides.put(Override("let me in", "unlock the disco ball"))
    home.answers["conversation/agent/homeassistant/debug"] = {
        "results": [{"match": True, "intent": {"name": "HassTurnOff"}, "slots": {}, "targets": {"lock.door": {}}}]
    }
    with door(tmp_path, home) as (there, port):
        asked, answered, again, no = said(port, "let me in", "yes", "let me in", "no")
        kept = turns(there)
    assert asked == ("handled", "Did you mean: unlock the disco ball?")
    assert answered[0] == "not-handled"  # the stand-in has no such thing, and was asked to do it
    assert [one["input"]["text"] for one in home.commands("assist_pipeline/run")] == ["unlock the disco ball"]
    assert (again, no) == (asked, ("handled", "All right."))
    assert [turn.answer for turn in kept] == [True, None, False, None]
    assert [turn.status for turn in kept] == [None, "failed", None, "ok"]


def test_a_no_just_after_a_rewrite_counts_against_it(tmp_path, home):
    State(tmp_path).overrides.put(Override("turn on the whole lamp", HALL))
    with door(tmp_path, home) as (there, port):
        done, no, nothing = said(port, "turn on the whole lamp", "no", "no")
        kept = turns(there)
    assert (done[0], no) == ("handled", ("handled", "All right. I will not take it for that again."))
    assert nothing[0] == "not-handled"
    assert [turn.answer for turn in kept] == [False, None, None]


def test_where_no_pipeline_has_its_own_agent_it_is_asked_directly(tmp_path, home):
    home.pipelines[0]["conversation_engine"] = "conversation.uptake"
    with door(tmp_path, home) as (_, port):
        assert said(port, HALL)[0][0] == "handled"
    [asked] = home.commands("conversation/process")
    assert (asked["text"], asked["agent_id"]) == (HALL, "conversation.home_assistant")


def test_requests_of_other_agents_and_what_was_undone_become_turns_once(tmp_path, home):
    home.ran("before", "turn on the desk lamp")
    with door(tmp_path, home) as (there, port):
        until(lambda: home.commands("assist_pipeline/pipeline_debug/list"))
        said(port, HALL)
        home.ran("ours", HALL)
        home.ran("theirs", "turn on the disco ball")
        home.ran("agent", "make it cosy", engine="conversation.openai", local=False)
        until(lambda: len(turns(there)) >= 3)
        kept = {turn.turn_id: turn for turn in turns(there)}
    assert {"ha-theirs", "ha-agent"} <= set(kept)
    assert len(kept) == 3
    assert (kept["ha-theirs"].request, kept["ha-theirs"].status) == ("turn on the disco ball", "ok")
    assert (kept["ha-agent"].action, kept["ha-agent"].status) == ("conversation.openai", "failed")


@pytest.mark.slow
def test_in_intent_mode_it_reads_and_the_run_tells_how_it_ended(tmp_path, home):
    State(tmp_path).overrides.put(Override("turn on the whole light", "turn on the kitchen light"))
    home.answers["conversation/agent/homeassistant/debug"] = {
        "results": [{"match": True, "intent": {"name": "HassTurnOn"}, "slots": {}, "targets": {}}]
    }
    with door(tmp_path, home, mode="intent") as (there, port):
        info, read, unread = exchanged(
            port,
            Describe().event(),
            Transcript(text="turn on the whole light").event(),
            Transcript(text="colourless green ideas sleep furiously").event(),
        )
        home.ran("r1", "turn on the whole light", engine="conversation.uptake", local=False)
        until(lambda: turns(there)[0].status)
    assert [one.name for one in Info.from_event(info).intent] == ["uptake"]
    assert (read.type, read.data["name"]) == ("intent", "HassTurnOn")
    assert {"name": "name", "value": "Kitchen light"} in [
        {**one, "value": str(one["value"]).capitalize()} for one in read.data["entities"]
    ]
    assert unread.type == "not-recognized"


@contextmanager
def recogniser(hears):
    """A recogniser that speaks Wyoming; gives its address and the bytes it got."""
    got = []

    async def serve(reader, writer):
        while (event := await async_read_event(reader)) is not None:
            if AudioChunk.is_type(event.type):
                got.append(event.payload)
            if AudioStop.is_type(event.type) and hears is not None:
                await async_write_event(Transcript(text=hears, language="en").event(), writer)
            elif AudioStop.is_type(event.type):
                break
        writer.close()

    ready, ends = threading.Event(), []

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        over = asyncio.Event()
        ends.extend([asyncio.get_running_loop(), over, server.sockets[0].getsockname()[1]])
        ready.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(WITHIN_S)
    try:
        yield f"tcp://127.0.0.1:{ends[2]}", got
    finally:
        ends[0].call_soon_threadsafe(ends[1].set)
        thread.join(WITHIN_S)


def spoken(port):
    """Speak one utterance; returns the transcript, None where the connection ended without one."""
    sound = {"rate": 16_000, "width": 2, "channels": 1}

    async def talk():
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=WITHIN_S) as client:
            for event in (
                Transcribe(language="en"), AudioStart(**sound), AudioChunk(audio=b"\0" * 3200, **sound), AudioStop(),
            ):  # fmt: skip
                await client.write_event(event.event())
            return await client.read_event()

    return asyncio.run(talk())


def test_transcripts_of_the_recogniser_behind_are_repaired_for_any_agent(tmp_path, home):
    State(tmp_path).overrides.put(Override("turn on the whole lamp", HALL))
    with recogniser("Turn on the whole lamp.") as (address, got):
        with door(tmp_path, home, recogniser=address) as (there, port):
            [info] = exchanged(port, Describe().event())
            heard = [spoken(port), spoken(port)]
            until(lambda: home.commands("assist_pipeline/pipeline_debug/list"))
            home.ran("after", HALL)
            [turn] = until(lambda: turns(there))
    assert [one.name for one in Info.from_event(info).asr] == ["uptake"]
    assert [one.data["text"] for one in heard] == [HALL, HALL]
    assert got == [b"\0" * 3200] * 2
    assert (turn.request, turn.acted_on, turn.status) == ("Turn on the whole lamp.", HALL, "ok")


def test_a_recogniser_that_fails_ends_the_utterance_and_not_the_service(tmp_path):
    with recogniser(None) as (address, _), door(tmp_path, recogniser=address) as (_, port):
        assert spoken(port) is None
        assert exchanged(port, Describe().event())[0].type == "info"
    with door(tmp_path, recogniser="tcp://127.0.0.1:9") as (_, port):
        assert spoken(port) is None


def test_it_is_found_as_an_agent_that_controls_the_home(tmp_path, home):
    with door(tmp_path, home) as (_, port):
        [answer] = exchanged(port, Describe().event())
    [program] = Info.from_event(answer).handle
    assert (program.name, program.supports_home_control) == ("uptake", True)
    assert program.models[0].languages == ["en"]


@pytest.mark.parametrize("away", ["http://127.0.0.1:9", None])
def test_a_home_assistant_that_is_away_or_takes_no_token_is_told_in_an_answer(tmp_path, home, away):
    home.url, home.token = away or home.url, home.token if away else "another"
    with door(tmp_path, home) as (there, port):
        [(kind, text)] = said(port, HALL)
        assert not there.service.state.log.exists()
    assert kind == "not-handled"  # after `error` an older Home Assistant waits for ever
    assert "UPTAKE_HA_TOKEN" in text


@pytest.mark.parametrize(
    "noise", [b"\xff not json\n" + b"x" * 100_000, b"[]\n", b'{"type":"x","payload_length":9999999999}\n']
)
def test_what_is_no_event_ends_the_connection_and_not_the_service(tmp_path, home, noise):
    async def sent(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(noise)
        try:
            return await asyncio.wait_for(reader.read(), WITHIN_S)
        except ConnectionResetError:  # it was ended before all of the noise was read
            return b""
        finally:
            writer.close()

    with door(tmp_path, home) as (_, port):
        assert asyncio.run(sent(port)) == b""
        assert said(port, HALL)[0][0] == "handled"


def test_too_many_connections_are_refused_and_the_others_go_on(tmp_path):
    async def crowd(port):
        ends = [await asyncio.open_connection("127.0.0.1", port) for _ in range(64)]
        await async_write_event(Event(type="ping"), ends[-1][1])
        assert (await async_read_event(ends[-1][0])).type == "pong"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        refused = await asyncio.wait_for(reader.read(), WITHIN_S)
        for end in (writer, *(one[1] for one in ends)):
            end.close()
        return refused

    with door(tmp_path) as (_, port):
        assert asyncio.run(crowd(port)) == b""


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"home_assistant": "http://127.0.0.1:9"}, "UPTAKE_HA_TOKEN"),
        ({"wyoming": "127.0.0.1:10500"}, "tcp://"),
        ({"wyoming": "tcp://127.0.0.1:what"}, "tcp://"),
        ({"wyoming_asr": "http://somewhere"}, "wyoming_asr"),
    ],
)
def test_without_a_token_or_with_a_bad_address_it_says_what_to_do(tmp_path, monkeypatch, options, problem):
    monkeypatch.delenv("UPTAKE_HA_TOKEN", raising=False)
    with running(tmp_path) as there, pytest.raises(BadConfig, match=problem):
        open_wyoming(there.service, Options(**{"wyoming": "tcp://127.0.0.1:0", **options}))


def test_a_mode_that_is_none_is_refused():
    with pytest.raises(BadConfig, match="handle or intent"):
        Options(wyoming_mode="both")


@pytest.mark.slow
def test_our_own_assistant_answers_where_there_is_no_home_assistant(tmp_path):
    with door(tmp_path) as (there, port):
        assert said(port, "turn on the kitchen light") == [("handled", "The kitchen light is on.")]
        assert there.service.state.log.turns_of("home") == 1
