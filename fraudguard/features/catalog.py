"""The catalog: the feature definitions. An analyst edits this file and no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.features.aggregate import count, maximum, mean, since_last, total
from fraudguard.features.expression import Expression, field
from fraudguard.features.view import Entity, FeatureView, Side
from fraudguard.features.window import windows
from fraudguard.wording import Bilingual

__all__ = ["CATALOG", "Catalog"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All features of a model, in column order.

    Parameters
    ----------
    items : tuple of FeatureView or Expression
        At least one.

    Raises
    ------
    DefinitionError
        If there is nothing in it, or two features get the same name.
    """

    items: tuple[FeatureView | Expression, ...]

    def __post_init__(self) -> None:
        names = list(_names(self.items))
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise DefinitionError(
                f"a catalog needs at least one feature and each name once; twice: {twice}",
                f"目录至少要有一个特征且名称不重复；重复的有 {twice}",
            )

    def extended(self, *more: FeatureView | Expression) -> "Catalog":
        """Return this catalog with more features behind its own.

        Parameters
        ----------
        *more : FeatureView or Expression
            Their columns come last, in this order.

        Returns
        -------
        Catalog
            A new value; this one is not changed.
        """
        return Catalog((*self.items, *more))


def _names(items: Iterable[FeatureView | Expression]) -> Iterable[str]:
    for item in items:
        if isinstance(item, Expression):
            yield item.name
        else:
            yield from (reading.name for reading in item.readings())


_SPANS: Final = windows("10m 1h 1d 7d 30d")
_AMOUNT: Final = field("amount_fen")
_EVENT_TIME: Final = field("event_time")
_HOUR_MS: Final = 3_600_000
_CHINA_OFFSET_MS: Final = 8 * _HOUR_MS
_FEN_PER_100_YUAN: Final = 10_000

PAYER_OUT: Final = FeatureView(
    entity=Entity.PAYER,
    side=Side.OUT,
    windows=_SPANS,
    aggregates=(count(), total(), mean(), maximum(), since_last()),
    why=Bilingual(
        "受骗人在通话中被催促，几分钟内把账户里的钱转空",
        "A victim on the phone is hurried to empty the account within minutes.",
    ),
)
PAYER_IN: Final = FeatureView(
    entity=Entity.PAYER,
    side=Side.IN,
    windows=_SPANS,
    aggregates=(count(), total(), mean(), maximum(), since_last()),
    why=Bilingual(
        "先收到小额返利，或先归集、借入资金，再大额转出",
        "A small refund, a loan or gathered savings come in first, then go out.",
    ),
)
PAYEE_IN: Final = FeatureView(
    entity=Entity.PAYEE,
    side=Side.IN,
    windows=_SPANS,
    aggregates=(count(), total(), mean(), maximum(), since_last()),
    why=Bilingual(
        "可疑账户短时间内集中收到许多人的款项", "A suspected account gathers money from many people in a short time."
    ),
)
PAYEE_OUT: Final = FeatureView(
    entity=Entity.PAYEE,
    side=Side.OUT,
    windows=_SPANS,
    aggregates=(count(), total(), mean(), maximum(), since_last()),
    why=Bilingual("可疑账户收款后几分钟内转走", "A suspected account sends the money on within minutes."),
)
PAIR: Final = FeatureView(
    entity=Entity.PAIR,
    windows=_SPANS,
    aggregates=(count(), total(), mean(), maximum(), since_last()),
    why=Bilingual("受骗人几乎总是付给从未付过的账户", "A victim nearly always pays an account never paid before."),
)

_ROW: Final = (
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
    Expression(
        name="hour_of_day",
        value=((_EVENT_TIME + _CHINA_OFFSET_MS) // _HOUR_MS) % 24,
        unit="hour",
        title=Bilingual("发起时刻（北京时间）", "Hour of day in China"),
        why=Bilingual("各类诈骗有各自的时段", "Each kind of scam has its hours."),
    ),
    Expression(
        name="is_round_100_yuan",
        value=(_AMOUNT % _FEN_PER_100_YUAN).equals(0),
        unit="flag",
        title=Bilingual("金额为整百元", "Amount is a multiple of 100 yuan"),
        why=Bilingual("诈骗话术多要求转整数金额", "Callers ask for round amounts."),
    ),
    Expression(
        name="is_round_1000_yuan",
        value=(_AMOUNT % (10 * _FEN_PER_100_YUAN)).equals(0),
        unit="flag",
        title=Bilingual("金额为整千元", "Amount is a multiple of 1,000 yuan"),
        why=Bilingual("诈骗话术多要求转整数金额", "Callers ask for round amounts."),
    ),
    Expression(
        name="channel",
        value=field("channel"),
        unit="",
        title=Bilingual("渠道", "Channel"),
        why=Bilingual("受骗转账多在手机上完成", "Victims mostly pay on the phone."),
    ),
    Expression(
        name="payee_type",
        value=field("payee_type"),
        unit="",
        title=Bilingual("收款人类别", "Payee type"),
        why=Bilingual("收款方多为个人账户", "The payee is mostly a person's account."),
    ),
    Expression(
        name="is_new_payee",
        value=field("is_new_payee"),
        unit="flag",
        title=Bilingual("银行认定的新收款人", "New payee in the bank's own list"),
        why=Bilingual("受骗人几乎总是付给新收款人", "A victim nearly always pays a new payee."),
    ),
    Expression(
        name="active_call",
        value=field("active_call"),
        unit="flag",
        title=Bilingual("转账时正在通话", "On a call during the transfer"),
        why=Bilingual("对方在电话里指挥操作", "The caller directs the transfer on the phone."),
    ),
    Expression(
        name="call_duration_s",
        value=field("call_duration_s"),
        unit="s",
        title=Bilingual("通话时长", "Length of the call"),
        why=Bilingual("冒充公检法的通话很长", "Calls that impersonate the police are long."),
    ),
    Expression(
        name="call_number_known",
        value=field("call_number_known"),
        unit="flag",
        title=Bilingual("来电号码在通讯录中", "Caller is in the contacts"),
        why=Bilingual("诈骗来电是陌生号码", "The scam call comes from an unknown number."),
    ),
    Expression(
        name="screen_share_active",
        value=field("screen_share_active"),
        unit="flag",
        title=Bilingual("转账时正在共享屏幕", "Sharing the screen during the transfer"),
        why=Bilingual("对方通过共享屏幕指挥操作", "The caller directs the transfer over a shared screen."),
    ),
    Expression(
        name="remote_control_app",
        value=field("remote_control_app"),
        unit="flag",
        title=Bilingual("远程控制应用正在运行", "A remote-control app is running"),
        why=Bilingual("对方直接操作受骗人的手机", "The caller operates the victim's phone."),
    ),
    Expression(
        name="session_duration_s",
        value=field("session_duration_s"),
        unit="s",
        title=Bilingual("会话时长", "Length of the session"),
        why=Bilingual("受人指挥的操作拖得更久", "A coached session takes longer."),
    ),
)

CATALOG: Final = Catalog((PAYER_OUT, PAYER_IN, PAYEE_IN, PAYEE_OUT, PAIR, *_ROW))
"""The features that ship."""
