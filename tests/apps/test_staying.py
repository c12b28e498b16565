"""What a process has loaded is looked through for garbage no more, and again once it is left."""

import gc

from uptake.apps.staying import keep_too, kept, unsearched


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


def test_one_request_is_answered_without_a_search_for_garbage_and_what_it_made_is_not_searched_after():
    searches = [one["collections"] for one in gc.get_stats()]
    with unsearched():
        assert not gc.isenabled()
        made = [[] for _ in range(200_000)]
    more = [[] for _ in range(100)]
    assert gc.isenabled()
    assert len(made) > len(more)
    assert [one["collections"] for one in gc.get_stats()] == searches
