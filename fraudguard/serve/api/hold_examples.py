"""Examples of lists, holds and appeals, as the OpenAPI document shows them."""

from typing import Any, Final

__all__ = ["HOLD_ANSWERS", "HOLD_REQUESTS"]


def _shown(zh: str, en: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"summary": f"{zh} · {en}", "value": value}


def _one(value: dict[str, Any]) -> dict[str, Any]:
    return {"one": {"value": value}}


_ASSESSMENT: Final = "asm_01M84ZSM2Q6V8ZK4T4C1B9W7XE"
HOLD_REQUESTS: Final[dict[str, dict[str, Any]]] = {
    "ListEntryIn": {
        "reported": _shown(
            "受害人报案的收款账户",
            "A payee's account that a victim reported",
            {
                "entry_id": "L-0001",
                "account_id": "a0c2d81f77b",
                "reason_code": "reported_by_victim",
                "expires_at": "2026-06-01T00:00:00+08:00",
                "evidence": "LA-2026-000123",
            },
        ),
    },
    "RevocationIn": _one({"note": "核实无误 / checked, nothing wrong"}),
    "ReleaseIn": _one({"act_id": "R-0001", "reason_code": "verified_with_payer", "note": "回拨本人核实 / called back"}),
    "ExtendIn": _one({"act_id": "R-0002", "reason_code": "payer_unreachable", "hold_s": 7200}),
    "AppealIn": _one({
        "appeal_id": "A-0001",
        "assessment_id": _ASSESSMENT,
        "appellant": "payer",
        "grounds": "购房定金，合同可提供 / a deposit on a flat; the contract can be shown",
    }),
    "AppealEndIn": _one({"outcome": "upheld", "note": "合同属实 / the contract is genuine"}),
}
_ENTRY: Final = {
    "entry_id": "L-0001",
    "kind": "watch",
    "account_id": "a0c2d81f77b",
    "payer_account_id": None,
    "reason_code": "reported_by_victim",
    "note": None,
    "evidence": "LA-2026-000123",
    "author": "police-liaison",
    "created_at": "2026-03-02T01:00:00Z",
    "expires_at": "2026-05-31T16:00:00Z",
    "in_force": True,
    "revocation": None,
}
_HOLD: Final = {
    "assessment_id": _ASSESSMENT,
    "transfer_id": "T-0002",
    "intervention": "delay_settlement",
    "state": "released",
    "held_from": "2026-03-02T02:04:07.301000Z",
    "expires_at": "2026-03-02T04:04:07.301000Z",
    "acts": [
        {
            "act_id": "R-0001",
            "act": "release",
            "hold_s": None,
            "reason_code": "verified_with_payer",
            "note": "回拨本人核实 / called back",
            "author": "core-bank",
            "at": "2026-03-02T02:30:00Z",
        }
    ],
    "notice": {
        "zh": "为保护您的资金安全，这笔转账已暂缓办理……",
        "en": "To protect your money this transfer is on hold…",
    },
}
_APPEAL: Final = {
    "appeal_id": "A-0001",
    "assessment_id": _ASSESSMENT,
    "appellant": "payer",
    "grounds": "购房定金，合同可提供 / a deposit on a flat; the contract can be shown",
    "author": "core-bank",
    "state": "open",
    "received_at": "2026-03-02T02:40:00Z",
    "due_at": "2026-03-17T02:40:00Z",
    "is_overdue": False,
    "end": None,
}


def _page(one: dict[str, Any]) -> dict[str, Any]:
    return _one({"data": [one], "has_more": False, "next_cursor": None})


HOLD_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "ListEntry": _one(_ENTRY),
    "ListPage": _page(_ENTRY),
    "HoldDetail": _one(_HOLD),
    "HoldPage": _page(_HOLD),
    "Appeal": _one(_APPEAL),
    "AppealPage": _page(_APPEAL),
}
