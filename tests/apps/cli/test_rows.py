"""Whatever prints rows prints them as a table, as CSV and as JSON lines, and all three show the same rows."""

import csv
import io
import json
from datetime import UTC, datetime

import click
import pytest

from uptake.apps.cli import COMMANDS, command_of, main
from uptake.apps.cli.table import print_csv
from uptake.apps.http.access import TokenFile
from uptake.experiments.assignment import Experiment
from uptake.lab.simulate.small_log import small_log
from uptake.release.night import release
from uptake.release.state import State
from uptake.types import Offered, Turn

ARGUMENTS = {
    "rewrites why": ["play maj and dragons"],
    "artifacts diff": ["1", "2"],
    "preferences show": ["unit", "--user", "ann"],
    "concepts list": ["--user", "ann"],
    "preferences list": ["--user", "ann"],
    "audit groups": ["--min-users", "5"],
}
INSIDE = {  # --json prints one object, which holds the rows
    "audit groups": lambda found: found["gaps"],
    "config": lambda found: found["options"],
    "config show": lambda found: found["options"],
    "doctor": lambda found: found["findings"],
    "experiments status": lambda found: list(found["by_arm"].values()),
    "rewrites why": lambda found: found["moves"],
}


def commands_with_rows():
    for name in COMMANDS:
        command = command_of(name)
        below = command.commands.items() if isinstance(command, click.Group) else ()
        for full, one in ((name, command), *((f"{name} {inner}", one) for inner, one in below)):
            if any("--csv" in parameter.opts for parameter in one.params):
                yield full


def offered(count):
    """Turns with an offer, which was said by chance 0.7."""
    for at in range(count):
        said = at % 3 > 0
        offer = Offered(offer_id="latent_goals:|Tea => |Timer", said=said, propensity=0.7 if said else 0.3)
        known = {"request": "make tea", "status": "ok", "session_id": f"o{at}", "offer": offer}
        yield Turn(turn_id=f"o{at}", user_id=f"o{at}", said_at=datetime(2026, 1, 5, 12, at, tzinfo=UTC), **known)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("state")
    state = State(directory)
    state.log.append(small_log(seed=0))
    state.experiments.start(Experiment(name="spring", arms={"control": 0.5, "treatment": 0.5}), at=datetime.now(UTC))
    release(state, ("rewrites",))
    (directory / "uptake.toml").write_text("[markov]\nmin_users = 40\n")
    again = State(directory)
    release(again, ("rewrites",))
    state.log.append(offered(60))
    state.log.close()
    again.log.close()  # an open log keeps a write-ahead file, whose bytes count too
    TokenFile(directory / "tokens.json").add("kitchen", ["rewrite"])
    for kind, row in (
        ("concepts", {"user": "ann", "concept": "dusk", "alias_of": "Hall Lamp"}),
        ("preferences", {"user": "ann", "type": "unit", "value": "celsius"}),
    ):
        lines = directory.with_name(f"{kind}.jsonl")
        lines.write_text(json.dumps(row))
        with pytest.raises(SystemExit) as ended:
            main([kind, "import", str(lines), "--state", str(directory)])
        assert ended.value.code == 0
    return directory


def printed(capsys, name, form):
    with pytest.raises(SystemExit) as ended:
        main([*name.split(), *ARGUMENTS.get(name, ()), f"--{form}"])
    assert ended.value.code in (0, 1)
    return capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(commands_with_rows()))
def test_a_table_csv_and_json_show_the_same_rows(name, directory, capsys, monkeypatch):
    monkeypatch.setenv("UPTAKE_STATE", str(directory))
    objects = [json.loads(line) for line in printed(capsys, name, "json").splitlines()]
    rows = INSIDE[name](*objects) if name in INSIDE else objects
    found = list(csv.DictReader(io.StringIO(printed(capsys, name, "csv"))))
    assert len(found) == len(rows)
    for text, row in zip(found, rows, strict=True):
        for field, value in row.items():
            if not isinstance(value, (dict, list, bool)):
                assert text[field] == ("" if value is None else str(value)), field
    assert bool(printed(capsys, name, "table")) >= bool(rows)


def test_what_is_inside_a_row_becomes_columns(capsys):
    print_csv([{"a": 1, "b": {"c": True, "d": None}}, {"a": 2, "e": ["x, y"]}])
    assert capsys.readouterr().out == 'a,b.c,b.d,e\n1,true,,\n2,,,"[""x, y""]"\n'
