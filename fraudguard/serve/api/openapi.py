"""The OpenAPI document: what each route says of itself, and what all of them have in common."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from fraudguard.listed import ListKind
from fraudguard.serve.api.document_words import (
    INTRODUCTION,
    LINES_GIVEN,
    LINES_TAKEN,
    OPERATIONS_ZH,
    PATH_WORDS,
    STATUS_WORDS,
    SUMMARY,
    TAGS,
)
from fraudguard.serve.api.examples import ANSWERS, REQUESTS, problem_examples
from fraudguard.serve.api.parameters import ASKED, COMMON, HEADERS_OF, SENT
from fraudguard.serve.api.problems import MEDIA_TYPE, PROBLEMS
from fraudguard.serve.api.schemas import ref, schemas
from fraudguard.serve.auth import Scope

__all__ = [
    "OPEN",
    "answers",
    "answers_also",
    "answers_late",
    "answers_lines",
    "asks",
    "document",
    "needs",
    "takes",
    "takes_lines",
    "text_answer",
]

OPEN: Final[dict[str, Any]] = {"security": []}
"""The part of an operation that says it needs no key."""
_HEADER: Final = "#/components/headers/{name}"
_NO_LINKS: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})
_PATH_ENUMS: Final = {
    "code": [problem.code for problem in PROBLEMS.values()],
    "list_kind": [str(kind) for kind in ListKind],
}
_ALWAYS_SENT: Final = ("x-request-id", "x-correlator", "traceparent")


def needs(scope: Scope) -> dict[str, Any]:
    """Return the part of an operation that says which scope a key must have."""
    return {"security": [{"bearer": [str(scope)]}, {"header": [str(scope)]}]}


def takes(model: str) -> dict[str, Any]:
    """Return the part of an operation that says what it takes."""
    media = {"schema": ref(model), "examples": _examples(model, REQUESTS[model])}
    return {"requestBody": {"required": True, "content": {"application/json": media}}}


def takes_lines(model: str) -> dict[str, Any]:
    """Return the part of an operation that takes many of what another takes one of."""
    return {"requestBody": {"required": True, "content": _lines(model, LINES_TAKEN)}}


def answers_lines(model: str, *errors: int) -> dict[str, Any]:
    """Return the part of an operation that answers line by line."""
    good = {
        "description": "逐行答复，次序不变 · Line by line, in the same order",
        "content": _lines(model, LINES_GIVEN),
    }
    return {"responses": {"200": good} | {str(status): _bad(status) for status in errors}}


def _lines(model: str, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    # OpenAPI 3.1 has no word for the schema of a line; x-line says it to those who look.
    return {
        media_type: {"schema": {"type": "string", **told}, "x-line": ref(model)} for media_type, told in words.items()
    }


def asks(*names: str) -> dict[str, Any]:
    """Return the part of an operation that says what may stand behind the question mark, and in the headers."""
    return {"parameters": [{"name": name, "in": "query", "required": False, **ASKED[name]} for name in names]}


def answers(
    model: str, *errors: int, headers: Sequence[str] = (), links: Mapping[str, Sequence[str]] = _NO_LINKS
) -> dict[str, Any]:
    """Return the part of an operation that says what it answers, and which operations take the id of that."""
    media = {"schema": ref(model), "examples": _examples(model, ANSWERS[model])}
    good = {
        "description": "成功 · Done",
        "headers": _headers(headers),
        "content": {"application/json": media},
        "links": {
            operation: {"operationId": operation, "parameters": {parameter: "$response.body#/id"}}
            for parameter, operations in links.items()
            for operation in operations
        },
    }
    return {"responses": {"200": good} | {str(status): _bad(status) for status in errors}}


def answers_also(model: str, status: int) -> dict[str, Any]:
    """Return the part of an operation that answers the same when it is well and when it is not."""
    well = answers(model)["responses"]["200"]
    not_well = {"description": STATUS_WORDS[status], "headers": _headers(HEADERS_OF[HTTPStatus(status)])}
    return {"responses": {"200": well, str(status): {**well, **not_well}}}


def answers_late(model: str, late: str, *errors: int, links: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an operation that answers once, and otherwise at the caller's deadline."""
    told = answers(model, *errors, headers=("Location", "Idempotent-Replayed"), links=links)
    at_deadline = answers(late, headers=("Location",))["responses"]["200"]
    told["responses"]["202"] = {**at_deadline, "description": STATUS_WORDS[202]}
    return told


