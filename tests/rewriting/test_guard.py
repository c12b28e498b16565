"""Guard: what it refuses, what it asks about, and how far one domain may go."""

from collections import deque
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.errors import BadConfig
from uptake.lab.evaluate.poison.pairs import PAIRS
from uptake.lab.evaluate.poison.run import let_pass
from uptake.rewriting.guard import Guard
from uptake.types import Consequence, Decision, Evidence, Interpretation


def proposal(acted_on, *, users=5, success=0.7, layer="global", domain=None, evidence=True):
    found = Evidence(users=users, sessions=2 * users, success_before=0.1, success_after=success)
    return Decision(
        step="rewrite", acted_on=acted_on, rewrite_id="0" * 16, artifact_version=None, layer=layer, reason="because",
        domain=domain, evidence=found if evidence else None,
    )  # fmt: skip


def verdict(request, acted_on, **fields):
    return Guard().check(request, proposal(acted_on, **fields)).verdict


@pytest.mark.parametrize(
    ("request_", "acted_on"),
    [
        ("play harry porter", "play harry potter"),
        ("turn on the whole light", "turn on the hall light"),
        ("unlock the front door please", "unlock the front door"),  # already that, on the same thing
        ("uh order a pizza", "order the pizza"),
        ("call mom", "play mom"),  # away from a critical action
        ("open the whether app", "open the weather app"),
    ],
)
def test_harmless_rewrites_pass(request_, acted_on):
    assert verdict(request_, acted_on) == "allowed"


@pytest.mark.parametrize(
    ("request_", "acted_on"),
    [
        ("a lock the front door", "unlock the front door"),
        ("this arm the alarm", "disarm the alarm"),
        ("open the carriage", "open the garage"),
        ("lift the garage store", "lift the garage door"),
        ("by the blue shoes", "buy the blue shoes"),
        ("call tom", "call mom"),  # the same action, on another thing
        ("unlock the back door", "unlock the front door"),
        ("transfer 5 from savings to checking", "transfer 5 from checking to savings"),
        ("sent it to mom", "send it to mom"),
        ("the lead all my alarms", "delete all my alarms"),
        ("pay the bill for gas", "pay the gas bill"),
        ("ring mom", "call mom"),
    ],
)
@pytest.mark.parametrize("layer", ["global", "personal", "pin"])
def test_a_critical_action_is_asked_about_whoever_wants_it(request_, acted_on, layer):
    checked = Guard().check(request_, proposal(acted_on, users=10_000, success=1.0, layer=layer))
    assert checked.verdict == "confirm"
    assert checked.decision.must_confirm


CONTRARY = [
    ("turn on the hall light", "turn off the hall light"),
    ("turn off the hall light", "turn on the hall light"),
    ("volume of the radio up", "volume of the radio down"),
    ("open the blinds", "close the blinds"),
    ("start the dryer", "stop the dryer"),
    ("play music upstairs", "play music downstairs"),
    ("raise the shades", "lower the shades"),
    ("mute the kitchen", "unmute the kitchen"),
    ("enable guest mode", "disable guest mode"),
    ("wake me tomorrow", "wake me today"),
    ("set a timer for 15 minutes", "set a timer for 50 minutes"),
    ("set a timer for 10 minutes", "set a timer"),
    ("alarm at 7:30", "alarm at 7:50"),
    ("play the second song", "play the third song"),
    ("don't play that song", "play that song"),
    ("play songs with drums", "play songs without drums"),
    ("i can not hear it", "i can hear it"),
]


@pytest.mark.parametrize(("request_", "acted_on"), CONTRARY)
def test_opposites_numbers_and_negations_need_evidence_of_their_own(request_, acted_on):
    assert verdict(request_, acted_on, users=24, success=0.99) == "refused"
    assert verdict(request_, acted_on, users=500, success=0.79) == "refused"
    assert verdict(request_, acted_on, evidence=False) == "refused"
    assert verdict(request_, acted_on, users=25, success=0.8) in ("allowed", "confirm")
    assert verdict(request_, acted_on, layer="pin", evidence=False) in ("allowed", "confirm")


