"""Lines: bounded, whatever the stream does."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import BadRecord, NotReady
from uptake.log.lines import Lines, open_reader


def read(*chunks, max_bytes=100):
    given_chunks = iter(chunks)
    lines, found = Lines(lambda: next(given_chunks, b""), max_bytes=max_bytes), []
    while True:
        try:
            found.append(next(lines))
        except BadRecord:
            found.append(lines.number)
        except StopIteration:
            return found


@given(st.lists(st.binary(min_size=1, max_size=6).map(lambda data: data.replace(b"\xef", b"")), max_size=8))
def test_lines_do_not_depend_on_how_the_bytes_come(chunks):
    whole = b"".join(chunks)
    expected = [line + b"\n" for line in whole.split(b"\n")]
    assert read(*filter(None, chunks)) == [*expected[:-1], *filter(None, [expected[-1][:-1]])]


def test_a_long_line_is_refused_and_the_next_one_is_read():
    assert read(b"a\n" + b"x" * 90, b"x" * 90, b"x" * 90 + b"\nb\n") == [b"a\n", 2, b"b\n"]
    assert read(b"x" * 101) == [1]


def test_a_long_line_is_never_held_whole():
    lines = Lines(iter([b"x" * 1000] * 1000 + [b"\n", b""]).__next__, max_bytes=5000)
    with pytest.raises(BadRecord):
        next(lines)
    assert len(lines._rest) == 0


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n") == [b"a\n", b"\xef\xbb\xbfb\n"]


def test_a_gzip_file_cut_short_is_told(tmp_path):
    whole = gzip.compress(b"a\n" * 100_000)
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    with open_reader(tmp_path / "cut.gz") as more, pytest.raises(BadRecord, match="cut short"):
        list(Lines(more))


def test_a_directory_is_no_file(tmp_path):
    with pytest.raises(NotReady, match="give a file"), open_reader(tmp_path):
        pass


def test_a_stream_that_breaks_is_told():
    def broken():
        raise IsADirectoryError(21, "Is a directory")

    with pytest.raises(BadRecord, match="cannot be read any further"):
        next(Lines(broken))
