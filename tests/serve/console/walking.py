"""How a test walks through the pages: an officer, a log-in, a form."""

import re
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher

from fraudguard.serve.officer import Desk
from fraudguard.serve.rights import Role
from fraudguard.serve.totp import STEP_S, code_at
from tests.serve.fakes import Service, body_of, make_settings

__all__ = [
    "OWN",
    "PASSWORD",
    "add_officer",
    "case_of",
    "desk_of",
    "fields_of",
    "fill_desk",
    "form_token",
    "post",
    "record",
    "sign_in",
    "sign_in_enrolled",
]

PASSWORD: Final = "correct horse battery"  # noqa: S105  # opens nothing
OWN: Final = "a password of my own"
SETTINGS: Final = make_settings(Path())


def desk_of(service: Service) -> Desk:
    """Return the door of the console, with a quick hash."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Desk(store=service.store, settings=SETTINGS, clock=service.clock, hasher=hasher)


def add_officer(service: Service, name: str, role: Role = Role.OFFICER, *, one_time: bool = False) -> None:
    """Add an officer."""
    desk_of(service).add(name, PASSWORD, role, one_time=one_time)


def form_token(page: Any) -> str:  # noqa: ANN401  # httpx's response
    """Return the token of the forms of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    return "" if found is None else found.group(1)


def sign_in(service: Service, name: str = "o1", password: str = PASSWORD) -> Any:  # noqa: ANN401
    """Sign in through the form."""
    token = form_token(service.client.get("/console/login"))
    return service.client.post("/console/login", data={"form_token": token, "name": name, "password": password})


def sign_in_enrolled(service: Service, name: str) -> None:
    """Enrol somebody who must, and sign in with a code; a minute passes."""
    factor = desk_of(service).second_factor
    secret = factor.begin(name)

    def code() -> str:
        return code_at(secret, int(service.clock.now().timestamp()) // STEP_S)

    factor.confirm(name, code())
    service.clock.advance(minutes=1)
    token = form_token(service.client.get("/console/login"))
    form = {"form_token": token, "name": name, "password": PASSWORD, "code": code()}
    service.client.post("/console/login", data=form)


def case_of(service: Service, transfer_id: str) -> str:
    """Return the id of the case of a transfer."""
    service.store.gathering.gather()
    return service.store.cases.of_transfer(transfer_id).case_id


def fields_of(page: Any, action: str) -> dict[str, str]:  # noqa: ANN401  # httpx's response
    """Return the hidden fields of the form of a page that is sent to a path ending so."""
    form = re.search(rf'<form method="post" action="[^"]*{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', "" if form is None else form.group(0))
    return dict(found)


def post(service: Service, case_id: str, action: str, **fields: str) -> Any:  # noqa: ANN401
    """Send a form of the page of a case, with what its page knew."""
    page = service.client.get(f"/console/cases/{case_id}")
    known = fields_of(page, action) or {"form_token": form_token(page)}
    return service.client.post(f"/console/cases/{case_id}/{action}", data={**known, **fields})


def record(service: Service, transfer_id: str, **fields: str) -> Any:  # noqa: ANN401
    """Claim the case of a transfer and send the form of a finding."""
    case_id = case_of(service, transfer_id)
    if service.store.cases.get(case_id).state != "closed":
        post(service, case_id, "claim")
    return post(service, case_id, "findings", **fields)


def fill_desk(service: Service) -> None:
    """Give a service two alerts."""
    for number, score in (("1", 0.6), ("2", 0.95)):
        service.scorer.fixed = score
        sides = {"payer": {"account_id": "6217000012341004"}, "payee": {"account_id": f"payee-account-{number}"}}
        service.assess(body_of(f"T/{number}", **sides, amount={"value": 4_980_000}, channel="web"))
