"""What ships can be made again, and every file of it says where it comes from."""

import filecmp
import json
import re
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

import uptake
from uptake.apps.cli.measure.train import command
from uptake.errors import BadConfig, UnknownFormat
from uptake.lab.train.bundled import PROVENANCE, SHIPPED, train

ROOT = Path(uptake.__file__).parent
TABLE = json.loads((ROOT / PROVENANCE).read_text(encoding="utf-8"))
FACTS = {"files", "date", "command", "commit", "seed", "data", "licence"}
UNTOLD = {"py.typed", PROVENANCE}


def shipped_files():
    paths = [path for path in sorted(ROOT.rglob("*")) if path.is_file() and path.parent.name != "__pycache__"]
    files = [PurePosixPath(path.relative_to(ROOT).as_posix()) for path in paths if path.suffix not in (".py", ".pyi")]
    return [file for file in files if str(file) not in UNTOLD]


def entries_of(file):
    return [name for name, entry in TABLE.items() if any(file.match(pattern) for pattern in entry["files"])]


def test_every_file_that_ships_has_one_entry():
    assert {str(file): entries_of(file) for file in shipped_files() if len(entries_of(file)) != 1} == {}


def test_every_entry_is_complete_and_has_files():
    for name, entry in TABLE.items():
        assert set(entry) == FACTS, name
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["date"]), name
        assert re.match(r"[0-9a-f]{7}", entry["commit"]), name
        assert entry["data"], name
        assert entry["licence"], name
        for pattern in entry["files"]:
            assert any(file.match(pattern) for file in shipped_files()), pattern


def test_what_can_be_made_again_is_noted_as_it_is_made():
    for name, shipped in SHIPPED.items():
        assert (ROOT / shipped.path).exists()
        entry = TABLE[name]
        assert (entry["seed"], entry["data"], entry["licence"]) == (shipped.seed, shipped.data, shipped.licence)
        assert entry["command"].startswith(f"uptake train {name} ")
    assert {name for name, entry in TABLE.items() if entry["command"].startswith("uptake ")} == set(SHIPPED)


def test_what_is_wrong_is_said_before_anything_is_made(tmp_path):
    with pytest.raises(UnknownFormat, match="there is signals, context"):
        train(["signals", "poems"], out=tmp_path, date="2026-11-21", data=tmp_path)
    with pytest.raises(BadConfig, match="context is fitted on corpora: give --data ROOT"):
        train(["context"], out=tmp_path, date="2026-11-21")
    assert not list(tmp_path.iterdir())


def date_of(name):
    return TABLE[name]["date"]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("name", ["signals", "context"])  # simulator, equal too, takes four CPU minutes
def test_made_again_it_is_what_ships(tmp_path, data_root, name):
    said = CliRunner().invoke(
        command,
        [name, "--data", str(data_root), "--out", str(tmp_path), "--date", date_of(name)],
        catch_exceptions=False,
    )
    assert said.exit_code == 0
    made, ships = tmp_path / SHIPPED[name].path, ROOT / SHIPPED[name].path
    assert made.is_dir() == ships.is_dir()
    files = [file.relative_to(made) for file in made.rglob("*")] if made.is_dir() else [Path()]
    assert [str(file) for file in files if not filecmp.cmp(made / file, ships / file, shallow=False)] == []
    noted = json.loads((tmp_path / PROVENANCE).read_text(encoding="utf-8"))
    assert noted[name]["files"] == TABLE[name]["files"]
    assert noted[name]["date"] == date_of(name)
