"""The `fraudguard` command: its global flags, its commands, its exit codes."""

import sys
from importlib.metadata import version
from typing import Annotated, Final, Literal

import typer

from fraudguard.cli.output import output
from fraudguard.errors import (
    ArtifactError,
    ConflictError,
    DataError,
    DefinitionError,
    FraudguardError,
    GateError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    UnauthenticatedError,
)

__all__ = ["EXIT_CODES", "app", "main"]

EXIT_CODES: Final[dict[type[FraudguardError], int]] = {
    DefinitionError: 2,
    DataError: 3,
    ConflictError: 3,
    ArtifactError: 4,
    NotFoundError: 4,
    NotReadyError: 4,
    GateError: 5,
    PermissionDeniedError: 7,
    UnauthenticatedError: 7,
}
"""0 ok · 1 unexpected · 2 usage · 3 input invalid · 4 not found or not ready · 5 gate failed · 6 environment · 7 permission · 130 interrupted."""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True)
