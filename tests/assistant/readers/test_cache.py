"""ReadingCache: the same text in the same room is read once, and what was asked for longest ago goes first."""

from uptake.assistant.readers.cache import ReadingCache


def counting(most):
    read = []

    def reader(text, room):
        read.append((text, room))
        return f"{text} in {room}"

    return ReadingCache(reader, most=most), read


def test_the_same_text_in_the_same_room_is_read_once():
    remembered, read = counting(8)
    found = [remembered(text, room) for text, room in (("on", "Hall"), ("on", "Attic"), ("on", "Hall"))]
    assert found == ["on in Hall", "on in Attic", "on in Hall"]
    assert read == [("on", "Hall"), ("on", "Attic")]


def test_what_was_asked_for_longest_ago_is_read_again():
    remembered, read = counting(2)
    for text in ("a", "b", "a", "c", "b"):
        remembered(text, None)
    assert [text for text, _ in read] == ["a", "b", "c", "b"]
