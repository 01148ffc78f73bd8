"""Attempts to reach a likely victim: how, what came of it, what was done together, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from fraudguard.errors import DataError
from fraudguard.serve.store.case_rows import ActRow
from fraudguard.serve.transitions import Move
from fraudguard.wording.dissuasion import DissuasionScript

__all__ = ["Answer", "Attempt", "Attitude", "Contact", "Done", "Reached", "advised_contact", "is_line_kept_busy"]

WAIT_MAX_MIN: Final = 2_880
_NOTE_MAX: Final = 500
_FAILED_CALLS: Final = 2


class Contact(StrEnum):
    """How somebody was contacted."""

    PHONE = "phone"
    SMS = "sms"
    VISIT = "visit"
    BRANCH = "branch"
    FAMILY = "family"


class Reached(StrEnum):
    """What came of it."""

    ANSWERED = "answered"
    MET = "met"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    NOT_FOUND = "not_found"
    SENT = "sent"


class Attitude(StrEnum):
    """How the person took it."""

    BELIEVED = "believed"
    DOUBTS = "doubts"
    DENIES = "denies"
    KNEW = "knew"


class Done(StrEnum):
    """What was done together."""

    STOPPED = "stopped"
    SHARING_CLOSED = "sharing_closed"
    APP_DELETED = "app_deleted"
    REPORTED = "reported"
    CARD_LOCKED = "card_locked"


class Answer(StrEnum):
    """The answer to a question of the script."""

    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"


_SPOKEN: Final = frozenset({Reached.ANSWERED, Reached.MET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt.

    Parameters
    ----------
    contact : Contact
        How.
    reached : Reached
        What came of it.
    attitude : Attitude or None
        Only when somebody was spoken to.
    done : sequence of Done
        What was done together.
    script : DissuasionScript or None
        What was read from; its version is kept.
    answers : mapping of str to Answer
        To the questions of the script, by their ids.
    wait_min : int or None
        In so many minutes it is tried again, at most two days.
    note : str
        In up to 500 characters.

    Raises
    ------
    DataError
        If the parts do not go together.
    """

    contact: Contact
    reached: Reached
    attitude: Attitude | None = None
    done: Sequence[Done] = ()
    script: DissuasionScript | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    wait_min: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.attitude is not None and self.reached not in _SPOKEN:
            raise DataError(
                "an attitude is known only of who was spoken to; leave it empty", "没有与本人说上话，态度请留空"
            )
        if self.wait_min is not None and not 0 < self.wait_min <= WAIT_MAX_MIN:
            raise DataError(
                f"try again within 1 to {WAIT_MAX_MIN} minutes", f"再次联系请填 1 到 {WAIT_MAX_MIN} 分钟之后"
            )
        if len(self.note) > _NOTE_MAX:
            raise DataError("write a note of up to 500 characters", "备注不超过 500 字")

    @property
    def move(self) -> Move:
        """What it does to the case."""
        return Move.ATTEMPT if self.wait_min is None else Move.WAIT

    def detail(self) -> dict[str, Any]:
        """Return what the log keeps of it."""
        read = {} if self.script is None else {"script": self.script.script_id, "version": self.script.version}
        said = {name: answer.value for name, answer in self.answers.items()}
        told: dict[str, Any] = {
            "contact": self.contact.value,
            "reached": self.reached.value,
            "attitude": None if self.attitude is None else self.attitude.value,
            "done": [one.value for one in self.done],
            **read,
            "answers": said,
            "wait_min": self.wait_min,
            "note": self.note,
        }
        return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def is_line_kept_busy(acts: Sequence[ActRow]) -> bool:
    """Return whether the last two calls found the line busy: somebody may be keeping the person on the phone."""
    calls = [act.detail for act in _attempts(acts) if act.detail.get("contact") == Contact.PHONE]
    return len(calls) >= _FAILED_CALLS and all(call.get("reached") == Reached.BUSY for call in calls[-_FAILED_CALLS:])


def advised_contact(acts: Sequence[ActRow]) -> Contact:
    """Return how to try next: after two calls that reached nobody, go there."""
    calls = [act.detail for act in _attempts(acts) if act.detail.get("contact") == Contact.PHONE]
    failed = [call for call in calls if call.get("reached") not in _SPOKEN]
    return Contact.VISIT if len(failed) >= _FAILED_CALLS else Contact.PHONE


def _attempts(acts: Sequence[ActRow]) -> list[ActRow]:
    return [act for act in acts if act.move in {Move.ATTEMPT, Move.WAIT}]
