"""config: from uptake.toml to constructor arguments, with an error for everything else."""

import pytest

from uptake import config
from uptake.errors import BadConfig


def thing(*, size: int = 3, name: str = "x") -> tuple[int, str]:
    if size < 0:
        raise ValueError("size must not be negative")
    return size, name


def write(tmp_path, text):
    path = tmp_path / config.FILE_NAME
    path.write_text(text)
    return path


def test_a_missing_file_means_defaults(tmp_path):
    assert config.build(thing, "thing", config.read(tmp_path / "none.toml")) == (3, "x")


def test_a_table_gives_the_options(tmp_path):
    assert config.build(thing, "thing", config.read(write(tmp_path, "[thing]\nsize = 5"))) == (5, "x")


def test_what_the_caller_decides_wins(tmp_path):
    assert config.build(thing, "thing", config.read(write(tmp_path, "[thing]\nsize = 5")), size=7) == (7, "x")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[thing]\nsise = 5", "did you mean size?"),
        ("[thing]\nqqq = 5", "there is name, size"),
        ("[thing]\nsize = -1", "must not be negative"),
        ("[thing\n", "not valid TOML"),
        ("size = 5", "outside a table"),
    ],
)
def test_mistakes_are_named(tmp_path, text, hint):
    with pytest.raises(BadConfig, match=hint.replace("?", r"\?")):
        config.build(thing, "thing", config.read(write(tmp_path, text)))


def test_the_state_directory_is_the_given_one_then_the_environment_then_the_platform(monkeypatch):
    monkeypatch.setenv("UPTAKE_STATE", "/somewhere/else")
    assert str(config.state_directory("/here")) == "/here"
    assert str(config.state_directory()) == "/somewhere/else"
    monkeypatch.delenv("UPTAKE_STATE")
    assert config.state_directory().name == "uptake"
