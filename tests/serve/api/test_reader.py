"""The quick reader never accepts what the careful one would refuse, and never reads it otherwise."""

import copy
import json
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import DecodeError
from pydantic import ValidationError

from fraudguard.serve.api.reader import READERS
from fraudguard.serve.api.shape import ACCOUNT, FINDING, SIGNAL, TRANSFER, Shape
from fraudguard.serve.api.wire import MODELS, to_columns
from tests.serve.fakes import body_of

WHOLE: Final[dict[Shape, dict[str, Any]]] = {
    TRANSFER: body_of(
        channel="mobile_app",
        metadata={"any": ["thing", None, {"x": 1.5}]},
    ),
    FINDING: {
        "finding": "genuine",
        "event_time": "2026-01-05T02:00:00.123456+08:00",
        "transfer_id": "T1",
        "loss_fen": 0,
    },
    SIGNAL: {"signal_type": "sim_changed", "event_time": "2026-01-05T02:00:00Z", "account_id": "a", "confidence": 1},
    ACCOUNT: {"account_id": "a", "opened_at": "2024-02-29", "payroll_account": True, "daily_limit_fen": 100},
}
VALUES: Final[tuple[Any, ...]] = (
    None, "unknown", True, False, 0, 1, -1, 1.0, 1.5, 2**53, 2**64, 1e300, "", " ", "a", "a\n", "\na", "a\x00", "\u200b", "\ud800", "中文",
    "x" * 256, "x" * 257, "x" * 2_001, "CNY", "USD", "mobile_app", "MTCH", "2026-01-05", "2026-02-30", "20260105", "2026-01-05T02:00:00",
    "2026-01-05T02:00:00Z", "2026-01-05T02:00:00.1234567Z", "2026-01-05T02:00:00.5+08:00", "2026-01-05 02:00:00Z", "2026-01-05T24:00:00Z",
    "2026-01-05T02:00:60Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2026-01-05T02:00:00+24:00", "2026-01-05T02:00:00Z\n", [], ["a"],
    ["a", 1], ["a"] * 33, {}, {"value": 1}, {"account_id": "p"},
)  # fmt: skip


def leaves(shape: Shape) -> list[tuple[str | None, str]]:
    """Return every place of a request, and one that is not there."""
    places = [(group, leaf) for group, those in shape.columns.items() for leaf, _ in those]
    return [*places, *((None, str(group)) for group in shape.columns if group), (None, "extra"), (None, "metadata")]


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Shape, bytes]:
    """Draw a request of any kind with up to three places changed or taken out."""
    shape = draw(st.sampled_from(list(WHOLE)))
    body = copy.deepcopy(WHOLE[shape])
    for group, leaf in draw(st.lists(st.sampled_from(leaves(shape)), max_size=3)):
        holder = body if group is None else body.setdefault(group, {})
        if not isinstance(holder, dict):
            continue
        if draw(st.booleans()):
            holder[leaf] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        else:
            holder.pop(leaf, None)
    return shape, json.dumps(body, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def read_carefully(shape: Shape, body: bytes) -> dict[str, Any] | None:
    """Return what the careful reader reads, None for what it refuses."""
    try:
        return to_columns(MODELS[shape].model_validate_json(body), shape)
    except ValidationError:
        return None


def read_quickly(shape: Shape, body: bytes) -> dict[str, Any] | None:
    """Return what the quick reader reads, None for what it leaves to the other."""
    try:
        return READERS[shape].read_quickly(body)
    except (DecodeError, ValueError):
        return None


@given(bodies())
@example((TRANSFER, b'{"transfer_id": "T1", "transfer_id": "T2"}'))
@example((TRANSFER, b"\xff{}"))
@example((ACCOUNT, b'{"account_id": "a\\ud800"}'))
@example((ACCOUNT, b'{"account_id": "a", "prior_warnings_90d": 1.0}'))
@example((ACCOUNT, b'{"account_id": "a", "prior_warnings_90d": -0}'))
@example((
    SIGNAL,
    b'{"signal_type": "sim_changed", "event_time": "2026-01-05T02:00:00Z", "account_id": "a", "confidence": NaN}',
))
def test_quick_is_careful(request_: tuple[Shape, bytes]) -> None:
    """What is read quickly is what would have been read carefully."""
    shape, body = request_
    quick = read_quickly(shape, body)

    if quick is not None:
        assert quick == read_carefully(shape, body)


@pytest.mark.parametrize("shape", list(WHOLE), ids=lambda shape: shape.name)
def test_an_ordinary_request_is_read_quickly(shape: Shape) -> None:
    """A request without oddities does not need the careful reader."""
    quick = read_quickly(shape, json.dumps(WHOLE[shape]).encode())

    assert quick is not None
    assert quick == READERS[shape].read(json.dumps(WHOLE[shape]).encode())


def test_oddities_are_read_carefully() -> None:
    """What only the careful reader knows is accepted all the same: unknown numbers, other forms of a moment."""
    body = json.dumps({
        **body_of(),
        "event_time": "2026-01-05 02:00:00Z",
        "session": {"active_call": "unknown"},
    }).encode()

    assert read_quickly(TRANSFER, body) is None
    assert READERS[TRANSFER].read(body)["event_time"].year == 2026


def test_faults_are_all_named() -> None:
    """A refused request names each fault, not only the first."""
    body = json.dumps({**body_of(), "event_time": "soon", "extra": 1}).encode()

    with pytest.raises(ValidationError) as error:
        READERS[TRANSFER].read(body)
    assert error.value.error_count() == 2
