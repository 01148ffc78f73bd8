"""Requests that are no events: lists, holds, appeals, webhooks. Checked by pydantic, which names every fault."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from fraudguard.serve.api.entry import media_type_of
from fraudguard.serve.api.problems import MediaTypeError, body_error
from fraudguard.serve.api.shape import ONE_LINE, SEVERAL_LINES, SHORT, parse_moment
from fraudguard.serve.api.wire import WireModel, whole
from fraudguard.serve.appeals import OUTCOMES_IN, AppealState, Appellant
from fraudguard.serve.holds import REASONS as HOLD_REASONS
from fraudguard.serve.holds import HoldAct
from fraudguard.serve.lists import ListReason
from fraudguard.serve.webhooks import KEEP_S, SUBSCRIBED

__all__ = [
    "FORMS",
    "AppealEndIn",
    "AppealIn",
    "ExtendIn",
    "ListEntryIn",
    "ReleaseIn",
    "RevocationIn",
    "RotationIn",
    "WebhookEndpointIn",
    "read_form",
    "shown",
]


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("time_type", "Write a time as text, such as 2026-01-02T11:04:07.250Z")
    return parse_moment(value)


def _one_of(words: Iterable[str]) -> str:
    return f"^(?:{'|'.join(sorted(map(re.escape, words)))})$"


_Id = Annotated[str, StringConstraints(min_length=1, max_length=SHORT, pattern=ONE_LINE)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=SHORT, pattern=ONE_LINE)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=SEVERAL_LINES)]
_Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
_Subscribed = Annotated[str, StringConstraints(pattern=_one_of(SUBSCRIBED))]
_Seconds = Annotated[int, Field(ge=60, le=86_400 * 30), BeforeValidator(whole)]


class ListEntryIn(WireModel):
    """What puts an account on a list."""

    entry_id: _Id | None = None
    account_id: _Id
    payer_account_id: _Id | None = None
    reason_code: ListReason
    expires_at: _Moment
    note: _Text | None = None
    evidence: _Line | None = None


class RevocationIn(WireModel):
    """What takes an account off a list."""

    note: _Text


class ReleaseIn(WireModel):
    """What lets money go."""

    act_id: _Id | None = None
    reason_code: Annotated[str, StringConstraints(pattern=_one_of(HOLD_REASONS[HoldAct.RELEASE]))]
    note: _Text | None = None


class ExtendIn(WireModel):
    """What keeps money for longer."""

    act_id: _Id | None = None
    reason_code: Annotated[str, StringConstraints(pattern=_one_of(HOLD_REASONS[HoldAct.EXTEND]))]
    hold_s: _Seconds
    note: _Text | None = None


class AppealIn(WireModel):
    """An objection to a hold."""

    appeal_id: _Id | None = None
    assessment_id: _Id
    appellant: Appellant
    grounds: _Text


class AppealEndIn(WireModel):
    """What came of an appeal."""

    outcome: Annotated[str, StringConstraints(pattern=_one_of(OUTCOMES_IN[AppealState.OPEN]))]
    note: _Text


class WebhookEndpointIn(WireModel):
    """An address that is told of events."""

    endpoint_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None
    url: Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^https?://[!-~]+$")]
    events: Annotated[list[_Subscribed], Field(min_length=1, max_length=len(SUBSCRIBED))]
    note: _Text | None = None


class RotationIn(WireModel):
    """A change of secret."""

    keep_s: Annotated[int, Field(ge=0, le=7 * 86_400), BeforeValidator(whole)] = KEEP_S


FORMS: Final[tuple[type[WireModel], ...]] = (
    ListEntryIn, RevocationIn, ReleaseIn, ExtendIn, AppealIn, AppealEndIn, WebhookEndpointIn, RotationIn,
)  # fmt: skip
"""Every one, as the OpenAPI document describes them."""

Form = TypeVar("Form", bound=WireModel)


async def read_form(request: Request, form: type[Form]) -> Form:
    """Return the checked body of a request.

    Raises
    ------
    MediaTypeError
        If it is not sent as JSON.
    MalformedError
        If it is not JSON.
    InvalidRequestError
        If a field does not fit.
    """  # noqa: DOC501  # body_error gives one of the two
    if media_type_of(request) != "application/json":
        raise MediaTypeError("send Content-Type: application/json", "请发送 Content-Type: application/json")
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise body_error(error) from None  # one of the two above


def shown(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """Return an answer, moments as RFC 3339 in UTC."""
    return {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
