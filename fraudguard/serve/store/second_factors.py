"""What a person has beside the password: the secret of an authenticator app, and codes for the day it is lost."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, update

from fraudguard.serve.store.desk_tables import recovery_code, second_factor

__all__ = ["SecondFactorRow", "SecondFactors"]


class SecondFactorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``second_factor``; the secret is sealed, and counts once it is confirmed."""

    officer: str
    sealed: bytes
    confirmed_at_ms: int | None
    last_step: int


class SecondFactors:
    """The second factors, at most one a person."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, officer: str) -> SecondFactorRow | None:
        """Return a person's, or None."""
        query = select(second_factor).where(second_factor.c.officer == officer)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else SecondFactorRow(**{**row, "sealed": bytes(row["sealed"])})

    def put(self, row: SecondFactorRow) -> None:
        """Replace a person's, and take back the recovery codes of the former."""
        with self._engine.begin() as connection:
            _remove(connection, row.officer)
            connection.execute(insert(second_factor), msgspec.structs.asdict(row))

    def confirm(self, officer: str, *, at_ms: int, step: int, code_digests: Iterable[str]) -> None:
        """Let a person's count from now on, with these recovery codes."""
        with self._engine.begin() as connection:
            mine = update(second_factor).where(second_factor.c.officer == officer)
            connection.execute(mine.values(confirmed_at_ms=at_ms, last_step=step))
            rows = [{"officer": officer, "digest": digest} for digest in code_digests]
            connection.execute(insert(recovery_code), rows)

    def use_step(self, officer: str, step: int) -> bool:
        """Note that the code of a step was used; False if it, or a later one, was used before."""
        fresh = (second_factor.c.officer == officer) & (second_factor.c.last_step < step)
        with self._engine.begin() as connection:
            return connection.execute(update(second_factor).where(fresh).values(last_step=step)).rowcount == 1

    def use_code(self, officer: str, digest: str) -> bool:
        """Use up a recovery code; False if there is no such code."""
        this = (recovery_code.c.officer == officer) & (recovery_code.c.digest == digest)
        with self._engine.begin() as connection:
            return connection.execute(delete(recovery_code).where(this)).rowcount == 1

    def remove(self, officer: str) -> None:
        """Forget a person's; nothing if there is none."""
        with self._engine.begin() as connection:
            _remove(connection, officer)


def _remove(connection: Connection, officer: str) -> None:
    connection.execute(delete(recovery_code).where(recovery_code.c.officer == officer))
    connection.execute(delete(second_factor).where(second_factor.c.officer == officer))
