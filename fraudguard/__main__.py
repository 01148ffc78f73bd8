"""`python -m fraudguard` is the command `fraudguard`."""

from fraudguard.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
