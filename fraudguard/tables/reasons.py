"""The words for each way a cell can be wrong, and its mend."""

from collections.abc import Sequence
from typing import Final

from fraudguard.tables.fault import Fault
from fraudguard.transfer import AMOUNT_MAX_FEN
from fraudguard.wording import Bilingual

__all__ = [
    "ABOVE_MAX",
    "DUPLICATE",
    "EMPTY",
    "FRACTIONAL",
    "NAIVE",
    "NEGATIVE",
    "NOBODY_NAMED",
    "NOT_A_DATE",
    "NOT_A_FLAG",
    "NOT_A_NUMBER",
    "NOT_A_TIME",
    "NOT_FINITE",
    "NO_SINGLE_SUBJECT",
    "OUTSIDE_ONE",
    "OUT_OF_CALENDAR",
    "TOO_LARGE",
    "unknown_word",
]

ABOVE_MAX: Final = Fault(
    Bilingual("金额过大", "the amount is too large"),
    Bilingual(
        f"金额最多 {AMOUNT_MAX_FEN} 分；请检查单位与列的对应。",
        f"At most {AMOUNT_MAX_FEN} fen; check the unit and the column.",
    ),
)
DUPLICATE: Final = Fault(
    Bilingual("编号与前面的行重复", "the id stands in an earlier row already"),
    Bilingual("每个编号只能出现一次；请去掉重复的行。", "An id may stand once; take the repeated rows out."),
)
EMPTY: Final = Fault(
    Bilingual("为空", "the cell is empty"),
    Bilingual("此列必填；请补上或去掉这些行。", "This column is required; fill the cells or take the rows out."),
)
FRACTIONAL: Final = Fault(
    Bilingual("不是整数", "not a whole number"),
    Bilingual(
        '此列须为整数，金额以分为单位；若是元，请在映射文件 [amount] 写 unit = "yuan"。',
        'Whole numbers only, amounts in fen; for yuan write unit = "yuan" under [amount] of a mapping file.',
    ),
)
NAIVE: Final = Fault(
    Bilingual("时间没有时区", "a time without a zone"),
    Bilingual(
        "请写成 2026-01-02T11:04:07+08:00，或导入时用 --time-zone Asia/Shanghai。",
        "Write 2026-01-02T11:04:07+08:00, or import with --time-zone Asia/Shanghai.",
    ),
)
NEGATIVE: Final = Fault(
    Bilingual("为负数", "the value is negative"),
    Bilingual(
        "不得小于 0；退款请记为反方向的转账。", "It may not be below 0; write a refund as a transfer the other way."
    ),
)
NOBODY_NAMED: Final = Fault(
    Bilingual("两者都为空", "both are empty"),
    Bilingual("account_id 与 holder_token 至少填一个。", "Name account_id or holder_token."),
)
NO_SINGLE_SUBJECT: Final = Fault(
    Bilingual("两者都为空或都填了", "both are empty or both are filled"),
    Bilingual("transfer_id 与 account_id 只填一个。", "Name either transfer_id or account_id."),
)
NOT_A_DATE: Final = Fault(Bilingual("不是日期", "not a date"), Bilingual("请写成 2026-01-02。", "Write 2026-01-02."))
NOT_A_FLAG: Final = Fault(
    Bilingual("不是是非值", "neither true nor false"),
    Bilingual("请写 true、false 或留空。", "Write true, false, or leave the cell empty."),
)
NOT_A_NUMBER: Final = Fault(
    Bilingual("不是数字", "not a number"),
    Bilingual(
        "请只写数字，不带货币符号、单位与科学计数法。", "Write digits only: no currency sign, no unit, no exponent."
    ),
)
NOT_A_TIME: Final = Fault(
    Bilingual("读不成时间", "cannot be read as a time"),
    Bilingual(
        "请写成 2026-01-02T11:04:07+08:00，或在映射文件 [event_time] 写 format。",
        "Write 2026-01-02T11:04:07+08:00, or give format under [event_time] of a mapping file.",
    ),
)
NOT_FINITE: Final = Fault(
    Bilingual("不是有限数", "not a finite number"),
    Bilingual("请改正源数据中的 NaN 或无穷大。", "Correct the NaN or infinity at the source."),
)
OUT_OF_CALENDAR: Final = Fault(
    Bilingual("时间在 1900 年以前或 9999 年以后", "the time is before 1900 or after 9999"),
    Bilingual("请检查时间单位（秒还是毫秒）。", "Check the unit of time, seconds or milliseconds."),
)
OUTSIDE_ONE: Final = Fault(
    Bilingual("不在 0 与 1 之间", "not within 0 and 1"), Bilingual("请写 0 到 1 的数。", "Write a number from 0 to 1.")
)
TOO_LARGE: Final = Fault(
    Bilingual("数字过大", "the number is too large"),
    Bilingual("请检查列是否对错了。", "Check that this is the right column."),
)


def unknown_word(allowed: Sequence[str], nearest: Sequence[str]) -> Fault:
    """Return the fault of a word outside a closed list; it lists what there is.

    Parameters
    ----------
    allowed : sequence of str
        The closed list.
    nearest : sequence of str
        Those spelt like the word found, perhaps none.

    Returns
    -------
    Fault
        With "did you mean" when something is near.
    """
    listed = ", ".join(allowed)
    guess_zh, guess_en = (f"是不是 {nearest[0]}？", f"Did you mean {nearest[0]}? ") if nearest else ("", "")
    return Fault(
        Bilingual("不认识这个词", "this word is not known"),
        Bilingual(
            f"{guess_zh}可用：{listed}；或在映射文件 [values] 中译出。",
            f"{guess_en}Known: {listed}; or translate it under [values] of a mapping file.",
        ),
    )
