"""The client and the OpenAPI document say the same."""

import inspect
import json
from collections.abc import Callable
from typing import Any, Final, get_args, get_type_hints

import httpx2
import msgspec
import pytest

from fraudguard.client import (
    ApiError,
    AsyncClient,
    Client,
    Retries,
    UnavailableError,
    answers,
    hold_answers,
    webhook_answers,
)
from fraudguard.errors import FraudguardError
from fraudguard.serve.api.problems import PROBLEMS
from tests.house.tree import ROOT

URL: Final = "http://127.0.0.1:8000"
DOCUMENT: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8"))
SCHEMAS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]
STRUCT_OF: Final[dict[str, type[msgspec.Struct]]] = {
    "AssessmentPage": answers.Page,
    "FieldError": answers.FieldFault,
    "ReasonOut": answers.Reason,
    **{
        name: getattr(room, name)
        for room in (answers, hold_answers, webhook_answers)
        for name in room.__all__
        if name in SCHEMAS
    },
}


def client_on(answer: Callable[[httpx2.Request], httpx2.Response]) -> Client:
    """Return a client that asks once, on a network that answers so."""
    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return Client(URL, "fg_key", http=http, retries=Retries(attempts=1))


def test_both_clients_have_the_same_methods() -> None:
    """What one can do, the other can, under the same name, with the same words."""
    methods = {name for name in dir(Client) if not name.startswith("_")} - {"close"}
    others = {name for name in dir(AsyncClient) if not name.startswith("_")} - {"aclose"}
    parameters = [
        inspect.signature(getattr(Client, name)).parameters.keys()
        == inspect.signature(getattr(AsyncClient, name)).parameters.keys()
        for name in sorted(methods)
    ]

    assert methods == others
    assert all(parameters)
    assert [name for name in methods if getattr(Client, name).__doc__ != getattr(AsyncClient, name).__doc__] == []


def test_every_route_has_its_method() -> None:
    """The client has a method for each route of the API."""
    sent: set[tuple[str, str]] = set()

    def note(request: httpx2.Request) -> httpx2.Response:
        sent.add((request.method, request.url.path))
        return httpx2.Response(404)

    client = client_on(note)
    calls: list[Callable[[], object]] = [
        lambda: client.assess({}),
        lambda: client.assess_within({}, 100),
        lambda: list(client.assess_batch([{}])),
        lambda: list(client.list_assessments()),
        lambda: client.read_assessment("{assessment_id}"),
        lambda: client.read_features("{assessment_id}"),
        lambda: client.add_transfer({}),
        lambda: client.record_finding({}),
        lambda: client.report_signal({}),
        lambda: client.describe_account({}),
        lambda: client.add_list_entry("{list_kind}", {}),
        lambda: list(client.list_entries("{list_kind}")),
        lambda: client.read_list_entry("{list_kind}", "{entry_id}"),
        lambda: client.revoke_list_entry("{list_kind}", "{entry_id}", "why"),
        lambda: list(client.list_holds()),
        lambda: client.read_hold("{assessment_id}"),
        lambda: client.release("{assessment_id}", "by_order"),
        lambda: client.extend("{assessment_id}", 60, "by_order"),
        lambda: client.lodge_appeal("{assessment_id}", "payer", "why"),
        lambda: list(client.list_appeals()),
        lambda: client.read_appeal("{appeal_id}"),
        lambda: client.decide_appeal("{appeal_id}", "upheld", "why"),
        lambda: client.add_webhook_endpoint("https://bank.example/", ["case.closed"]),
        lambda: list(client.list_webhook_endpoints()),
        lambda: client.read_webhook_endpoint("{endpoint_id}"),
        lambda: client.rotate_webhook_secret("{endpoint_id}"),
        lambda: client.disable_webhook_endpoint("{endpoint_id}"),
        lambda: client.enable_webhook_endpoint("{endpoint_id}"),
        lambda: client.test_webhook_endpoint("{endpoint_id}"),
        lambda: list(client.list_webhook_deliveries("{endpoint_id}")),
        lambda: client.redeliver_webhook("{endpoint_id}", "{event_id}"),
        client.readiness,
        client.version,
    ]
    for call in calls:
        with pytest.raises(ApiError):
            call()
    routes = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert routes - sent == {("GET", "/livez"), ("GET", "/metrics"), ("GET", "/problems/{code}")}


@pytest.mark.parametrize("name", sorted(STRUCT_OF))
def test_answers_are_as_the_document_says(name: str) -> None:
    """Each typed value has the fields of its schema, and takes null where the schema does."""
    schema, struct = SCHEMAS[name], STRUCT_OF[name]
    hints = get_type_hints(struct)
    nullable = {
        field
        for field, inside in schema["properties"].items()
        if any(one.get("type") == "null" for one in inside.get("anyOf", ())) or "null" in inside.get("type", ())
    }

    assert set(struct.__struct_fields__) == set(schema["properties"])
    assert nullable <= {field for field, hint in hints.items() if type(None) in get_args(hint)}


@pytest.mark.parametrize(
    "name", [name for name in DOCUMENT["components"]["examples"] if name.partition(".")[0] in STRUCT_OF]
)
def test_examples_of_the_document_are_read(name: str) -> None:
    """What the document shows as an answer is read by the client."""
    value = DOCUMENT["components"]["examples"][name]["value"]

    assert msgspec.convert(value, STRUCT_OF[name.partition(".")[0]]) is not None


def test_every_code_has_an_error() -> None:
    """Each code of the service is raised as an error that says whether to ask again."""
    kinds = {}
    for problem in PROBLEMS.values():
        body = DOCUMENT["components"]["examples"][f"Problem.{problem.code}"]["value"]
        response = httpx2.Response(int(problem.status), json=body)
        with pytest.raises(ApiError) as caught:
            client_on(lambda _request, answer=response: answer).version()  # type: ignore[misc]
        kinds[problem.code] = type(caught.value)

    assert {code for code, kind in kinds.items() if issubclass(kind, UnavailableError)} >= {
        "not_ready",
        "misconfigured",
    }
    assert all(issubclass(kind, FraudguardError) for kind in kinds.values())
    assert ApiError not in kinds.values()
