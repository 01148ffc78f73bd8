"""The review pages: rendered on the server, without scripts."""

__all__: list[str] = []
