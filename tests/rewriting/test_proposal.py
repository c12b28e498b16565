"""Fusing candidates: one a text, with what those closest to the speaker know first."""

from itertools import permutations

from uptake.rewriting.proposal import Candidate, fuse

EVERYBODYS = Candidate(text="play jazz", layer="global", origins=(("letters", 0.8),), users=12, wins=3.0)
OF_THE_HOME = Candidate(text="play jazz", layer="home", origins=(("names", 0.7),))
OWN = Candidate(text="play jazz", layer="personal", origins=(("letters", 0.9), ("own", 0.6)), wins=4.0)


def test_the_layer_closest_to_the_speaker_wins_in_any_order():
    for found in permutations([EVERYBODYS, OF_THE_HOME, OWN]):
        one = fuse(found)[0]
        assert (one.layer, one.users, one.wins) == ("personal", 12, 4.0)
        assert one.origins == (("letters", 0.9), ("names", 0.7), ("own", 0.6))


def test_what_stands_alone_is_left_as_it_is():
    other = Candidate(text="play rock", layer="global", origins=(("letters", 0.95),))
    assert fuse([EVERYBODYS, other]) == (other, EVERYBODYS)
