"""The book of offers remembers what was served when."""

from datetime import UTC, datetime, timedelta

from uptake.assistant.suggesting.book import SuggestionBook
from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs
from uptake.store.store import ArtifactStore

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
OFFER = "latent_goals:|A => |B"


def pairs(times, both):
    pair = GoalPair(
        scope=SHARED, source="|A", target="|B", times=30, homes=9, share=0.3, lift=9.0, npmi=0.6, p_value=1e-9
    )
    return GoalPairs.of([pair], {("ann", SHARED, "|A", "|B"): (times, both)})


def test_an_offer_is_found_as_it_was_proposed_at_a_moment(tmp_path):
    store = ArtifactStore(tmp_path / "artifacts")
    store.publish(pairs(4, 0), created_at=FIRST)
    store.publish(pairs(30, 25), created_at=FIRST + timedelta(days=2))
    book = SuggestionBook(tmp_path, {}, store)
    before, after = (book.offer_at("ann", OFFER, FIRST + timedelta(days=day)) for day in (1, 3))
    assert before.anyway < 0.3
    assert after.anyway > 0.7
    assert book.offer_at("ann", OFFER, FIRST - timedelta(days=1)) is None
    assert book.offer_at("ann", "latent_goals:|A => |C", FIRST + timedelta(days=1)) is None
    assert book.offer_at("ann", "rumours:x", FIRST + timedelta(days=1)) is None
