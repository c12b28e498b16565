"""Permissions that hold for root, too."""

import ctypes
import os
from contextlib import contextmanager

_VERSION = 0x20080522  # of the kernel's interface: two words of 32 capabilities
_OVERRIDES = 1 << 1 | 1 << 2 | 1 << 3  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER


@contextmanager
def permissions_hold():
    """Hold this thread to the permissions of files: what lets root pass them by is laid down, and taken up again."""
    if os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (
        (ctypes.c_uint32 * 2)(_VERSION, 0),
        (ctypes.c_uint32 * 6)(),
    )  # (effective, permitted, inheritable) x 2
    _call(libc.capget, header, sets)
    before = sets[0]
    sets[0] &= ~_OVERRIDES
    _call(libc.capset, header, sets)
    try:
        yield
    finally:
        sets[0] = before
        _call(libc.capset, header, sets)


def _call(function, *arguments):
    if function(*arguments):
        raise OSError(ctypes.get_errno(), "capabilities cannot be changed")
