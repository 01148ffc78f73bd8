"""What a command prints: data to stdout, talk to stderr, in the reader's language."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from fraudguard.progress import Progress as Listener
from fraudguard.progress import silent

__all__ = ["Output", "output"]

_WIDTH: Final = 80


@dataclass(slots=True)
class Output:
    """Where and how this run of the command line speaks.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of talk.
    verbosity : int
        -1 quiet, 0 normal, 1 and up more.
    color : bool
        Whether colours may be used on a terminal.
    """

    lang: str = "zh"
    verbosity: int = 0
    color: bool = True

    def say(self, zh: str, en: str) -> None:
        """Print a note to stderr, unless quiet; data printed before it comes out first, also into a pipe."""
        sys.stdout.flush()
        if self.verbosity >= 0:
            self._err().print(zh if self.lang == "zh" else en, highlight=False, markup=False, soft_wrap=True)

    def fail(self, zh: str, en: str) -> None:
        """Print an error to stderr, also when quiet."""
        text = f"错误：{zh}" if self.lang == "zh" else f"Error: {en}"
        self._err().print(text, style="bold red", highlight=False, markup=False, soft_wrap=True)

    def write(self, line: str) -> None:
        """Print a line of data to stdout."""
        sys.stdout.write(line + "\n")

    def paragraph(self, text: str, *, indent: int = 0) -> None:
        """Print a paragraph to stdout, folded to 80 columns; a Chinese character takes two."""
        lines = Text(text).wrap(Console(), _WIDTH - indent)
        for line in lines:
            self.write(" " * indent + line.plain.rstrip())

    def write_json(self, value: object) -> None:
        """Print one JSON object to stdout, keys in the order given."""
        self.write(json.dumps(value, ensure_ascii=False, allow_nan=False, default=str))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table: drawn on a terminal, tab-separated when piped."""
        if not sys.stdout.isatty():
            for row in (columns, *rows):
                self.write("\t".join(str(cell) for cell in row))
            return
        table = Table(header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        Console(no_color=not self.color).print(table)

    def record(self, pairs: Mapping[str, object]) -> None:
        """Print names and values, one pair a line."""
        for name, value in pairs.items():
            self.write(f"{name}\t{value}")

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[Listener]:
        """Show a long step: a bar on a terminal, a line per 10 % in a log, nothing when quiet.

        Yields
        ------
        Progress
            To be called with (done, total).
        """
        title = zh if self.lang == "zh" else en
        if self.verbosity < 0:
            yield silent
        elif sys.stderr.isatty():
            with self._bar(title) as listener:
                yield listener
        else:
            yield from self._lines(title)

    @contextmanager
    def _bar(self, title: str) -> Iterator[Listener]:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        times = (TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, *times, console=self._err()) as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
            tasks = bar.tasks[task]
            bar.update(task, total=tasks.total or 1, completed=tasks.total or 1)

    def _lines(self, title: str) -> Iterator[Listener]:
        started, shown = time.monotonic(), -1

        def listen(done: int, total: int) -> None:
            nonlocal shown
            tenth = 10 * done // max(total, 1)
            if tenth > shown:
                shown = tenth
                self.say(f"{title} {10 * tenth}%", f"{title} {10 * tenth}%")

        self.say(f"{title} …", f"{title} …")
        yield listen
        seconds = time.monotonic() - started
        self.say(f"{title} 完成，{seconds:.1f} 秒", f"{title} done in {seconds:.1f} s")

    def _err(self) -> Console:
        return Console(stderr=True, no_color=not self.color)


output = Output()
"""The one output of this process; `fraudguard.cli.app` sets it from the flags."""
