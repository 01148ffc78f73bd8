"""Judge one transfer, once: the spine of the service."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, replace
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.decision import Decision, Intervention, ListRule
from fraudguard.errors import ArtifactError, ConflictError, DataError, ReusedIdError
from fraudguard.serve.breaker import TRIPPED, Breaker
from fraudguard.serve.claims import Claim
from fraudguard.serve.judge import Judge, shadow_row
from fraudguard.serve.list_book import ListBook
from fraudguard.serve.live import LiveLog, seen_name
from fraudguard.serve.mode import Mode
from fraudguard.serve.naming import new_id
from fraudguard.serve.reply import TimingMs, encode_assessment
from fraudguard.serve.stopwatch import Stopwatch
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import DecisionRow, Kind, ShadowRow, encode_event
from fraudguard.serve.telemetry import Telemetry
from fraudguard.transfer import Transfer

__all__ = ["Ask", "Reply", "ReusedKeyError", "ScoringService", "ask_of"]

_reasons_encoder: Final = msgspec.json.Encoder()
_KINDS: Final = {Mode.LIVE: b"assessment\n", Mode.SHADOW: b"assessment in shadow\n"}


class ReusedKeyError(DataError):
    """The same idempotency key came with another content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request to judge a transfer.

    Parameters
    ----------
    transfer : Transfer
        What to judge.
    fingerprint : bytes
        SHA-256 of the request's meaning; equal for equal requests.
    body : bytes
        The transfer as the log keeps it.
    names : tuple of str
        What must not be worked on twice: the transfer, and the key if there is one.
    idempotency_key : str or None
        As sent.
    mode : Mode
        Whether the answer is acted on.
    """

    transfer: Transfer
    fingerprint: bytes
    body: bytes
    names: tuple[str, ...]
    idempotency_key: str | None = None
    mode: Mode = Mode.LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer.

    Parameters
    ----------
    assessment_id : str
        Its id.
    body : bytes
        What is sent, the same each time.
    replayed : bool
        Whether it had been answered before.
    """

    assessment_id: str
    body: bytes
    replayed: bool = False


def ask_of(transfer: Transfer, idempotency_key: str | None = None, *, mode: Mode = Mode.LIVE) -> Ask:
    """Return the request to judge a transfer.

    Parameters
    ----------
    transfer : Transfer
        What to judge.
    idempotency_key : str or None
        As sent.
    mode : Mode
        Whether the answer is acted on.

    Returns
    -------
    Ask
        With the fingerprint filled in.
    """
    body = encode_event(transfer)
    fingerprint = hashlib.sha256(_KINDS[mode] + body).digest()
    by_transfer = seen_name(Kind.TRANSFER, transfer.transfer_id)
    names = (by_transfer,) if idempotency_key is None else (by_transfer, seen_name("key", idempotency_key))
    return Ask(
        transfer=transfer, fingerprint=fingerprint, body=body, names=names, idempotency_key=idempotency_key, mode=mode
    )


