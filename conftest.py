"""What examples in docstrings find there: those of the client, a service to talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def service_of_examples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give an example of the client a running service, and the rest nothing."""
    path = Path(request.node.path)
    if not isinstance(request.node, pytest.DoctestItem) or path.parent.name != "client":
        yield
        return
    # Here, not above: this file is loaded before tests/conftest.py says which kernel is to be tested.
    from tests.client.service import names_of_examples  # noqa: PLC0415

    with names_of_examples(tmp_path_factory.mktemp("service"), is_async=path.stem == "awaiting") as names:
        request.getfixturevalue("doctest_namespace").update(names)
        yield
