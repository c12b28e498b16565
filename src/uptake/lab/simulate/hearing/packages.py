"""Import libraries that only `uptake simulate hear` needs."""

from __future__ import annotations

import importlib
from types import ModuleType

from uptake.errors import MissingExtra

__all__ = ["require"]


def require(name: str) -> ModuleType:
    """Import a library of the extra `hear`.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(f"hearing needs {name.partition('.')[0]}: pip install 'uptake[hear]'") from error
