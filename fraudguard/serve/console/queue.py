"""The queue: cases in the order of what can still be saved, filters as addresses, claims that one person wins."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from fraudguard.column import to_ms
from fraudguard.decision import Tier
from fraudguard.errors import DataError
from fraudguard.serve.casework import MOST_AT_ONCE, Casework
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.queue_rows import queue_row
from fraudguard.serve.console.render import language, page, page_number, see_other
from fraudguard.serve.console.show import CHINA
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act, Role, allowed
from fraudguard.serve.store import Store
from fraudguard.serve.store.case_rows import CaseFilter, CaseLine, DeskCounts
from fraudguard.serve.store.saved_views import SavedView
from fraudguard.transfer import Channel

__all__ = ["assign_cases", "claim_next", "forget_view", "save_view", "show_keys", "show_news", "show_queue"]

_PAGE: Final = 50
_NAMED: Final = ("state", "tier", "mine", "channel", "least", "q")
_SHIPPED: Final = (
    ("", marked("全部")),
    ("mine=1", marked("我的")),
    ("state=unclaimed", marked("待领取")),
    ("tier=urgent", marked("紧急")),
    ("tier=high", marked("高危")),
    ("state=overdue", marked("已超时")),
    ("state=waiting", marked("等待再联系")),
    ("state=stop_drafted", marked("止付待签")),
    ("state=closed", marked("已结")),
)
_NAME_MAX: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    lines: Sequence[CaseLine]
    total: int
    counts: DeskCounts
    views: Sequence[SavedView]
    workers: Sequence[str]


async def show_queue(request: Request) -> Response:
    """Show the cases of a filter."""
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    return await _queue_page(request, officer)


async def claim_next(request: Request) -> Response:
    """Give the officer the case that comes first, and lead to it."""
    officer = await signed_in(request, act=Act.CLAIM)
    await posted(request, session_token(request))
    case = await asyncio.to_thread(_casework(request).claim_next, officer)
    return see_other("/console/queue?notice=none" if case is None else f"/console/cases/{case.case_id}")


async def show_news(request: Request) -> Response:
    """Say how many alerts came since the page was made; asked again and again, so it keeps no session alive."""
    await signed_in(request, act=Act.SEE_QUEUE, is_watching=True)
    since = request.query_params.get("since", "")
    work = _casework(request)
    await asyncio.to_thread(work.gather)
    since_ms = int(since) if since.isascii() and since.isdigit() and len(since) < 16 else work.now_ms
    count = await asyncio.to_thread(_store(request).cases.news, since_ms=since_ms)
    return page(request, "news.html", officer=None, count=count)


async def save_view(request: Request) -> Response:
    """Give the present filter a name.

    Raises
    ------
    DataError
        If there is no name.
    """
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    form = await posted(request, session_token(request))
    name, query = str(form.get("name", "")).strip()[:_NAME_MAX], _tidy(str(form.get("query", "")))
    if not name or not name.isprintable():
        raise DataError("give the view a name", "请为筛选取个名字")
    await asyncio.to_thread(_store(request).saved_views.put, officer.name, SavedView(name, query))
    return see_other(f"/console/queue?{query}")


async def forget_view(request: Request) -> Response:
    """Forget a named filter."""
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    form = await posted(request, session_token(request))
    await asyncio.to_thread(_store(request).saved_views.remove, officer.name, str(form.get("name", "")))
    return see_other("/console/queue")


async def assign_cases(request: Request) -> Response:
    """Give the chosen cases to an officer, and tell of each what became of it."""
    officer = await signed_in(request, act=Act.ASSIGN)
    form = await posted(request, session_token(request))
    case_ids = [str(case_id) for case_id in form.getlist("case_id")]
    done = await asyncio.to_thread(_casework(request).assign, officer, case_ids, str(form.get("to", "")))
    return page(request, "assigned.html", officer=officer, done=done, to=str(form.get("to", "")))


async def show_keys(request: Request) -> Response:
    """Show what each key does."""
    officer = await signed_in(request, is_arriving=True)
    return page(request, "keys.html", officer=officer)


async def _queue_page(request: Request, officer: CurrentOfficer) -> Response:
    lang, now_ms = language(request), _casework(request).now_ms
    wanted = _filter(request, officer)
    number = page_number(request.query_params.get("page", ""))
    seen = await asyncio.to_thread(_look, request, officer=officer, wanted=wanted, number=number)
    query = _tidy(request.url.query)
    return page(
        request,
        "queue.html",
        officer=officer,
        rows=[queue_row(line, now_ms=now_ms, viewer=officer.name, lang=lang) for line in seen.lines],
        counts=seen.counts,
        total=seen.total,
        number=number,
        has_next=seen.total > number * _PAGE,
        shipped=[(shipped, gettext(lang, name)) for shipped, name in _SHIPPED],
        views=seen.views,
        workers=seen.workers,
        most=MOST_AT_ONCE,
        query=query,
        wanted={**dict.fromkeys(_NAMED, ""), **dict(parse_qsl(query))},
        tiers=list(Tier),
        channels=list(Channel),
        since=now_ms,
        notice=request.query_params.get("notice", ""),
    )


def _look(request: Request, *, officer: CurrentOfficer, wanted: CaseFilter, number: int) -> _Seen:
    work, store = _casework(request), _store(request)
    work.gather()
    now_ms = work.now_ms
    return _Seen(
        lines=store.cases.page(wanted, now_ms=now_ms, offset=(number - 1) * _PAGE, limit=_PAGE),
        total=store.cases.count(wanted, now_ms=now_ms),
        counts=store.cases.counts(officer.name, now_ms=now_ms, day_from_ms=_day_from(now_ms)),
        views=store.saved_views.list(officer.name),
        workers=_workers(store) if officer.may(Act.ASSIGN) else (),
    )


def _workers(store: Store) -> Sequence[str]:
    rows = store.officers.list()
    return [row.name for row in rows if not row.disabled and allowed(Role(row.role), Act.CLAIM)]


def _day_from(now_ms: int) -> int:
    today = datetime.fromtimestamp(now_ms / 1000, CHINA).date()
    return to_ms(datetime.combine(today, time(), CHINA))


def _filter(request: Request, officer: CurrentOfficer) -> CaseFilter:
    asked = request.query_params
    least = asked.get("least", "")
    return CaseFilter(
        state=asked.get("state", ""),
        tier=asked.get("tier", ""),
        holder=officer.name if asked.get("mine") == "1" else "",
        channel=asked.get("channel", ""),
        least_fen=100 * int(least) if least.isascii() and least.isdigit() and len(least) < 12 else 0,
        text=asked.get("q", "").strip()[:64].replace("\0", ""),
    )


def _tidy(query: str) -> str:
    """Return the part of a query that filters, without what says nothing."""
    return urlencode([(name, value) for name, value in parse_qsl(query)[:20] if name in _NAMED and value])[:512]


def _casework(request: Request) -> Casework:
    work: Casework = request.app.state.parts.casework
    return work


def _store(request: Request) -> Store:
    store: Store = request.app.state.parts.store
    return store
