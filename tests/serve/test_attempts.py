"""Attempts: what goes together, what the log keeps, what is advised next."""

from typing import Any

import pytest

from fraudguard.errors import DataError
from fraudguard.serve.attempts import (
    Answer,
    Attempt,
    Attitude,
    Contact,
    Done,
    Reached,
    advised_contact,
    is_line_kept_busy,
)
from fraudguard.serve.store.case_rows import ActRow
from fraudguard.serve.transitions import Move
from fraudguard.wording.dissuasion import script_for


def attempt(**fields: Any) -> Attempt:  # noqa: ANN401  # any field
    """Return an attempt by phone that was answered."""
    return Attempt(**{"contact": Contact.PHONE, "reached": Reached.ANSWERED, **fields})


def logged(*tried: Attempt) -> list[ActRow]:
    """Return the log of some attempts, with a note between."""
    acts = [ActRow(case_id="c", at_ms=1, officer="o1", move=one.move, detail=one.detail()) for one in tried]
    return [ActRow(case_id="c", at_ms=0, officer="o1", move=Move.NOTE, detail={"contact": "phone"}), *acts]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"reached": Reached.BUSY, "attitude": Attitude.DENIES}, "spoken to"),
        ({"wait_min": 0}, "within 1 to"),
        ({"wait_min": 2881}, "within 1 to"),
        ({"note": "x" * 501}, "500"),
    ],
)
def test_what_does_not_go_together_is_refused(fields: dict[str, Any], text: str) -> None:
    """Nobody has an attitude who was not spoken to; it is tried again within two days."""
    with pytest.raises(DataError, match=text):
        attempt(**fields)


def test_the_log_keeps_the_version_of_the_script() -> None:
    """What was read from, what was answered, what was done; nothing that was not said."""
    script = script_for("romance")
    kept = attempt(script=script, answers={"met": Answer.NO}, done=[Done.STOPPED], attitude=Attitude.BELIEVED).detail()

    assert kept == {
        "contact": "phone",
        "reached": "answered",
        "attitude": "believed",
        "done": ["stopped"],
        "script": "romance",
        "version": script.version,
        "answers": {"met": "no"},
    }
    assert (attempt().move, attempt(wait_min=5).move) == (Move.ATTEMPT, Move.WAIT)


def test_after_two_calls_that_failed_one_goes_there() -> None:
    """Two calls that reached nobody advise a visit; text messages and answered calls do not count."""
    busy, missed = attempt(reached=Reached.BUSY), attempt(reached=Reached.NO_ANSWER)
    text = attempt(contact=Contact.SMS, reached=Reached.SENT)

    assert advised_contact(logged(busy, text)) is Contact.PHONE
    assert advised_contact(logged(busy, text, missed)) is Contact.VISIT
    assert advised_contact(logged(attempt(), busy)) is Contact.PHONE


def test_a_line_that_stays_busy_is_told() -> None:
    """Two busy calls in a row are a sign; one, or one that was answered since, is not."""
    busy = attempt(reached=Reached.BUSY)

    assert is_line_kept_busy(logged(busy, busy))
    assert not is_line_kept_busy(logged(busy))
    assert not is_line_kept_busy(logged(busy, busy, attempt()))
