"""The OpenAPI document: requests from the wire models, answers from what is encoded."""

from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from fraudguard.decision import Intervention
from fraudguard.serve.api.cursor import LIMIT_MAX
from fraudguard.serve.api.wire import MODELS
from fraudguard.serve.reply import Assessment

__all__ = ["OPEN", "answers", "asks", "describe", "takes"]

_REF: Final = "#/components/schemas/{name}"
_TEXT: Final = {"type": "string"}
OPEN: Final[dict[str, Any]] = {"security": []}
"""The part of an operation that says it needs no key."""
_NUMBER: Final = {"type": "integer"}


def takes(model: str) -> dict[str, Any]:
    """Return the part of an operation that says what it takes."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _ref(model)}}}}


def asks(*names: str) -> dict[str, Any]:
    """Return the part of an operation that says what may stand behind the question mark."""
    return {"parameters": [{"name": name, "in": "query", "required": False, "schema": _ASKED[name]} for name in names]}


def answers(model: str, *errors: int) -> dict[str, Any]:
    """Return the part of an operation that says what it answers."""
    good = {"description": "Done", "content": {"application/json": {"schema": _ref(model)}}}
    bad = {"description": "See `code`", "content": {"application/problem+json": {"schema": _ref("Problem")}}}
    return {"responses": {"200": good} | {str(status): bad for status in errors}}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the service; made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes, openapi_version="3.1.0"
        )
        _forget_default_errors(document)
        parts = document.setdefault("components", {})
        parts["schemas"] = _schemas()
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key, fg_…"}}
        document["security"] = [{"key": []}]
        app.openapi_schema = document
    return app.openapi_schema


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=model)}


def _forget_default_errors(document: dict[str, Any]) -> None:
    # FastAPI documents a 422 of its own on each path with a parameter; ours are problems.
    for path in document["paths"].values():
        for operation in path.values():
            default = str(operation["responses"].get("422", ""))
            if "HTTPValidationError" in default:
                del operation["responses"]["422"]


def _schemas() -> dict[str, Any]:
    requests = [(model, "validation") for model in MODELS.values()]
    _, made = models_json_schema(requests, ref_template=_REF.format(name="{model}"))  # type: ignore[arg-type]
    _, encoded = msgspec.json.schema_components([Assessment], ref_template=_REF)
    return {**made["$defs"], **encoded, **_SMALL}


def _object(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_ASKED: Final = {
    "transfer_id": _TEXT,
    "intervention": {"type": "string", "enum": [str(word) for word in Intervention]},
    "after": {"type": "string", "description": "The next_cursor of the page before"},
    "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": 50},
}
_SMALL: Final = {
    "AssessmentPage": _object(
        data={"type": "array", "items": _ref("Assessment")},
        has_more={"type": "boolean"},
        next_cursor={"type": ["string", "null"]},
    ),
    "Vector": _object(
        id=_TEXT,
        features_fingerprint=_TEXT,
        features={"type": "object", "additionalProperties": {"type": ["number", "null"]}},
    ),
    "Status": {"type": "object", "properties": {"status": _TEXT, "parts": {"type": "object"}}, "required": ["status"]},
    "Version": _object(
        fraudguard=_TEXT, model=_TEXT, features=_TEXT, policy=_TEXT, shadow={"type": ["string", "null"]}
    ),
    "Entry": _object(kind=_TEXT, id=_TEXT, place=_NUMBER),
    "ProblemKind": _object(code=_TEXT, status=_NUMBER, title=_TEXT, meaning=_TEXT),
    "FieldError": _object(pointer=_TEXT, detail=_TEXT, code=_TEXT),
    "Problem": _object(
        type=_TEXT,
        title=_TEXT,
        status=_NUMBER,
        detail=_TEXT,
        instance=_TEXT,
        code=_TEXT,
        request_id=_TEXT,
        errors={"type": "array", "items": _ref("FieldError")},
    ),
}
