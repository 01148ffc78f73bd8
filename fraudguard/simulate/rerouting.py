"""A gang does not send money into an account that was stopped: it names another of its own."""

from typing import Final

import numpy as np

from fraudguard.simulate.orders import Orders, Role
from fraudguard.simulate.plan import FraudPlan
from fraudguard.simulate.streams import IntArray, scattered

__all__ = ["reroute"]

_SALT: Final = 31


def reroute(rows: Orders, plan: FraudPlan, *, layers: IntArray, blocked_ms: IntArray) -> None:
    """Replace payees that are stopped by live ones of the same gang and layer, in place.

    What follows from such a payment is paid by the new account: the ledger
    takes the payee of a parent as the payer of its children.

    Parameters
    ----------
    rows : structured ndarray
        Orders of one block.
    plan : FraudPlan
        Whose gangs.
    layers : ndarray of int64
        Layer of each account, 0 for none.
    blocked_ms : ndarray of int64
        From when each account is stopped.
    """
    ours = (rows["role"] != Role.ORDINARY) & (plan.gang_of[rows["payee"]] >= 0)
    for place in np.flatnonzero(ours & (blocked_ms[rows["payee"]] <= rows["time_ms"])).tolist():
        row = rows[place]
        accounts = plan.gangs[plan.gang_of[row["payee"]]].accounts
        live = accounts[(layers[accounts] == layers[row["payee"]]) & (blocked_ms[accounts] > row["time_ms"])]
        if len(live):
            rows["payee"][place] = live[int(scattered(row["time_ms"], _SALT) * len(live))]
