"""Deciding for the service: what comes again and again is answered as before, and only while it still holds."""

from tests.rewriting.table.tables import rewrite, table
from uptake.apps.http import decide
from uptake.apps.http.decide import Decider
from uptake.experiments.assignment import Experiment
from uptake.platforms.wire import Rewrite
from uptake.rewriting.guard import Guard
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.table.step import ExactRewrite


class Counted:
    """A table that counts how often it is asked."""

    def __init__(self, known):
        self.table, self.asked = known, []

    def lookup(self, request, user_id):
        self.asked.append(request)
        return self.table.lookup(request, user_id)


class Arms:
    """Assignments by an experiment that may be exchanged."""

    experiment = None

    def assign(self, user_id):
        return self.experiment.assign(user_id) if self.experiment else None


def deciding(rows):
    known, arms = Counted(table(*(rewrite(f"play song {at}", f"play hit {at}") for at in range(rows)))), Arms()
    decider = Decider(Pipeline(ExactRewrite(known), guard=Guard(budget_share=1.0)), arms)
    return decider, known, arms


def test_a_request_that_comes_again_and_again_stays_known_while_rare_ones_come_and_go(monkeypatch):
    monkeypatch.setattr(decide, "_KNOWN", 4)
    decider, known, _ = deciding(20)

    def ask(at, user="ann"):
        return decider(Rewrite(text=f"play song {at}", user_id=user)).text

    answers = [(ask(0), ask(at)) for at in range(1, 20)]
    assert answers == [("play hit 0", f"play hit {at}") for at in range(1, 20)]
    assert known.asked.count("play song 0") == 1
    assert len(known.asked) == 20  # the rare ones once each
    assert ask(1) == "play hit 1"
    assert known.asked.count("play song 1") == 2  # it was dropped
    assert ask(0, "bo") == "play hit 0"
    assert known.asked.count("play song 0") == 2  # of another person


def test_an_answer_of_before_is_not_given_in_another_arm_nor_for_another_wording():
    decider, _, arms = deciding(1)
    asked = Rewrite(text="play song 0", user_id="ann")
    assert [decider(asked).action for _ in range(2)] == ["rewrite"] * 2
    arms.experiment = Experiment(name="none", arms={"control": 1.0}, unchanged=("control",), holdout=0.0)
    found = decider(asked)
    assert (found.action, found.echo.arm) == ("leave", "control")
    assert decider(Rewrite(text="Play song  0!", user_id="ann")).text == "Play song  0!"
