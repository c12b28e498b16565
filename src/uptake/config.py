"""From `uptake.toml` to constructor arguments; nothing else.

A capability's options are its constructor's keyword arguments and their defaults stand there only. The
file has one table per capability, passed as written:

    [markov]
    min_users = 5

An unknown table or key is an error that offers the nearest name. There is no interpolation, and no
environment variable but `UPTAKE_STATE`, which says where the state directory is.
"""

from __future__ import annotations

import difflib
import inspect
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from uptake.errors import BadConfig

__all__ = ["FILE_NAME", "build", "nearest", "options", "read", "state_directory"]

FILE_NAME = "uptake.toml"

T = TypeVar("T")
Config = Mapping[str, Mapping[str, Any]]


def state_directory(given: Path | str | None = None) -> Path:
    """Where the log, the artifacts and the memory live: `given`, else UPTAKE_STATE, else the platform's place."""
    chosen = given or os.environ.get("UPTAKE_STATE") or platformdirs.user_data_dir("uptake")
    return Path(chosen).expanduser()


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Read a configuration file; a missing file is an empty configuration.

    Raises:
        BadConfig: The file is not TOML, or something stands outside a table.
    """
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: not valid TOML ({error})") from error
    for key, value in content.items():
        if not isinstance(value, dict):
            raise BadConfig(f"{path}: {key} stands outside a table; options belong under a heading like [markov]")
    return content


def options(maker: Callable[..., Any]) -> dict[str, Any]:
    """The options a constructor takes by keyword, with their defaults."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(maker).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is not inspect.Parameter.empty
    }


def build(maker: Callable[..., T], table: str, config: Config, /, *args: Any, **fixed: Any) -> T:
    """Call a constructor with the options its table gives.

    Args:
        maker: Class or function whose keyword-only arguments are the options.
        table: Name of its table in `uptake.toml`.
        config: What `read` returned.
        args: Positional arguments, which no configuration can change.
        fixed: Keyword arguments decided by the caller; they win over the file.

    Raises:
        BadConfig: An option is unknown, or the constructor refused a value.
    """
    known = options(maker)
    chosen = dict(config.get(table, {}))
    for name in chosen:
        if name not in known:
            raise BadConfig(f"[{table}] has no option {name}{nearest(name, known)}")
    try:
        return maker(*args, **{**chosen, **fixed})
    except (TypeError, ValueError) as error:
        if isinstance(error, BadConfig) or not chosen:
            raise
        raise BadConfig(f"[{table}]: {error}") from error


def nearest(name: str, known: Mapping[str, Any] | list[str]) -> str:
    """A hint for a mistyped name: "; did you mean min_users?", or the list of what there is."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; there is {', '.join(sorted(known)) or 'none'}"
