"""What was learned of one person's words can be seen, is asked about first, and is unlearned by complaining."""

import json
import re

import pytest

from uptake.apps.cli import main

pytestmark = pytest.mark.slow

TAUGHT = """
/time 2030-03-04 11:01
turn on the cooker
/time +7s
turn on the oven
/time +7s
turn off the oven
/time 2030-03-04 13:01
"""
ASKED = "can you turn on the cooker"
OTHERWISE = "could you turn on the cooker"
EVENING = "/time 2030-03-04 18:01\n"
LATER = f"/time 2030-03-05 13:01\n{ASKED}\n/time 2030-03-05 15:01\n{OTHERWISE}\n"


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments, typed=None):
        if typed is not None:
            script = tmp_path / "script.txt"
            script.write_text(typed)
            arguments = (*arguments, "--script", str(script))
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--state", str(tmp_path / "state")])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def talk(run, typed, user="ann"):
    """(line, answer) of every request of a conversation in the kitchen."""
    code, out, err = run("chat", "--user", user, "--room", "Kitchen", typed=typed)
    assert (code, err) == (0, "")
    found = re.findall(r"^> (.*)\n((?:[^>].*\n?)*)", out, flags=re.MULTILINE)
    return [one for one in found if not one[0].startswith("/time")]


def is_about_the_oven(answer):
    return "oven" in answer.lower()


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_one_coincidence_is_asked_about_and_not_acted_on(run):
    said = talk(run, TAUGHT + ASKED)
    assert "did you mean" in said[-1][1].lower()
    assert is_about_the_oven(said[-1][1])
    assert [row["state"] for row in lines(run("rewrites", "list", "--user", "ann", "--json")[1])] == ["asks"]


def test_a_yes_confirms_it(run):
    said = talk(run, f"{TAUGHT}{ASKED}\n/time +7s\nyes\n/time +7s\nturn off the oven\n{EVENING}{ASKED}\n")
    assert said[-1][1].startswith("The oven is on")


@pytest.mark.long
@pytest.mark.parametrize("complaint", ["no", "/wrong", "no, that's wrong"])
def test_a_no_to_the_question_suspends_it_for_good(run, complaint):
    talk(run, f"{TAUGHT}{ASKED}\n/time +7s\n{complaint}\n")
    said = talk(run, LATER)
    assert not any(is_about_the_oven(answer) for _, answer in said)
    (row,) = lines(run("rewrites", "list", "--user", "ann", "--withdrawn", "--json")[1])
    assert (row["heard"], row["meant"], row["state"]) == ("cooker", "oven", "suspended")


@pytest.mark.long
@pytest.mark.parametrize("complaint", ["/wrong", "no", "undo", "undo that"])
def test_a_complaint_about_the_deed_suspends_the_meaning_in_every_wording(run, complaint):
    confirmed = (
        f"{TAUGHT}{ASKED}\n/time +7s\nyes\n/time +7s\nturn off the oven\n{EVENING}{ASKED}\n/time +7s\n{complaint}\n"
    )
    said = talk(run, confirmed)
    assert said[-2][1].startswith("The oven is on")
    again = talk(run, LATER)
    assert not any(is_about_the_oven(answer) for _, answer in again)
    assert run("learn")[0] == 0
    after = talk(run, LATER)
    assert not any(is_about_the_oven(answer) for _, answer in after)
    assert "complain" in run("rewrites", "why", ASKED, "--user", "ann")[1]


@pytest.mark.long
def test_teaching_it_again_more_than_before_lifts_the_suspension(run):
    talk(run, f"{TAUGHT}{ASKED}\n/time +7s\nno\n")
    taught = "turn on the cooker\n/time +7s\nturn on the oven\n/time +7s\nturn off the oven\n"
    for day, asks in ((5, False), (6, True)):
        said = talk(run, f"/time 2030-03-0{day} 11:01\n{taught}/time 2030-03-0{day} 13:01\n{ASKED}\n")
        assert is_about_the_oven(said[-1][1]) == asks


@pytest.mark.long
@pytest.mark.parametrize("by", ["id", "request"])
def test_a_block_stops_the_meaning_in_every_wording_and_can_be_undone(run, by):
    talk(run, TAUGHT)
    (row,) = lines(run("rewrites", "list", "--user", "ann", "--json")[1])
    what = row["rewrite_id"] if by == "id" else row["request"]
    assert run("rewrites", "block", what, "--user", "ann")[0] == 0
    said = talk(run, LATER)
    assert not any(is_about_the_oven(answer) for _, answer in said)
    assert [row["state"] for row in lines(run("rewrites", "list", "--user", "ann", "--json")[1])] == ["blocked"]
    assert run("rewrites", "block", what, "--user", "ann", "--undo")[0] == 0
    assert is_about_the_oven(talk(run, LATER)[-1][1])


@pytest.mark.long
def test_why_and_list_say_in_words_what_was_learned_and_show_it_to_nobody_else(run):
    talk(run, TAUGHT)
    told = run("rewrites", "list", "--user", "ann")[1]
    assert "for ann: 'cooker' means 'oven', from 1 repair on" in told
    assert "asked first" in told
    (row,) = lines(run("rewrites", "list", "--user", "ann", "--json")[1])
    for about in (row["rewrite_id"], "turn on the cooker", ASKED):
        assert "'cooker' means 'oven'" in run("rewrites", "why", about, "--user", "ann")[1]
    for arguments in (("list",), ("list", "--user", "bo"), ("why", "turn on the cooker"), ("why", row["rewrite_id"])):
        assert "oven" not in run("rewrites", *arguments)[1]


@pytest.mark.long
def test_a_light_that_is_switched_off_again_was_used_not_repaired(run):
    talk(run, "/time +1d\nturn on the bathroom light\n/time +7s\nturn it off\n" * 3)
    assert run("rewrites", "list", "--user", "ann", "--json")[1] == ""
    assert run("learn")[0] == 0
    assert run("rewrites", "list", "--user", "ann", "--json")[1] == ""
