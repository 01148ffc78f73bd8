"""How a gang passes money on: from layer to layer, in parts, and out of the banks.

Every part is a share of the payment it comes from, so a payment that was
refused or stopped starts nothing. Money goes on to a second layer with chance
0.9, to a third with 0.7, to a fourth with 0.35; then it is cashed.
"""

from typing import Final

import numpy as np

from fraudguard.simulate.codes import CARD_PAYMENT, CASH_WITHDRAWAL, CRYPTO_OTC, channel_code
from fraudguard.simulate.drift import Drift
from fraudguard.simulate.gangs import Gang
from fraudguard.simulate.orders import CHOOSE, Orders, Role, join, orders
from fraudguard.simulate.rhythm import DAY_MS, SECOND_MS
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["pass_on"]

_DEPTHS: Final = (0.10, 0.20, 0.35, 0.35)
"""Layers the money goes through: one, two, three, four."""

_DWELL: Final = ((210, 0.6, 60, 600), (420, 0.6, 120, 1_200), (3_000, 1.0, 600, 21_600), (3_000, 1.0, 600, 21_600))
"""Median, log-sigma, least and most seconds that money rests in each layer."""

_SPLIT_ABOVE_FEN: Final = 300_000
_SHAPED_FEN: Final = (4_900_000, 5_000_000)
_SHAPED: Final = 0.25
_WHOLE_HUNDREDS: Final = 0.5
_LEFT: Final = 0.12
"""Share of last payments that are still in the account when the file ends [A]."""

_WAYS: Final = (
    ("atm", 0.25), ("pos", 0.15), ("counter", 0.08), ("coin", 0.22), ("payment company", 0.20), ("gold", 0.05), ("courier", 0.05),
)  # fmt: skip
_ATM_FEN: Final = 2_000_000
"""Most a machine gives in a day."""


def pass_on(world: World, rng: np.random.Generator, payments: Orders, *, gang: Gang, drift: Drift) -> Orders:
    """Pass victims' money through the layers and out.

    Parameters
    ----------
    world : World
        The stage.
    rng : numpy.random.Generator
        Source of chance.
    payments : structured ndarray
        Numbered payments into first-layer accounts; cash is left out.
    gang : Gang
        The accounts to pass it through.
    drift : Drift
        How slow gangs have become.

    Returns
    -------
    structured ndarray
        `hop` 1 leaves the first layer, 2 the second and so on; each numbered, with its parent.
    """
    arrived: Orders = payments[payments["event_type"] == 0]
    if not len(arrived):
        return arrived
    day = (int(arrived["time_ms"][0]) - world.period.start_ms) / DAY_MS
    slower = drift.dwell_times(day, slow=gang.slow)
    layer_2, layer_3 = gang.in_use(gang.layer_2, day), gang.in_use(gang.layer_3, day)
    depth = 1 + np.searchsorted(np.cumsum(_DEPTHS)[:-1], rng.random(len(arrived)), side="right")
    next_serial = int(payments["serial"].max()) + 1
    parts: list[Orders] = []
    for hop in range(1, 5):
        last = depth == hop
        ends = arrived[last & (rng.random(len(arrived)) >= _LEFT)]
        cashed = _cash_out(world, rng, _onward(rng, ends, _pieces(rng, ends, most=2), hop=hop, slower=slower))
        pieces = _pieces(rng, arrived[~last], most=5 if hop == 1 else 2)
        moved = _onward(rng, arrived[~last], pieces, hop=hop, slower=slower)
        moved["payee"] = rng.choice(layer_2 if hop == 1 else layer_3, len(moved))
        for rows in (cashed, moved):
            rows["serial"] = next_serial + np.arange(len(rows))
            next_serial += len(rows)
        parts += [cashed, moved]
        depth, arrived = depth[~last][pieces], moved
    return join(parts)


def _pieces(rng: np.random.Generator, arrived: Orders, *, most: int) -> IntArray:
    """Return for each part the payment it comes from; small sums stay whole, large ones are cut below 50 000 yuan."""
    amount = arrived["amount_fen"]
    counts = np.where(amount < _SPLIT_ABOVE_FEN, 1, rng.integers(min(2, most), most + 1, len(arrived)))
    needed = np.where(rng.random(len(arrived)) < _SHAPED, -(-amount // _SHAPED_FEN[0]), 1)
    return np.repeat(np.arange(len(arrived)), np.minimum(np.maximum(counts, needed), 12))


def _onward(rng: np.random.Generator, arrived: Orders, source: IntArray, *, hop: int, slower: float) -> Orders:
    """Send the parts on after a rest, by Dirichlet(2) shares, half of them in whole hundreds."""
    median_s, sigma, least_s, most_s = _DWELL[hop - 1]
    rest_s = slower * np.clip(rng.lognormal(np.log(median_s), sigma, len(arrived)), least_s, most_s)
    drawn: FloatArray = rng.gamma(2.0, 1.0, len(source))
    share = drawn / np.bincount(source, drawn, len(arrived))[source] * rng.uniform(0.97, 0.999, len(arrived))[source]
    place = np.arange(len(source)) - np.searchsorted(source, source)
    moment = (
        arrived["time_ms"][source]
        + (rest_s[source] * SECOND_MS).astype(np.int64)
        + place * rng.integers(8_000, 90_000, len(source))
    )
    shaped = (arrived["amount_fen"][source] * share >= _SHAPED_FEN[1]) & (rng.random(len(source)) < _SHAPED)
    planned = np.where(
        shaped, rng.integers(_SHAPED_FEN[0], _SHAPED_FEN[1], len(source)), arrived["amount_fen"][source] * share
    )
    return orders(
        moment, arrived["payee"][source], arrived["payee"][source], amount_fen=np.maximum(planned, 1).astype(np.int64), share=share,
        unit_fen=np.where(rng.random(len(source)) < _WHOLE_HUNDREDS, 10_000, 1), parent=arrived["serial"][source],
        role=Role.MULE, hop=hop,
    )  # fmt: skip


def _cash_out(world: World, rng: np.random.Generator, out: Orders) -> Orders:
    """Turn money into cash, coins, gold, goods, or somebody else's payments."""
    places, size = world.places, len(out)
    way = rng.choice(len(_WAYS), size, p=[share for _, share in _WAYS])
    ends = np.stack([
        np.full(size, places.cash_desk), places.any_shop(rng, size), np.full(size, places.cash_desk),
        np.full(size, places.coin_desk), np.full(size, places.payment_desk), np.full(size, places.gold_desk),
        np.full(size, places.cash_desk),
    ])  # fmt: skip
    kinds = np.array([CASH_WITHDRAWAL, CARD_PAYMENT, CASH_WITHDRAWAL, CRYPTO_OTC, 0, CARD_PAYMENT, CASH_WITHDRAWAL])
    atm, counter = channel_code(Channel.ATM), channel_code(Channel.COUNTER)
    channels = np.array([atm, channel_code(Channel.POS), counter, CHOOSE, CHOOSE, channel_code(Channel.POS), atm])
    out["payee"], out["event_type"], out["channel"] = ends[way, np.arange(size)], kinds[way], channels[way]
    machine = out["channel"] == atm
    out["amount_fen"] = np.where(machine, np.minimum(out["amount_fen"], _ATM_FEN), out["amount_fen"])
    out["unit_fen"] = np.where(machine, 10_000, out["unit_fen"])
    return out
