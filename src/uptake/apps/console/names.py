"""Add names to the home's devices, by the console's operator: concepts that the household shares.

They take effect at once for everybody who uses the assistant here, and can be removed in the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uptake.apps.http.access import Token
from uptake.apps.http.routes import Call
from uptake.apps.http.taught import add_concepts, forget_concept, taught_by
from uptake.errors import BadRecord
from uptake.platforms.wire import ForgetTaught, Taught
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["GIVER", "give_name", "names_given", "take_name"]

GIVER = "console"
"""Pseudonym under which the names are on record."""


def names_given(service: Service) -> list[tuple[str, str]]:
    """List (further name, device)."""
    if not service.state.knows_a_home:
        return []
    rows = taught_by(service, GIVER)["concepts"]
    return sorted((row["concept"], row["alias_of"]) for row in rows if row.get("alias_of") and not row.get("gone"))


def give_name(service: Service, token: Token, name: str, device: str) -> None:
    """Give a device a further name.

    Raises:
        BadRecord: There is no such device, or the name is one of a device already.
    """
    devices = service.state.device_names()
    if device not in devices:
        raise BadRecord("must be the name of a device of the home", field="device")
    if normalize(name) in {normalize(one) for one in devices}:
        raise BadRecord("is the name of a device already", field="name")
    row = {"concept": normalize(name), "alias_of": device, "type": "entity", "scope": "household"}
    add_concepts(service, Call(token=token, path={}, query={}, body=Taught(user_id=GIVER, rows=[row])))


def take_name(service: Service, token: Token, name: str) -> bool:
    """Take a further name back; whether there was one."""
    body = ForgetTaught(user_id=GIVER, concept=name)
    return forget_concept(service, Call(token=token, path={}, query={}, body=body)).changed
