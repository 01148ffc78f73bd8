"""Alembic migrations of the store; each is final once released."""

__all__: list[str] = []
