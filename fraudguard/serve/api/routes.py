"""Every route of the API, in the order of the reference."""

from typing import Final

from fastapi import APIRouter

from fraudguard.serve.api import appeals, assessments, batch, events, health, holds, lists, webhooks

__all__ = ["ROUTERS"]

ROUTERS: Final[tuple[APIRouter, ...]] = (
    assessments.router,
    batch.router,
    events.router,
    lists.router,
    holds.router,
    appeals.router,
    webhooks.router,
    health.router,
)
"""The application serves these, and the OpenAPI document describes them."""
