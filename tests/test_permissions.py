"""What the tests of permissions rest on: whoever runs them is refused, and only there."""

import pytest

from tests.permissions import permissions_hold


def test_whoever_runs_the_tests_may_not_write_where_nothing_may_be_written(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    with permissions_hold(), pytest.raises(PermissionError):
        (closed / "file").write_text("")
    closed.chmod(0o755)
    (closed / "file").write_text("")


def test_whoever_runs_the_tests_may_not_read_what_nobody_may(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "file").chmod(0)
    with permissions_hold(), pytest.raises(PermissionError):
        (tmp_path / "file").read_text()
