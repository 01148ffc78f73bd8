"""The `serve` command."""

from pathlib import Path
from typing import Annotated

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.output import output

__all__ = ["serve"]


def serve(
    *,
    model: Annotated[Path | None, typer.Option("--model", "-m", help="模型文件夹 / model folder")] = None,
    host: Annotated[str | None, typer.Option(help="监听地址 / address, 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port, 8000", min=0, max=65535)] = None,
    policy: Annotated[Path | None, typer.Option(help="策略文件 / policy file, default the model's")] = None,
    catalog: CatalogOption = None,
    database: Annotated[str | None, typer.Option(help="数据库地址 / database URL")] = None,
    console: Annotated[bool | None, typer.Option(help="是否提供处置页面 / serve the review pages")] = None,
) -> None:
    """启动评分接口与处置页面。 / Serve the scoring API and the review pages."""
    from fraudguard.clock import SystemClock
    from fraudguard.serve.run import serve_forever
    from fraudguard.serve.settings import load_settings

    settings = load_settings(
        model=model, host=host, port=port, policy=policy, catalog=catalog, database=database, console=console
    )
    scheme = "http" if settings.tls_certificate is None else "https"
    address = f"{scheme}://{settings.host}:{settings.port}"
    output.say("正在从日志恢复状态…", "Restoring the state from the log …")
    said = (f"服务就绪：{address}，按 Ctrl-C 停止", f"Ready at {address}, Ctrl-C stops")
    serve_forever(settings, clock=SystemClock(), ready=lambda: output.say(*said))
