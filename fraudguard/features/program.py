"""From a plan to the kernel's program and state."""

from typing import Final

from fraudguard.features.kernel import Program, State
from fraudguard.features.plan import FeaturePlan

__all__ = ["load_program", "new_state"]

_NO_WINDOWS_MS: Final = 60_000


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
        windows_ms=plan.windows_ms,
        readings=plan.readings,
        n_fields=len(plan.field_names),
        constants=plan.constants,
        operations=plan.operations,
        outputs=plan.outputs,
    )


def new_state(plan: FeaturePlan) -> State:
    """Return an empty state that remembers as far back as a plan looks.

    Parameters
    ----------
    plan : FeaturePlan
        What will be asked.

    Returns
    -------
    State
        With no entities reserved.
    """
    return State(int(plan.windows_ms[-1]) if len(plan.windows_ms) else _NO_WINDOWS_MS)
