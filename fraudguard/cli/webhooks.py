"""`webhooks`: who is told of events, from a shell."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from fraudguard.cli.access import DatabaseOption, JsonOption, open_store
from fraudguard.cli.output import output
from fraudguard.column import from_ms
from fraudguard.webhook import EventType

if TYPE_CHECKING:
    from fraudguard.serve.store import Store
    from fraudguard.serve.store.outbox import Delivery
    from fraudguard.serve.store.webhooks import EndpointRow
    from fraudguard.serve.webhooks import WebhookService

__all__ = ["webhooks_app"]

webhooks_app = typer.Typer(no_args_is_help=True, help="事件通知 / who is told of events")

EndpointArgument = Annotated[str, typer.Argument(help="地址编号 / id of the endpoint", metavar="ENDPOINT")]
AuthorOption = Annotated[str, typer.Option("--author", help="由谁经办 / who says so")]
_ENDPOINTS = ("endpoint_id", "url", "events", "state", "state_reason", "failing_since", "author", "created_at")
_DELIVERIES = ("event_id", "type", "happened_at", "state", "tries", "last_status", "last_error")

Row = TypeVar("Row")


@webhooks_app.command("add")
def add_endpoint(
    url: Annotated[str, typer.Argument(help="https 地址 / an https address", metavar="URL")],
    *,
    event: Annotated[
        list[EventType] | None,
        typer.Option("--event", help="事件，可多次；默认全部 / an event, again and again; all by default"),
    ] = None,
    author: AuthorOption,
    note: Annotated[str | None, typer.Option(help="说明 / in words")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记地址，签名密钥只显示一次。 / Add an endpoint; its secret is shown once."""
    from fraudguard.serve.webhooks import SUBSCRIBED

    with _webhooks(database) as (service, _):
        row, secret = service.add(url=url, events=event or SUBSCRIBED, author=author, note=note)
    _show_secret(row.endpoint_id, str(secret), as_json=as_json)


@webhooks_app.command("list")
def list_endpoints(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """列出地址，由新到旧。 / List endpoints, the newest first."""
    with open_store(database) as (store, _):
        rows = [_endpoint(row) for row in _all(lambda before: store.webhooks.page(before=before, limit=100))]
    _print(_ENDPOINTS, rows, as_json=as_json)


@webhooks_app.command("rotate")
def rotate_secret(
    endpoint_id: EndpointArgument,
    *,
    keep_hours: Annotated[
        int, typer.Option(help="旧密钥继续签名的小时数 / hours that the former secret goes on to sign", min=0, max=168)
    ] = 24,
    author: AuthorOption,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """更换签名密钥，只显示一次。 / Change the secret; the new one is shown once."""
    with _webhooks(database) as (service, _):
        _, secret = service.rotate(endpoint_id, keep_s=3_600 * keep_hours, by=author)
    _show_secret(endpoint_id, secret, as_json=as_json)


@webhooks_app.command("disable")
def disable_endpoint(endpoint_id: EndpointArgument, *, author: AuthorOption, database: DatabaseOption = None) -> None:
    """停用地址。 / Tell an endpoint no more."""
    with _webhooks(database) as (service, _):
        service.disable(endpoint_id, by=author)
    output.say(f"已停用 {endpoint_id}", f"{endpoint_id} is disabled")


@webhooks_app.command("enable")
def enable_endpoint(endpoint_id: EndpointArgument, *, author: AuthorOption, database: DatabaseOption = None) -> None:
    """启用地址。 / Tell an endpoint again."""
    with _webhooks(database) as (service, _):
        service.enable(endpoint_id, by=author)
    output.say(f"已启用 {endpoint_id}", f"{endpoint_id} is enabled")


@webhooks_app.command("test")
def send_test(endpoint_id: EndpointArgument, *, database: DatabaseOption = None) -> None:
    """发送测试通知，由运行中的服务送出。 / Send a test; the running service delivers it."""
    with _webhooks(database) as (service, _):
        delivery = service.test(endpoint_id)
    _tell_queued(delivery, endpoint_id)


@webhooks_app.command("deliveries")
def list_deliveries(
    endpoint_id: EndpointArgument,
    *,
    limit: Annotated[int, typer.Option(help="最多几条 / at most so many", min=1, max=10_000)] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出通知及其结果，由新到旧。 / List deliveries and what became of them, the newest first."""
    with open_store(database) as (store, _):
        store.webhooks.get(endpoint_id)
        rows = [_delivery(row) for row in store.outbox.page(endpoint_id, before=None, limit=limit)]
    _print(_DELIVERIES, rows, as_json=as_json)


@webhooks_app.command("redeliver")
def redeliver(
    endpoint_id: EndpointArgument,
    event_id: Annotated[str, typer.Argument(help="事件编号 / id of the event", metavar="EVENT")],
    *,
    database: DatabaseOption = None,
) -> None:
    """以同一编号再通知一次。 / Deliver an event once more, under the same id."""
    with _webhooks(database) as (service, _):
        delivery = service.redeliver(endpoint_id, event_id)
    _tell_queued(delivery, endpoint_id)


def _all(page: Callable[[int | None], "Sequence[EndpointRow]"]) -> Iterator["EndpointRow"]:
    before: int | None = None
    while rows := page(before):
        yield from rows
        before = rows[-1].place


def _endpoint(row: "EndpointRow") -> tuple[str, ...]:
    failing = "" if row.failing_since_ms is None else from_ms(row.failing_since_ms).isoformat()
    added = from_ms(row.created_at_ms).isoformat()
    return (row.endpoint_id, row.url, " ".join(row.events), row.state, row.state_reason, failing, row.author, added)


def _delivery(row: "Delivery") -> tuple[str | int, ...]:
    happened = from_ms(row.at_ms).isoformat()
    return (row.event_id, row.event_type, happened, row.state, row.tries, row.last_status or "", row.last_error or "")


def _print(columns: tuple[str, ...], rows: list[tuple[Row, ...]], *, as_json: bool) -> None:
    if not as_json:
        output.table(columns, rows)
        return
    for row in rows:
        output.write_json(dict(zip(columns, row, strict=True)))


def _show_secret(endpoint_id: str, secret: str, *, as_json: bool) -> None:
    if as_json:
        output.write_json({"endpoint_id": endpoint_id, "secret": secret})
        return
    output.record({"endpoint_id": endpoint_id, "secret": secret})
    output.say("密钥只显示这一次；请妥善保管", "The secret is shown this once; keep it")


def _tell_queued(delivery: "Delivery", endpoint_id: str) -> None:
    output.say(
        f"已排队：{delivery.event_id}；结果见 fraudguard webhooks deliveries {endpoint_id}",
        f"Queued as {delivery.event_id}; see fraudguard webhooks deliveries {endpoint_id}",
    )


@contextmanager
def _webhooks(database: str | None) -> Iterator[tuple["WebhookService", "Store"]]:
    from fraudguard.clock import SystemClock
    from fraudguard.serve.webhook_address import AddressBook, networks_of
    from fraudguard.serve.webhooks import Seal, WebhookService

    with open_store(database) as (store, settings):
        book = AddressBook(networks_of(settings.webhook_networks))
        service = WebhookService(store=store, seal=Seal(settings.signing_key()), book=book, clock=SystemClock())
        yield service, store
