"""The OpenAPI document: an integrator has it and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from fraudguard.serve.api.openapi import document
from fraudguard.serve.api.routes import ROUTERS
from fraudguard.serve.auth import Scope
from tests.house.tree import ROOT
from tests.serve.fakes import Service, add_key

DOCUMENT: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8"))
EXAMPLES: Final[dict[str, Any]] = DOCUMENT["components"]["examples"]
OPERATIONS: Final = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
NAMES: Final = [operation["operationId"] for _, _, operation in OPERATIONS]
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
LATIN: Final = re.compile(r"[a-z]{2}")
PATH_OF_MODEL: Final = {
    "AccountIn": "/v1/accounts",
    "SignalIn": "/v1/signals",
    "AssessmentIn": "/v1/assessments",
    "TransferIn": "/v1/transfers",
    "FindingIn": "/v1/findings",
}


def _walk(node: object, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for child in node.values():
            yield from _walk(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from _walk(child, key)


def _found(reference: str) -> object:
    node: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def _in_both(text: str) -> bool:
    return bool(CHINESE.search(text) and LATIN.search(text))


def _call(service: Service, method: str, path: str, token: str = "") -> Any:  # noqa: ANN401  # the client's response
    content, headers = (b"{}" if method == "POST" else None), {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return service.client.request(method, re.sub(r"\{\w+\}", "x", path), content=content, headers=headers)


def test_the_committed_document_is_the_one_served(service: Service) -> None:
    """What an integrator reads beforehand is what the service says."""
    assert service.client.get("/openapi.json").json() == DOCUMENT == json.loads(json.dumps(document(ROUTERS)))


def test_every_reference_leads_somewhere() -> None:
    """No `$ref` points into nothing."""
    references = set(_walk(DOCUMENT, "$ref"))

    assert len(references) > 50
    assert all(_found(reference) for reference in references)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_schema_is_one(name: str) -> None:
    """Every schema is a JSON Schema of the dialect that OpenAPI 3.1 has."""
    schema = DOCUMENT["components"]["schemas"][name]
    errors = list(Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema))

    assert errors == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_fits_its_schema(name: str) -> None:
    """Every example is what its schema allows."""
    model = name.partition(".")[0]
    schema = {**DOCUMENT, "$ref": f"#/components/schemas/{model}"}
    errors = list(Draft202012Validator(schema).iter_errors(EXAMPLES[name]["value"]))

    assert [error.message for error in errors] == []


@pytest.mark.parametrize("model", sorted(PATH_OF_MODEL))
def test_request_examples_are_answered(service: Service, model: str) -> None:
    """Every example of a request is answered with 200, as it stands and from top to bottom."""
    examples = {name: one["value"] for name, one in EXAMPLES.items() if name.startswith(f"{model}.")}
    transfers = [one["value"] for name, one in EXAMPLES.items() if name.startswith("TransferIn.")]
    if model == "FindingIn":
        for body in transfers:
            service.assess(body)
    answers = [
        service.client.post(PATH_OF_MODEL[model], json=body, headers=service.auth).status_code
        for body in examples.values()
    ]

    assert answers == [200] * len(examples) != []


@pytest.mark.parametrize("operation", [operation for _, _, operation in OPERATIONS], ids=NAMES)
def test_operation_is_told_in_both_languages(operation: dict[str, Any]) -> None:
    """Every operation says in Chinese and in English what it does, what it asks for, and what each status means."""
    asked = [_found(one["$ref"]) if "$ref" in one else one for one in operation.get("parameters", [])]
    told = [
        operation["summary"],
        operation["description"],
        *(one["description"] for one in (*asked, *operation["responses"].values())),
    ]

    assert [text for text in told if not _in_both(text)] == [], (
        "give it its Chinese in fraudguard/serve/api/document_words.py"
    )


def test_field_is_told_in_both_languages() -> None:
    """Every field of every request and answer says in Chinese and in English what it is."""
    silent = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, inside in schema.get("properties", {}).items()
        if not CHINESE.search(inside.get("description", ""))
    ]

    assert silent == [], "give each its words in fraudguard/serve/api/field_words.py"


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_operation_asks_for_the_scope_it_names(
    service: Service, method: str, path: str, operation: dict[str, Any]
) -> None:
    """An operation that names a scope refuses no key with 401 and every other scope with 403; one that names none is open."""
    named = {scope for one in operation["security"] for scopes in one.values() for scope in scopes}
    others = [scope for scope in Scope if scope not in named | {Scope.ADMIN}]
    token = add_key(service.store, *others)
    service.clock.advance(seconds=1)  # keys are read again
    without = _call(service, method, path).status_code
    with_another = _call(service, method, path, token).status_code

    assert (without, with_another) == (401, 403) if named else 401 not in {without, with_another}


@pytest.mark.parametrize("code", [name.partition(".")[2] for name in EXAMPLES if name.startswith("Problem.")])
def test_every_error_leads_to_a_page(service: Service, code: str) -> None:
    """The type of every error is a path that tells what it means, that of an unexpected one as well."""
    told = service.client.get(EXAMPLES[f"Problem.{code}"]["value"]["type"]).json()

    assert (told["code"], told["status"]) == (code, EXAMPLES[f"Problem.{code}"]["value"]["status"])
    assert told["meaning"]


def test_request_id_and_trace_come_back(service: Service) -> None:
    """What the caller names a request by comes back with the answer, an error as well."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {"x-request-id": "pay-1", "traceparent": trace}

    for path in ("/livez", "/v1/assessments", "/nowhere"):
        reply = service.client.get(path, headers=headers)
        assert (reply.headers["x-request-id"], reply.headers["traceparent"]) == ("pay-1", trace)


@pytest.mark.parametrize("sent", ["", "00-1-2-01", "00-" + 32 * "G" + "-00f067aa0ba902b7-01"])
def test_a_trace_that_is_none_does_not_come_back(service: Service, sent: str) -> None:
    """A header that is no trace context is not repeated."""
    assert "traceparent" not in service.client.get("/livez", headers={"traceparent": sent}).headers
