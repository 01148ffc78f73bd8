"""Examples of requests and answers, as the OpenAPI document shows them; tests send the requests and check the answers."""

from typing import Any, Final

from fraudguard.serve.api.hold_examples import HOLD_ANSWERS, HOLD_REQUESTS
from fraudguard.serve.api.problems import PROBLEMS, Problem
from fraudguard.serve.api.webhook_examples import WEBHOOK_ANSWERS, WEBHOOK_REQUESTS

__all__ = ["ANSWERS", "REQUESTS", "problem_examples"]


def _shown(zh: str, en: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"summary": f"{zh} · {en}", "value": value}


_LEAST: Final = {
    "transfer_id": "T-0001",
    "event_time": "2026-03-01T15:59:52.963Z",
    "amount": {"value": 1_880_926, "currency": "CNY"},
    "payer": {"account_id": "a3644b02d0e"},
    "payee": {"account_id": "ad2413cd481"},
}
_RICH: Final = {
    "transfer_id": "T-0002",
    "event_time": "2026-03-02T10:04:07.250+08:00",
    "channel": "mobile_app",
    "amount": {"value": 4_980_000, "currency": "CNY"},
    "payer": {"account_id": "a3644b02d0e", "balance_before_fen": 5_193_469},
    "payee": {"account_id": "a0c2d81f77b", "type": "person", "name_match": "CMTC"},
    "session": {"active_call": True, "screen_share_active": "unknown"},
    "metadata": {"branch_ticket": "K-77"},
}
REQUESTS: Final[dict[str, dict[str, Any]]] = {
    **HOLD_REQUESTS,
    **WEBHOOK_REQUESTS,
    "AssessmentIn": {
        "least": _shown("最少要带的", "The least that is needed", _LEAST),
        "rich": _shown(
            "带手机银行所见，最多等 2 秒",
            "With what the banking app sees, waiting 2 s at most",
            {**_RICH, "deadline_ms": 2_000},
        ),
        "shadow": _shown("试运行", "A trial", {**_LEAST, "transfer_id": "T-0004", "mode": "shadow"}),
    },
    "TransferIn": {
        "least": _shown("最少要带的", "The least that is needed", _LEAST),
        "rich": _shown("带手机银行所见", "With what the banking app sees", _RICH),
    },
    "FindingIn": {
        "victim": _shown(
            "受害人报案",
            "A victim's report",
            {
                "finding_id": "F-0001",
                "transfer_id": "T-0001",
                "finding": "victim_transfer",
                "scam_type": "police_impersonation",
                "source": "victim_report",
                "event_time": "2026-03-02T01:20:00Z",
            },
        ),
    },
    "SignalIn": {
        "sim_changed": _shown(
            "运营商：换过卡",
            "The operator: the SIM was changed",
            {
                "signal_id": "S-0001",
                "signal_type": "sim_changed",
                "source": "telecom",
                "account_id": "a3644b02d0e",
                "event_time": "2026-03-01T15:40:00Z",
            },
        ),
    },
    "AccountIn": {
        "young": _shown(
            "新开的二类户",
            "A young account of class II",
            {
                "account_id": "ad2413cd481",
                "account_class": "II",
                "opened_at": "2026-02-20",
                "holder_age_band": "18-24",
            },
        ),
    },
}
"""By schema and name."""

_VERSIONS: Final = {"model": "m-dc514c3b8b95", "features": "acb5c56995088096", "policy": "p-c5ddc7d5f1cc"}
_ALLOWED: Final[dict[str, Any]] = {
    "id": "asm_01M84ZSKGW3PPMMDH4GGHSY1Q0",
    "transfer_id": "T-0001",
    "created_at": "2026-03-01T15:59:53.014308Z",
    "mode": "live",
    "intervention": "allow",
    "tier": None,
    "hold": None,
    "score": 0.0021,
    "reasons": [],
    "versions": _VERSIONS,
    "degraded": False,
    "degraded_reasons": [],
    "lists": [],
    "timing_ms": {"features": 0.143, "model": 0.121, "reasons": 0.0, "total": 0.264},
}
_DELAYED: Final = {
    **_ALLOWED,
    "id": "asm_01M84ZSM2Q6V8ZK4T4C1B9W7XE",
    "transfer_id": "T-0002",
    "created_at": "2026-03-02T02:04:07.301442Z",
    "intervention": "delay_settlement",
    "tier": "high",
    "hold": {"hold_s": 7200, "expires_at": "2026-03-02T04:04:07.301442Z"},
    "score": 0.7998285720369261,
    "reasons": [
        {
            "code": "payee_out_amount_fen_max_1d",
            "direction": "raises",
            "contribution": 1.1521906701284899,
            "value": 6_340_000.0,
            "baseline": 71_800.0,
            "baseline_of": "population",
            "rarity": 0.001,
            "text": {
                "zh": "收款账户近1天转出最大金额 ¥63,400.00，正常转账一般约 ¥718.00",
                "en": "Payee, money sent in the last day: largest amount is ¥63,400.00; in genuine transfers about ¥718.00",
            },
        }
    ],
}


_FALLBACK: Final = {"from_fen": 500_000, "below": "allow", "above": "verify_transaction"}


def _one(value: dict[str, Any]) -> dict[str, Any]:
    return {"one": {"value": value}}


ANSWERS: Final[dict[str, dict[str, Any]]] = {
    **HOLD_ANSWERS,
    **WEBHOOK_ANSWERS,
    "Assessment": {
        "allowed": _shown("放行", "Allowed", _ALLOWED),
        "delayed": _shown("延迟支付结算", "Settlement delayed", _DELAYED),
    },
    "LateAssessment": _one({
        "transfer_id": "T-0002",
        "created_at": "2026-03-02T02:04:07.501442Z",
        "mode": "live",
        "intervention": "verify_transaction",
        "degraded": True,
        "degraded_reasons": ["deadline"],
        "deadline_ms": 200,
    }),
    "AssessmentPage": _one({"data": [_DELAYED, _ALLOWED], "has_more": True, "next_cursor": "cDQx"}),
    "Vector": _one({
        "id": _DELAYED["id"],
        "features_fingerprint": _VERSIONS["features"],
        "features": {"amount_fen": 4_980_000.0, "payer_out_amount_fen_sum_1d": None},
    }),
    "Entry": _one({"kind": "finding", "id": "F-0001", "place": 42}),
    "Health": _one({"status": "ok"}),
    "Readiness": _one({"status": "ready", "parts": {"state": "ready", "store": "ready", "model": "ready"}}),
    "Version": _one({"fraudguard": "0.1.0", **_VERSIONS, "shadow": None, "livemode": True, "fallback": _FALLBACK}),
    "ProblemKind": _one({
        "code": "not_ready",
        "status": 503,
        "title": "The service is not ready",
        "meaning": "The service or its database cannot answer now.",
    }),
}
"""By schema and name."""

_FIELD: Final = {"pointer": "#/event_time", "detail": "The time has no zone; add Z or +08:00", "code": "time_zone"}


def problem_examples() -> dict[str, dict[str, Any]]:
    """Return an example of each error, by its code."""
    return {problem.code: _of_problem(problem) for problem in PROBLEMS.values()}


def _of_problem(problem: Problem) -> dict[str, Any]:
    value = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": "1 field(s) do not fit; see errors" if problem.code == "invalid" else problem.title,
        "instance": "/v1/assessments",
        "code": problem.code,
        "request_id": "9ed9bb766dceb6ef",
        "errors": [_FIELD] if problem.code == "invalid" else [],
    }
    return {"summary": problem.title, "value": value}
