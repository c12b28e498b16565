"""A town's processes: what they keep has a bound, a block's pipeline goes with it, Ctrl-C waits for none."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Event
from typing import Any

import pytest

import uptake.lab.simulate.cached_assistant as cached
from uptake.assistant.memory import Memory
from uptake.lab.simulate import processes, run


class Circle:
    """Refers to itself, as a pipeline does."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_block_leaves_behind_that_refers_to_itself_is_not_kept_for_good(monkeypatch: Any) -> None:
    left: list[weakref.ref[Circle]] = []

    def live(*_: object) -> list[object]:
        left.append(weakref.ref(Circle()))
        return []

    monkeypatch.setattr(run, "_live", live)
    try:
        run._live_apart(*[None] * 5)  # type: ignore[arg-type]
        gc.collect()
        assert left[0]() is None
    finally:
        gc.unfreeze()


def test_what_is_asked_again_and_again_is_made_once_while_the_rest_comes_and_goes(monkeypatch: Any) -> None:
    monkeypatch.setattr(cached, "_KEPT", 4)
    kept: dict[int, int] = {}
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return -number

    for other in range(1, 20):
        assert cached._kept(kept, 0, lambda: make(0)) == 0
        assert cached._kept(kept, other, lambda: make(other)) == -other  # noqa: B023
        assert len(kept) <= 4
    assert made.count(0) == 1


def test_a_process_that_is_done_takes_what_waits_for_another() -> None:
    last = Event()

    def live(block: Any) -> list[Any]:
        if block == (0,):
            assert last.wait(60.0)  # the other process gets as far as this one's second last block
        if block == (2,):
            last.set()
        return [block]

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        dealt = processes.dealt(
            lambda process, block: (one, other)[process].submit(live, block), [(at,) for at in range(8)], 2
        )
        turns: list[Any] = list(dealt)
        assert turns == [[(at,)] for at in range(8)]


def test_the_memory_of_a_town_holds_what_one_in_a_database_does() -> None:
    told = [
        ("home", "lists", {"shopping": ["milk"]}),
        ("user:ann", "lists", [1]),
        ("home", "lists", None),
        ("home", "a", "é"),
    ]
    plain, town = Memory(), cached._RecordingMemory({})
    for memory in (plain, town):
        for change in told:
            memory.set(*change)
        with memory.recording() as changes:
            memory.set("user:ann", "lists", [2])
            memory.set("home", "b", True)
        memory.restore(changes)
    places = [(scope, key) for scope, key, _ in told] + [("home", "b"), ("nobody", "lists")]
    assert [plain.get(*place, "none") for place in places] == [town.get(*place, "none") for place in places]
    assert (plain.every("lists"), plain.scopes()) == (town.every("lists"), town.scopes())


def interrupted(town: run.Town, busy: list[Future[None]]) -> None:
    with town:
        town.open()
        busy += [one.submit(time.sleep, 60.0) for one in town._processes]
        raise KeyboardInterrupt


@pytest.mark.slow
def test_who_interrupts_a_town_does_not_wait_for_what_its_processes_do() -> None:
    busy: list[Future[None]] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(run.Town(homes=4, workers=2), busy)
    assert [type(one.exception()) for one in busy] == [BrokenProcessPool] * 2


def test_a_text_is_read_once_where_the_home_stands_still_and_anew_where_it_has_changed() -> None:
    stand = run.stand_of(next(iter(run.LAYOUTS)))
    keeper = stand.readings
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [keeper.reading("a text of nobody", stand.situation, make) for _ in range(2)] == [1, 1]
    moment = stand.home.moment()
    stand.home.set_state(stand.home.devices[0].entity_id, "elsewhere")
    assert keeper.reading("a text of nobody", stand.situation, make) == 2
    stand.home.back_to(moment)
    assert keeper.reading("a text of nobody", stand.situation, make) == 1


def test_jobs_are_done_in_order_where_there_is_no_other_process() -> None:
    assert list(run.Town(homes=1).apart(abs, [-2, 1, -3])) == [2, 1, 3]
