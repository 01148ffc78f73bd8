"""Run the whole command line in this process, and leave its output as it was found."""

from collections.abc import Iterator
from contextlib import contextmanager

from typer.testing import CliRunner, Result

from fraudguard.cli.app import app
from fraudguard.cli.output import output

__all__ = ["invoke", "untouched_output"]


@contextmanager
def untouched_output() -> Iterator[None]:
    """Put back the language, the verbosity and the colours that a command has set from its flags."""
    before = (output.lang, output.verbosity, output.color)
    try:
        yield
    finally:
        output.lang, output.verbosity, output.color = before


def invoke(*words: object) -> Result:
    """Run `fraudguard` with these words."""
    with untouched_output():
        return CliRunner().invoke(app, [str(word) for word in words])
