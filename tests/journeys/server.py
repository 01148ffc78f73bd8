"""A whole service in a process of its own, with the test model: ``python -m tests.journeys.server``.

Settings come from the environment, as for `fraudguard serve`.
"""

from fraudguard.clock import SystemClock
from fraudguard.serve.app import create_app
from fraudguard.serve.judge import Judge
from fraudguard.serve.run import run_app
from fraudguard.serve.settings import load_settings
from fraudguard.serve.store import Store
from tests.serve.fakes import PLAN, POLICY, FakeScorer


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    store = Store.open(settings.database)
    app = create_app(
        settings, judge=Judge(scorer=FakeScorer(), policy=POLICY), plan=PLAN, store=store, clock=SystemClock()
    )
    run_app(app, settings, store)


if __name__ == "__main__":
    main()
