"""A world to learn from: invented persons, real habits, exact truth.

Only synthetic persons live here. What is measured and what is assumed is
said beside each constant; [A] marks an assumption.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fraudguard.simulate.presets import PRESETS
    from fraudguard.simulate.simulation import simulate_dataset

__all__ = ["PRESETS", "simulate_dataset"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's names have many types
    """Load a name when it is asked for, so that importing the room costs nothing.

    Raises
    ------
    AttributeError
        If the room has no such name.
    """
    if name == "PRESETS":
        from fraudguard.simulate.presets import PRESETS  # noqa: PLC0415  # lazy on purpose

        return PRESETS
    if name == "simulate_dataset":
        from fraudguard.simulate.simulation import simulate_dataset  # noqa: PLC0415  # lazy on purpose

        return simulate_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
