"""What happens is written down for those who ask in the transaction of its cause, or not at all."""

import msgspec
import pytest
from sqlalchemy import event

from fraudguard.column import to_ms
from fraudguard.errors import ConflictError, NotFoundError, NotReadyError
from fraudguard.serve.store import Store
from fraudguard.serve.store.holds import ActRow
from fraudguard.serve.store.rows import Record, log_row
from fraudguard.serve.store.webhooks import ACTIVE, DISABLED, EndpointRow
from fraudguard.webhook import EventType
from tests.fakes import START
from tests.serve.store.test_store import finding_on, record

EVERYTHING = tuple(sorted(event for event in EventType if event is not EventType.WEBHOOK_TEST))


def endpoint(endpoint_id: str = "W1", *events: str) -> EndpointRow:
    """Return an endpoint."""
    return EndpointRow(
        endpoint_id=endpoint_id, url="https://bank.example/", events=events or EVERYTHING, note=None, author="test",
        created_at_ms=0, state=ACTIVE, state_reason="by_person", failing_since_ms=None, sealed=b"\x00\x01",
    )  # fmt: skip


def told(store: Store, endpoint_id: str = "W1") -> list[tuple[str, dict[str, str]]]:
    """Return what is written down for an endpoint, the oldest first."""
    rows = store.outbox.page(endpoint_id, before=None, limit=99)
    return [(row.event_type, msgspec.json.decode(row.data)) for row in rows][::-1]


def act(act_id: str, kind: str) -> ActRow:
    """Return an act on a hold."""
    hold_s = 60 if kind == "extend" else None
    return ActRow(act_id=act_id, act=kind, hold_s=hold_s, reason_code="by_order", note=None, author="t", at_ms=5)


def test_an_endpoint_is_read_as_it_was_written(store: Store) -> None:
    """With what it asks for, and its secret sealed."""
    store.webhooks.add(endpoint())
    store.webhooks.add(endpoint("W2", "case.closed"))
    found = store.webhooks.get("W1")

    assert found == msgspec.structs.replace(endpoint(), place=found.place)
    assert [row.endpoint_id for row in store.webhooks.page(before=None, limit=9)] == ["W2", "W1"]
    assert [row.endpoint_id for row in store.webhooks.page(before=2, limit=9)] == ["W1"]
    with pytest.raises(ConflictError, match="just now"):
        store.webhooks.add(endpoint())
    with pytest.raises(NotFoundError, match="no webhook endpoint"):
        store.webhooks.get("W9")


def test_who_asks_for_nothing_is_told_nothing(store: Store) -> None:
    """Nothing is written down for it, nor for one that is disabled."""
    store.webhooks.add(endpoint("W1", "case.closed"))
    store.webhooks.add(endpoint("W2"))
    store.webhooks.set_state("W2", DISABLED, reason="by_person", at_ms=1, by="test")
    store.write([record(1, "T1")])

    assert (told(store), told(store, "W2")) == ([], [])


def test_judgements_that_recommend_something_are_told(store: Store) -> None:
    """Not an allowed transfer, which the answer tells, nor one in shadow."""
    store.webhooks.add(endpoint())
    store.write([
        record(1, "T1"),
        record(2, "T2", intervention="allow", tier=None, hold_s=None),
        record(3, "T3", mode="shadow"),
    ])

    assert told(store) == [("assessment.created", {"assessment_id": "asm_T1", "transfer_id": "T1"})]


def test_a_finding_and_a_release_are_told(store: Store) -> None:
    """An extension is not."""
    store.webhooks.add(endpoint("W1", "finding.recorded", "hold.released"))
    store.write([record(1, "T1"), Record(log_row(2, finding_on("T1"), START))])
    store.holds.act("asm_T1", act("A1", "extend"), lambda _hold: None)
    store.holds.act("asm_T1", act("A2", "release"), lambda _hold: None)

    assert told(store) == [
        ("finding.recorded", {"finding_id": "F1", "transfer_id": "T1"}),
        ("hold.released", {"assessment_id": "asm_T1", "transfer_id": "T1"}),
    ]


def test_a_case_whose_alerts_are_all_found_is_told_to_be_closed(store: Store) -> None:
    """Once, with its id."""
    store.webhooks.add(endpoint("W1", "case.closed"))
    store.write([record(1, "T1", decided_at_ms=to_ms(START))])
    store.gathering.gather()
    store.write([Record(log_row(2, finding_on("T1"), START))])
    store.gathering.gather()
    store.gathering.gather()
    ((kind, data),) = told(store)

    assert kind == "case.closed"
    assert data["case_id"].endswith("-1")


def test_what_did_not_happen_is_not_told(store: Store) -> None:
    """A transaction that fails leaves no event behind."""
    store.webhooks.add(endpoint())
    store.write([record(1, "T1")])
    before = told(store)
    with pytest.raises(NotReadyError):
        store.write([record(3, "T3")])

    def refuse(_hold: object) -> None:
        raise ConflictError("not now", "稍后再试")

    with pytest.raises(ConflictError, match="not now"):
        store.holds.act("asm_T1", act("A1", "release"), refuse)

    assert told(store) == before


def test_what_was_never_to_be_told_cannot_be_told_again(store: Store) -> None:
    """The id is named by the error."""
    store.webhooks.add(endpoint())

    with pytest.raises(NotFoundError, match="no such event"):
        store.outbox.again("W1", "evt_none", now_ms=0)


def test_who_asks_is_read_once_for_a_group(store: Store) -> None:
    """Not once for each of its judgements: callers wait for this transaction."""
    store.webhooks.add(endpoint())
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    store.write([record(number, f"T{number}") for number in range(1, 21)])
    event.remove(store.engine, "before_cursor_execute", note)

    assert len([one for one in asked if "webhook_subscription" in one]) == 1
    assert len(told(store)) == 20
