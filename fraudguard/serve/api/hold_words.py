"""What the fields of lists, holds and appeals mean, in both languages."""

from collections.abc import Mapping
from typing import Final

from fraudguard.wording.bilingual import Bilingual

__all__ = ["HOLD_WORDS"]


def _said(**fields: tuple[str, str]) -> dict[str, Bilingual]:
    return {name: Bilingual(zh=zh, en=en) for name, (zh, en) in fields.items()}


_NOTE: Final = ("说明；不要写个人信息", "In words; no personal data")
_AUTHOR: Final = ("由哪把密钥写入", "Which key wrote it")
_ACT_ID: Final = ("操作编号；重试时带同一值", "Id of the act; send the same one when you retry")
_HOLD_REASON: Final = ("为何如此处理", "Why it is done")
_ENTRY: Final[dict[str, tuple[str, str]]] = {
    "entry_id": ("条目编号；未带时由服务给出", "Id of the entry; made by the service when none was sent"),
    "account_id": ("收款账户", "The payee's account"),
    "payer_account_id": ("只对这个付款账户有效；空为对所有人", "The only payer it counts for; null for all"),
    "reason_code": ("为何列入", "Why it stands there"),
    "expires_at": (
        "到此刻为止，至多一年；到期须重新核实",
        "Until this moment, a year at most; then it is looked at again",
    ),
    "note": _NOTE,
    "evidence": ("凭据存放处，如文号", "Where the proof is kept, such as a reference"),
}
HOLD_WORDS: Final[Mapping[str, Mapping[str, Bilingual]]] = {
    "ListEntryIn": _said(**_ENTRY),
    "RevocationIn": _said(note=("为何撤销", "Why it is revoked")),
    "ReleaseIn": _said(act_id=_ACT_ID, reason_code=_HOLD_REASON, note=_NOTE),
    "ExtendIn": _said(
        act_id=_ACT_ID, reason_code=_HOLD_REASON, hold_s=("再延长几秒", "How many seconds more"), note=_NOTE
    ),
    "AppealIn": _said(
        appeal_id=("申诉编号；未带时由服务给出", "Id of the appeal; made by the service when none was sent"),
        assessment_id=("针对哪次评估的暂缓", "The assessment whose hold it is about"),
        appellant=("由谁提出", "Who objects"),
        grounds=("理由；不要写证件号码", "The grounds; no number of an identity document"),
    ),
    "AppealEndIn": _said(
        outcome=("upheld：成立，立即放行；rejected：不成立", "upheld: the hold is lifted at once; rejected: it is not"),
        note=("答复理由", "The answer's reasons"),
    ),
    "ListEntry": _said(
        **_ENTRY,
        kind=("watch：关注名单；exempt：豁免名单", "watch: the watch list; exempt: the exemption list"),
        author=_AUTHOR,
        created_at=("列入时刻，UTC", "When it was added, UTC"),
        in_force=("现在是否有效", "Whether it counts now"),
        revocation=("撤销；没有为 null", "Its revocation; null when there is none"),
    ),
    "Revocation": _said(note=("为何撤销", "Why"), author=_AUTHOR, revoked_at=("何时，UTC", "When, UTC")),
    "ListPage": _said(
        data=("由新到旧", "The newest first"),
        has_more=("后面还有没有", "Whether more follow"),
        next_cursor=("作为 after 发来，即得下一页", "Send it as after for the next page"),
    ),
    "HoldDetail": _said(
        assessment_id=("评估编号", "Id of the assessment"),
        transfer_id=("银行自己的转账编号", "The bank's own id of the transfer"),
        intervention=("当时建议怎么办", "What was recommended"),
        state=("暂缓的状态", "How the hold stands"),
        held_from=("从何时起，UTC", "Since when, UTC"),
        expires_at=("到何时，含延长，UTC", "Until when, with its extensions, UTC"),
        acts=("对它做过的事，由旧到新", "What was done with it, the oldest first"),
        notice=("应告知客户的：原因、救济渠道、所需材料", "What the customer is owed: reason, remedy, papers"),
    ),
    "HoldActOut": _said(
        act_id=("操作编号", "Id of the act"),
        act=("放行或延长", "Release or extend"),
        hold_s=("延长的秒数；放行为 null", "Seconds added; null for a release"),
        reason_code=_HOLD_REASON,
        note=_NOTE,
        author=_AUTHOR,
        at=("何时，UTC", "When, UTC"),
    ),
    "HoldPage": _said(
        data=("由新到旧", "The newest first"),
        has_more=("后面还有没有", "Whether more follow"),
        next_cursor=("作为 after 发来，即得下一页", "Send it as after for the next page"),
    ),
    "Appeal": _said(
        appeal_id=("申诉编号", "Id of the appeal"),
        assessment_id=("针对哪次评估的暂缓", "The assessment whose hold it is about"),
        appellant=("由谁提出", "Who objects"),
        grounds=("理由", "The grounds"),
        author=_AUTHOR,
        state=("申诉的状态", "How the appeal stands"),
        received_at=("收到的时刻，UTC", "When it was lodged, UTC"),
        due_at=("应在此刻前答复：15 日内，UTC", "To be answered by then: within 15 days, UTC"),
        is_overdue=("是否已过期未答复", "Whether that has passed without an answer"),
        end=("办结；没有为 null", "How it ended; null while it is open"),
    ),
    "AppealEnd": _said(note=("答复理由", "The answer's reasons"), author=_AUTHOR, ended_at=("何时，UTC", "When, UTC")),
    "AppealPage": _said(
        data=("由新到旧", "The newest first"),
        has_more=("后面还有没有", "Whether more follow"),
        next_cursor=("作为 after 发来，即得下一页", "Send it as after for the next page"),
    ),
    "ListOut": _said(
        entry_id=("名单条目编号", "Id of the list entry"),
        kind=("哪份名单", "Which list"),
        reason_code=("为何列入", "Why it stands there"),
        effect=("at_least:… 或 at_most:…", "at_least:… or at_most:…"),
    ),
}
"""By schema and field."""
