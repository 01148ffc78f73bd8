"""Draw a simulated world beside the published figures it was shaped to: pages of docs/explanation/simulator.md.

fraudguard simulate WORLD --accounts 60000 --days 180 --preset dense
python scripts/world_pictures.py WORLD docs/images
"""

import sys
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fraudguard.simulate.scam_types import SCAM_PATTERNS

VICTIM, HONEST, STATED = "#c0392b", "#34659b", "#8a8f98"
PUBLISHED_LOSS_SHARE: Final = {"brushing": 0.244, "investment": 1 / 3}
"""Of one county in early 2023 and of the country in 2022; the others are not published."""


def read(folder: Path) -> pd.DataFrame:
    """Return transfers with the truth and the first finding's moment beside them."""
    transfers, truth = (pd.read_parquet(folder / f"{name}.parquet") for name in ("transfers", "truth"))
    findings = pd.read_parquet(folder / "findings.parquet").drop_duplicates("transfer_id")
    rows = pd.concat([transfers, truth.drop(columns="transfer_id")], axis=1)
    return rows.merge(findings[["transfer_id", "received_at"]], on="transfer_id", how="left")


def losses(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the median loss of a case of each type beside the stated one."""
    victims = rows[rows["is_victim_transfer"]]
    by_case = victims.groupby("case_id").agg(kind=("scam_type", "first"), loss=("amount_fen", "sum"))
    found = by_case.groupby("kind")["loss"].median() / 100
    names = [str(pattern.scam_type) for pattern in SCAM_PATTERNS][::-1]
    stated = [pattern.loss_yuan[0] for pattern in SCAM_PATTERNS][::-1]
    axes.barh(names, [found.get(name, 0) for name in names], color=VICTIM, height=0.6, label="simulated")
    axes.plot(stated, names, "|", color="black", markersize=12, markeredgewidth=2, label="stated")
    axes.set(xlabel="median loss of a case, yuan", title="What a case costs")
    axes.legend(frameon=False)


def shares(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the share of cases and of money of each type beside what is stated and published."""
    victims = rows[rows["is_victim_transfer"]]
    cases = victims.drop_duplicates("case_id")["scam_type"].value_counts(normalize=True)
    money = victims.groupby("scam_type")["amount_fen"].sum() / victims["amount_fen"].sum()
    names = [str(pattern.scam_type) for pattern in SCAM_PATTERNS][::-1]
    place = np.arange(len(names))
    axes.barh(place + 0.2, [cases.get(name, 0) for name in names], height=0.38, color=HONEST, label="cases")
    axes.barh(place - 0.2, [money.get(name, 0) for name in names], height=0.38, color=VICTIM, label="money")
    axes.plot(
        [pattern.share for pattern in SCAM_PATTERNS][::-1],
        place + 0.2,
        "|",
        color="black",
        markersize=9,
        label="stated",
    )
    published = [
        (PUBLISHED_LOSS_SHARE[name], spot - 0.2) for spot, name in enumerate(names) if name in PUBLISHED_LOSS_SHARE
    ]
    axes.plot(*zip(*published, strict=True), "o", color="black", markersize=4, label="published money")
    axes.set(yticks=place, yticklabels=[], xlabel="share", title="How often, and how much of the money")
    axes.legend(frameon=False)


def delays(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw how long after a victim's payment its finding is received."""
    told = rows[rows["is_victim_transfer"] & rows["received_at"].notna()]
    days = np.sort((told["received_at"] - told["event_time"]).dt.total_seconds() / 86_400)
    reported = len(days) / rows["is_victim_transfer"].sum()
    axes.plot(days, np.arange(1, len(days) + 1) / len(days) * reported, color=VICTIM)
    for day in (1, 7, 14):
        axes.axvline(day, color=STATED, linestyle=":", linewidth=1)
    axes.set(xscale="log", xlim=(0.01, 120), ylim=(0, 1), xlabel="days after the payment (lines: 1, 7, 14)")
    axes.set(ylabel="share of victims' payments reported", title="When the bank learns of it")


def outflow(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw how much of the victims' money has left the first layer, and the banks, by the minute."""
    mule = rows[rows["is_mule_movement"] & rows["case_id"].notna() & (rows["hop"] > 0)]
    start = rows[rows["is_victim_transfer"]].groupby("case_id")["event_time"].min()
    fast = rows[rows["scam_type"].isin(["fake_customer_service", "screen_share_cancel", "credit_repair"])][
        "case_id"
    ].unique()
    mule = mule[mule["case_id"].isin(fast)]
    minutes = (mule["event_time"] - mule["case_id"].map(start)).dt.total_seconds() / 60
    gone = mule["event_type"].isin(["cash_withdrawal", "crypto_otc", "card_payment"])
    for which, label, color in ((mule["hop"] == 1, "left the first layer", HONEST), (gone, "left the banks", VICTIM)):
        order = np.argsort(minutes[which].to_numpy())
        money = mule.loc[which, "amount_fen"].to_numpy()[order]
        axes.plot(minutes[which].to_numpy()[order], np.cumsum(money) / money.sum(), label=label, color=color)
    axes.axvline(30, color=STATED, linestyle=":", linewidth=1)
    axes.set(xscale="log", xlim=(1, 2_000), ylim=(0, 1), xlabel="minutes after the first payment (line: 30)")
    axes.set(ylabel="share of what moves on", title="How fast money runs (fast scams)")
    axes.legend(frameon=False)


def days(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw transfers a day: weekends, paydays, Spring Festival, platform feasts."""
    local = rows["event_time"].dt.tz_convert("Asia/Shanghai").dt.date
    counts = local.value_counts().sort_index()
    axes.plot(pd.to_datetime(counts.index), counts.to_numpy() / 1_000, color=HONEST, linewidth=1)
    axes.set(ylabel="thousand transfers a day", title="The calendar", ylim=(0, None))
    axes.tick_params(axis="x", labelrotation=30)


def balances(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the balance people pay from, month by month."""
    people = rows[rows["payer_balance_before_fen"] < 10**10]
    month = people["event_time"].dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m")
    by_month = people.assign(month=month).groupby("month")["payer_balance_before_fen"]
    levels = pd.DataFrame({share: by_month.quantile(share) / 100 for share in (0.25, 0.5, 0.75)})
    for share, style in ((0.75, ":"), (0.5, "-"), (0.25, ":")):
        axes.plot(levels.index, levels[share], style, color=HONEST, label=f"{share:.0%} of payments")
    axes.set(yscale="log", ylabel="balance before the payment, yuan", title="Balances, month by month")
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(frameon=False)


def main() -> None:
    """Draw three pictures of two panels each."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = read(folder)
    for name, left, right in (("losses", losses, shares), ("time", delays, outflow), ("life", days, balances)):
        with mpl.rc_context({
            "svg.hashsalt": "fraudguard",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.size": 9,
        }):
            figure = Figure(figsize=(10, 4), layout="constrained")
            panels = figure.subplots(1, 2)
            left(panels[0], rows)
            right(panels[1], rows)
            figure.savefig(out / f"world-{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
