"""Shipped features: what accounts, pairs, devices and holders did over windows of time."""

from typing import Final

from fraudguard.features.aggregate import (
    count,
    distinct,
    ever,
    maximum,
    mean,
    minimum,
    previous,
    share,
    since_first,
    since_last,
    std,
    total,
)
from fraudguard.features.view import feature_view
from fraudguard.wording import Bilingual

__all__ = [
    "DEVICE",
    "HOLDER_OUT",
    "PAIR",
    "PAYEE_IN",
    "PAYEE_OUT",
    "PAYEE_OUT_FRESH",
    "PAYEE_PATTERN",
    "PAYER_HABIT",
    "PAYER_IN",
    "PAYER_IN_FRESH",
    "PAYER_LONG",
    "PAYER_OUT",
    "PAYER_OUT_FRESH",
    "VIEWS",
]

PAYER_OUT: Final = feature_view(
    "payer",
    "out",
    "10m 1h 1d 7d 30d",
    *(count(), total(), mean(), maximum(), distinct(), since_last(), since_first(), previous(), ever()),
    why=Bilingual(
        "受骗人在通话中被催促，几分钟内把账户里的钱转空",
        "A victim on the phone is hurried to empty the account within minutes.",
    ),
)
PAYER_HABIT: Final = feature_view(
    "payer",
    "out",
    "30d 90d",
    *(minimum(), std(), share("night"), share("round"), share("first_time")),
    why=Bilingual("受骗转账与本人长期习惯不符", "A victim's transfer does not fit the person's own habits."),
)
PAYER_LONG: Final = feature_view(
    "payer",
    "out",
    "90d",
    *(count(), mean(), maximum()),
    why=Bilingual("受骗转账与本人长期习惯不符", "A victim's transfer does not fit the person's own habits."),
)
PAYER_IN: Final = feature_view(
    "payer",
    "in",
    "1h 1d 7d 30d",
    *(count(), total(), maximum(), distinct(), since_last(), previous()),
    why=Bilingual(
        "先收到小额返利，或先归集、借入资金，再大额转出",
        "A small refund, a loan or gathered savings come in first, then go out.",
    ),
)
PAYEE_IN: Final = feature_view(
    "payee",
    "in",
    "10m 1h 1d 7d 30d",
    *(count(), total(), mean(), maximum(), distinct(), since_last(), since_first(), previous(), ever()),
    why=Bilingual(
        "可疑账户短时间内集中收到许多人的款项", "A suspected account gathers money from many people in a short time."
    ),
)
PAYEE_PATTERN: Final = feature_view(
    "payee",
    "in",
    "1d 7d",
    *(minimum(), std(), share("first_time"), share("round"), share("night"), share("small")),
    why=Bilingual(
        "可疑账户先收小额测试款，再收陌生人的整数款项，多在夜间",
        "A suspected account gets small test transfers, then round sums from strangers, often at night.",
    ),
)
PAYEE_OUT: Final = feature_view(
    "payee",
    "out",
    "10m 1h 1d 7d",
    *(count(), total(), maximum(), distinct(), since_last(), since_first(), ever()),
    why=Bilingual(
        "可疑账户收款后几分钟内拆分转走", "A suspected account splits the money and sends it on within minutes."
    ),
)
PAIR: Final = feature_view(
    "pair",
    None,
    "1d 30d 90d",
    *(count(), total(), mean(), maximum(), since_last(), since_first(), previous(), ever()),
    why=Bilingual("受骗人几乎总是付给从未付过的账户", "A victim nearly always pays an account never paid before."),
)
DEVICE: Final = feature_view(
    "device",
    None,
    "1d 7d 30d",
    *(count(), total(), distinct(), since_last(), since_first(), ever()),
    why=Bilingual("同一设备操作多人账户，或突然换了设备", "One device works many accounts, or a new one appears."),
)
_STRANGERS: Final = Bilingual(
    "可疑账户一天内与许多从未往来的人收付款", "A suspected account deals with many strangers within a day."
)
PAYER_OUT_FRESH: Final = feature_view("payer", "out", "1d 7d", share("first_time"), why=_STRANGERS)
PAYER_IN_FRESH: Final = feature_view("payer", "in", "1d 7d", share("first_time"), why=_STRANGERS)
PAYEE_OUT_FRESH: Final = feature_view("payee", "out", "1d 7d", share("first_time"), why=_STRANGERS)
HOLDER_OUT: Final = feature_view(
    "holder",
    "out",
    "1h 1d 7d",
    *(count(), total(), distinct()),
    why=Bilingual("受骗人把名下各账户的钱一并转出", "A victim empties all accounts of their own."),
)
HOLDER_IN: Final = feature_view(
    "holder",
    "in",
    "1h 1d",
    *(count(), total()),
    why=Bilingual("先把各处资金归集到名下账户", "Money is gathered in the person's own accounts first."),
)

VIEWS: Final = (
    PAYER_OUT,
    PAYER_HABIT,
    PAYER_LONG,
    PAYER_IN,
    PAYEE_IN,
    PAYEE_PATTERN,
    PAYEE_OUT,
    PAIR,
    DEVICE,
    HOLDER_OUT,
    HOLDER_IN,
    PAYER_OUT_FRESH,
    PAYER_IN_FRESH,
    PAYEE_OUT_FRESH,
)
