"""How a test walks through the pages: an officer, a log-in, a form."""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from argon2 import PasswordHasher

from fraudguard.serve.officer import Desk
from fraudguard.serve.rights import Role
from tests.serve.fakes import Service, body_of, make_settings

__all__ = ["OWN", "PASSWORD", "add_officer", "desk_of", "fill_desk", "form_token", "record", "sign_in"]

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


def record(service: Service, transfer_id: str, **fields: str) -> Any:  # noqa: ANN401
    """Send the form of a finding."""
    path = f"/console/alerts/{quote(transfer_id)}"
    token = form_token(service.client.get(path))
    return service.client.post(f"{path}/findings", data={"form_token": token, **fields})


def fill_desk(service: Service) -> None:
    """Give a service two alerts."""
    for number, score in (("1", 0.6), ("2", 0.95)):
        service.scorer.fixed = score
        payer = {"account_id": "6217000012341004"}
        service.assess(body_of(f"T/{number}", payer=payer, amount={"value": 4_980_000}, channel="web"))