def test_a_users_own_rewrite_never_turns_a_word_into_its_opposite():
    assert verdict("turn on the fan", "turn off the fan", users=1, success=1.0, layer="personal") == "refused"


@pytest.mark.parametrize("request_", ["stop", "volume up", "yes", "never mind", "thank you goodbye"])
def test_a_request_that_steers_the_conversation_is_left_alone(request_):
    assert verdict(request_, "play jazz", users=10_000, success=1.0) == "refused"


def test_a_refusal_says_why_in_counts_and_without_words():
    reason = Guard().check("turn on the fan", proposal("turn off the fan")).reason
    assert "needs 25 users and success 80%, has 5 and 70%" in reason
    assert "fan" not in reason


@settings(max_examples=50)
@given(
    wanted=st.lists(st.sampled_from(["music", "home", None, "miss", "pin"]), max_size=120),
    window=st.integers(1, 30),
    share=st.floats(0.0, 1.0),
)
def test_no_window_of_requests_holds_more_rewrites_of_a_domain_than_its_share(wanted, window, share):
    guard = Guard(budget_window=window, budget_share=share)
    recent = deque(maxlen=window)
    for domain in wanted:
        if domain in ("miss", "pin"):
            guard.pass_by()
            recent.append("miss")
            continue
        allowed = guard.check("play jas", proposal("play jazz", domain=domain)).verdict == "allowed"
        if not allowed:
            guard.pass_by()
        before = list(recent)[-(window - 1) :] if window > 1 else []
        fits = before.count(domain or "") + 1 <= share * window
        assert allowed == fits
        recent.append((domain or "") if allowed else "miss")
        assert recent.count(domain or "") <= share * window


