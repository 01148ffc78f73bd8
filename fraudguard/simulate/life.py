"""Ordinary life of people: pay, rent, bills, shops, family, friends, own accounts.

Rates are per month and per person, thinned from real life [A]: small card
and code payments would otherwise drown everything else.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from fraudguard.simulate.codes import CARD_PAYMENT, CASH_WITHDRAWAL, FUND_REDEMPTION, channel_code
from fraudguard.simulate.orders import CHOOSE, Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, Hours
from fraudguard.simulate.streams import FloatArray, IntArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["daily_life"]

_PAYDAYS: Final = (5, 10, 15, 25)
_PENSION_DAY: Final = 12
_RENTERS: Final = (0.3, 0.3, 0.1, 0.02, 0.6, 0.0, 0.0)
_SITTING_SHARE: Final = 0.4
_SITTING_WITHIN_MS: Final = 4 * DAY_MS
_QR: Final = channel_code(Channel.QR)
_BATCH: Final = channel_code(Channel.OPEN_API)


def daily_life(world: World) -> Orders:
    """Draw what people mean to pay in ordinary life.

    Parameters
    ----------
    world : World
        The stage.

    Returns
    -------
    structured ndarray
        Orders, in no order.
    """
    makers: tuple[Callable[[World], Orders], ...] = (
        _salaries, _rents, _bills, _shopping, _online_shopping, _family, _gifts, _friends,
        _own_moves, _savings, _cash, _strangers, _remittances,
    )  # fmt: skip
    return _sittings(world, join([maker(world) for maker in makers]))


def _sittings(world: World, rows: Orders) -> Orders:
    """Let people pay several things in one sitting: many payments follow the one before within minutes."""
    rng = world.stream("sittings")
    rows = rows[np.lexsort((rows["payee"], rows["time_ms"], rows["payer"]))]
    wait_ms = np.diff(rows["time_ms"], prepend=0)
    same = np.diff(rows["payer"], prepend=-1) == 0
    own_choice = (rows["channel"] == CHOOSE) & world.population.is_person[rows["payer"]]
    follows = same & own_choice & (wait_ms < _SITTING_WITHIN_MS) & (rng.random(len(rows)) < _SITTING_SHARE)
    pause_ms = rng.lognormal(np.log(180_000), 1.3, len(rows)).astype(np.int64)
    rows["time_ms"] -= np.where(follows, np.maximum(wait_ms - pause_ms, 0), 0)
    return rows


def _people(world: World, monthly: float) -> FloatArray:
    population = world.population
    return np.where(population.is_person, monthly * population.activity, 0.0)


def _pick(rng: np.random.Generator, table: IntArray, who: IntArray) -> IntArray:
    """Pick from each one's row; the first of the row are much the likeliest."""
    weights = 1.0 / np.arange(1, table.shape[1] + 1)
    picked: IntArray = table[who, rng.choice(table.shape[1], len(who), p=weights / weights.sum())]
    return picked


def _salaries(world: World) -> Orders:
    rng, population, places = world.stream("salaries"), world.population, world.places
    paydays = np.array(_PAYDAYS)[np.arange(population.size) % len(_PAYDAYS)]
    earns = population.is_first & ~population.dormant & np.isin(population.segment, (Segment.SALARIED, Segment.MIGRANT))
    retired = population.is_first & (population.segment == Segment.RETIREE)
    due = np.where(earns, paydays[places.employer], np.where(retired, _PENSION_DAY, 0))
    who, moments = world.on_dates(rng, due, hours=Hours.OFFICE)
    payer = np.where(retired[who], places.big_employers[0], places.employer[who])
    amount = np.round(population.income_fen[who] * np.exp(0.08 * rng.standard_normal(len(who)))).astype(np.int64)
    return orders(moments, payer, who, amount_fen=amount, channel=_BATCH)


def _rents(world: World) -> Orders:
    rng, population = world.stream("rents"), world.population
    rents = population.is_first & (rng.random(population.size) < np.array(_RENTERS)[population.segment])
    due = np.where(rents & ~population.dormant, rng.integers(1, 11, population.size), 0)
    monthly = nice_fen(rng, lognormal_fen(rng, 2_200, 0.45, size=population.size), share=0.9)
    who, moments = world.on_dates(rng, due, hours=Hours.GENERAL)
    return orders(moments, who, world.places.landlord[who], amount_fen=monthly[who])


def _bills(world: World) -> Orders:
    rng = world.stream("bills")
    who, moments = world.happenings(rng, _people(world, 1.3), hours=Hours.GENERAL)
    billers = world.places.billers[world.population.region[who] % len(world.places.billers)]
    amount = lognormal_fen(rng, 120, 0.7, size=len(who))
    return orders(moments, who, billers, amount_fen=nice_fen(rng, amount, share=0.3))


def _shopping(world: World) -> Orders:
    rng, places = world.stream("shopping"), world.places
    who, moments = world.happenings(rng, _people(world, 2.4), hours=Hours.SHOP)
    new = rng.random(len(who)) < 0.3
    shop = np.where(new, rng.choice(places.shops, len(who), p=places.shop_weights), _pick(rng, places.favourites, who))
    amount = nice_fen(rng, lognormal_fen(rng, 60, 1.3, size=len(who)), share=0.25)
    return orders(moments, who, shop, amount_fen=amount, channel=_QR, event_type=CARD_PAYMENT)


