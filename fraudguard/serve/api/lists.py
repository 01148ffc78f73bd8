"""The watch list and the exemption list."""

import asyncio
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.column import from_ms, to_ms
from fraudguard.decision import ListKind
from fraudguard.errors import NotFoundError
from fraudguard.serve.api.cursor import cursor_of, limit_of, name_of, place_after
from fraudguard.serve.api.entry import authorised
from fraudguard.serve.api.forms import ListEntryIn, RevocationIn, read_form, shown
from fraudguard.serve.api.openapi import answers, asks, needs, takes
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.auth import Scope
from fraudguard.serve.lists import new_entry
from fraudguard.serve.store.lists import Listed

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1/lists/{list_kind}/entries", tags=["lists"])


@router.post(
    "",
    summary="列入名单 · Put an account on a list",
    openapi_extra=needs(Scope.LIST)
    | takes("ListEntryIn")
    | answers("ListEntry", 400, 401, 403, 404, 409, 413, 415, 422, 429, headers=("Idempotent-Replayed",)),
)
async def add_list_entry(request: Request, list_kind: str) -> Response:
    """Put a payee's account on the watch list, or exempt transfers to it; it counts from the next assessment on, until it expires.

    A watched payee is at least verified, by the policy's `lists`; an exempted transfer is at most reminded. The watch list goes first.

    把收款账户列入关注名单，或豁免向它的转账；自下一次评估起有效，至到期为止。关注优先于豁免。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.LIST)
    kind = _kind(list_kind)
    form = await read_form(request, ListEntryIn)
    row = new_entry(
        kind=kind,
        author=caller.name,
        at=parts.clock.now(),
        reason=form.reason_code,
        **form.model_dump(exclude={"reason_code"}),
    )
    listed, is_replayed = await asyncio.to_thread(parts.lists.add, row)
    return _answer(listed, parts, headers={"Idempotent-Replayed": "true" if is_replayed else "false"})


@router.get(
    "",
    summary="列出名单条目 · List entries, the newest first",
    openapi_extra=needs(Scope.READ) | asks("account_id", "after", "limit") | answers("ListPage", 401, 403, 404, 422),
)
async def list_entries(request: Request, list_kind: str) -> Response:
    """Return a page of entries, also those revoked or expired.

    分页列出条目，含已撤销、已到期的。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    kind, limit = _kind(list_kind), limit_of(request)
    read = partial(
        parts.store.lists.page,
        before=place_after(request),
        limit=limit + 1,
        kind=kind.value,
        account_id=name_of(request, "account_id"),
    )
    rows = await asyncio.to_thread(read)
    more = len(rows) > limit
    data = [_entry(listed, parts) for listed in rows[:limit]]
    return JSONResponse({
        "data": data,
        "has_more": more,
        "next_cursor": cursor_of(rows[limit - 1].place) if more else None,
    })


@router.get(
    "/{entry_id}",
    summary="读取名单条目 · Read an entry",
    openapi_extra=needs(Scope.READ) | answers("ListEntry", 401, 403, 404),
)
async def read_list_entry(request: Request, list_kind: str, entry_id: str) -> Response:
    """Return an entry with its revocation, if any.

    读取一个条目；撤销过的附撤销记录。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    return _answer(await _found(parts, list_kind, entry_id), parts)


@router.post(
    "/{entry_id}/revoke",
    summary="撤销名单条目 · Revoke an entry",
    openapi_extra=needs(Scope.LIST)
    | takes("RevocationIn")
    | answers("ListEntry", 400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def revoke_list_entry(request: Request, list_kind: str, entry_id: str) -> Response:
    """Let an entry count no longer, from the next assessment on; it stays on record.

    自下一次评估起不再有效；记录仍保留。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.LIST)
    form = await read_form(request, RevocationIn)
    await _found(parts, list_kind, entry_id)
    revoke = partial(parts.lists.revoke, entry_id, author=caller.name, note=form.note)
    return _answer(await asyncio.to_thread(revoke), parts)


async def _found(parts: Parts, list_kind: str, entry_id: str) -> Listed:
    kind = _kind(list_kind)
    listed = await asyncio.to_thread(parts.store.lists.get, entry_id)
    if listed.entry.kind != kind:
        raise NotFoundError("no entry with this id on this list", "该名单中没有该编号的条目")
    return listed


def _kind(word: str) -> ListKind:
    if word not in set(ListKind):
        raise NotFoundError("there are the lists watch and exempt", "名单只有 watch 与 exempt")
    return ListKind(word)


def _answer(listed: Listed, parts: Parts, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(_entry(listed, parts), 200, headers)


def _entry(listed: Listed, parts: Parts) -> dict[str, Any]:
    entry, revoked = listed.entry, listed.revocation
    in_force = revoked is None and entry.expires_at_ms > to_ms(parts.clock.now())
    return shown(
        entry_id=entry.entry_id,
        kind=entry.kind,
        account_id=entry.account_id,
        payer_account_id=entry.payer_account_id,
        reason_code=entry.reason_code,
        note=entry.note,
        evidence=entry.evidence,
        author=entry.author,
        created_at=from_ms(entry.created_at_ms),
        expires_at=from_ms(entry.expires_at_ms),
        in_force=in_force,
        revocation=None
        if revoked is None
        else shown(note=revoked.note, author=revoked.author, revoked_at=from_ms(revoked.revoked_at_ms)),
    )
