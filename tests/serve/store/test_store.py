"""The contract of the store, the same on SQLite and PostgreSQL."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from fraudguard.errors import ConflictError, DefinitionError, NotFoundError, NotReadyError
from fraudguard.finding import Finding, FindingValue
from fraudguard.serve.store import Store
from fraudguard.serve.store.keys import KeyRow
from fraudguard.serve.store.late_answers import LateAnswer
from fraudguard.serve.store.officers import OfficerRow
from fraudguard.serve.store.rows import DecisionRow, Kind, Record, ShadowRow, encode_event, log_row
from fraudguard.serve.store.sessions import AttemptRow, SessionRow
from fraudguard.serve.store.tables import decision, late_answer, log, metadata
from tests.fakes import START, make_transfer


def decided(transfer_id: str, **fields: object) -> DecisionRow:
    """Return a decision, an alert of tier high unless told."""
    plain = {
        "assessment_id": f"asm_{transfer_id}",
        "transfer_id": transfer_id,
        "intervention": "delay_settlement",
        "tier": "high",
        "hold_s": 60,
        "score": 0.5,
        "expected_loss_fen": 5_000,
        "reasons": "[]",
        "model_version": "m",
        "features_fingerprint": "f",
        "policy_version": "p",
        "features": b"\x00\x01",
        "request_sha256": b"h" * 32,
        "idempotency_key": None,
        "reply": b'{"a":1}',
        "decided_at_ms": 1,
    }
    return DecisionRow(**{**plain, **fields})  # type: ignore[arg-type]


def record(seq: int, transfer_id: str, **fields: object) -> Record:
    """Return a transfer with its decision."""
    return Record(log_row(seq, make_transfer(transfer_id), START), decided(transfer_id, **fields))


def finding_on(transfer_id: str, finding_id: str = "F1") -> Finding:
    """Return a finding."""
    return Finding(
        finding_id=finding_id,
        finding=FindingValue.GENUINE,
        event_time=START,
        received_at=START,
        transfer_id=transfer_id,
    )


def test_what_is_written_is_read(store: Store) -> None:
    """A record comes back as it was, in log order."""
    store.write([record(1, "T1", idempotency_key="k1"), record(2, "T2")])

    assert [row.event_id for row in store.log.read()] == ["T1", "T2"]
    assert next(store.log.read()).event == make_transfer("T1")
    assert store.decisions.get("asm_T1") == decided("T1", idempotency_key="k1")
    assert store.decisions.find_by_key("k1") == store.decisions.find_by_transfer("T1")
    assert list(store.decisions.read_keys()) == ["k1"]
    assert list(store.decisions.read_keys(after=1)) == []
    assert [row.event_id for row in store.log.find_places([2, 1, 0, 3])] == ["T1", "T2"]
    assert list(store.decisions.read_features()) == [("T1", b"\x00\x01"), ("T2", b"\x00\x01")]
    assert (store.log.last_place(), store.log.count()) == (2, 2)


def test_shadow_judgements_are_read_beside_decisions(store: Store) -> None:
    """Each comes with what was decided on the same transfer, by version, the latest version first."""
    rows = [
        ShadowRow(model_version=version, policy_version="p", intervention="allow", tier=None, score=0.25)
        for version in ("m-1", "m-2")
    ]
    first, second = (
        Record(log_row(place, make_transfer(name), START), decided(name), row)
        for (place, name), row in zip([(1, "T1"), (2, "T2")], rows, strict=True)
    )
    store.write([first, second, record(3, "T3")])
    (pair,) = store.shadows.read("m-2")

    assert list(store.shadows.versions().items()) == [("m-2", 1), ("m-1", 1)]
    assert (pair.seq, pair.transfer_id, pair.live_version, pair.live_tier) == (2, "T2", "m", "high")
    assert (pair.live_score, pair.shadow_tier, pair.shadow_score) == (0.5, None, 0.25)


def test_vectors_are_read_from_a_place_on(store: Store) -> None:
    """Vectors come in log order, each with its place; the last so many stand after a place that can be asked for."""
    store.write([record(1, "T1"), Record(log_row(2, finding_on("T1"), START)), record(3, "T2"), record(4, "T3")])
    decisions = store.decisions

    places = [decisions.place_before_last(count) for count in (0, 1, 2, 3, 99)]
    vectors = list(decisions.read_vectors())

    assert [(one.seq, one.transfer_id, one.features_fingerprint) for one in vectors] == [
        (1, "T1", "f"), (3, "T2", "f"), (4, "T3", "f"),
    ]  # fmt: skip
    assert {one.features for one in vectors} == {b"\x00\x01"}
    assert places == [4, 3, 1, 0, 0]
    assert [one.seq for one in decisions.read_vectors(after=places[2])] == [3, 4]


def test_absent_things_are_none_or_an_error(store: Store) -> None:
    """What is looked for by `find` may be absent; what is asked for by `get` must be there."""
    with pytest.raises(NotFoundError):
        store.decisions.get("asm_none")
    with pytest.raises(NotFoundError):
        store.cases.get("none")

    assert store.log.find(Kind.TRANSFER, "none") is None
    assert store.decisions.find_by_transfer("none") is None
    assert (store.log.last_place(), store.log.count()) == (0, 0)


def test_a_group_is_whole_or_absent(store: Store) -> None:
    """When one record of a group cannot be written, none is."""
    with pytest.raises(DatabaseError):
        store.write([record(1, "T1"), record(2, "T1")])

    assert store.log.count() == 0


@pytest.mark.parametrize(
    "statement", [update(log).values(body=b""), delete(log), update(decision).values(score=0.0), delete(decision)]
)
def test_log_and_decision_are_final(store: Store, statement: object) -> None:
    """The database itself refuses to change or remove an event or a decision."""
    store.write([record(1, "T1")])

    with store.engine.begin() as connection, pytest.raises(DatabaseError, match="never changed"):
        connection.execute(statement)  # type: ignore[call-overload]


def test_a_decision_needs_its_transfer(store: Store) -> None:
    """A decision without an event in the log is refused."""
    with store.engine.begin() as connection, pytest.raises(DatabaseError):
        connection.execute(
            decision.insert(), {"seq": 9, **{f: getattr(decided("T9"), f) for f in DecisionRow.__struct_fields__}}
        )


def test_findings_are_found_by_transfer(store: Store) -> None:
    """The findings on a transfer are read without the rest of the log."""
    store.write([record(1, "T1"), record(2, "T2"), Record(log_row(3, finding_on("T1"), START))])

    assert [row.event_id for row in store.log.findings_on("T1")] == ["F1"]
    assert [row.event_id for row in store.log.find_many(Kind.FINDING, ["F1", "F2"])] == ["F1"]


def test_migrations_make_what_tables_say(store: Store) -> None:
    """After all migrations the database equals `tables.py`; a second upgrade changes nothing."""
    store.upgrade()
    with store.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)

    assert difference == []
    store.require_current()


def test_only_one_writer(store: Store) -> None:
    """A second process cannot append to the same log."""
    other = Store.open(store.engine.url.render_as_string(hide_password=False))
    with store.sole_writer(), pytest.raises(ConflictError), other.sole_writer():
        pass
    with other.sole_writer():
        pass
    other.close()


def test_officers_sessions_attempts(store: Store) -> None:
    """An officer has one session at a time, and none once disabled."""
    row = OfficerRow(
        name="o1",
        password_hash="h",  # noqa: S106  # no hash of anything
        must_change_password=True,
        role="officer",
        disabled=False,
        created_at_ms=1,
    )
    store.officers.add(row)
    with pytest.raises(ConflictError):
        store.officers.add(row)
    store.sessions.start(SessionRow(digest="a", officer="o1", created_at_ms=1, seen_at_ms=1))
    store.sessions.start(SessionRow(digest="b", officer="o1", created_at_ms=1, seen_at_ms=1))
    store.sessions.touch("b", 5)
    first, second = store.sessions.find("a"), store.sessions.find("b")
    store.officers.disable("o1")
    with pytest.raises(NotFoundError):
        store.officers.disable("nobody")

    assert first is None
    assert second == SessionRow(digest="b", officer="o1", created_at_ms=1, seen_at_ms=5)
    assert store.sessions.find("b") is None
    assert [officer.disabled for officer in store.officers.list()] == [True]


def test_attempts_are_replaced_and_forgotten(store: Store) -> None:
    """The count under a name is replaced, old ones vanish, a success clears it."""
    store.attempts.put(AttemptRow(name="old", failures=1, last_at_ms=1, locked_until_ms=0), forget_before_ms=0)
    store.attempts.put(AttemptRow(name="a", failures=1, last_at_ms=9, locked_until_ms=0), forget_before_ms=5)
    store.attempts.put(AttemptRow(name="a", failures=2, last_at_ms=9, locked_until_ms=0), forget_before_ms=5)
    counted = store.attempts.find("a")
    store.attempts.clear("a")

    assert counted is not None
    assert counted.failures == 2
    assert (store.attempts.find("old"), store.attempts.find("a")) == (None, None)


def test_keys_are_revoked_not_removed(store: Store) -> None:
    """A revoked key stays in the list."""
    store.keys.add(KeyRow(prefix="p1", name="n", digest="d", scopes="read", created_at_ms=1))
    store.keys.revoke("p1", 7)
    with pytest.raises(NotFoundError):
        store.keys.revoke("p2", 7)

    assert [(key.prefix, key.revoked_at_ms) for key in store.keys.list()] == [("p1", 7)]


def test_an_absent_file_is_not_made_by_asking(tmp_path: Path) -> None:
    """A misspelt path is refused with the command that mends it, and no empty file is left there."""
    absent = Store.open(f"sqlite:///{tmp_path}/absent.db")

    with pytest.raises(NotReadyError, match="db init"):
        absent.require_current()
    absent.close()

    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    """A database that was never migrated is refused with the command that mends it."""
    (tmp_path / "bare.db").touch()
    bare = Store.open(f"sqlite:///{tmp_path}/bare.db")

    with pytest.raises(NotReadyError, match="db upgrade"):
        bare.require_current()
    bare.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "no url", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    """Only a SQLite file and PostgreSQL are accepted."""
    with pytest.raises(DefinitionError):
        Store.open(url)


def test_backup_copies_a_database(store: Store, tmp_path: Path) -> None:
    """A backup of SQLite holds what was there; PostgreSQL is sent to pg_dump; nothing is overwritten."""
    out = tmp_path / "copy.db"
    store.write([record(1, "T1")])
    if store.engine.dialect.name == "postgresql":
        with pytest.raises(DefinitionError, match="pg_dump"):
            store.backup(out)
        return
    store.backup(out)
    copy = Store.open(f"sqlite:///{out}")
    events = copy.log.count()
    copy.close()
    with pytest.raises(ConflictError):
        store.backup(out)

    assert events == 1


def test_sqlite_is_durable(tmp_path: object) -> None:
    """SQLite runs in WAL mode and syncs at each commit."""
    opened = Store.open(f"sqlite:///{tmp_path}/a.db")
    with opened.engine.connect() as connection:
        modes = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    opened.close()

    assert modes == ["wal", 2, 1]


def test_equal_events_have_equal_bytes() -> None:
    """The body of an event depends on what it says and nothing else."""
    assert encode_event(make_transfer("T1")) == encode_event(make_transfer("T1"))
    assert encode_event(make_transfer("T1")) != encode_event(make_transfer("T2"))


def test_the_log_goes_on_where_it_ends(store: Store) -> None:
    """A record for a place that is not the next is refused, and nothing is written."""
    store.write([record(1, "T1")])

    with pytest.raises(NotReadyError, match="not the one"):
        store.write([record(3, "T3")])
    assert store.log.count() == 1


def test_errors_of_the_database_carry_no_values(store: Store) -> None:
    """What a failed write says holds no account and no body: it may reach the operator's log."""
    store.write([record(1, "T1")])

    with pytest.raises(DatabaseError) as caught:
        store.write([record(2, "T1")])
    assert make_transfer("T1").payer_account_id not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path: Path) -> None:
    """A folder that is not there, or a file of another kind, is told with a way to mend it."""
    other = tmp_path / "other.db"
    other.write_text("not a database", "utf-8")

    for path in (tmp_path / "none" / "store.db", other):
        store = Store.open(f"sqlite:///{path}")
        with pytest.raises(NotReadyError, match="check its address"):
            store.log.count()
        store.close()


