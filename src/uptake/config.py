"""Read `uptake.toml`, and pass its options to constructors.

A capability's options are its constructor's keyword arguments, and their defaults are defined there only. The file has
one table per capability, passed as written:

    [markov]
    min_users = 5

An unknown table or key is an error that offers the nearest name. There is no interpolation, and no environment variable
but `UPTAKE_STATE`, which gives the state directory.
"""

from __future__ import annotations

import inspect
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from uptake.errors import BadConfig, UptakeError

__all__ = ["FILE_NAME", "build", "chosen_options", "nearest", "options", "read", "state_directory"]

FILE_NAME = "uptake.toml"

_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "None": (type(None),)
}  # fmt: skip
"""Annotations of options that a file can be compared with, and the types of their values."""
_KIND_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_MOST = 2**53

T = TypeVar("T")
Config = Mapping[str, Mapping[str, Any]]


def state_directory(given: Path | str | None = None) -> Path:
    """Return the state directory: `given`, else $UPTAKE_STATE, else the platform's data directory."""
    chosen = given or os.environ.get("UPTAKE_STATE")
    if not chosen:
        import platformdirs  # most states are named

        chosen = platformdirs.user_data_dir("uptake")
    return Path(chosen).expanduser()


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Read a configuration file; a missing file is an empty configuration.

    Raises:
        BadConfig: The file is not TOML, or a key is outside a table.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read ({error.strerror}); make it a readable file, or remove it") from error
    except UnicodeDecodeError as error:
        raise BadConfig(f"{path}: not valid UTF-8 (byte {error.start}); write it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise BadConfig(f"{path}: not valid TOML ({reason})") from error
    for key, value in content.items():
        if not isinstance(value, dict):
            raise BadConfig(f"{path}: {key} is outside a table; put options under a heading like [markov]")
    return _with_nested(content)


def _with_nested(content: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the tables with [understand.llm] under its full name; its former name [llm] is accepted, too."""
    tables = dict(content)
    if isinstance(content.get("understand", {}).get("llm"), dict):
        tables["understand.llm"] = content["understand"]["llm"]
        rest = {name: value for name, value in content["understand"].items() if name != "llm"}
        tables.pop("understand")
        tables |= {"understand": rest} if rest else {}
    if "llm" in tables:
        tables.setdefault("understand.llm", tables.pop("llm"))
    return tables


def options(maker: Callable[..., Any]) -> dict[str, Any]:
    """Return the keyword options of a constructor, with their defaults."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(maker).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is not inspect.Parameter.empty
    }


def build(maker: Callable[..., T], table: str, config: Config, /, *args: Any, **fixed: Any) -> T:
    """Call a constructor with the options of its table.

    Args:
        maker: Class or function whose keyword-only arguments are the options.
        table: Name of its table in `uptake.toml`.
        config: Result of `read`.
        args: Positional arguments, which the configuration cannot change.
        fixed: Keyword arguments of the caller; they override the file.

    Raises:
        BadConfig: An option is unknown, or the constructor refused a value.
    """
    chosen = chosen_options(maker, table, config)
    try:
        return maker(*args, **{**chosen, **fixed})
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        if isinstance(error, UptakeError) or not chosen:
            raise
        raise BadConfig(f"[{table}]: {error}") from error


def chosen_options(maker: Callable[..., Any], table: str, config: Config) -> dict[str, Any]:
    """Return the options of a table, checked by name and type.

    Raises:
        BadConfig: An option is unknown, or has the wrong type.
    """
    known = options(maker)
    chosen = dict(config.get(table, {}))
    for name, value in chosen.items():
        if name not in known:
            raise BadConfig(f"[{table}] has no option {name}{nearest(name, known)}")
        expected = _unfit(value, str(inspect.signature(maker).parameters[name].annotation))
        if expected is not None:
            kind = "nan" if value != value else _KIND_NAMES.get(type(value), "something else")  # noqa: PLR0124
            raise BadConfig(f"[{table}] {name} must be {expected}, got {kind}")
    return chosen


def _unfit(value: Any, annotation: str) -> str | None:
    """Return a description of the required type if a value does not have it; else None."""
    if "Callable" in annotation:
        return "left out: it is no option of a file"
    if isinstance(value, float) and math.isnan(value):
        return "a number"
    if isinstance(value, int) and abs(value) > _MOST:
        return f"at most {_MOST} in size"
    if isinstance(value, str) and not value.isprintable():
        return "printable text"
    kinds = [kind.strip() for kind in annotation.split("|")]
    if not all(kind in _KINDS for kind in kinds):
        return None  # the constructor knows
    fits = type(value) in {kind for name in kinds for kind in _KINDS[name]}
    return None if fits else " or ".join(_KIND_NAMES[_KINDS[name][0]] for name in kinds if name != "None")


def nearest(name: str, known: Mapping[str, Any] | list[str]) -> str:
    """Return a hint for a mistyped name: "; did you mean min_users?", or the list of known names."""
    import difflib  # where something is wrong

    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; there is {', '.join(sorted(known)) or 'none'}"
