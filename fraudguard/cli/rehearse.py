"""Judge transfers through the real service, in this process, without a network."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from fraudguard.column import Event
from fraudguard.progress import Progress

if TYPE_CHECKING:
    from fraudguard.features import OnlineFeatures
    from fraudguard.serve.api.parts import Parts
    from fraudguard.serve.settings import Settings
    from fraudguard.serve.store import Store
    from fraudguard.transfer import Transfer

__all__ = ["rehearse"]

_AT_ONCE: Final = 500
_CANDIDATES: Final = 50


def rehearse(settings: "Settings", store: "Store", events: Sequence[Event], *, progress: Progress) -> "Transfer":
    """Judge and record transfers as the service does, other events between them, and return one worth asking about next.

    Parameters
    ----------
    settings : Settings
        Names the model.
    store : Store
        Held by `Store.sole_writer`; its log is the past.
    events : sequence of Event
        In log order, at least one transfer among them.
    progress : Progress
        Told how many have taken their place.

    Returns
    -------
    Transfer
        One of the transfers with a high score, as if ordered again a minute after the last.
    """
    return asyncio.run(_rehearse(settings, store, events, progress))


async def _rehearse(settings: "Settings", store: "Store", events: Sequence[Event], progress: Progress) -> "Transfer":
    from fraudguard.clock import SystemClock
    from fraudguard.serve.run import build_app

    app = build_app(settings, store=store, clock=SystemClock())
    judged: list[tuple[Transfer, float]] = []
    async with app.router.lifespan_context(app):
        await app.state.live.ready()
        for start in range(0, len(events), _AT_ONCE):
            group = events[start : start + _AT_ONCE]
            entered = await asyncio.gather(*(_enter(app.state.parts, event) for event in group))
            judged += [one for one in entered if one is not None]
            progress(start + len(group), len(events))
        return _worth_asking(settings, app.state.live.features, judged)


async def _enter(parts: "Parts", event: Event) -> "tuple[Transfer, float] | None":
    """Let an event take its place in the log; return a transfer with its score."""
    import msgspec

    from fraudguard.serve.scoring import ask_of
    from fraudguard.transfer import Transfer

    if not isinstance(event, Transfer):
        await parts.intake.add(event)
        return None
    reply = await parts.scoring.assess(ask_of(event))
    return event, float(msgspec.json.decode(reply.body)["score"])


def _worth_asking(
    settings: "Settings", features: "OnlineFeatures", judged: "Sequence[tuple[Transfer, float]]"
) -> "Transfer":
    """Return the one of the highest that would score highest if it were ordered again now."""
    import msgspec

    from fraudguard.model.registry import live_folder
    from fraudguard.model.scorer import Scorer

    last = judged[-1][0]
    if settings.model is None:  # build_app has refused it
        return last
    scorer, now = Scorer.load(live_folder(settings.model), features.plan), last.event_time + timedelta(minutes=1)
    highest = sorted(judged, key=lambda one: -one[1])[:_CANDIDATES]
    again = [msgspec.structs.replace(transfer, event_time=now) for transfer, _ in highest]
    return max(again, key=lambda transfer: scorer.score(features.query(transfer)).value)
