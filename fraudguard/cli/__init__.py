"""The command line: reads arguments, calls one function, prints."""

from fraudguard.cli.app import main

__all__ = ["main"]
