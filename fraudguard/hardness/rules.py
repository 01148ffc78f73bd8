"""Two rivals without a model: Singapore's half-of-the-balance rule, and twelve rules an expert would write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.hardness.sample import Sample
from fraudguard.wording import Bilingual

__all__ = ["EXPERT_RULES", "ExpertRule", "expert_score", "half_balance_alerts"]

Flags = NDArray[np.bool_]

HALF_BALANCE_FLOOR_FEN: Final = 200_000
"""S$50 000 is some 270 000 yuan, and few accounts of this world hold that; the half is kept, the floor lowered (decision 0018)."""

_LARGE_FEN: Final = 500_000


@dataclass(frozen=True, slots=True)
class ExpertRule:
    """One rule: its words, and what it says of the features of some transfers."""

    code: str
    title: Bilingual
    fires: Callable[[pd.DataFrame], "pd.Series[bool]"]


EXPERT_RULES: Final = (
    ExpertRule(
        "first_and_largest", Bilingual(zh="首次收款人，且金额不低于本人30天最大一笔", en="First payment to the payee, as large as the largest in 30 days"),
        lambda f: (f["is_first_to_payee"] == 1) & (f["amount_to_payer_max_30d"] >= 1) & (f["amount_fen"] >= _LARGE_FEN),
    ),
    ExpertRule(
        "balance_gone", Bilingual(zh="一小时内转走余额七成以上", en="Seven tenths of the balance gone within an hour"),
        lambda f: f["payer_drain_share_1h"] >= 0.7,
    ),
    ExpertRule(
        "liquidated", Bilingual(zh="一小时内有贷款、赎回或提前支取入账，随即转出", en="A loan, redemption or broken deposit within the hour before"),
        lambda f: f["payer_since_liquidated_s"] <= 3_600,
    ),
    ExpertRule(
        "several_new_payees", Bilingual(zh="一小时内已付过其他收款人，又付给新收款人", en="A new payee after others within the hour"),
        lambda f: (f["payer_out_payees_distinct_1h"] >= 1) & (f["is_first_to_payee"] == 1),
    ),
    ExpertRule(
        "rising", Bilingual(zh="同一收款人，金额比上一笔高一半以上", en="Half as much again as the last payment to this payee"),
        lambda f: (f["amount_to_pair_previous"] >= 1.5) & (f["amount_fen"] >= _LARGE_FEN),
    ),
    ExpertRule(
        "returned_before", Bilingual(zh="一天内收款方曾把小额退回来", en="Money came back from the payee within a day"),
        lambda f: f["returned_transfers_1d"] >= 1,
    ),
    ExpertRule(
        "gathering_payee", Bilingual(zh="收款账户当天收到三名以上互不相干者的首次付款", en="Three or more first-time payers to the payee today"),
        lambda f: (f["payee_in_payers_distinct_1d"] >= 3) & (f["payee_in_first_time_share_1d"] >= 0.8),
    ),
    ExpertRule(
        "passing_payee", Bilingual(zh="收款账户一天内转出其收入的八成以上", en="The payee passes on four fifths within a day"),
        lambda f: (f["payee_out_to_in_1d"] >= 0.8) & (f["payee_in_transfers_count_1d"] >= 1),
    ),
    ExpertRule(
        "young_payee", Bilingual(zh="收款账户开立不足30天", en="The payee's account is younger than 30 days"),
        lambda f: f["payee_account_age_d"] < 30,
    ),
    ExpertRule(
        "on_the_phone", Bilingual(zh="通话中，或正在共享屏幕", en="On a call, or sharing the screen"),
        lambda f: (f["active_call"] == 1) | (f["screen_share_active"] == 1),
    ),
    ExpertRule(
        "warned", Bilingual(zh="三天内接过可疑来电，或访问过涉诈网址、应用", en="A flagged call, a fraud site or app in the last days"),
        lambda f: (f["payer_signal_flagged_call_received"] == 1) | (f["payer_signal_fraud_url_visited"] == 1)
        | (f["payer_signal_fraud_app_installed"] == 1),
    ),
    ExpertRule(
        "known_payee", Bilingual(zh="收款账户已知涉案，或与已知涉案账户仅隔一步", en="The payee is a suspected account, or one step from one"),
        lambda f: f["payee_hops_to_known"] <= 1,
    ),
)  # fmt: skip


def expert_score(features: pd.DataFrame) -> NDArray[np.float64]:
    """Return how many of the twelve rules fire; unknown never fires.

    Parameters
    ----------
    features : DataFrame
        Of the catalog that ships.

    Returns
    -------
    ndarray of float64, shape (n,)
        From 0 to 12.
    """
    fired = [rule.fires(features).fillna(value=False).to_numpy(dtype=np.float64) for rule in EXPERT_RULES]
    score: NDArray[np.float64] = np.sum(fired, axis=0)
    return score


def half_balance_alerts(sample: Sample, *, floor_fen: int = HALF_BALANCE_FLOOR_FEN) -> Flags:
    """Return where the rule of the Association of Banks in Singapore (October 2025) would hold a payment.

    A balance at or above the floor, and more than half of it gone with this
    payment and those of the last day; bills and shops are exempt.

    Parameters
    ----------
    sample : Sample
        With balances.
    floor_fen : int
        Least balance.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which are alerted.
    """
    amount = sample.rows["amount_fen"].to_numpy(dtype=np.float64)
    balance = sample.rows["payer_balance_before_fen"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    gone = sample.features["payer_out_amount_fen_sum_1d"].to_numpy(dtype=np.float64)
    exempt = sample.rows["payee_type"].isin(["merchant", "own_account"]).to_numpy()
    alerts: Flags = (balance + gone >= floor_fen) & (amount + gone > 0.5 * (balance + gone)) & ~exempt
    return alerts
