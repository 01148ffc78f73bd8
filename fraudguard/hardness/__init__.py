"""The generator's card: whether a simulated dataset is honestly hard, or leaks what is fraud."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fraudguard.hardness.study import hardness

__all__ = ["hardness"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's names have many types
    """Load a name when it is asked for, so that importing the room costs nothing.

    Raises
    ------
    AttributeError
        If the room has no such name.
    """
    if name == "hardness":
        from fraudguard.hardness.study import hardness  # noqa: PLC0415  # lazy on purpose

        return hardness
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
