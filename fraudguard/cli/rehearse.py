"""Judge transfers through the real service, in this process, without a network."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from fraudguard.progress import Progress

if TYPE_CHECKING:
    from fraudguard.features import OnlineFeatures
    from fraudguard.serve.scoring import ScoringService
    from fraudguard.serve.settings import Settings
    from fraudguard.serve.store import Store
    from fraudguard.transfer import Transfer

__all__ = ["rehearse"]

_AT_ONCE: Final = 500
_CANDIDATES: Final = 50


def rehearse(
    settings: "Settings", store: "Store", transfers: Sequence["Transfer"], *, progress: Progress
) -> "Transfer":
    """Judge and record transfers as the service does, and return one worth asking about next.

    Parameters
    ----------
    settings : Settings
        Names the model.
    store : Store
        Held by `Store.sole_writer`; its log is the past.
    transfers : sequence of Transfer
        In log order, at least one.
    progress : Progress
        Told how many are judged.

    Returns
    -------
    Transfer
        One of the transfers with a high score, as if ordered again a minute after the last.
    """
    return asyncio.run(_rehearse(settings, store, transfers, progress))


async def _rehearse(
    settings: "Settings", store: "Store", transfers: Sequence["Transfer"], progress: Progress
) -> "Transfer":
    from fraudguard.clock import SystemClock
    from fraudguard.serve.run import build_app

    app = build_app(settings, store=store, clock=SystemClock())
    scores: list[float] = []
    async with app.router.lifespan_context(app):
        await app.state.live.ready()
        for start in range(0, len(transfers), _AT_ONCE):
            scores += await _judge(app.state.parts.scoring, transfers[start : start + _AT_ONCE])
            progress(len(scores), len(transfers))
        return _worth_asking(settings, app.state.live.features, transfers, scores)


async def _judge(scoring: "ScoringService", transfers: Sequence["Transfer"]) -> list[float]:
    import msgspec

    from fraudguard.serve.scoring import ask_of

    replies = await asyncio.gather(*(scoring.assess(ask_of(transfer)) for transfer in transfers))
    return [float(msgspec.json.decode(reply.body)["score"]) for reply in replies]


def _worth_asking(
    settings: "Settings", features: "OnlineFeatures", transfers: Sequence["Transfer"], scores: Sequence[float]
) -> "Transfer":
    """Return the one of the highest that would score highest if it were ordered again now."""
    import msgspec

    from fraudguard.model.scorer import Scorer

    if settings.model is None:  # build_app has refused it
        return transfers[-1]
    scorer, now = Scorer.load(settings.model, features.plan), transfers[-1].event_time + timedelta(minutes=1)
    highest = sorted(range(len(scores)), key=lambda place: -scores[place])[:_CANDIDATES]
    again = [msgspec.structs.replace(transfers[place], event_time=now) for place in highest]
    return max(again, key=lambda transfer: scorer.score(features.query(transfer)).value)
