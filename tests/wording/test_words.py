"""Coded words: complete in both languages."""

from enum import StrEnum

import pytest

from fraudguard.decision import Intervention, Tier
from fraudguard.errors import DefinitionError
from fraudguard.finding import FindingValue, ScamType
from fraudguard.flow.exits import Exit
from fraudguard.serve.attempts import Answer, Attitude, Contact, Done, Reached
from fraudguard.serve.rights import Act, Role
from fraudguard.serve.stops import Feedback
from fraudguard.serve.transitions import CaseState, Move
from fraudguard.transfer import AuthMethod, Channel, EventType, NameMatch, PayeeType, SettlementSpeed
from fraudguard.wording import word, words_of

KINDS = {
    "intervention": Intervention,
    "tier": Tier,
    "finding": FindingValue,
    "scam_type": ScamType,
    "channel": Channel,
    "payee_type": PayeeType,
    "event_type": EventType,
    "settlement_speed": SettlementSpeed,
    "auth_method": AuthMethod,
    "payee_name_match": NameMatch,
    "flow_exit": Exit,
    "role": Role,
    "act": Act,
    "case_state": CaseState,
    "move": Move,
    "contact": Contact,
    "reached": Reached,
    "attitude": Attitude,
    "done": Done,
    "answer": Answer,
    "feedback": Feedback,
}


@pytest.mark.parametrize(("kind", "enum"), KINDS.items())
def test_every_code_has_words(kind: str, enum: type[StrEnum]) -> None:
    """The file has exactly the members of the enum, in its order."""
    codes = list(words_of(kind))

    assert codes == [str(member) for member in enum]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("kind", "enum"), KINDS.items())
def test_words_differ_within_a_kind(kind: str, enum: type[StrEnum], lang: str) -> None:
    """Two codes never read the same, and none reads as nothing."""
    words = [word(kind, str(member), lang) for member in enum]

    assert all(words)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(("kind", "code"), [("intervention", "block"), ("colour", "red")])
def test_unknown_word_is_refused(kind: str, code: str) -> None:
    """An unknown kind or code is an error that lists what there is."""
    with pytest.raises(DefinitionError, match="there are"):
        word(kind, code, "zh")


def test_nobody_is_called_a_criminal() -> None:
    """The words state nothing about a person."""
    text = " ".join(word(kind, code, lang) for kind in KINDS for code in words_of(kind) for lang in ("zh", "en"))

    assert "criminal" not in text.lower()
    assert "罪犯" not in text
