"""A service to compare the examples with."""

from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serve.fakes import Service, make_settings, running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give a running service."""
    with running(make_settings(tmp_path_factory.mktemp("service"))) as started:
        yield started


@pytest.fixture(scope="session")
def document(service: Service) -> Any:  # noqa: ANN401  # JSON
    """Give the OpenAPI document."""
    return service.client.get("/openapi.json").json()


@pytest.fixture(scope="session")
def metrics(service: Service) -> dict[str, dict[str, set[str]]]:
    """Give the values of each label of each series that the service has."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(service.client.get("/metrics").text):
        for sample in family.samples:
            for label, value in {"": "", **sample.labels}.items():
                found.setdefault(sample.name, {}).setdefault(label, set()).add(value)
    return found
