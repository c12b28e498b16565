"""small_log: synthetic, seeded, and holding what the demo shows."""

from uptake.lab.simulate.small_log import CRITICAL, PERSONAL, REPAIRS, small_log


def test_equal_seeds_give_equal_logs():
    assert list(small_log(users=8, days=3, seed=5)) == list(small_log(users=8, days=3, seed=5))


def test_another_seed_gives_another_log():
    assert list(small_log(users=8, days=3, seed=5)) != list(small_log(users=8, days=3, seed=6))


def test_every_planted_mishearing_is_in_the_log_for_several_users():
    turns = list(small_log())
    for heard in (*REPAIRS, CRITICAL[0]):
        assert len({turn.user_id for turn in turns if turn.request == heard}) >= 3
    assert {turn.user_id for turn in turns if turn.request == PERSONAL[1]} == {PERSONAL[0]}


def test_turns_have_names_of_their_own():
    names = [turn.turn_id for turn in small_log(users=8, days=3)]
    assert len(names) == len(set(names))
    assert all(name.startswith("synthetic-") for name in names)
