"""Audit groups where more is known of them than a log says: simulated homes, DSTC2, SLURP.

The audit itself is the product's (`experiments.groups`); here are only the groups: accents and distance of simulated
people, the acoustic condition and the dialogue system of a DSTC2 call, the microphone of a SLURP recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uptake.errors import BadConfig, NotReady
from uptake.experiments.coded import Coded
from uptake.experiments.groups.audit import Chosen, audit_of_log, audit_of_tables, tables_of_log
from uptake.experiments.groups.membership import Grouping
from uptake.lab.corpora import CORPORA, records
from uptake.lab.simulate.households import household

if TYPE_CHECKING:
    from uptake.log.store import TurnLog

__all__ = ["audited"]


def audited(
    log: TurnLog, chosen: Chosen, *, corpus: str | None = None, data: Path | None = None, town: int | None = None
) -> dict[str, Any]:
    """Audit a log, the log of a simulated town, or a corpus.

    Args:
        log: The log; not read where a corpus is named.
        chosen: What to look at.
        corpus: "dstc2" or "slurp".
        data: Root of the corpora.
        town: Seed of the simulated homes whose log it is.
    """
    if corpus is not None:
        if data is None:
            raise BadConfig(f"--corpus {corpus} needs --data ROOT, a folder with one folder a corpus")
        return {"corpus": corpus, **_of_corpus(corpus, data, chosen)}
    if data is not None:
        raise BadConfig("--data is read with --corpus only; the log of a state directory is named by --state")
    if town is None:
        return audit_of_log(log, chosen)
    return {"simulated": True, **_of_town(log, town, chosen)}


def _of_town(log: TurnLog, seed: int, chosen: Chosen) -> dict[str, Any]:
    tables = tables_of_log(log)
    users = [user for table in tables for user in table.column("user_id").to_pylist()]
    devices = [device for table in tables for device in table.column("device_id").to_pylist()]
    accents: dict[str, str | None] = {}
    far: dict[str, str | None] = {}
    for user, device in dict.fromkeys(zip(users, devices, strict=True)):
        home = household(seed, _number(user))
        accents[user] = next((one.accent for one in home.members if one.user_id == user), None)
        found = next((one.far for one in home.listeners if one.origin.device_id == device), None)
        far[device] = None if found is None else "far" if found else "near"
    more = [
        Grouping(name="accent", of_turn=Coded.of([accents[user] for user in users])),
        Grouping(name="distance", of_turn=Coded.of([far[device] for device in devices])),
    ]
    return audit_of_tables(tables, chosen, more)


def _number(user: str) -> int:
    parts = user.split("-")
    if len(parts) != 3 or parts[0] != "person" or not parts[1].isdecimal():
        raise BadConfig("--town is for the log of simulated homes; this log has other people")
    return int(parts[1])


def _of_corpus(name: str, root: Path, chosen: Chosen) -> dict[str, Any]:
    from uptake.log.rows import to_table
    from uptake.log.schema import PART_SCHEMA, complete
    from uptake.log.sessions import GAP_S, with_sessions

    reader = CORPORA[name]
    turns: list[Any] = []
    groups: dict[str, dict[str, str | None]] = {}
    for record in records(name, root):
        said = list(reader.turns(record))
        turns += said
        groups |= _dstc2(record, said) if name == "dstc2" else _slurp(record, said)
    if not turns:
        raise NotReady(f"{root}: holds no turns of {name}")
    table = complete(with_sessions(to_table(turns), gap_s=GAP_S), PART_SCHEMA)
    order = table.column("turn_id").to_pylist()
    names = dict.fromkeys(key for one in groups.values() for key in one)
    more = [Grouping(name=key, of_turn=Coded.of([groups[turn].get(key) for turn in order])) for key in names]
    return audit_of_tables([table], chosen, more)


def _dstc2(record: Mapping[str, Any], said: list[Any]) -> dict[str, dict[str, str | None]]:
    known = {
        "acoustic condition": record.get("acoustic_condition"),
        "system": record.get("system"),
        "dialogue manager": record.get("dialog_manager"),
    }
    shown = {name: None if value is None else str(value) for name, value in known.items()}
    return {turn.turn_id: shown for turn in said}


def _slurp(record: Mapping[str, Any], said: list[Any]) -> dict[str, dict[str, str | None]]:
    far = {one.get("file"): one.get("far_field") for one in record["recordings"]}
    names: dict[Any, str] = {True: "far", False: "near"}
    return {turn.turn_id: {"microphone": names.get(far.get(turn.turn_id))} for turn in said}