def text_answer(media_type: str) -> dict[str, Any]:
    """Return the part of an operation that answers plain text."""
    name, _, _ = media_type.partition(";")
    return {"responses": {"200": {"description": "成功 · Done", "content": {name: {"schema": {"type": "string"}}}}}}


def _bad(status: int) -> dict[str, Any]:
    found = [problem for problem in PROBLEMS.values() if problem.status == status]
    return {
        "description": STATUS_WORDS[status],
        "headers": _headers(HEADERS_OF.get(HTTPStatus(status), ())),
        "content": {
            MEDIA_TYPE: {"schema": ref("Problem"), "examples": _examples("Problem", [one.code for one in found])}
        },
    }


def _headers(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"$ref": _HEADER.format(name=name)} for name in names}


def _examples(model: str, names: Iterable[str]) -> dict[str, Any]:
    # By reference: the framework would leave out what is null in them.
    return {name: {"$ref": f"#/components/examples/{model}.{name}"} for name in names}


def document(routers: Sequence[APIRouter]) -> dict[str, Any]:
    """Return the OpenAPI document of the service."""
    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    for router in routers:
        app.include_router(router)
    made = get_openapi(
        title="fraudguard",
        version=version("fraudguard"),
        summary=SUMMARY,
        description=INTRODUCTION,
        routes=app.routes,
        openapi_version="3.1.0",
        tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "服务本身的地址 · Where the service itself listens"}],
    )
    for operation in _operations(made):
        _tell_shared(operation)
    return made | {"components": _components(), "security": [{"bearer": []}, {"header": []}]}


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from path.values()


def _tell_shared(operation: dict[str, Any]) -> None:
    # FastAPI documents a 422 of its own on each path with a parameter; ours are problems.
    bad = operation["responses"].get("422", {"content": {}})
    if "HTTPValidationError" in str(bad["content"].pop("application/json", "")) and not bad["content"]:
        del operation["responses"]["422"]
    in_english = operation["description"].partition("\n\nRaises")[0]
    operation["description"] = f"{OPERATIONS_ZH.get(operation['operationId'], '')}\n\n{in_english}"
    for parameter in operation.get("parameters", []):
        parameter.setdefault("description", PATH_WORDS.get(parameter["name"], ""))
        if parameter["name"] in _PATH_ENUMS:
            parameter["schema"]["enum"] = _PATH_ENUMS[parameter["name"]]
    operation.setdefault("parameters", []).extend({"$ref": f"#/components/parameters/{name}"} for name in COMMON)
    operation["responses"].setdefault("500", _bad(500))
    for response in operation["responses"].values():
        response["headers"] = _headers(_ALWAYS_SENT) | response.get("headers", {})


def _components() -> dict[str, Any]:
    return {
        "schemas": schemas(),
        "parameters": {name: {"name": name, "in": "header", "required": False, **COMMON[name]} for name in COMMON},
        "headers": SENT,
        "examples": {
            f"{model}.{name}": example
            for model, those in (REQUESTS | ANSWERS | {"Problem": problem_examples()}).items()
            for name, example in those.items()
        },
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "API 密钥 · An API key: `fg_…`"},
            "header": {
                "type": "apiKey",
                "in": "header",
                "name": "x-api-key",
                "description": "同一密钥，另一写法 · The same key, written otherwise",
            },
        },
    }
