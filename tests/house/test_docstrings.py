"""Public names carry complete numpydoc docstrings. Always on; there is no ignore list.

Asked at run time, because read as text a dataclass seems to have no parameters.
"""

from dataclasses import is_dataclass
from importlib import import_module
from inspect import isfunction
from typing import Final

import pytest
from numpydoc.validate import validate

CHECKS: Final = {"GL01", "GL03", "GL05", "GL06", "GL07", "GL08", "PR01", "PR02", "PR03", "PR04", "PR10", "RT03", "YD01"}
ROOMS: Final = (
    "fraudguard",
    "fraudguard.client",
    "fraudguard.column",
    "fraudguard.decision",
    "fraudguard.features",
    "fraudguard.flow",
    "fraudguard.labels",
    "fraudguard.model",
    "fraudguard.policy",
    "fraudguard.simulate",
    "fraudguard.tables",
    "fraudguard.wording",
)


def _public(room: str) -> list[str]:
    module = import_module(room)
    values = {name: getattr(module, name) for name in getattr(module, "__all__", ())}
    return [f"{room}.{name}" for name, value in values.items() if isfunction(value) or is_dataclass(value)]


@pytest.mark.parametrize("name", [name for room in ROOMS for name in _public(room)])
def test_public_docstring_is_complete(name: str) -> None:
    """Every parameter is documented, in order, and nothing else is."""
    errors = [(code, text) for code, text in validate(name)["errors"] if code in CHECKS]

    assert errors == []
