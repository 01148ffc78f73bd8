"""Following the money: from a transfer or an account on, layer by layer, with what is still inside each account.

The core (`following` and what it stands on) takes small records and gives
dataclasses; it knows no table library, so that the service can use it. The
rule of taint is written down in `docs/explanation/money-flow.md`.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fraudguard.flow.following import follow
    from fraudguard.flow.graph import CaseGraph
    from fraudguard.flow.movement import Movement, MovementLog
    from fraudguard.flow.options import FollowOptions, Rule
    from fraudguard.flow.picture import flow_svg
    from fraudguard.flow.result import Flow, FlowAccount, FlowEdge
    from fraudguard.flow.tracing import trace

__all__ = [
    "CaseGraph",
    "Flow",
    "FlowAccount",
    "FlowEdge",
    "FollowOptions",
    "Movement",
    "MovementLog",
    "Rule",
    "flow_svg",
    "follow",
    "trace",
]

_MODULE_OF: Final = {
    "CaseGraph": "graph",
    "Flow": "result",
    "FlowAccount": "result",
    "FlowEdge": "result",
    "FollowOptions": "options",
    "Movement": "movement",
    "MovementLog": "movement",
    "Rule": "options",
    "flow_svg": "picture",
    "follow": "following",
    "trace": "tracing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's names have many types
    """Load a name when it is asked for, so that importing the room costs nothing.

    Raises
    ------
    AttributeError
        If the room has no such name.
    """
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # lazy on purpose

    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
