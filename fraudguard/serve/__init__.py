"""The service: a scoring API, and a review page for officers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fraudguard.serve.app import create_app
    from fraudguard.serve.settings import Settings, load_settings

__all__ = ["Settings", "create_app", "load_settings"]


def __getattr__(name: str) -> object:
    # Lazy (PEP 562): reading a setting must not load the web framework.
    if name == "create_app":
        from fraudguard.serve.app import create_app  # noqa: PLC0415  # see above

        return create_app
    if name in {"Settings", "load_settings"}:
        from fraudguard.serve import settings  # noqa: PLC0415  # see above

        return getattr(settings, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
