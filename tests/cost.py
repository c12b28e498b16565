"""What something costs at least, on a machine that does other things, too."""

import gc
import time
from collections.abc import Callable

TRIES = 5


def least_cpu_s(work: Callable[[int], object]) -> float:
    """Return the least CPU time that this thread takes for something, in seconds; it is told which try it is.

    Other threads and the collection of garbage are not counted, and one try that nothing disturbs is enough: so only
    what is always too slow is.
    """
    found = []
    for at in range(TRIES):
        gc.collect()
        gc.disable()
        try:
            began = time.thread_time()
            work(at)
            found.append(time.thread_time() - began)
        finally:
            gc.enable()
    return min(found)
