"""How the fuzzer writes what is not JSON: loaded by it, by the name of this module."""

import json
from typing import Any

import schemathesis

__all__: list[str] = []


@schemathesis.serializer("application/x-ndjson", "application/vnd.apache.arrow.stream")
def write_lines(_context: object, value: Any) -> bytes:  # noqa: ANN401  # whatever was drawn
    """Write a text as it is, and anything else as a line."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()