def _online_shopping(world: World) -> Orders:
    rng = world.stream("online shopping")
    who, moments = world.happenings(rng, _people(world, 1.4), hours=Hours.EVENING)
    amount = nice_fen(rng, lognormal_fen(rng, 140, 1.3, size=len(who)), share=0.2)
    return orders(moments, who, rng.choice(world.places.platforms, len(who)), amount_fen=amount)


def _family(world: World) -> Orders:
    rng = world.stream("family")
    who, moments = world.happenings(rng, _people(world, 1.3), hours=Hours.EVENING)
    amount = nice_fen(rng, lognormal_fen(rng, 1_000, 1.3, size=len(who)), share=0.7)
    return orders(moments, who, _pick(rng, world.places.strong, who), amount_fen=amount)


def _gifts(world: World) -> Orders:
    rng = world.stream("gifts")
    who, moments = world.happenings(
        rng, _people(world, 0.9), hours=Hours.EVENING, weights=world.period.festival_weights
    )
    amount = np.minimum(nice_fen(rng, lognormal_fen(rng, 40, 1.1, size=len(who)), share=0.8), 20_000)
    near = rng.random(len(who)) < 0.6
    payee = np.where(near, _pick(rng, world.places.strong, who), _pick(rng, world.places.weak, who))
    return orders(moments, who, payee, amount_fen=amount)


def _friends(world: World) -> Orders:
    rng = world.stream("friends")
    who, moments = world.happenings(rng, _people(world, 0.8), hours=Hours.GENERAL)
    amount = nice_fen(rng, lognormal_fen(rng, 300, 1.5, size=len(who)), share=0.5)
    return orders(moments, who, _pick(rng, world.places.weak, who), amount_fen=amount)


def _own_moves(world: World) -> Orders:
    """Move money between own accounts; two in five times most of what is there."""
    rng, other = world.stream("own moves"), world.population.second_of()
    who, moments = world.happenings(rng, np.where(other >= 0, 1.8, 0.0), hours=Hours.GENERAL)
    sweep = rng.random(len(who)) < 0.4
    amount = nice_fen(rng, lognormal_fen(rng, 4_000, 1.2, size=len(who)))
    return orders(
        moments, who, other[who],
        amount_fen=np.where(sweep, 0, amount),
        share=np.where(sweep, rng.uniform(0.3, 0.995, len(who)), 0),
        unit_fen=rng.choice([1, 100, 10_000], len(who)),
    )  # fmt: skip


def _savings(world: World) -> Orders:
    rng, places = world.stream("savings"), world.places
    buyer, moments = world.happenings(rng, _people(world, 0.2), hours=Hours.OFFICE)
    amount = nice_fen(rng, lognormal_fen(rng, 8_000, 1.1, size=len(buyer)), share=0.9)
    buys = orders(moments, buyer, places.fund_desk, amount_fen=amount)
    seller, moments = world.happenings(rng, _people(world, 0.15), hours=Hours.OFFICE)
    amount = nice_fen(rng, lognormal_fen(rng, 9_000, 1.1, size=len(seller)))
    sales = orders(moments, places.fund_desk, seller, amount_fen=amount, event_type=FUND_REDEMPTION)
    return join([buys, sales])


def _cash(world: World) -> Orders:
    rng = world.stream("cash")
    who, moments = world.happenings(rng, _people(world, 0.35), hours=Hours.SHOP)
    amount = np.clip(lognormal_fen(rng, 1_500, 0.9, size=len(who)) // 10_000, 1, 200) * 10_000
    return orders(
        moments, who, world.places.cash_desk,
        amount_fen=amount, channel=channel_code(Channel.ATM), event_type=CASH_WITHDRAWAL,
    )  # fmt: skip


def _strangers(world: World) -> Orders:
    """Pay somebody for the first time: second-hand goods, odd jobs, deposits, a seller's own account."""
    rng, population = world.stream("strangers"), world.population
    who, moments = world.happenings(rng, _people(world, 0.5), hours=Hours.GENERAL)
    payee = rng.choice(np.flatnonzero(population.is_person), len(who))
    amount = nice_fen(rng, lognormal_fen(rng, 450, 1.7, size=len(who)))
    keep = population.owner[payee] != population.owner[who]
    paid: Orders = orders(moments, who, payee, amount_fen=amount)[keep]
    return paid


def _remittances(world: World) -> Orders:
    """Send money home (migrants) and allowances (parents of students)."""
    rng, population, places = world.stream("remittances"), world.population, world.places
    home = population.is_first & (population.segment == Segment.MIGRANT) & ~population.dormant
    student = population.is_first & (population.segment == Segment.STUDENT)
    due = np.where(home | student, rng.integers(1, 29, population.size), 0)
    who, moments = world.on_dates(rng, due, hours=Hours.EVENING)
    sends = home[who]
    relative = places.strong[who, 0]
    median = np.where(sends, 3_000.0, population.income_fen[who] / 100.0)
    amount = nice_fen(rng, lognormal_fen(rng, np.maximum(median, 1.0), 0.4, size=len(who)), share=0.9)
    return orders(moments, np.where(sends, who, relative), np.where(sends, relative, who), amount_fen=amount)
