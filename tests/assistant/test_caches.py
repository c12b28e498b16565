"""Caches of what serves: each is full early, so that memory stops growing with what people say."""

from __future__ import annotations

import functools
import gc
import inspect

import uptake.assistant.build
import uptake.catalogue
import uptake.proactive.routines.features  # noqa: F401 - loaded when it is first asked

MOST = 16_384
LEARNS = ("uptake.lab", "uptake.insight", "uptake.understanding.labels")


def test_no_cache_of_texts_is_large_or_without_bound():
    wrappers = [one for one in gc.get_objects() if type(one) is functools._lru_cache_wrapper]
    serving = [
        one for one in wrappers if one.__module__.startswith("uptake.") and not one.__module__.startswith(LEARNS)
    ]
    assert len(serving) > 30
    sizes = {
        f"{one.__module__}.{one.__qualname__}": one.cache_info().maxsize
        for one in serving
        if inspect.signature(one).parameters
    }
    assert {name: size for name, size in sizes.items() if size is None or size > MOST} == {}
