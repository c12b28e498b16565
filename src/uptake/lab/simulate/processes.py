"""Share out the work of a simulated town among processes that live as long as it does."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from typing import TypeVar

from uptake.errors import NotReady

__all__ = ["bound", "cleanly", "dealt", "result_of"]

T = TypeVar("T")
R = TypeVar("R")


def dealt(begin: Callable[[int, T], Future[R]], blocks: Sequence[T], processes: int) -> Iterator[R]:
    """Let processes take blocks of homes, and yield the result of each in order.

    Neighbouring blocks are of one layout, so each process begins with a share of its own and meets few layouts; one
    that is done takes the last block that waits elsewhere.
    """
    each = len(blocks) / processes
    shares = [deque(range(round(at * each), round((at + 1) * each))) for at in range(processes)]
    doing: dict[Future[R], tuple[int, int]] = {}
    done: dict[int, R] = {}

    def take(process: int) -> None:
        if share := shares[process] or max(shares, key=len):
            block = share.popleft() if share is shares[process] else share.pop()
            doing[begin(process, blocks[block])] = process, block

    for process in (*range(processes), *range(processes)):  # one more than it does, so that it never waits
        take(process)
    for at in range(len(blocks)):
        while at not in done:
            for future in wait(doing, return_when=FIRST_COMPLETED).done:
                process, block = doing.pop(future)
                done[block] = result_of(future)
                take(process)
        yield done.pop(at)


def result_of(future: Future[R]) -> R:
    """Wait for a job and return its result.

    Raises:
        NotReady: Its process ended early.
    """
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise NotReady(
            "a process of the simulation ended early (no memory left, or the program has no main file to start from); "
            "run it again, with workers=1 if it stays so"
        ) from error


def bound() -> None:
    """Ignore Ctrl-C, which the process that hands out the work handles; end when that one is gone, however."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # looking for garbage takes a seventh of the time, and a block leaves little: see `cleanly`
    threading.Thread(target=_end_after, args=(parent_process(),), daemon=True).start()


def _end_after(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def cleanly(work: Callable[[T], R], job: T) -> R:
    """Do a job, and collect what it leaves; what is frozen is never collected, and a pipeline refers to itself."""
    done = work(job)
    gc.collect()
    gc.freeze()
    return done
