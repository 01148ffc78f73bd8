"""What stands behind the question mark and in the headers, as the OpenAPI document tells it."""

from http import HTTPStatus
from typing import Any, Final

from fraudguard.decision import Intervention
from fraudguard.serve.api.cursor import CURSOR, CURSOR_LENGTH, LIMIT_MAX
from fraudguard.serve.api.shape import SHORT
from fraudguard.serve.holds import HoldState
from fraudguard.serve.mode import Mode
from fraudguard.serve.store.outbox import DELIVERED, FAILED, PENDING

__all__ = ["ASKED", "COMMON", "DELIVERY_STATES", "HEADERS_OF", "SENT"]


def _text(zh: str, en: str, **schema: object) -> dict[str, Any]:
    return {"description": f"{zh} · {en}", "schema": {"type": "string", **schema}}


_ID: Final = {"minLength": 1, "maxLength": SHORT}
HEADERS_OF: Final = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
}
DELIVERY_STATES: Final = (PENDING, DELIVERED, FAILED)
ASKED: Final[dict[str, dict[str, Any]]] = {
    "transfer_id": _text("只要这笔转账的评估", "Only assessments of this transfer", **_ID),
    "intervention": _text("只要此种建议", "Only those that recommend this", enum=[str(word) for word in Intervention]),
    "mode": _text(
        "live：正式；shadow：试运行，处置员看不到",
        "live: in earnest; shadow: a trial, which no officer sees",
        enum=[str(mode) for mode in Mode],
    ),
    "state": _text("只要此种状态的", "Only those in this state", enum=[str(state) for state in HoldState]),
    "delivery_state": _text("只要此种状态的", "Only those in this state", enum=list(DELIVERY_STATES)),
    "account_id": _text("只要这个收款账户的", "Only those of this payee's account", **_ID),
    "assessment_id": _text("只要针对这次评估的", "Only those about this assessment", **_ID),
    "after": _text(
        "上一页的 next_cursor，原样",
        "The next_cursor of the page before, as it was",
        maxLength=CURSOR_LENGTH,
        pattern=CURSOR,
    ),
    "limit": {
        "description": "一页几条 · How many on a page",
        "schema": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": 50},
    },
    "record": _text(
        "false：只估算，不入日志，没有编号",
        "false: only estimate; nothing enters the log, and there are no ids",
        enum=["true", "false"],
        default="true",
    ),
    "Prefer": {
        "in": "header",
        **_text(
            "wait=秒数：调用方最多等这么久，同请求体的 deadline_ms；两者都有时取短的",
            "wait=seconds: the caller waits no longer, as by deadline_ms in the body; the shorter one counts",
        ),
        "example": "wait=0.2",
    },
    "Idempotency-Key": {
        "in": "header",
        **_text(
            "每个请求一个，如 UUID；重试时带同一值，得到同一答复；用于另一请求则 422",
            "One a request, such as a UUID; send the same one when you retry, and get the same answer; with another request it is refused with 422",
            minLength=1,
            maxLength=255,
            pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$",
        ),
    },
}
COMMON: Final[dict[str, dict[str, Any]]] = {
    "x-request-id": {
        **_text(
            "调用方给请求的编号，1 到 64 个字母、数字或 . _ -；原样返回，写进服务日志；不合此式则由服务另给",
            "The caller's id of the request, 1 to 64 letters, digits or . _ -; sent back as it is, and written into the service's log; "
            "another one is made when it is none of these",
        ),
        "example": "pay-20260301-000123",
    },
    "x-correlator": {
        **_text(
            "CAMARA 的写法，同 x-request-id；两者都有时以 x-request-id 为准；原样返回",
            "The same in CAMARA's words; x-request-id goes first when both are sent; sent back as it is",
        ),
        "example": "pay-20260301-000123",
    },
    "traceparent": {
        **_text(
            "W3C Trace Context；格式正确则原样返回",
            "W3C Trace Context; sent back as it is when it is well formed",
        ),
        "example": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    },
    "Accept-Language": {
        **_text("以 zh 开头：错误的 detail 用中文", "Begins with zh: the detail of an error is in Chinese"),
        "example": "zh",
    },
}
SENT: Final[dict[str, dict[str, Any]]] = {
    "x-request-id": _text(
        "请求的编号：发来的，或服务给的", "Id of the request: the one sent, or one made by the service"
    ),
    "x-correlator": _text("发来了才有，原样", "As it was sent, if it was"),
    "traceparent": _text("发来了才有，原样", "As it was sent, if it was"),
    "Location": _text("此评估的路径", "Path of this assessment", format="uri-reference"),
    "Idempotent-Replayed": _text(
        "true：以前答复过，这是当时的答复",
        "true: answered before, and this is the answer given then",
        enum=["true", "false"],
    ),
    "Retry-After": {
        "description": "几秒之后重试 · Try again after so many seconds",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit": _text("剩余次数 r 与恢复秒数 t", "Requests left, r, and seconds until there is one, t"),
    "RateLimit-Policy": _text("瞬时上限 q 与补满秒数 w", "Requests at once, q, and seconds until all are back, w"),
    "WWW-Authenticate": _text("须带 API 密钥", "An API key is needed"),
}
