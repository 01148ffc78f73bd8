"""`assess`: send transfers to a running service, and write what it answers."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from fraudguard.cli.output import output
from fraudguard.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from fraudguard.client import BatchLine

__all__ = ["assess_command"]


def assess_command(
    file: Annotated[Path, typer.Argument(help="每行一笔转账的 JSON / a JSON object a line, one transfer each")],
    *,
    url: Annotated[str, typer.Option(help="服务地址 / address of the service")] = "http://127.0.0.1:8000",
    key_file: Annotated[Path, typer.Option("--key-file", help="存有 API 密钥的文件 / file that holds the API key")],
    out: Annotated[Path | None, typer.Option(help="写到这个文件 / write here, default stdout")] = None,
    mode: Annotated[
        Literal["live", "shadow"],
        typer.Option(help="正式或试运行 / in earnest, or a trial that no officer sees", metavar="live|shadow"),
    ] = "live",
    record: Annotated[bool, typer.Option(help="是否入日志；否则只估算 / record, or only estimate")] = True,
) -> None:
    """把文件里的转账交给运行中的服务评估，逐行写出答复。 / Have a running service judge the transfers of a file; one line of answer each."""
    from fraudguard.client import Client

    total, failed = _count(file), 0
    lang: Literal["zh", "en"] = "en" if output.lang == "en" else "zh"
    client = Client(url, _read_key(key_file), lang=lang)
    with client, _opened(out) as sink, output.step("评估", "Judging") as progress:
        for line in client.assess_batch(_transfers(file), mode=mode, record=record):
            sink.write(_written(line))
            failed += line.problem is not None
            progress(line.line, total)
    if failed:
        raise DataError(
            f"{failed} of {total} transfers were not judged; see their problem in the answer",
            f"{total} 笔中有 {failed} 笔未评估；原因见答复中的 problem",
        )


def _written(line: "BatchLine") -> str:
    import msgspec

    fields = {name: value for name, value in msgspec.structs.asdict(line).items() if value is not None}
    return msgspec.json.encode(fields).decode() + "\n"


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8") as sink:
        yield sink


def _count(file: Path) -> int:
    return sum(1 for _ in _lines(file))


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    if not file.is_file():
        raise NotFoundError(f"no file {file}", f"没有文件 {file}")
    with file.open(encoding="utf-8") as lines:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _transfers(file: Path) -> Iterator[dict[str, Any]]:
    import msgspec

    for number, line in _lines(file):
        try:
            yield msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise DataError(
                f"{file}: line {number} is no JSON object; write one transfer a line",
                f"{file}：第 {number} 行不是 JSON 对象；每行写一笔转账",
            ) from error


def _read_key(file: Path) -> str:
    if not file.is_file():
        raise NotFoundError(
            f"no key file {file}; make a key with fraudguard key create",
            f"没有密钥文件 {file}；用 fraudguard key create 生成",
        )
    return file.read_text("utf-8").strip()
