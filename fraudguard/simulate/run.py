"""The run of a world: block after block is settled, written, and forgotten."""

from dataclasses import dataclass, field

import numpy as np

from fraudguard.simulate.account_cards import (
    account_frame,
    first_cards,
    layers_of,
    stopped_by_mistake,
    stopped_cards,
)
from fraudguard.simulate.findings import FINDING, Reports, find, payee_signals
from fraudguard.simulate.frames import finding_frame, signal_frame, transfer_frame, truth_frame
from fraudguard.simulate.ledger import Ledger, Settled
from fraudguard.simulate.orders import ORDER, Orders
from fraudguard.simulate.outbox import Outbox
from fraudguard.simulate.rerouting import reroute
from fraudguard.simulate.rhythm import MINUTE_MS, Block
from fraudguard.simulate.sessions import app_signals, choose_channels, draw_sessions
from fraudguard.simulate.signals import SIGNAL, bank_signals
from fraudguard.simulate.stage import Made, Stage
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import Scene
from fraudguard.tables.piecewise import PieceWriter

__all__ = ["Run"]

_FOREVER: int = np.iinfo(np.int64).max
_PASSING_ON_MS = 25 * MINUTE_MS


@dataclass(slots=True)
class _Told:
    """How many rows of each table were written."""

    transfers: int = 0
    signals: int = 0
    findings: int = 0


@dataclass(slots=True)
class Run:
    """Everything that goes on from one block to the next.

    Parameters
    ----------
    stage : Stage
        World and plan.
    writer : PieceWriter
        Where the tables go.
    """

    stage: Stage
    writer: PieceWriter
    _ledger: Ledger = field(init=False)
    _later: Orders = field(init=False)
    _blocked_ms: IntArray = field(init=False)
    _reports: Reports = field(init=False)
    _layers: IntArray = field(init=False)
    _cards: Outbox = field(init=False)
    _signals: Outbox = field(init=False)
    _findings: Outbox = field(init=False)
    _told: _Told = field(init=False, default_factory=_Told)

    def __post_init__(self) -> None:
        world, plan = self.stage.world, self.stage.plan
        self._ledger, self._later = Ledger(world), np.zeros(0, ORDER)
        self._blocked_ms = np.full(world.population.size, _FOREVER)
        passing_on = world.stream("passing on").lognormal(np.log(_PASSING_ON_MS), 0.8, plan.cases)
        self._reports = Reports(plan.kind, np.full(plan.cases, -1), passing_on.astype(np.int64), plan.gang_of)
        self._layers = layers_of(plan.gangs, accounts=world.population.size)
        self._cards, self._signals, self._findings = first_cards(world), Outbox(SIGNAL), Outbox(FINDING)
        self._stop(*stopped_by_mistake(world))

    def play(self, block: Block, made: Made) -> None:
        """Settle and write a block; blocks come in their order.

        Parameters
        ----------
        block : Block
            The days.
        made : Made
            What begins in them.
        """
        scene = Scene(self.stage.world, block)
        self._take(scene, made)
        due = self._due(scene, made.orders)
        reroute(due, self.stage.plan, layers=self._layers, blocked_ms=self._blocked_ms)
        settled = self._ledger.settle(due, blocked_ms=self._blocked_ms)
        self._ledger.forget(before_ms=scene.until_ms, parents=self._later["parent"])
        self._write_transfers(scene, settled)
        self._write_due(from_ms=scene.start_ms, until_ms=scene.until_ms)

    def finish(self) -> None:
        """Write what is received after the last day; signals that late help nobody."""
        until_ms = self.stage.world.period.until_ms
        self._signals = Outbox(SIGNAL)
        self._write_due(from_ms=until_ms, until_ms=_FOREVER)

    def _take(self, scene: Scene, made: Made) -> None:
        self._reports.report_ms[made.cases] = made.report_ms
        rng = scene.stream("stops")
        self._signals.add(made.signals)
        self._signals.add(payee_signals(rng, made.blocked, made.blocked_ms))
        self._stop(made.blocked, made.blocked_ms)

    def _stop(self, accounts: IntArray, moment_ms: IntArray) -> None:
        np.minimum.at(self._blocked_ms, accounts, moment_ms)
        first = np.unique(accounts)
        self._cards.add(stopped_cards(self.stage.world, first, self._blocked_ms[first]))

    def _due(self, scene: Scene, orders: Orders) -> Orders:
        waiting = np.concatenate([self._later, orders])
        now = waiting["time_ms"] < scene.until_ms
        self._later = waiting[~now]
        due: Orders = waiting[now]
        return due

    def _write_transfers(self, scene: Scene, settled: Settled) -> None:
        plan, first = self.stage.plan, self._told.transfers + 1
        choose_channels(scene, scene.stream("channels"), settled.orders)
        sessions = draw_sessions(scene, scene.stream("sessions"), settled.orders)
        self._signals.add(bank_signals(scene, settled.orders))
        self._signals.add(app_signals(scene, scene.stream("app signals"), settled.orders, sessions=sessions))
        self._findings.add(find(scene, settled.orders, first, reports=self._reports))
        self.writer.append("transfers", transfer_frame(scene, settled, sessions, first=first, gang_of=plan.gang_of))
        self.writer.append_truth(truth_frame(settled, first=first, plan=plan))
        self._told.transfers += len(settled.orders)

    def _write_due(self, *, from_ms: int, until_ms: int) -> None:
        world, plan, told = self.stage.world, self.stage.plan, self._told
        cards = self._cards.due(from_ms=world.period.start_ms, until_ms=until_ms)
        signals = self._signals.due(from_ms=from_ms, until_ms=until_ms)
        findings = self._findings.due(from_ms=from_ms, until_ms=until_ms)
        self.writer.append("accounts", account_frame(world, cards, layers=self._layers))
        self.writer.append("signals", signal_frame(world, signals, first=told.signals + 1))
        self.writer.append("findings", finding_frame(plan, findings, first=told.findings + 1))
        told.signals += len(signals)
        told.findings += len(findings)
