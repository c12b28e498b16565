"""Say why Spark failed, without a word of the log: what it says itself may quote rows."""

from __future__ import annotations

import re

from uptake.errors import UptakeError

__all__ = ["explained", "told"]

_TOLD = re.compile(r"<uptake\.said>(.*?)</uptake\.said>", re.DOTALL)
_ABOUT_SQL = ("AnalysisException", "ParseException")
_CAUSES = (
    (r"No module named 'uptake|No module named 'pyarrow",
     "the executors' Python has no uptake: install the same uptake[learn] there, and name that Python with "
     "settings = { \"spark.pyspark.python\" = \"/path/to/python\" } under [engine]"),
    (r"Can't get attribute .{1,99} on <module 'uptake",
     "the executors have another uptake than this process: install the same on both"),
    (r"PYTHON_VERSION_MISMATCH|Python in worker has different version",
     "the executors run another version of Python than this process: name the same one with "
     "settings = { \"spark.pyspark.python\" = \"/path/to/python\" } under [engine]"),
    (r"PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFoundException",
     "the cluster cannot see a file of the state directory: it must be on a file system that every executor has, or "
     "state_url under [engine] must say where the cluster finds it"),
    (r"Permission denied|AccessControlException|AccessDeniedException",
     "the cluster may not read or write the state directory: the executors must run as the user who owns it"),
    (r"spark\.driver\.maxResultSize",
     "an answer is larger than what this process takes: raise spark.driver.maxResultSize and spark.driver.memory, in "
     "settings under [engine]"),
    (r"No space left on device", "an executor's disk is full: make room, or name another place with spark.local.dir"),
    (r"OutOfMemoryError|Container killed|exit code 137",
     "an executor ran out of memory: raise spark.executor.memory (local: spark.driver.memory), in settings under "
     "[engine]"),
    (r"is not a Parquet file|FAILED_READ_FILE|CANNOT_READ_FILE_FOOTER",
     "a file of the state directory is damaged: run it again, and damaged counts are made again"),
    (r"Cannot run program|Python worker failed to connect back|Python worker exited",
     "an executor's Python could not be started or died: look at spark.pyspark.python, and at its memory"),
    (r"ExecutorLostFailure|Lost executor|heartbeat|SparkContext (?:was|has been) shut down|stopped SparkContext",
     "executors were lost while they worked: nothing was published; look at the cluster and run it again"),
    (r"RequestTimeTooSkewed|RequestExpired|Clock skew too great|clock skew",
     "a clock of the cluster differs from that of the object store or of Kerberos: set all by the same source of time "
     "(NTP), and run it again"),
    (r"UNAVAILABLE|StatusCode|failed to connect", "the Spark Connect server does not answer any more"),
)  # fmt: skip


def told(error: UptakeError) -> RuntimeError:
    """Wrap an error of ours so that its message is found again in what Spark makes of it."""
    return RuntimeError(f"<uptake.said>{error}</uptake.said>")


def explained(error: BaseException) -> str:
    """Say what failed and what to do.

    >>> explained(ValueError("Py4JJavaError: … java.lang.OutOfMemoryError: Java heap space"))[:32]
    'an executor ran out of memory: r'
    """
    text = f"{type(error).__name__}: {error}"
    if found := _TOLD.search(text):
        return " ".join(found[1].split())
    if type(error).__name__ in _ABOUT_SQL and "PATH_NOT_FOUND" not in text:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    for pattern, meaning in _CAUSES:
        if re.search(pattern, text):
            return meaning
    return f"{type(error).__name__} while running a job (its text may quote the log and is left out)"
