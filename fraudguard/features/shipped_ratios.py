"""Shipped features: one number against another."""

from typing import Final

from fraudguard.features.expression import Expression, feature, field
from fraudguard.features.known import network
from fraudguard.features.shipped_views import (
    DEVICE,
    HOLDER_OUT,
    PAIR,
    PAYEE_IN,
    PAYEE_OUT,
    PAYER_HABIT,
    PAYER_IN,
    PAYER_LONG,
    PAYER_OUT,
)
from fraudguard.wording import Bilingual

__all__ = ["RATIOS"]

_AMOUNT: Final = field("amount_fen")

RATIOS: Final = (
    Expression(
        name="amount_fen",
        value=_AMOUNT,
        unit="fen",
        title=Bilingual("本笔金额", "Amount of this transfer"),
        why=Bilingual("损失与金额相当", "The loss is the amount."),
        normal=PAYER_OUT["amount_fen_mean_30d"],
    ),
    Expression(
        name="amount_to_payer_mean_30d",
        value=_AMOUNT / PAYER_OUT["amount_fen_mean_30d"],
        unit="ratio",
        title=Bilingual("本笔金额与本人近30天平均之比", "Amount against the payer's own 30-day mean"),
        why=Bilingual("受骗转账远大于本人平时", "A victim's transfer is far above the own habit."),
    ),
    Expression(
        name="amount_to_payer_max_30d",
        value=_AMOUNT / PAYER_OUT["amount_fen_max_30d"],
        unit="ratio",
        title=Bilingual("本笔金额与本人近30天最大之比", "Amount against the payer's own 30-day maximum"),
        why=Bilingual("受骗转账常超过本人以往最大一笔", "A victim's transfer often exceeds the largest so far."),
    ),
    Expression(
        name="amount_to_payer_mean_90d",
        value=_AMOUNT / PAYER_LONG["amount_fen_mean_90d"],
        unit="ratio",
        title=Bilingual("本笔金额与本人近90天平均之比", "Amount against the payer's own 90-day mean"),
        why=Bilingual("受骗转账远大于本人平时", "A victim's transfer is far above the own habit."),
    ),
    Expression(
        name="amount_to_payer_max_90d",
        value=_AMOUNT / PAYER_LONG["amount_fen_max_90d"],
        unit="ratio",
        title=Bilingual("本笔金额与本人近90天最大之比", "Amount against the payer's own 90-day maximum"),
        why=Bilingual("受骗转账常超过本人以往最大一笔", "A victim's transfer often exceeds the largest so far."),
    ),
    Expression(
        name="amount_above_habit_90d",
        value=(_AMOUNT.log10() - PAYER_LONG["amount_fen_mean_90d"].log10()) / PAYER_HABIT["amount_log10_std_90d"],
        unit="ratio",
        title=Bilingual(
            "本笔金额高出本人近90天习惯几个标准差", "Amount above the payer's 90-day habit, in standard deviations"
        ),
        why=Bilingual("受骗转账远大于本人平时", "A victim's transfer is far above the own habit."),
    ),
    Expression(
        name="amount_to_payer_max_1h",
        value=_AMOUNT / PAYER_OUT["amount_fen_max_1h"],
        unit="ratio",
        title=Bilingual("本笔金额与本人近1小时最大之比", "Amount against the payer's largest in the last hour"),
        why=Bilingual("刷单诈骗的金额逐笔放大", "Brushing scams raise the amount step by step."),
    ),
    Expression(
        name="amount_to_pair_mean_30d",
        value=_AMOUNT / PAIR["amount_fen_mean_30d"],
        unit="ratio",
        title=Bilingual("本笔金额与近30天付给该账户的平均之比", "Amount against the payer's 30-day mean to this payee"),
        why=Bilingual("先小额试探再大额", "A small first payment, then a large one."),
    ),
    Expression(
        name="amount_to_payee_mean_30d",
        value=_AMOUNT / PAYEE_IN["amount_fen_mean_30d"],
        unit="ratio",
        title=Bilingual(
            "本笔金额与该账户近30天平均收款之比", "Amount against what this payee received on average in 30 days"
        ),
        why=Bilingual("可疑账户突然收到异常大额", "A suspected account suddenly receives an unusual amount."),
    ),
    Expression(
        name="payer_drain_share",
        value=_AMOUNT / field("payer_balance_before_fen"),
        unit="share",
        title=Bilingual("本笔金额占付款前余额的比例", "Share of the balance that leaves"),
        why=Bilingual("受骗人把余额几乎转空", "A victim sends nearly the whole balance."),
    ),
    Expression(
        name="payer_drain_share_1h",
        value=(_AMOUNT + PAYER_OUT["amount_fen_sum_1h"])
        / (field("payer_balance_before_fen") + PAYER_OUT["amount_fen_sum_1h"]),
        unit="share",
        title=Bilingual(
            "连同本笔，近1小时转出占余额的比例",
            "Share of the balance that leaves within an hour, this transfer included",
        ),
        why=Bilingual("分多笔把余额转空", "Several transfers empty the account."),
    ),
    Expression(
        name="payer_out_to_in_1d",
        value=(_AMOUNT + PAYER_OUT["amount_fen_sum_1d"]) / PAYER_IN["amount_fen_sum_1d"],
        unit="ratio",
        title=Bilingual(
            "付款账户近1天转出（含本笔）与转入之比",
            "Payer's money out, this transfer included, against money in, last day",
        ),
        why=Bilingual("借入或归集的钱随即转出", "Borrowed or gathered money leaves at once."),
    ),
    Expression(
        name="payee_out_to_in_1h",
        value=PAYEE_OUT["amount_fen_sum_1h"] / PAYEE_IN["amount_fen_sum_1h"],
        unit="ratio",
        title=Bilingual("收款账户近1小时转出与转入之比", "Payee's money out against money in, last hour"),
        why=Bilingual("快进快出", "Money passes straight through."),
    ),
    Expression(
        name="payee_out_to_in_1d",
        value=PAYEE_OUT["amount_fen_sum_1d"] / PAYEE_IN["amount_fen_sum_1d"],
        unit="ratio",
        title=Bilingual("收款账户近1天转出与转入之比", "Payee's money out against money in, last day"),
        why=Bilingual("快进快出", "Money passes straight through."),
    ),
    Expression(
        name="payee_in_count_1d_to_30d",
        value=PAYEE_IN["transfers_count_1d"] / PAYEE_IN["transfers_count_30d"],
        unit="share",
        title=Bilingual(
            "收款账户近30天的收款笔数中近1天所占比例", "Share of the payee's 30-day receipts that fell in the last day"
        ),
        why=Bilingual("沉睡账户突然启用", "A dormant account wakes up."),
    ),
    Expression(
        name="is_first_to_payee",
        value=PAIR["since_last_s"].is_missing(),
        unit="flag",
        title=Bilingual("首次付给该账户", "First payment to this payee"),
        why=Bilingual("受骗人几乎总是付给从未付过的账户", "A victim nearly always pays an account never paid before."),
    ),
    Expression(
        name="is_first_of_payee",
        value=PAYEE_IN["since_last_s"].is_missing(),
        unit="flag",
        title=Bilingual("该账户首次收款", "First money this payee ever received here"),
        why=Bilingual("新启用的收款账户", "A freshly used receiving account."),
    ),
    Expression(
        name="is_first_of_payer",
        value=PAYER_OUT["since_last_s"].is_missing(),
        unit="flag",
        title=Bilingual("付款账户首次转出", "First transfer this payer ever made here"),
        why=Bilingual("平时不转账的账户突然转账", "An account that never pays suddenly pays."),
    ),
    feature(
        "amount_to_payer_previous",
        _AMOUNT / PAYER_OUT["amount_fen_previous"],
        unit="ratio",
        title=Bilingual("本笔金额与本人上一笔之比", "Amount against the payer's previous transfer"),
        why=Bilingual("刷单诈骗的金额逐笔放大", "Brushing scams raise the amount step by step."),
    ),
    feature(
        "amount_to_pair_previous",
        _AMOUNT / PAIR["amount_fen_previous"],
        unit="ratio",
        title=Bilingual("本笔金额与上次付给该账户之比", "Amount against the payer's previous transfer to this payee"),
        why=Bilingual("先小额试探再大额", "A small first payment, then a large one."),
    ),
    feature(
        "amount_to_payer_in_1d",
        _AMOUNT / PAYER_IN["amount_fen_sum_1d"],
        unit="ratio",
        title=Bilingual(
            "本笔金额与付款账户近1天转入之比", "Amount against what came into the payer's account, last day"
        ),
        why=Bilingual("借入或归集的钱随即转出", "Borrowed or gathered money leaves at once."),
    ),
    feature(
        "amount_to_payer_last_in",
        _AMOUNT / PAYER_IN["amount_fen_previous"],
        unit="ratio",
        title=Bilingual("本笔金额与付款账户最近一笔转入之比", "Amount against the payer's last money in"),
        why=Bilingual("借入或归集的钱随即转出", "Borrowed or gathered money leaves at once."),
    ),
    feature(
        "amount_to_payee_max_30d",
        _AMOUNT / PAYEE_IN["amount_fen_max_30d"],
        unit="ratio",
        title=Bilingual(
            "本笔金额与该账户近30天最大一笔收款之比", "Amount against the payee's largest receipt in 30 days"
        ),
        why=Bilingual("可疑账户突然收到异常大额", "A suspected account suddenly receives an unusual amount."),
    ),
    feature(
        "payer_habit_distance",
        (_AMOUNT.log10() - PAYER_OUT["amount_fen_mean_30d"].log10()) / PAYER_HABIT["amount_log10_std_30d"],
        unit="",
        title=Bilingual("本笔金额偏离本人习惯的程度", "How far the amount lies from the payer's habit"),
        why=Bilingual("受骗转账远大于本人平时", "A victim's transfer is far above the own habit."),
    ),
    feature(
        "payer_count_1h_to_30d",
        PAYER_OUT["transfers_count_1h"] / PAYER_OUT["transfers_count_30d"],
        unit="share",
        title=Bilingual(
            "本人近30天转出笔数中近1小时所占比例", "Share of the payer's 30-day transfers that fell in the last hour"
        ),
        why=Bilingual("受骗人在短时间内连续转账", "A victim pays again and again within a short time."),
    ),
    feature(
        "payer_payees_1h_to_count",
        PAYER_OUT["payees_distinct_1h"] / PAYER_OUT["transfers_count_1h"],
        unit="share",
        title=Bilingual("近1小时转出中不同收款人所占比例", "Different payees per transfer of the payer, last hour"),
        why=Bilingual("对方不断更换收款账户", "The receiving account changes from step to step."),
    ),
    feature(
        "payee_payers_1d_to_count",
        PAYEE_IN["payers_distinct_1d"] / PAYEE_IN["transfers_count_1d"],
        unit="share",
        title=Bilingual("近1天收款中不同付款人所占比例", "Different payers per receipt of the payee, last day"),
        why=Bilingual("许多互不相识的人付给同一账户", "Many strangers pay one account."),
    ),
    feature(
        "payee_payers_1d_to_30d",
        PAYEE_IN["payers_distinct_1d"] / PAYEE_IN["payers_distinct_30d"],
        unit="share",
        title=Bilingual(
            "近30天付款人中近1天出现的比例", "Share of the payee's 30-day payers that came in the last day"
        ),
        why=Bilingual("沉睡账户突然启用", "A dormant account wakes up."),
    ),
    feature(
        "payee_out_to_in_10m",
        PAYEE_OUT["amount_fen_sum_10m"] / PAYEE_IN["amount_fen_sum_10m"],
        unit="ratio",
        title=Bilingual("收款账户近10分钟转出与转入之比", "Payee's money out against money in, last 10 minutes"),
        why=Bilingual("快进快出", "Money passes straight through."),
    ),
    feature(
        "payee_residual_share_1d",
        (PAYEE_IN["amount_fen_sum_1d"] - PAYEE_OUT["amount_fen_sum_1d"]) / PAYEE_IN["amount_fen_sum_1d"],
        unit="share",
        title=Bilingual("收款账户近1天转入中留存的比例", "Share of the payee's money in that stayed, last day"),
        why=Bilingual("可疑账户几乎不留余额", "A suspected account keeps next to nothing."),
    ),
    feature(
        "payee_fan_out_1h",
        PAYEE_OUT["payees_distinct_1h"] / PAYEE_IN["transfers_count_1h"],
        unit="ratio",
        title=Bilingual("收款账户近1小时转出对象数与收款笔数之比", "Payees the payee paid per receipt, last hour"),
        why=Bilingual("收款后拆分转给多个账户", "What is received is split among many accounts."),
    ),
    feature(
        "payer_chain_share",
        _AMOUNT / network("payer_liquidated_fen"),
        unit="ratio",
        title=Bilingual(
            "本笔金额与近1天变现、借入合计之比", "Amount against what the payer cashed in or borrowed, last day"
        ),
        why=Bilingual(
            "受骗人按对方要求先变现、借款，再转出", "A victim is told to cash in savings or borrow, then to send it."
        ),
    ),
    feature(
        "holder_drain_share_1h",
        (_AMOUNT + HOLDER_OUT["amount_fen_sum_1h"])
        / (field("payer_balance_before_fen") + HOLDER_OUT["amount_fen_sum_1h"]),
        unit="share",
        title=Bilingual(
            "连同本笔，名下各账户近1小时转出占余额的比例",
            "Share of the balance that leaves all accounts of the holder within an hour",
        ),
        why=Bilingual("受骗人把名下各账户的钱一并转出", "A victim empties all accounts of their own."),
    ),
    feature(
        "device_is_new_to_payer",
        (DEVICE["since_first_s"] < 86_400) * (DEVICE["payers_distinct_30d"] < 2),
        unit="flag",
        title=Bilingual("设备在近1天内首次出现", "Device first seen within a day"),
        why=Bilingual("账户突然换了设备", "The account appears on a new device."),
    ),
    feature(
        "device_is_shared",
        DEVICE["payers_distinct_7d"] > 2,
        unit="flag",
        title=Bilingual("近7天有3个以上账户用过该设备", "Device used by more than two accounts in 7 days"),
        why=Bilingual("同一设备操作多人账户", "One device works many accounts."),
    ),
)
