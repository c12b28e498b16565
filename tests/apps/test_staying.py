"""What a process that stays has loaded is looked through for garbage no more, and again once it is left."""

import gc

from uptake.apps.staying import keep_too, kept


def test_what_is_loaded_is_kept_until_it_is_left():
    before = gc.get_freeze_count()
    keep_too()
    assert gc.get_freeze_count() == before
    with kept():
        held = gc.get_freeze_count()
        assert held > before
        later = [[] for _ in range(1_000)]
        keep_too()
        assert gc.get_freeze_count() >= held + len(later)
    assert gc.get_freeze_count() == 0
