"""The HTTP API: parse, call one thing, answer."""

__all__: list[str] = []
