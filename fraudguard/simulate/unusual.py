"""Honest payments of single people that look like fraud: large, urgent, coached, to somebody new.

Each maker draws a number of episodes of one scenario that begin in a block.
"""

import numpy as np

from fraudguard.simulate.codes import (
    CARD_PAYMENT,
    CRYPTO_OTC,
    FUND_REDEMPTION,
    LOAN_DISBURSEMENT,
    TERM_DEPOSIT_BREAK,
    channel_code,
)
from fraudguard.simulate.episodes import begin, first_trial, later_days, new_payees, provide, repeat
from fraudguard.simulate.orders import CHOOSE, Orders, Profile, join, orders
from fraudguard.simulate.phones import changing
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours
from fraudguard.simulate.streams import lognormal_fen, nice_fen
from fraudguard.simulate.world import Scene
from fraudguard.transfer import Channel

__all__ = [
    "car",
    "emergency",
    "false_alert",
    "helped",
    "house",
    "new_city",
    "new_phone",
    "refinancing",
    "revived",
    "support",
    "top_ups",
]


def emergency(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Help a relative in hospital at night: one or two payments to somebody new, on the phone."""
    episodes = begin(scene, rng, size, hours=Hours.NIGHT)
    episode, step, _ = repeat(rng, size, least=1, most=2)
    amount = np.clip(nice_fen(rng, lognormal_fen(rng, 15_000, 0.8, size=len(episode))), 500_000, 8_000_000)
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(120_000, 5_400_000, len(episode)),
        episodes.who[episode], new_payees(scene, rng, size)[episode],
        amount_fen=amount, share=0.97, profile=Profile.URGENT, episode=episode,
    )  # fmt: skip


def house(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Make a down-payment: a deposit broken, parents' and own money gathered, then 100 000 yuan and more to one seller."""
    savers = scene.places.people[scene.population.savings_fen[scene.places.people] > 0]
    episodes = begin(scene, rng, size, hours=Hours.DAYTIME, among=savers)
    need = np.clip(lognormal_fen(rng, 220_000, 0.6, size=size), 10_000_000, 100_000_000)
    broken = provide(scene, rng, episodes, need_fen=need, event_type=TERM_DEPOSIT_BREAK)
    giver, _, _ = repeat(rng, size, least=2, most=6)
    own = scene.population.second_of()[episodes.who]
    gathered = orders(
        episodes.moment_ms[giver] - rng.integers(600_000, 3 * DAY_MS, len(giver)),
        np.where((own[giver] >= 0) & (rng.random(len(giver)) < 0.4), own[giver], scene.places.close(rng, episodes.who[giver])),
        episodes.who[giver], amount_fen=nice_fen(rng, need[giver] // 8), share=0.9, unit_fen=10_000, episode=giver,
    )  # fmt: skip
    episode, step, counts = repeat(rng, size, least=1, most=3)
    companies = new_payees(scene, rng, size, segments=(Segment.COMPANY,))
    seller = np.where(rng.random(size) < 0.5, companies, new_payees(scene, rng, size))
    paid = orders(
        episodes.moment_ms[episode] + step * rng.integers(60_000, 3_600_000, len(episode)),
        episodes.who[episode], seller[episode],
        amount_fen=nice_fen(rng, need[episode] // counts[episode]), share=rng.uniform(0.85, 0.99, len(episode)),
        unit_fen=rng.choice([100, 10_000, 100_000], len(episode)), episode=episode,
    )  # fmt: skip
    return join([broken, gathered, first_trial(rng, paid, share=0.2)])


def car(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Buy a car or renovate: three to eight rising payments to one new payee within sixty days."""
    episodes = begin(scene, rng, size, hours=Hours.DAYTIME)
    episode, step, counts = repeat(rng, size, least=3, most=8)
    payee = new_payees(scene, rng, size, segments=(Segment.SELF_EMPLOYED, Segment.COMPANY, Segment.MIGRANT))
    growth = rng.uniform(1.2, 2.0, size)[episode] ** step
    amount = lognormal_fen(rng, 900 * growth, 0.4, size=len(episode))
    pace_days = np.minimum(rng.lognormal(np.log(2.5), 0.8, size), 60 / counts)
    paid = orders(
        episodes.moment_ms[episode] + later_days(rng, step * pace_days[episode], days=1),
        episodes.who[episode], payee[episode], amount_fen=nice_fen(rng, amount), share=0.95, episode=episode,
    )  # fmt: skip
    return first_trial(rng, paid, share=0.1)


def new_city(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Rent in a new city for the first time: deposit and three months, nearly all a young person has."""
    among = scene.population.members(Segment.STUDENT, Segment.MIGRANT, Segment.SALARIED)
    episodes = begin(scene, rng, size, hours=Hours.GENERAL, among=among)
    amount = nice_fen(rng, lognormal_fen(rng, 6_500, 0.5, size=size), share=0.8)
    paid = orders(
        episodes.moment_ms, episodes.who, new_payees(scene, rng, size),
        amount_fen=amount, share=0.96, episode=np.arange(size),
    )  # fmt: skip
    return first_trial(rng, paid, share=0.25)


def refinancing(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Take one to three loans and send the money to another bank within half an hour, to pay an older one off."""
    episodes = begin(scene, rng, size, hours=Hours.GENERAL)
    amount = nice_fen(rng, lognormal_fen(rng, 15_000, 0.8, size=size), share=0.9)
    episode, step, counts = repeat(rng, size, least=1, most=3)
    start_ms = episodes.moment_ms[episode] + step * rng.integers(180_000, 2_400_000, len(episode))
    loans = orders(
        start_ms - rng.integers(60_000, 1_800_000, len(episode)), scene.places.loan_desk, episodes.who[episode],
        amount_fen=amount[episode] // counts[episode], event_type=LOAN_DISBURSEMENT, episode=episode,
    )  # fmt: skip
    paid = orders(
        start_ms, episodes.who[episode], new_payees(scene, rng, size)[episode],
        amount_fen=amount[episode] // counts[episode], share=0.98, episode=episode,
    )  # fmt: skip
    return join([loans, paid])


def helped(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Help an older person pay: a child on a call, with the screen shared."""
    among = scene.population.members(Segment.RETIREE, Segment.SELF_EMPLOYED, Segment.SALARIED)
    among = among[scene.population.app_user[among] & (scene.population.age_band[among] >= 3)]
    episodes = begin(scene, rng, size, hours=Hours.DAYTIME, among=among)
    episode, step, _ = repeat(rng, size, least=1, most=3)
    amount = nice_fen(rng, lognormal_fen(rng, 2_500, 1.3, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(40_000, 600_000, len(episode)),
        episodes.who[episode], new_payees(scene, rng, len(episode)),
        amount_fen=amount, share=0.97, profile=Profile.HELPED, episode=episode,
    )  # fmt: skip


def support(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Pay in between online meetings or with remote support open, which goes on all day."""
    among = scene.population.members(Segment.SALARIED, Segment.COMPANY)
    episodes = begin(scene, rng, size, hours=Hours.OFFICE, among=among)
    episode, step, _ = repeat(rng, size, least=1, most=2)
    amount = nice_fen(rng, lognormal_fen(rng, 1_200, 1.4, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(60_000, 7_200_000, len(episode)),
        episodes.who[episode], new_payees(scene, rng, len(episode)),
        amount_fen=amount, share=0.97, profile=Profile.SUPPORT, episode=episode,
    )  # fmt: skip


def top_ups(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Top up a game or buy a coin in growing amounts within the hour, from several sellers."""
    among = scene.population.members(Segment.SALARIED, Segment.STUDENT, Segment.MIGRANT)
    episodes = begin(scene, rng, size, hours=Hours.EVENING, among=among)
    episode, step, _ = repeat(rng, size, least=2, most=7)
    growth = rng.uniform(1.1, 2.6, size)[episode] ** step
    amount = nice_fen(rng, lognormal_fen(rng, 160 * growth, 0.5, size=len(episode)))
    coin = rng.random(len(episode)) < 0.35
    seller = np.where(coin, scene.places.coin_desk, new_payees(scene, rng, len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(120_000, 1_800_000, len(episode)),
        episodes.who[episode], seller, amount_fen=amount, share=0.97, event_type=coin * CRYPTO_OTC, episode=episode,
    )  # fmt: skip


def revived(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Wake a dormant account up: an inheritance or housing fund comes in and is spread out again."""
    population = scene.population
    among = np.flatnonzero(population.dormant & population.is_person)
    episodes = begin(scene, rng, size, hours=Hours.DAYTIME, among=among)
    need = lognormal_fen(rng, 30_000, 1.0, size=size)
    inflow = provide(scene, rng, episodes, need_fen=need, event_type=FUND_REDEMPTION)
    episode, step, _ = repeat(rng, size, least=1, most=4)
    out = orders(
        episodes.moment_ms[episode] + step * rng.integers(90_000, 7_200_000, len(episode)),
        episodes.who[episode], new_payees(scene, rng, len(episode)),
        share=rng.uniform(0.2, 0.995, len(episode)), unit_fen=rng.choice([1, 100, 10_000], len(episode)), episode=episode,
    )  # fmt: skip
    return join([inflow, first_trial(rng, out, share=0.15)])


def new_phone(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Get a new phone and pay something large in the same week: one to four payments to new payees."""
    who, changed_ms = changing(scene)
    chosen = rng.permutation(len(who))[:size]
    episode, step, _ = repeat(rng, len(chosen), least=1, most=4)
    amount = nice_fen(rng, lognormal_fen(rng, 6_000, 1.1, size=len(episode)))
    wait_ms = rng.integers(600_000, 6 * DAY_MS, len(chosen))
    return orders(
        (changed_ms[chosen] + wait_ms)[episode] + step * rng.integers(120_000, 9_000_000, len(episode)),
        who[chosen][episode], new_payees(scene, rng, len(episode)),
        amount_fen=amount, share=0.9, unit_fen=rng.choice([1, 100, 10_000], len(episode)), episode=episode,
    )  # fmt: skip


def false_alert(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Be warned by 96110 without cause, before a payment to somebody new; see `episode_signals`."""
    episodes = begin(scene, rng, size, hours=Hours.GENERAL)
    episode, step, _ = repeat(rng, size, least=1, most=3)
    amount = nice_fen(rng, lognormal_fen(rng, 4_000, 1.3, size=len(episode)))
    shop = rng.random(len(episode)) < 0.3
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(HOUR_MS // 4, DAY_MS, len(episode)), episodes.who[episode],
        np.where(shop, scene.places.any_shop(rng, len(episode)), new_payees(scene, rng, len(episode))),
        amount_fen=amount, share=0.95, episode=episode, event_type=shop * CARD_PAYMENT,
        channel=np.where(shop, channel_code(Channel.QR), CHOOSE),
    )  # fmt: skip