def test_what_was_held_is_read_since_a_moment(store: Store) -> None:
    """Live decisions with a hold, and how much each held."""
    store.write([
        record(1, "T1", decided_at_ms=5),
        record(2, "T2", decided_at_ms=10),
        record(3, "T3", decided_at_ms=11, mode="shadow"),
        record(4, "T4", decided_at_ms=12, hold_s=None),
    ])

    assert store.decisions.read_held(since_ms=6) == [(10, make_transfer("T2").amount_fen)]


def test_a_late_answer_is_noted_once(store: Store) -> None:
    """The first that a caller was told stands, and nobody changes it."""
    store.write([record(1, "T1")])
    store.late_answers.add("asm_T1", LateAnswer(told="allow", deadline_ms=20, told_at_ms=5))
    store.late_answers.add("asm_T1", LateAnswer(told="remind", deadline_ms=30, told_at_ms=6))

    assert store.late_answers.find("asm_T1") == LateAnswer(told="allow", deadline_ms=20, told_at_ms=5)
    assert store.late_answers.find("asm_T2") is None
    with pytest.raises(DatabaseError, match="never changed"), store.engine.begin() as connection:
        connection.execute(update(late_answer).values(told="remind"))


def test_a_trial_is_no_alert(store: Store) -> None:
    """What a bank only tries out is no work for an officer."""
    store.write([record(1, "T1", mode="shadow"), record(2, "T2")])

    assert [alert.transfer.transfer_id for alert in store.alerts.of_places([1, 2])] == ["T2"]
