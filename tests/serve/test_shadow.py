"""A model in shadow at a running service: it judges everything and changes nothing."""

import msgspec

from fraudguard.serve.settings import Settings
from tests.serve.fakes import FakeScorer, body_of, running


class Failing(FakeScorer):
    """A model that cannot score."""

    def score(self, vector: object) -> None:  # type: ignore[override]
        """Fail, as a model made for other features may.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError(vector)


def test_shadow_is_stored_beside_the_decision(settings: Settings) -> None:
    """The answer is the live model's; what the one in shadow says is kept, under its own version."""
    with running(settings, shadow=FakeScorer(version="fake-2", fixed=0.95)) as service:
        service.scorer.fixed = 0.1
        answer = service.assess(body_of())
        (pair,) = service.store.shadows.read("fake-2")
        version = service.client.get("/version").json()

    assert answer.json()["intervention"] == "allow"
    assert (pair.live_tier, pair.live_score, pair.shadow_tier, pair.shadow_score) == (None, 0.1, "urgent", 0.95)
    assert (version["model"], version["shadow"]) == ("fake-1", "fake-2")


def test_failing_shadow_costs_nobody_an_answer(settings: Settings) -> None:
    """The live answer goes out; the failure is counted."""
    with running(settings, shadow=Failing(version="fake-2")) as service:
        answer = service.assess(body_of())
        metrics = service.client.get("/metrics").text
        versions = service.store.shadows.versions()

    assert answer.status_code == 200
    assert "fraudguard_shadow_failures_total 1.0" in metrics
    assert versions == {}


def test_without_a_shadow_nothing_is_stored(settings: Settings) -> None:
    """No model in shadow, no row, and the version says so."""
    with running(settings) as service:
        answer = service.assess(body_of())
        versions = service.store.shadows.versions()
        version = service.client.get("/version").json()

    assert msgspec.json.decode(answer.content)["versions"]["model"] == "fake-1"
    assert versions == {}
    assert version["shadow"] is None
