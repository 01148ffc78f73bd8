"""Score bank transfers for telecom fraud while they are still pending."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fraudguard.tables import Dataset, read_dataset, read_transfers

__all__ = ["Dataset", "read_dataset", "read_transfers"]

_ROOM_OF: Final = dict.fromkeys(__all__, "tables")


def __getattr__(name: str) -> object:
    # Lazy (PEP 562): importing the service must not load pandas.
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