@pytest.mark.parametrize(
    "options", [{"contrary_users": 0}, {"contrary_success": 1.1}, {"budget_share": -0.1}, {"budget_window": 0}]
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(BadConfig, match=next(iter(options))):
        Guard(**options)


def reading(intent, **slots):
    return Interpretation(intent=intent, slots=tuple(slots.items()))


@pytest.mark.parametrize(
    ("request_", "meant", "expected"),
    [
        ("turn on the kitchen fight", reading("HassTurnOn", name="Kitchen Light"), "allowed"),
        ("turn on the kitchen fight", reading("HassTurnOff", name="Kitchen Light"), "refused"),
        ("set the lamp to 20", reading("HassLightSet", name="Lamp", brightness="50"), "refused"),
        ("at 8 wake me in 2 days", reading("SetAlarm", day="2", time="8"), "allowed"),
        ("don't turn on the lamp", reading("HassTurnOn", name="Lamp"), "refused"),
        ("tall mom", reading("CallContact", person="mom"), "confirm"),
    ],
)
def test_a_reading_is_judged_by_its_own_words_whatever_text_it_goes_by(request_, meant, expected):
    decision = replace(proposal(request_, evidence=False), interpretation=meant)
    assert Guard().check(request_, decision).verdict == expected


def own(acted_on, occasions=1):
    fields = {"step": "online", "rewrite_id": "r", "artifact_version": None, "layer": "personal", "reason": ""}
    return Decision(acted_on=acted_on, occasions=occasions, **fields)


@pytest.mark.parametrize(
    ("request_", "decided", "slots", "asks"),
    [
        ("turn on the heater", own("turn on the oven"), (("name", "Oven"),), True),
        ("turn on the heater", own("turn on the oven", 2), (("name", "Oven"),), False),  # on two days
        ("turn on the heater", own("turn on the oven", None), (("name", "Oven"),), False),  # not of one person
        ("turn on the ovn", own("turn on the oven"), (("name", "Oven"),), False),  # the same thing, misspelt
        ("make it bright", own("turn on the light"), (("area", "Kitchen"),), False),  # names no other thing
        ("start the oven", own("turn on the oven"), (("name", "Oven"),), False),
    ],
)
def test_one_coincidence_is_a_proposal_of_one_person_that_names_another_thing(request_, decided, slots, asks):
    reading = Interpretation(intent="HassTurnOn", slots=slots)
    assert Guard().is_coincidence(request_, decided, reading) is asks


def test_where_nobody_can_read_every_new_word_may_name_another_thing():
    assert Guard().is_coincidence("turn on the heater", own("turn on the oven"), None)
    assert not Guard(own_days=1).is_coincidence("turn on the heater", own("turn on the oven"), None)


@pytest.mark.parametrize(("request_", "acted_on"), CONTRARY)
def test_no_number_of_users_gets_the_contrary_done_unasked(request_, acted_on):
    checked = Guard().check(request_, proposal(acted_on, users=10_000, success=1.0))
    assert (checked.verdict, checked.decision.must_confirm, checked.decision.unproven) == ("confirm", True, True)


@pytest.mark.parametrize("users", [3, 25])
def test_no_attack_passes_by_its_words(users):
    assert let_pass(PAIRS, users) == []


def test_one_user_cannot_use_a_budget_up_for_others():
    guard = Guard(budget_window=100, budget_share=0.2)
    busy = [guard.check("play jas", proposal("play jazz", domain="music"), "busy").verdict for _ in range(50)]
    assert busy.count("allowed") == 2  # a tenth of twenty: nothing else was said
    assert guard.check("play jas", proposal("play jazz", domain="music"), "other").verdict == "allowed"


def test_whoever_says_much_may_have_much_rewritten():
    guard, allowed = Guard(budget_window=100, budget_share=0.2), 0
    for at in range(100):
        if at % 6:
            guard.pass_by("only")
        else:
            allowed += guard.check("play jas", proposal("play jazz", domain="music"), "only").verdict == "allowed"
    assert allowed >= 16


def of(intent, *things, changes=True, irrevocable=False, **values):
    return Consequence(
        intent=intent, things=frozenset(things), values=tuple(values.items()), changes=changes, irrevocable=irrevocable
    )


ON, OFF = of("HassTurnOn", "light.a"), of("HassTurnOff", "light.a")
CLEAR = of("ClearList", irrevocable=True)
EARLY, LATE = of("SetAlarm", at="06:45"), of("SetAlarm", at="07:15")


@pytest.mark.parametrize(
    ("sure", "heard", "meant", "asks"),
    [
        (1.0, ON, OFF, True),
        (0.6, ON, OFF, True),  # would be acted on as heard, and does something else to the same thing
        (0.3, ON, OFF, False),  # hardly understood: no reading to hold against it
        (0.6, EARLY, LATE, True),
        (0.6, ON, of("HassTurnOn", "light.b"), False),
        (0.95, ON, of("HassTurnOn", "light.b"), True),  # understood surely, as another light
        (0.95, of("Play", title="harry porter"), of("Play", title="harry potter"), False),  # a respelling
        (0.95, of("Play", title="harry potter"), of("Play", title="moby dick"), True),
        (0.0, None, CLEAR, True),
        (1.0, CLEAR, CLEAR, False),  # what was asked for
        (1.0, of("GetList", changes=False), CLEAR, True),
        (None, None, ON, False),
        (0.3, of("HassGetState", "light.a", changes=False), ON, True),  # a question about the same thing
        (0.3, of("HassGetState", "light.b", changes=False), ON, False),
    ],
)
def test_a_proposal_is_judged_by_what_would_change(sure, heard, meant, asks):
    assert (Guard().doubt(sure, heard, meant) is not None) is asks


def test_a_yes_settles_what_can_be_taken_back_and_nothing_else():
    assert not Guard().doubt(1.0, ON, OFF).always
    assert Guard().doubt(1.0, ON, CLEAR).always
