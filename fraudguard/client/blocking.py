"""The blocking client."""

import random
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, Self, TypeVar

import httpx2
import msgspec

from fraudguard.client import calls
from fraudguard.client.answers import Assessment, BatchLine, Entry, LateAssessment, Readiness, Vector, Version
from fraudguard.client.blocking_holds import BlockingHolds
from fraudguard.client.blocking_webhooks import BlockingWebhooks
from fraudguard.client.calls import AccountLike, Call, FindingLike, SignalLike, TransferLike
from fraudguard.client.connection import judge_answer, lost, request_of, sent_always
from fraudguard.client.failures import ApiError
from fraudguard.client.retries import Retries

__all__ = ["Client"]

Result = TypeVar("Result")
Mode = Literal["live", "shadow"]
_TIMEOUT_S: Final = 5.0
_PAGE: Final = 200


class Client(BlockingHolds, BlockingWebhooks):
    """The service, as one thread or many may use it.

    Parameters
    ----------
    url : str
        Where it listens, such as ``https://scoring.bank.example``.
    key : str
        An API key, ``fg_…``.
    timeout_s : float
        Longest wait for an answer, seconds, for each attempt; a batch has two minutes.
    retries : Retries or None
        When to ask again; None for four attempts.
    lang : {"zh", "en"}
        Language of the text of errors.
    http : httpx2.Client or None
        What sends; one of the client's own when not given. Certificates and proxies are set there.

    Examples
    --------
    >>> client = Client("http://127.0.0.1:8000", key, http=http)
    >>> answer = client.assess({
    ...     "transfer_id": "T-0001",
    ...     "event_time": "2026-03-01T15:59:52Z",
    ...     "amount": {"value": 1_880_926},
    ...     "payer": {"account_id": "a3644b02d0e"},
    ...     "payee": {"account_id": "ad2413cd481"},
    ... })
    >>> answer.intervention, answer.transfer_id
    ('allow', 'T-0001')
    >>> client.read_assessment(answer.id) == answer
    True
    >>> client.assess({"transfer_id": "T-0002"})
    Traceback (most recent call last):
        ...
    fraudguard.client.failures.RefusedError: 有 4 个字段不符合要求，详见 errors [invalid, request ...]
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_s: float = _TIMEOUT_S,
        retries: Retries | None = None,
        lang: Literal["zh", "en"] = "zh",
        http: httpx2.Client | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._headers = sent_always(key, lang)
        self._timeout_s = timeout_s
        self._retries = retries or Retries()
        self._http = http or httpx2.Client()
        self._owns_http = http is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless they were given."""
        if self._owns_http:
            self._http.close()

    def assess(self, transfer: TransferLike, *, mode: Mode = "live", idempotency_key: str | None = None) -> Assessment:
        """Return what to do about a transfer; sent again as needed, it is judged and counted once.

        Parameters
        ----------
        transfer : Transfer or mapping
            The transfer; a mapping is sent as it is.
        mode : {"live", "shadow"}
            Shadow for a trial, which no officer sees.
        idempotency_key : str or None
            Goes with every attempt; drawn when not given.

        Returns
        -------
        Assessment
            Durable at the service.

        Raises
        ------
        ReusedError
            If its `transfer_id` was sent with another content.
        RefusedError
            If a field does not fit; `errors` says which.
        UnavailableError
            If there was no answer after the last attempt.
        """  # raised where it is sent
        return self._send(calls.assess(transfer, idempotency_key, mode=mode))

    def assess_within(
        self, transfer: TransferLike, deadline_ms: int, *, mode: Mode = "live", idempotency_key: str | None = None
    ) -> Assessment | LateAssessment:
        """Return what to do about a transfer within a time, at the deadline what the service declared for its amount.

        Parameters
        ----------
        transfer : Transfer or mapping
            The transfer; a mapping is sent as it is.
        deadline_ms : int
            How long to wait, milliseconds, from the moment the service has the request.
        mode : {"live", "shadow"}
            Shadow for a trial, which no officer sees.
        idempotency_key : str or None
            Goes with every attempt; drawn when not given.

        Returns
        -------
        Assessment or LateAssessment
            The first is durable at the service; of the other the judgement follows, and `assess` gets it.

        Raises
        ------
        ReusedError
            If its `transfer_id` was sent with another content.
        RefusedError
            If a field does not fit; `errors` says which.
        UnavailableError
            If there was no answer after the last attempt.
        """  # raised where it is sent
        return self._send(calls.assess_within(transfer, idempotency_key, deadline_ms=deadline_ms, mode=mode))

    def assess_batch(
        self, transfers: Iterable[TransferLike], *, mode: Mode = "live", record: bool = True
    ) -> Iterator[BatchLine]:
        """Yield what came of many transfers, in their order; they are sent 2,000 at a time.

        Parameters
        ----------
        transfers : iterable of Transfer or mapping
            As many as there are; they are not held in memory.
        mode : {"live", "shadow"}
            Shadow for a trial, which no officer sees.
        record : bool
            False to estimate only: nothing enters the service's log.

        Yields
        ------
        BatchLine
            An assessment or an estimate, or the problem of this transfer; `line` counts from 1 over all.

        Raises
        ------
        ApiError
            If a whole batch was refused, or had no answer after the last attempt.
        """  # raised where it is sent
        for before, call in calls.batches(transfers, mode=mode, record=record):
            for line in self._send(call):
                yield msgspec.structs.replace(line, line=before + line.line)

    def read_assessment(self, assessment_id: str) -> Assessment:
        """Return an assessment as it was answered.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.

        Returns
        -------
        Assessment
            The same again.

        Raises
        ------
        MissingError
            If there is none.
        """  # raised where it is sent
        return self._send(calls.read_assessment(assessment_id))

    def list_assessments(
        self, *, transfer_id: str | None = None, intervention: str | None = None
    ) -> Iterator[Assessment]:
        """Yield assessments, the newest first, page by page.

        Parameters
        ----------
        transfer_id : str or None
            Only of this transfer.
        intervention : str or None
            Only those that recommend this.

        Yields
        ------
        Assessment
            As it was answered.
        """
        after: str | None = None
        while True:
            page = self._send(
                calls.list_assessments(after=after, limit=_PAGE, transfer_id=transfer_id, intervention=intervention)
            )
            yield from page.data
            if not page.has_more:
                return
            after = page.next_cursor

    def read_features(self, assessment_id: str) -> Vector:
        """Return the features that an assessment was made on.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.

        Returns
        -------
        Vector
            Every feature by name; None is missing.

        Raises
        ------
        MissingError
            If there is no such assessment.
        """  # raised where it is sent
        return self._send(calls.read_features(assessment_id))

    def add_transfer(self, transfer: TransferLike) -> Entry:
        """Let the windows see a transfer that was decided elsewhere.

        Parameters
        ----------
        transfer : Transfer or mapping
            It is not judged.

        Returns
        -------
        Entry
            Its place in the log.
        """
        return self._send(calls.add_transfer(transfer))

    def record_finding(self, finding: FindingLike) -> Entry:
        """Record what was found.

        Parameters
        ----------
        finding : Finding or mapping
            Gets an id when it has none, so that it is recorded once however often it is sent.

        Returns
        -------
        Entry
            Its id and its place in the log.
        """
        return self._send(calls.record_finding(finding))

    def report_signal(self, signal: SignalLike) -> Entry:
        """Report what the app, the operator, the bank or the police observed.

        Parameters
        ----------
        signal : Signal or mapping
            Gets an id when it has none, so that it is reported once however often it is sent.

        Returns
        -------
        Entry
            Its id and its place in the log.
        """
        return self._send(calls.report_signal(signal))

    def describe_account(self, account: AccountLike) -> Entry:
        """Say all that is known of an account; a later description takes the place of an earlier one.

        Parameters
        ----------
        account : Account or mapping
            As it is now.

        Returns
        -------
        Entry
            Its place in the log.
        """
        return self._send(calls.describe_account(account))

    def readiness(self) -> Readiness:
        """Return whether the service can answer, and which part cannot."""
        return self._send(calls.readiness())

    def version(self) -> Version:
        """Return what runs there."""
        return self._send(calls.version())

    def _send(self, call: Call[Result]) -> Result:
        request = request_of(call, self._url, headers=self._headers, timeout_s=self._timeout_s)
        attempt = 0
        while True:
            attempt += 1
            answer = self._ask(call, request)
            if not isinstance(answer, ApiError):
                return answer
            wait_s = self._retries.wait_s(attempt, answer, chance=random.random())  # noqa: S311  # spreads callers, no secret
            if wait_s is None:
                raise answer
            time.sleep(wait_s)

    def _ask(self, call: Call[Result], request: dict[str, Any]) -> Result | ApiError:
        try:
            return judge_answer(call, self._http.send(self._http.build_request(**request), follow_redirects=False))
        except httpx2.TransportError as error:
            return lost(error)
