"""What people do with money they do not spend: own accounts, funds, deposits, loans, cash."""

from typing import Final

import numpy as np

from fraudguard.simulate.codes import (
    CASH_WITHDRAWAL,
    FUND_REDEMPTION,
    LOAN_DISBURSEMENT,
    TERM_DEPOSIT_BREAK,
    WALLET_TOPUP,
    channel_code,
)
from fraudguard.simulate.orders import Orders, join, numbered, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import HOUR_MS, MINUTE_MS, Hours
from fraudguard.simulate.streams import FloatArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import Scene
from fraudguard.transfer import Channel

__all__ = ["savings_life"]

_SPENT_OUTSIDE: Final = 0.36
"""Median of one payment into a wallet or a card, as a share of the monthly income [A]; keeps balances level."""

_YEARLY: Final = 1 / 12.0
_LOAN_SERIALS: Final = 1 << 60
_SERIALS_A_BLOCK: Final = 1 << 32


def savings_life(scene: Scene) -> Orders:
    """Draw moves between own accounts, into wallets, funds bought and sold, deposits broken, loans, cash.

    Parameters
    ----------
    scene : Scene
        The block of days.

    Returns
    -------
    structured ndarray
        Orders, in no order.
    """
    makers = (_own_moves, _wallets, _funds, _deposits, _loans, _cash, _large_cash)
    return join([maker(scene) for maker in makers])


def _adults(scene: Scene, monthly: float) -> FloatArray:
    population = scene.population
    return np.where(population.is_person & ~population.dormant, monthly * population.activity, 0.0)


def _own_moves(scene: Scene) -> Orders:
    """Move money between own accounts; two in five times most of what is there."""
    rng, other = scene.stream("own moves"), scene.population.second_of()
    who, moments = scene.happenings(rng, np.where(other >= 0, 1.4, 0.0), hours=Hours.GENERAL)
    sweep = rng.random(len(who)) < 0.4
    amount = nice_fen(rng, lognormal_fen(rng, 4_000, 1.2, size=len(who)))
    return orders(
        moments, who, other[who],
        amount_fen=np.where(sweep, 0, amount),
        share=np.where(sweep, rng.uniform(0.3, 0.995, len(who)), 0),
        unit_fen=rng.choice([1, 100, 10_000], len(who)),
    )  # fmt: skip


def _wallets(scene: Scene) -> Orders:
    """Fill a wallet or pay off a card: what is spent outside the bank, by how much is earned."""
    rng = scene.stream("wallets")
    who, moments = scene.happenings(rng, _adults(scene, 1.3), hours=Hours.GENERAL)
    spent = rng.lognormal(np.log(_SPENT_OUTSIDE), 0.8, len(who)) * scene.population.income_fen[who]
    return orders(
        moments, who, rng.choice(scene.places.platforms, len(who)), amount_fen=nice_fen(rng, spent.astype(np.int64) + 1),
        share=rng.uniform(0.5, 0.98, len(who)), unit_fen=rng.choice([1, 100, 10_000], len(who)), event_type=WALLET_TOPUP,
    )  # fmt: skip


def _funds(scene: Scene) -> Orders:
    rng, places = scene.stream("funds"), scene.places
    buyer, moments = scene.happenings(rng, _adults(scene, 0.2), hours=Hours.OFFICE)
    amount = nice_fen(rng, lognormal_fen(rng, 8_000, 1.1, size=len(buyer)), share=0.9)
    buys = orders(moments, buyer, places.fund_desk, amount_fen=amount)
    seller, moments = scene.happenings(rng, _adults(scene, 0.15), hours=Hours.OFFICE)
    amount = nice_fen(rng, lognormal_fen(rng, 9_000, 1.1, size=len(seller)))
    return join([buys, orders(moments, places.fund_desk, seller, amount_fen=amount, event_type=FUND_REDEMPTION)])


def _deposits(scene: Scene) -> Orders:
    """Break a term deposit, for no reason that the log shows."""
    rng, population = scene.stream("deposits"), scene.population
    saves = np.where(population.savings_fen > 0, 0.06 * _YEARLY / 0.5, 0.0)
    who, moments = scene.happenings(rng, saves, hours=Hours.OFFICE)
    amount = nice_fen(rng, np.minimum(lognormal_fen(rng, 50_000, 0.8, size=len(who)), population.savings_fen[who]))
    return orders(moments, scene.places.deposit_desk, who, amount_fen=amount, event_type=TERM_DEPOSIT_BREAK)


def _loans(scene: Scene) -> Orders:
    """Take a loan and pay a shop, a landlord or a seller with it."""
    rng, places = scene.stream("loans"), scene.places
    who, moments = scene.happenings(rng, _adults(scene, 0.1 * _YEARLY), hours=Hours.GENERAL)
    amount = nice_fen(rng, lognormal_fen(rng, 15_000, 0.8, size=len(who)), share=0.9)
    first = _LOAN_SERIALS + scene.block.number * _SERIALS_A_BLOCK
    paid_in = numbered(orders(moments, places.loan_desk, who, amount_fen=amount, event_type=LOAN_DISBURSEMENT), first)
    wait_ms = np.exp(rng.normal(np.log(3 * HOUR_MS), 1.6, len(who))).astype(np.int64) + MINUTE_MS
    kind = rng.integers(0, 3, len(who))
    payee = np.choose(kind, [places.any_shop(rng, len(who)), places.landlord(who), rng.choice(places.people, len(who))])
    out = orders(
        moments + wait_ms, who, payee, share=rng.uniform(0.4, 1.0, len(who)), parent=paid_in["serial"],
        unit_fen=rng.choice([1, 100, 10_000], len(who)),
    )  # fmt: skip
    return join([paid_in, out[payee != who]])


def _cash(scene: Scene) -> Orders:
    rng = scene.stream("cash")
    who, moments = scene.happenings(rng, _adults(scene, 0.35), hours=Hours.SHOP)
    amount = np.clip(lognormal_fen(rng, 1_500, 0.9, size=len(who)) // 10_000, 1, 200) * 10_000
    return orders(
        moments, who, scene.places.cash_desk,
        amount_fen=amount, channel=channel_code(Channel.ATM), event_type=CASH_WITHDRAWAL,
    )  # fmt: skip


def _large_cash(scene: Scene) -> Orders:
    """Fetch a large sum at the counter: a wedding, wages of a crew, a stubborn seller."""
    rng, population = scene.stream("large cash"), scene.population
    older = (population.age_band >= 3) | (population.segment == Segment.COMPANY)
    who, moments = scene.happenings(
        rng, np.where(population.dormant, 0.0, np.where(older, 0.03, 0.01)), hours=Hours.OFFICE
    )
    amount = np.clip(lognormal_fen(rng, 30_000, 0.7, size=len(who)) // 100_000, 5, 500) * 100_000
    return orders(
        moments, who, scene.places.cash_desk,
        amount_fen=amount, share=0.98, unit_fen=100_000, channel=channel_code(Channel.COUNTER), event_type=CASH_WITHDRAWAL,
    )  # fmt: skip
