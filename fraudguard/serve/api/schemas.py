"""The schemas of the OpenAPI document: requests from the wire models, answers from what is encoded, words from where they are kept."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from pydantic.json_schema import models_json_schema

from fraudguard.decision import Intervention, Tier
from fraudguard.serve.api.field_words import FIELD_WORDS
from fraudguard.serve.api.forms import FORMS
from fraudguard.serve.api.shape import UNKNOWN
from fraudguard.serve.api.wire import MODELS
from fraudguard.serve.appeals import AppealState
from fraudguard.serve.holds import HoldAct, HoldReason, HoldState
from fraudguard.serve.reply import Assessment, Estimate, LateAssessment
from fraudguard.serve.store.outbox import DELIVERED, FAILED, PENDING
from fraudguard.serve.store.webhooks import ACTIVE, DISABLED
from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.words import words_of

__all__ = ["ref", "schemas"]

_REF: Final = "#/components/schemas/{name}"
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_MOMENTS: Final = frozenset({"created_at", "expires_at"})
_MOMENT: Final = (
    r"^(19[7-9]\d|2[01]\d\d)-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"
)
_SAID: Final = {"type": "string", "not": {"const": UNKNOWN}}
_UNSAID: Final = {"enum": [None, UNKNOWN]}
_ABOUT: Final[dict[str, dict[str, Any]]] = {
    "FindingIn": {
        "oneOf": [
            {"properties": {"transfer_id": _SAID, "account_id": _UNSAID}, "required": ["transfer_id"]},
            {"properties": {"account_id": _SAID, "transfer_id": _UNSAID}, "required": ["account_id"]},
        ]
    },
    "SignalIn": {
        "anyOf": [{"properties": {name: _SAID}, "required": [name]} for name in ("account_id", "holder_token")]
    },
}
"""What a finding or a signal is about: a rule over several fields, which the event itself keeps."""

_CODED: Final = {
    "Intervention": "intervention",
    "Tier": "tier",
    "FindingValue": "finding",
    "ScamType": "scam_type",
    "Channel": "channel",
    "ListKind": "list_kind",
    "ListReason": "list_reason",
    "HoldReason": "hold_reason",
    "HoldState": "hold_state",
    "HoldAct": "hold_act",
    "AppealState": "appeal_state",
}
_IN_ORDER: Final = {"Intervention": list(Intervention), "Tier": list(Tier)}


def ref(name: str) -> dict[str, str]:
    """Return what stands for a schema."""
    return {"$ref": _REF.format(name=name)}


def schemas() -> dict[str, Any]:
    """Return every schema by name, each field with its words in both languages."""
    requests = [(model, "validation") for model in (*MODELS.values(), *FORMS)]
    _, made = models_json_schema(requests, ref_template=_REF.format(name="{model}"))  # type: ignore[arg-type]
    _, encoded = msgspec.json.schema_components([Assessment, Estimate, LateAssessment], ref_template=_REF)
    found = {**made["$defs"], **encoded, **_small(), **_hold_schemas(), **_webhook_schemas()}
    for name, schema in found.items():
        _tell_words(name, schema)
        schema.update(_ABOUT.get(name, {}))
        for field, inside in schema.get("properties", {}).items():
            _tell_field(inside, FIELD_WORDS.get(name, {}).get(field), moment=field in _MOMENTS)
    return found


def _tell_words(name: str, schema: dict[str, Any]) -> None:
    if "description" in schema:
        schema["description"] = schema["description"].partition("\n")[0]
    if name in _CODED:
        schema["enum"] = _IN_ORDER.get(name, schema["enum"])
        words = words_of(_CODED[name])
        schema["description"] = "\n".join(f"- `{code}`: {words[code].zh} · {words[code].en}" for code in schema["enum"])


def _tell_field(schema: dict[str, Any], words: Bilingual | None, *, moment: bool) -> None:
    if words is not None:
        schema["description"] = _both(words)
        if moment:
            schema["format"] = "date-time"
    elif "x-pii" in schema:
        _bound_moment(schema)
        schema["description"] = _both(Bilingual(zh=schema.pop("title"), en=schema["description"]))
        _allow_unknown(schema)


def _bound_moment(schema: dict[str, Any]) -> None:
    for kind in (schema, *schema.get("anyOf", [])):
        if kind.get("format") == "date-time":
            kind["pattern"] = _MOMENT


def _both(words: Bilingual) -> str:
    return f"{words.zh} · {words.en}"


def _allow_unknown(schema: dict[str, Any]) -> None:
    kinds = schema.get("anyOf", [])
    takes_any_text = bool(kinds) and "maxLength" in kinds[0]
    if kinds and not takes_any_text:
        kinds.append({"const": UNKNOWN})


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    # Copied, because words are put into each.
    inside = {field: dict(schema) for field, schema in properties.items()}
    return {"type": "object", "properties": inside, "required": list(properties)}


def _batch_line() -> dict[str, Any]:
    answers = {"assessment": ref("Assessment"), "estimate": ref("Estimate"), "problem": ref("Problem")}
    line = _object(line=_NUMBER, status=_NUMBER)
    line["properties"] |= {"replayed": {"type": "boolean"}, **answers}
    return line | {"oneOf": [{"required": [name]} for name in answers]}


def _small() -> dict[str, Any]:
    return {
        "AssessmentPage": _object(
            data={"type": "array", "items": ref("Assessment")},
            has_more={"type": "boolean"},
            next_cursor={"type": ["string", "null"]},
        ),
        "BatchLine": _batch_line(),
        "Vector": _object(
            id=_TEXT,
            features_fingerprint=_TEXT,
            features={"type": "object", "additionalProperties": {"type": ["number", "null"]}},
        ),
        "Health": _object(status=_TEXT),
        "Readiness": _object(status=_TEXT, parts={"type": "object", "additionalProperties": _TEXT}),
        "Version": _object(
            fraudguard=_TEXT,
            model=_TEXT,
            features=_TEXT,
            policy=_TEXT,
            shadow={"type": ["string", "null"]},
            livemode={"type": "boolean"},
            fallback=ref("Fallback"),
        ),
        "Fallback": _object(from_fen=_NUMBER, below=ref("Intervention"), above=ref("Intervention")),
        "Entry": _object(kind=_TEXT, id=_TEXT, place=_NUMBER),
        "ProblemKind": _object(code=_TEXT, status=_NUMBER, title=_TEXT, meaning=_TEXT),
        "FieldError": _object(pointer=_TEXT, detail=_TEXT, code=_TEXT),
        "Problem": _problem(),
    }


def _page(of: str) -> dict[str, Any]:
    return _object(
        data={"type": "array", "items": ref(of)}, has_more={"type": "boolean"}, next_cursor={"type": ["string", "null"]}
    )


def _words(kind: type[StrEnum]) -> dict[str, Any]:
    return {"type": "string", "enum": [str(word) for word in kind]}


def _or_null(name: str) -> dict[str, Any]:
    return {"anyOf": [ref(name), {"type": "null"}]}


def _hold_schemas() -> dict[str, Any]:
    text, maybe, moment = _TEXT, {"type": ["string", "null"]}, {"type": "string", "format": "date-time"}
    return {
        "HoldState": _words(HoldState),
        "HoldReason": _words(HoldReason),
        "HoldAct": _words(HoldAct),
        "AppealState": _words(AppealState),
        "ListEntry": _object(
            entry_id=text, kind=ref("ListKind"), account_id=text, payer_account_id=maybe, reason_code=ref("ListReason"),
            note=maybe, evidence=maybe, author=text, created_at=moment, expires_at=moment, in_force={"type": "boolean"},
            revocation=_or_null("Revocation"),
        ),
        "Revocation": _object(note=text, author=text, revoked_at=moment),
        "HoldDetail": _object(
            assessment_id=text, transfer_id=text, intervention=ref("Intervention"), state=ref("HoldState"),
            held_from=moment, expires_at=moment, acts={"type": "array", "items": ref("HoldActOut")}, notice=ref("Text"),
        ),
        "HoldActOut": _object(
            act_id=text, act=ref("HoldAct"), hold_s={"type": ["integer", "null"]}, reason_code=ref("HoldReason"),
            note=maybe, author=text, at=moment,
        ),
        "Appeal": _object(
            appeal_id=text, assessment_id=text, appellant=ref("Appellant"), grounds=text, author=text,
            state=ref("AppealState"), received_at=moment, due_at=moment, is_overdue={"type": "boolean"},
            end=_or_null("AppealEnd"),
        ),
        "AppealEnd": _object(note=text, author=text, ended_at=moment),
        **{name: _page(of) for name, of in (("ListPage", "ListEntry"), ("HoldPage", "HoldDetail"), ("AppealPage", "Appeal"))},
    }  # fmt: skip


def _webhook_schemas() -> dict[str, Any]:
    text, maybe, moment = _TEXT, {"type": ["string", "null"]}, {"type": "string", "format": "date-time"}
    perhaps = {"type": ["string", "null"], "format": "date-time"}
    return {
        "WebhookEndpoint": _object(
            endpoint_id=text, url=text, events={"type": "array", "items": text}, note=maybe, author=text,
            created_at=moment, state={"type": "string", "enum": [ACTIVE, DISABLED]}, state_reason=text,
            failing_since=perhaps, former_secret_until=perhaps, secret=maybe,
        ),
        "WebhookDelivery": _object(
            event_id=text, type=text, happened_at=moment,
            data={"type": "object", "additionalProperties": text},
            state={"type": "string", "enum": [PENDING, DELIVERED, FAILED]}, tries=_NUMBER, due_at=moment,
            last_status={"type": ["integer", "null"]}, last_error=maybe, settled_at=perhaps,
        ),
        "WebhookEndpointPage": _page("WebhookEndpoint"),
        "WebhookDeliveryPage": _page("WebhookDelivery"),
    }  # fmt: skip


def _problem() -> dict[str, Any]:
    problem = _object(
        type=_TEXT,
        title=_TEXT,
        status=_NUMBER,
        detail=_TEXT,
        instance=_TEXT,
        code=_TEXT,
        request_id=_TEXT,
        errors={"type": "array", "items": ref("FieldError")},
    )
    problem["properties"]["fallback"] = _object(intervention=ref("Intervention"))
    return problem
