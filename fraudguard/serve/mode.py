"""Whether an answer is acted on."""

from enum import StrEnum

__all__ = ["Mode"]


class Mode(StrEnum):
    """How a bank asks."""

    LIVE = "live"  # 正式
    SHADOW = "shadow"  # 试运行：照常评估，不进入处置队列
