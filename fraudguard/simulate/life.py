"""Ordinary life of people: wages, rent, bills, shops, family, gifts, friends, own accounts, cash.

Rates and amounts are assumptions [A]. Where a kind of payment mostly runs
inside a wallet (shops, platforms, gifts), only the part that reaches a bank
account is in this log.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from fraudguard.simulate.codes import CARD_PAYMENT, channel_code
from fraudguard.simulate.orders import CHOOSE, Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours
from fraudguard.simulate.savings import savings_life
from fraudguard.simulate.streams import FloatArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import Scene
from fraudguard.transfer import Channel

__all__ = ["daily_life"]

_PAYDAYS: Final = (5, 10, 15, 25)
_PENSION_DAY: Final = 12
_RENTERS: Final = (0.35, 0.35, 0.1, 0.02, 0.6, 0.0, 0.0)
_PAYS_AGAIN: Final = 0.35
_SITTING_SHARE: Final = 0.4
_SITTING_WITHIN_MS: Final = 4 * DAY_MS
_QR: Final = channel_code(Channel.QR)
_BATCH: Final = channel_code(Channel.OPEN_API)


def daily_life(scene: Scene) -> Orders:
    """Draw what people mean to pay in ordinary life.

    Parameters
    ----------
    scene : Scene
        The block of days.

    Returns
    -------
    structured ndarray
        Orders, in no order.
    """
    makers: tuple[Callable[[Scene], Orders], ...] = (
        _salaries, _rents, _bills, _shopping, _online_shopping, _family, _gifts, _friends, _strangers, _remittances,
        savings_life,
    )  # fmt: skip
    return _sittings(scene, join([maker(scene) for maker in makers]))


def _sittings(scene: Scene, rows: Orders) -> Orders:
    """Let people pay several things in one sitting: many payments follow the one before within minutes."""
    rng = scene.stream("sittings")
    rows = rows[np.lexsort((rows["payee"], rows["time_ms"], rows["payer"]))]
    wait_ms = np.diff(rows["time_ms"], prepend=0)
    same = np.diff(rows["payer"], prepend=-1) == 0
    own_choice = (rows["channel"] == CHOOSE) & scene.population.is_person[rows["payer"]]
    follows = same & own_choice & (wait_ms < _SITTING_WITHIN_MS) & (rng.random(len(rows)) < _SITTING_SHARE)
    pause_ms = rng.lognormal(np.log(180_000), 1.3, len(rows)).astype(np.int64)
    rows["time_ms"] -= np.where(follows, np.maximum(wait_ms - pause_ms, 0), 0)
    return rows


def _people(scene: Scene, monthly: float) -> FloatArray:
    population = scene.population
    return np.where(population.is_person, monthly * population.activity, 0.0)


def _salaries(scene: Scene) -> Orders:
    rng, population, places = scene.stream("salaries"), scene.population, scene.places
    paydays = np.array(_PAYDAYS)[np.arange(population.size) % len(_PAYDAYS)]
    earns = population.is_first & ~population.dormant & np.isin(population.segment, (Segment.SALARIED, Segment.MIGRANT))
    retired = population.is_first & (population.segment == Segment.RETIREE)
    due = np.where(earns, paydays[places.employer], np.where(retired, _PENSION_DAY, 0))
    who, moments = scene.on_dates(rng, due, hours=Hours.OFFICE)
    payer = np.where(retired[who], places.big_employers[0], places.employer[who])
    amount = np.round(population.income_fen[who] * np.exp(0.08 * rng.standard_normal(len(who)))).astype(np.int64)
    return orders(moments, payer, who, amount_fen=amount, channel=_BATCH)


def _rents(scene: Scene) -> Orders:
    rng, fixed, population = scene.stream("rents"), scene.world.stream("renters"), scene.population
    rents = population.is_first & (fixed.random(population.size) < np.array(_RENTERS)[population.segment])
    due = np.where(rents & ~population.dormant, fixed.integers(1, 11, population.size), 0)
    monthly = nice_fen(fixed, lognormal_fen(fixed, 2_200, 0.45, size=population.size), share=0.9)
    who, moments = scene.on_dates(rng, due, hours=Hours.GENERAL)
    return orders(moments, who, scene.places.landlord(who), amount_fen=monthly[who])


def _bills(scene: Scene) -> Orders:
    rng = scene.stream("bills")
    who, moments = scene.happenings(rng, _people(scene, 1.6), hours=Hours.GENERAL)
    billers = scene.places.billers[scene.population.region[who] % len(scene.places.billers)]
    amount = lognormal_fen(rng, 120, 0.7, size=len(who))
    return orders(moments, who, billers, amount_fen=nice_fen(rng, amount, share=0.3))


def _shopping(scene: Scene) -> Orders:
    rng, places = scene.stream("shopping"), scene.places
    who, moments = scene.happenings(rng, _people(scene, 2.2), hours=Hours.SHOP)
    new = rng.random(len(who)) < 0.3
    shop = np.where(new, places.any_shop(rng, len(who)), places.favourite(rng, who))
    amount = nice_fen(rng, lognormal_fen(rng, 60, 1.3, size=len(who)), share=0.25)
    return orders(moments, who, shop, amount_fen=amount, channel=_QR, event_type=CARD_PAYMENT)


def _online_shopping(scene: Scene) -> Orders:
    rng, period = scene.stream("online shopping"), scene.period
    who, moments = scene.happenings(
        rng, _people(scene, 1.4), hours=Hours.EVENING, weights=period.shopping_weights
    )  # fmt: skip
    amount = nice_fen(rng, lognormal_fen(rng, 140, 1.3, size=len(who)), share=0.2)
    return orders(moments, who, rng.choice(scene.places.platforms, len(who)), amount_fen=amount)


def _family(scene: Scene) -> Orders:
    rng = scene.stream("family")
    who, moments = scene.happenings(rng, _people(scene, 1.5), hours=Hours.EVENING)
    amount = nice_fen(rng, lognormal_fen(rng, 1_000, 1.3, size=len(who)), share=0.7)
    return orders(moments, who, scene.places.close(rng, who), amount_fen=amount)


def _gifts(scene: Scene) -> Orders:
    rng, places = scene.stream("gifts"), scene.places
    who, moments = scene.happenings(
        rng, _people(scene, 0.7), hours=Hours.EVENING, weights=scene.period.festival_weights
    )  # fmt: skip
    amount = np.minimum(nice_fen(rng, lognormal_fen(rng, 40, 1.1, size=len(who)), share=0.8), 20_000)
    payee = np.where(rng.random(len(who)) < 0.6, places.close(rng, who), places.loose(rng, who))
    return orders(moments, who, payee, amount_fen=amount)


def _friends(scene: Scene) -> Orders:
    rng = scene.stream("friends")
    who, moments = scene.happenings(rng, _people(scene, 1.0), hours=Hours.GENERAL)
    amount = nice_fen(rng, lognormal_fen(rng, 300, 1.5, size=len(who)), share=0.5)
    return orders(moments, who, scene.places.loose(rng, who), amount_fen=amount)


def _strangers(scene: Scene) -> Orders:
    """Pay somebody for the first time: second-hand goods, odd jobs, deposits; one in three pays again soon, often more."""
    rng, population = scene.stream("strangers"), scene.population
    who, moments = scene.happenings(rng, _people(scene, 0.9), hours=Hours.GENERAL)
    payee = rng.choice(np.flatnonzero(population.is_person), len(who))
    amount = nice_fen(rng, lognormal_fen(rng, 700, 1.6, size=len(who)))
    again = np.flatnonzero(rng.random(len(who)) < _PAYS_AGAIN)
    wait_ms = rng.lognormal(np.log(3 * HOUR_MS), 2.0, len(again)).astype(np.int64) + 30_000
    rest = nice_fen(rng, (amount[again] * rng.uniform(0.5, 3.5, len(again))).astype(np.int64) + 1)
    first = orders(moments, who, payee, amount_fen=amount)
    second = orders(moments[again] + wait_ms, who[again], payee[again], amount_fen=rest, share=0.95)
    made = join([first, second])
    paid: Orders = made[population.owner[made["payee"]] != population.owner[made["payer"]]]
    return paid


def _remittances(scene: Scene) -> Orders:
    """Send money home (migrants) and allowances (parents of students)."""
    rng, population, places = scene.stream("remittances"), scene.population, scene.places
    home = population.is_first & (population.segment == Segment.MIGRANT) & ~population.dormant
    student = population.is_first & (population.segment == Segment.STUDENT)
    monthly_day = scene.world.stream("remittance days").integers(1, 29, population.size)
    who, moments = scene.on_dates(rng, np.where(home | student, monthly_day, 0), hours=Hours.EVENING)
    sends = home[who]
    relative = places.strong[who, 0].astype(np.int64)
    median = np.where(sends, 3_000.0, population.income_fen[who] / 100.0)
    amount = nice_fen(rng, lognormal_fen(rng, np.maximum(median, 1.0), 0.4, size=len(who)), share=0.9)
    return orders(moments, np.where(sends, who, relative), np.where(sends, relative, who), amount_fen=amount)