class ScoringService:
    """Judges transfers in the order in which they take their place in the log."""

    def __init__(  # noqa: PLR0913  # the parts of the spine, each by name
        self,
        *,
        live: LiveLog,
        store: Store,
        judge: Judge,
        clock: Clock,
        telemetry: Telemetry,
        breaker: Breaker,
        lists: ListBook,
        shadow: Judge | None = None,
    ) -> None:
        self._live = live
        self._breaker = breaker
        self._lists = lists
        self._store = store
        self._judge = judge
        self._shadow = shadow
        self._clock = clock
        self._telemetry = telemetry
        self._claims = live.claims
        self.can_score = True

    async def assess(self, ask: Ask) -> Reply:
        """Return the answer to a request, once it is durable; the first answer if there is one."""
        self._live.require_ready()
        running = self._find_running(ask)
        if running is not None:
            first: Reply = await self._claims.wait(running)
            reply = replace(first, replayed=True)
        else:
            reply = await self._answer(ask)
        if reply.replayed:
            self._telemetry.replays.inc()
        return reply

    async def _answer(self, ask: Ask) -> Reply:
        claim = self._claims.take(ask.names, ask.fingerprint)
        reply: Reply = await self._claims.work(claim, self._start(ask, claim))
        return reply

    async def _start(self, ask: Ask, claim: Claim) -> None:
        earlier = await self._find_earlier(ask)
        if earlier is None:
            self._decide(ask, claim)
        else:
            self._claims.fulfil(claim, earlier)

    def _decide(self, ask: Ask, claim: Claim) -> None:
        # One step: nothing may be awaited between query and append.
        watch = Stopwatch(time.perf_counter())
        vector = self._live.features.query(ask.transfer)
        watch.queried = time.perf_counter()
        decision = self._judged(ask.transfer, vector)
        decision = decision.under(self._lists.hits(ask.transfer, at=decision.decided_at), self._judge.policy.lists)
        if ask.mode is Mode.LIVE:
            decision = self._kept_within(decision)
        watch.decided = watch.explained = time.perf_counter()
        if decision.intervention is not Intervention.ALLOW:
            decision = decision.with_reasons(self._judge.scorer.reasons(vector))
            watch.explained = time.perf_counter()
        rule = self._judge.policy.lists
        row = _decision_row(ask, decision, vector=vector, timing=_timing(watch), rule=rule)
        shadow = self._in_shadow(decision, vector)
        durable = self._live.append(
            ask.transfer, received_at=decision.decided_at, decision=row, shadow=shadow, body=ask.body
        )
        durable.add_done_callback(lambda done: self._settle(claim, row, done, watch=watch))

    def _judged(self, transfer: Transfer, vector: NDArray[np.float64]) -> Decision:
        try:
            decision = self._judge.decide(transfer, vector, at=self._clock.now())
        except ArtifactError:
            self.can_score = False
            raise
        self.can_score = True
        return decision

    def _kept_within(self, decision: Decision) -> Decision:
        passed = self._breaker.pass_on(decision)
        if passed is not decision:
            self._telemetry.count_degraded(TRIPPED)
        return passed

    def _in_shadow(self, decision: Decision, vector: NDArray[np.float64]) -> ShadowRow | None:
        if self._shadow is None:
            return None
        row = shadow_row(self._shadow, decision, vector)
        if row is None:
            self._telemetry.shadow_failures.inc()
        return row

    def _settle(self, claim: Claim, row: DecisionRow, durable: asyncio.Future[None], *, watch: Stopwatch) -> None:
        self._telemetry.note_times(watch, settled=time.perf_counter())
        if self._claims.settle(claim, Reply(assessment_id=row.assessment_id, body=row.reply), durable):
            self._telemetry.count_decision(Intervention(row.intervention))

    def _find_running(self, ask: Ask) -> Claim | None:
        for name in reversed(ask.names):
            claim = self._claims.find(name)
            if claim is not None:
                _require_same(ask, claim.fingerprint, by_key=name.startswith("key:"))
                return claim
        return None

    async def _find_earlier(self, ask: Ask) -> Reply | None:
        for name in ask.names:
            if self._live.seen.may_contain(name):
                return await asyncio.to_thread(self._look_up, ask)
        return None

    def _look_up(self, ask: Ask) -> Reply | None:
        decisions = self._store.decisions
        by_key = None if ask.idempotency_key is None else decisions.find_by_key(ask.idempotency_key)
        found = by_key or decisions.find_by_transfer(ask.transfer.transfer_id)
        if found is not None:
            _require_same(ask, found.request_sha256, by_key=by_key is not None)
            return Reply(assessment_id=found.assessment_id, body=found.reply, replayed=True)
        if self._store.log.find(Kind.TRANSFER, ask.transfer.transfer_id) is not None:
            raise ConflictError(
                "this transfer entered the log without being judged; it cannot be judged afterwards",
                "该转账已直接入库而未经评估，不能事后评估",
            )
        return None


def _require_same(ask: Ask, fingerprint: bytes, *, by_key: bool) -> None:
    if ask.fingerprint == fingerprint:
        return
    if by_key:
        raise ReusedKeyError(
            "this Idempotency-Key was used with another request; use a new key",
            "该 Idempotency-Key 已用于另一请求；请换一个",
        )
    raise ReusedIdError(
        "this transfer_id was sent with another content; the first answer stands, use a new id for another transfer",
        "该 transfer_id 已带其他内容提交过；以首次答复为准，另一笔转账请用新编号",
    )


def _decision_row(
    ask: Ask, decision: Decision, *, vector: NDArray[np.float64], timing: TimingMs, rule: ListRule
) -> DecisionRow:
    assessment_id = new_id("asm", decision.decided_at)
    return DecisionRow(
        assessment_id=assessment_id,
        transfer_id=ask.transfer.transfer_id,
        intervention=decision.intervention.value,
        tier=None if decision.tier is None else decision.tier.value,
        hold_s=decision.hold_s,
        score=decision.score,
        expected_loss_fen=round(decision.score * ask.transfer.amount_fen),
        reasons=_reasons_encoder.encode(decision.reasons).decode(),
        model_version=decision.versions.model,
        features_fingerprint=decision.versions.features,
        policy_version=decision.versions.policy,
        features=vector.tobytes(),
        request_sha256=ask.fingerprint,
        idempotency_key=ask.idempotency_key,
        reply=encode_assessment(assessment_id, decision, timing, rule=rule, mode=ask.mode),
        decided_at_ms=to_ms(decision.decided_at),
        mode=ask.mode.value,
    )


def _timing(watch: Stopwatch) -> TimingMs:
    return TimingMs(
        features=_ms(watch.started, watch.queried),
        model=_ms(watch.queried, watch.decided),
        reasons=_ms(watch.decided, watch.explained),
        total=_ms(watch.started, watch.explained),
    )


def _ms(since: float, until: float) -> float:
    return round(1e3 * (until - since), 3)
