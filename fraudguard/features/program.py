"""From a plan to the kernel's program, state and engine."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Final

from fraudguard.column import Column, columns_of
from fraudguard.features.engine import Engine
from fraudguard.features.kernel import Program, State
from fraudguard.features.plan import FeaturePlan
from fraudguard.signal import SignalSource, SignalType
from fraudguard.transfer import EventType, Transfer

__all__ = ["BLOCK", "LIQUIDS", "RETENTION_MS", "load_program", "new_engine", "new_state", "retention_ms"]

RETENTION_MS: Final = 90 * 86_400_000
"""How long a transfer's id is remembered at least."""

BLOCK: Final = 256
"""Events of a block."""

LIQUIDS: Final = {
    EventType.TERM_DEPOSIT_BREAK: 0,
    EventType.FUND_REDEMPTION: 1,
    EventType.LOAN_DISBURSEMENT: 2,
}
"""Movements that turn savings or credit into money, by their number in the kernel."""


def load_program(plan: FeaturePlan) -> Program:
    """Return the program of a plan, with scratch space of its own.

    Parameters
    ----------
    plan : FeaturePlan
        What to compute.

    Returns
    -------
    Program
        For one thread.
    """
    return Program(
        readings=plan.readings,
        starts=plan.starts,
        lifelong=plan.lifelong,
        observations=plan.observations,
        network_slots=plan.network_slots.tolist(),
        operations=plan.operations,
        constants=plan.constants,
        n_slots=plan.n_slots,
        n_outputs=len(plan.columns),
    )


def new_state(plan: FeaturePlan, *, longest: int = BLOCK) -> State:
    """Return an empty state that remembers what a plan reads.

    Parameters
    ----------
    plan : FeaturePlan
        What will be asked.
    longest : int
        How many events of an entity may lie in one run; more are kept in blocks, so that no call
        copies many.

    Returns
    -------
    State
        With no entities reserved.
    """
    stores = [(list(store.windows_ms), store.needs) for store in plan.stores]
    return State(stores, len(plan.account_fields), len(SignalType), len(SignalSource), longest)


def new_engine(plan: FeaturePlan, *, remembers_ids: bool) -> Engine:
    """Return an empty engine for a plan.

    Parameters
    ----------
    plan : FeaturePlan
        What will be asked.
    remembers_ids : bool
        False if no transfer comes twice and no finding must find its transfer.

    Returns
    -------
    Engine
        For one thread.
    """
    return Engine(
        program=load_program(plan),
        state=new_state(plan),
        kind=Transfer,
        fields=_field_codes(plan),
        field_slots=plan.field_slots,
        retention_ms=retention_ms(plan),
        remembers_ids=remembers_ids,
        seed=secrets.randbits(62),
    )


def retention_ms(plan: FeaturePlan) -> int:
    """Return how long a plan's state remembers the id of a transfer.

    Parameters
    ----------
    plan : FeaturePlan
        What will be asked.

    Returns
    -------
    int
        Its longest window, and 90 days at least.
    """
    return max(plan.longest_ms, RETENTION_MS)


def _field_codes(plan: FeaturePlan) -> tuple[tuple[str, list[StrEnum] | str | None], ...]:
    columns = {column.name: column for column in columns_of(Transfer)}
    return tuple((name, _code(columns[name])) for name in plan.field_names)


def _code(column: Column) -> list[StrEnum] | str | None:
    """Return how a field's value becomes a number; `fraudguard.features.batch` does the same to a table."""
    if issubclass(column.type, StrEnum):
        return list(column.type)
    return "moment" if issubclass(column.type, datetime) else None
