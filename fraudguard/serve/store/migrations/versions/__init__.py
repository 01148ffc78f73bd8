"""One module per migration, in order."""

__all__: list[str] = []
