"""RephraseRewriter: what a reader's pointing is worth, and what two learners agree on."""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.builders import session
from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.errors import BadConfig
from uptake.learn.rephrase import RephraseRewriter, agreed
from uptake.signals.reading import DialogueReader, Reading
from uptake.signals.stage import Stage
from uptake.signals.tables import Tables
from uptake.types import Evidence

HEADS = {"rephrase": {"light": 1.0}, "defect": {"light": 1.0}}


@dataclass(frozen=True)
class Pointing(DialogueReader):
    """Says of every session that its second turn says the first again."""

    def read(self, sessions, *, online=False):
        return [
            Reading(
                spans=np.array([[0.1, 0.9], [1.0, 0.0]]),
                rephrase=np.array([1, -1]),
                defect=np.array([0.95, 0.05]),
            )
            for _ in sessions
        ]


reader = Pointing(stage=Stage(tables=Tables.of([]), pieces=None), members={}, shares=HEADS, thresholds={})
learner = RephraseRewriter(min_users=3)


def said(count, first="play harry porter", second="play harry potter"):
    return [session(first, second, user=f"user-{at}") for at in range(count)]


def test_a_pair_of_three_users_becomes_a_rewrite():
    found = learner.rewrites(reader, said(3)).lookup("play harry porter")
    assert found.acted_on == "play harry potter"
    assert found.evidence.users == 3
    assert found.evidence.success_before < 0.5 < found.evidence.success_after


def test_a_pair_of_fewer_users_does_not_and_one_user_counts_but_so_often():
    assert len(learner.rewrites(reader, said(2))) == 0
    assert len(learner.rewrites(reader, [session("a b", "a c", user="ann") for _ in range(9)])) == 0


def test_the_order_of_sessions_does_not_matter():
    told = said(4) + said(3, second="play harry potter please")
    assert learner.rewrites(reader, told) == learner.rewrites(reader, told[::-1])


def test_saying_the_very_same_again_is_no_rewrite():
    assert len(learner.rewrites(reader, said(5, second="play harry porter"))) == 0


def test_a_reader_without_the_heads_is_refused():
    with pytest.raises(BadConfig, match="lacks defect"):
        learner.rewrites(
            Pointing(stage=reader.stage, members={}, shares={"rephrase": {"light": 1.0}}, thresholds={}), said(3)
        )


def test_options_out_of_range_are_refused():
    for options in ({"confidence": 0.3}, {"min_gain": 1.0}, {"min_users": 0}):
        with pytest.raises(BadConfig):
            RephraseRewriter(**options)


def test_agreement_keeps_what_both_say_with_the_more_cautious_evidence():
    def row(request, acted_on, users, before, after, user=None):
        evidence = Evidence(users=users, sessions=users, success_before=before, success_after=after)
        return Rewrite(request, acted_on, evidence, user)

    one = RewriteTable.from_rows(
        [row("a", "b", 9, 0.1, 0.9), row("c", "d", 9, 0.1, 0.9), row("x", "y", 1, 0, 1, "ann")]
    )
    two = RewriteTable.from_rows([row("a", "b", 4, 0.3, 0.8), row("c", "e", 9, 0.1, 0.9)])
    both = agreed(one, two)
    assert [(each.request, each.acted_on) for each in both.rows()] == [("a", "b")]
    assert next(iter(both.rows())).evidence == Evidence(users=4, sessions=4, success_before=0.3, success_after=0.8)
    assert agreed(two, one) == both
