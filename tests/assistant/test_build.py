"""open_agent: the parts that the configuration names, and errors that say which option is wrong."""

import pytest

from uptake.assistant.build import llm_of, open_agent
from uptake.assistant.home import VirtualHome
from uptake.assistant.memory import Memory
from uptake.assistant.skills import Skills
from uptake.assistant.stakes import ACT_AT
from uptake.errors import BadConfig
from uptake.release import options
from uptake.types import Situation

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("heading", ["understand.llm", "llm"])
def test_a_language_model_is_asked_only_where_one_is_configured(tmp_path, heading):
    assert open_agent(tmp_path / "a").components.llm is None
    (tmp_path / "uptake.toml").write_text(f'[{heading}]\nbase_url = "http://localhost:1/v1"\nmodel = "small"\n')
    assert open_agent(tmp_path / "b", options.read(tmp_path)).components.llm.name == "llm"


def test_what_else_stands_under_understand_is_refused(tmp_path):
    (tmp_path / "uptake.toml").write_text('[understand]\nllm = "small"\n')
    with pytest.raises(BadConfig, match=r"no table \[understand\]; did you mean understand.llm"):
        options.read(tmp_path)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"agent": {"langage": "en"}}, "did you mean language"),
        ({"agent": {"language": "tlh"}}, "there is af"),
        ({"agent": {"act_at": 2.0}}, "act_at"),
        ({"understand.llm": {"base_url": "ftp://x"}}, "http"),
        ({"understand.llm": {"base_url": "http://x", "a_day": -1}}, "a_day"),
        ({"understand.llm": {"base_url": "http://x", "share_names": "no"}}, "share_names must be true or false"),
        ({"home": {"file": "nowhere.toml"}}, "nowhere.toml"),
        ({"feedback": {"per_day": -1}}, "per_day"),
    ],
)
def test_a_wrong_option_is_a_clear_error(tmp_path, config, said):
    with pytest.raises(BadConfig, match=said):
        open_agent(tmp_path, config)


def test_another_language_is_read_with_its_own_sentences(tmp_path):
    agent = open_agent(tmp_path, {"agent": {"language": "de"}})
    from uptake.types import Request

    assert agent.answer(Request(text="stelle einen timer auf fünf minuten", user_id="ann")).turn.status == "ok"


def test_an_opened_assistant_takes_courtesy_and_corrections_away_before_it_reads(tmp_path):
    understanding = open_agent(tmp_path).components.understanding
    said = "um would you be so kind as to turn on the hall, sorry, i mean the kitchen lights please"
    best = understanding.read(said, Situation())[0]
    assert best.interpretation.intent == "HassTurnOn"
    assert ("area", "Kitchen") in best.interpretation.slots
    assert best.confidence >= ACT_AT


def test_no_model_is_asked_by_default():
    assert llm_of(VirtualHome(), Skills(), Memory()) is None
