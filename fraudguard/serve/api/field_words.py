"""What the fields of answers mean, in both languages; those of requests come from the columns of the events."""

from collections.abc import Mapping
from typing import Final

from fraudguard.serve.api.hold_words import HOLD_WORDS
from fraudguard.serve.api.webhook_words import WEBHOOK_WORDS
from fraudguard.wording.bilingual import Bilingual

__all__ = ["FIELD_WORDS"]


def _said(**fields: tuple[str, str]) -> dict[str, Bilingual]:
    return {name: Bilingual(zh=zh, en=en) for name, (zh, en) in fields.items()}


_METADATA: Final = _said(
    metadata=("调用方自己的内容；不参与评分，不入记录", "The caller's own; kept out of scoring and of the record")
)
_TRANSFER: Final = _METADATA | _said(
    amount=("金额", "The amount"),
    payer=("付款一方", "The side that pays"),
    payee=("收款一方", "The side that is paid"),
    device=("付款人所用的设备", "The device that the payer uses"),
    session=("付款人此次会话", "This session of the payer"),
)
FIELD_WORDS: Final[Mapping[str, Mapping[str, Bilingual]]] = {
    **HOLD_WORDS,
    **WEBHOOK_WORDS,
    "TransferIn": _TRANSFER,
    "AssessmentIn": _TRANSFER
    | _said(
        mode=(
            "shadow：试运行；照常评估、入日志，不进入处置队列，不计入熔断",
            "shadow: a trial; judged and logged as ever, but no officer sees it and the circuit breaker does not count it",
        ),
        deadline_ms=(
            "调用方最多等多少毫秒；届时未评估完，按金额以事先声明的办法答复（202）",
            "How many milliseconds the caller waits; if it is not judged by then, what was declared for its amount is answered (202)",
        ),
    ),
    "LateAssessment": _said(
        transfer_id=("银行自己的转账编号，原样返回", "The bank's own id of the transfer, as sent"),
        created_at=("答复的时刻，UTC", "When it was answered, UTC"),
        mode=("与请求相同", "As asked"),
        intervention=(
            "按金额事先声明的办法，见 /version 的 fallback",
            "What was declared for its amount; see fallback in /version",
        ),
        degraded=("总为 true", "Always true"),
        degraded_reasons=("总为 deadline", "Always deadline"),
        deadline_ms=("调用方的期限", "The caller's deadline"),
    ),
    "FindingIn": _METADATA,
    "SignalIn": _METADATA,
    "AccountIn": _METADATA,
    "Assessment": _said(
        id=("评估编号，asm_…；按时间排序", "Id of the assessment, asm_…; ids sort by time"),
        transfer_id=("银行自己的转账编号，原样返回", "The bank's own id of the transfer, as sent"),
        created_at=("作出决定的时刻，UTC", "When it was decided, UTC"),
        mode=("live：正式；shadow：试运行", "live: a decision that counts; shadow: a trial"),
        intervention=("建议怎么办", "What to do"),
        tier=("处置员须多快看到；null 为无须人工", "How soon an officer must look; null when nobody need look"),
        hold=("建议延迟多久；null 为不延迟", "How long the money is recommended to be held; null when not at all"),
        score=(
            "疑似受害人转账的校准概率，0 到 1",
            "Calibrated probability of a likely victim transfer, 0 to 1",
        ),
        reasons=(
            "推高分数的原因，影响最大的在前；放行时为空",
            "What raised the score, largest first; empty when allowed",
        ),
        versions=(
            "作出决定所用的版本；足以重算出同一结果",
            "What it was decided with: enough to decide again and get the same",
        ),
        degraded=(
            "true：部分能力不可用，按事先声明的办法答复",
            "true: answered without all parts, in the declared way",
        ),
        degraded_reasons=(
            "为何与模型和策略所说不同：circuit_breaker 为熔断",
            "Why it is not what model and policy say: circuit_breaker",
        ),
        lists=(
            "决定所依据的名单条目；多数没有",
            "Entries of lists that it was made under; mostly none",
        ),
        timing_ms=(
            "各步耗时（毫秒），到记录交给存储为止",
            "Milliseconds of each step, up to handing the record to the store",
        ),
    ),
    "Estimate": _said(
        transfer_id=("银行自己的转账编号，原样返回", "The bank's own id of the transfer, as sent"),
        intervention=("若评估会建议怎么办", "What would be recommended"),
        tier=("处置员须多快看到", "How soon an officer would have to look"),
        hold_s=("延迟的秒数", "Seconds of the hold"),
        score=("疑似受害人转账的校准概率，0 到 1", "Calibrated probability of a likely victim transfer, 0 to 1"),
        versions=("所用的版本", "What it was made with"),
    ),
    "BatchLine": _said(
        line=("第几行，从 1 起；空行也计数", "Which line, from 1; blank ones count"),
        status=("若单独发送会得到的状态码", "The status that it would get by itself"),
        replayed=("以前答复过，这是当时的答复", "Answered before, and this is the answer given then"),
        assessment=("入了日志的评估", "The assessment, which is in the log"),
        estimate=("未入日志的估算", "The estimate, of which nothing is in the log"),
        problem=("此行的错误", "What is wrong with the line"),
    ),
    "Hold": _said(
        hold_s=("秒数", "Seconds"),
        expires_at=("到此刻为止，UTC", "Until this moment, UTC"),
    ),
    "ReasonOut": _said(
        code=("原因代码，即特征名", "Code of the reason: the name of the feature"),
        direction=("raises：推高分数", "raises: it raised the score"),
        contribution=("对分数对数几率的确切贡献", "Exact contribution to the log-odds of the score"),
        value=("本次的数值；null 为缺失", "The value this time; null when missing"),
        baseline=("平时的数值；null 为没有", "The usual value; null when there is none"),
        baseline_of=(
            "own：本人平时；population：正常转账一般",
            "own: this payer's usual; population: that of genuine transfers",
        ),
        rarity=(
            "正常转账中数值如此偏离的比例低于此数；不罕见时为 null",
            "Fewer than this share of genuine transfers have a value as far out; null where it is not rare",
        ),
        text=("给人看的一句话", "A sentence for people"),
    ),
    "Text": _said(zh=("中文", "In Chinese"), en=("英文", "In English")),
    "Versions": _said(
        model=("模型版本", "Version of the model"),
        features=("特征目录的指纹", "Fingerprint of the feature catalog"),
        policy=("策略版本", "Version of the policy"),
    ),
    "TimingMs": _said(
        features=("计算特征", "Computing the features"),
        model=("模型评分", "Scoring by the model"),
        reasons=("求原因", "Finding the reasons"),
        total=("合计", "All of it"),
    ),
    "AssessmentPage": _said(
        data=("由新到旧", "The newest first"),
        has_more=("后面还有没有", "Whether more follow"),
        next_cursor=(
            "作为 after 发来，即得下一页；null 为最后一页",
            "Send it as after for the next page; null on the last",
        ),
    ),
    "Vector": _said(
        id=("评估编号", "Id of the assessment"),
        features_fingerprint=("特征目录的指纹", "Fingerprint of the feature catalog"),
        features=("各特征当时的数值；null 为缺失", "Each feature as it was used; null when missing"),
    ),
    "Health": _said(status=("ok：进程在运行", "ok: the process lives")),
    "Readiness": _said(
        status=("ready 或 not ready", "ready or not ready"),
        parts=(
            "各部分的状态；ready 为正常；state 为内存状态，store 为数据库（不可达、未迁移、磁盘满或只读）",
            "State of each part; ready is well; state is the one in memory, store the database: unreachable, not migrated, full or read-only",
        ),
    ),
    "Version": _said(
        fraudguard=("软件版本", "Version of the software"),
        model=("模型版本", "Version of the model"),
        features=("特征目录的指纹", "Fingerprint of the feature catalog"),
        policy=("策略版本", "Version of the policy"),
        fallback=(
            "不能及时评估时怎么办：低于 from_fen 为 below，否则为 above",
            "What to do without a judgement: below for less than from_fen, otherwise above",
        ),
        shadow=("影子模型的版本；null 为没有", "Version of the model in shadow; null when there is none"),
        livemode=("false：演示，测试账号可指定决定", "false: a demonstration, in which test accounts force decisions"),
    ),
    "Fallback": _said(
        from_fen=("金额界限（分）", "The amount, fen"),
        below=("低于它时怎么办", "What to do below it"),
        above=("达到它时怎么办", "What to do from it on"),
    ),
    "Entry": _said(
        kind=("事件种类", "Kind of the event"),
        id=("事件编号；未带编号时由服务给出", "Id of the event; made by the service when none was sent"),
        place=("在日志中的位置，从 1 起", "Its place in the log, from 1"),
    ),
    "ProblemKind": _said(
        code=("错误代码", "Code of the error"),
        status=("HTTP 状态码", "HTTP status"),
        title=("名称", "Its name"),
        meaning=("含义", "What it means"),
    ),
    "FieldError": _said(
        pointer=(
            "哪个字段，JSON Pointer；查询参数写作 ?name",
            "Which field, a JSON Pointer; ?name for a query parameter",
        ),
        detail=("怎么改", "How to mend it"),
        code=("供程序判断", "For programs"),
    ),
    "Problem": _said(
        type=("指向错误说明的路径", "Path of a page on the error"),
        title=("错误的名称", "Name of the error"),
        status=("HTTP 状态码", "HTTP status"),
        detail=(
            "哪里错、怎么改；Accept-Language: zh 时为中文。不含个人数据",
            "What is wrong and how to mend it; Chinese with Accept-Language: zh. No personal data",
        ),
        instance=("请求的路径", "Path of the request"),
        code=("供程序判断；此处的词不会改变含义", "What a program relies on; a code never changes its meaning"),
        request_id=(
            "与响应头 x-request-id 相同；报障时请附上",
            "As in the header x-request-id; name it when you report a fault",
        ),
        fallback=(
            "读懂了转账却不能评估时，事先声明的办法",
            "What was declared for a transfer that was read and cannot be judged",
        ),
        errors=("逐个字段的错误；多数错误没有", "Errors field by field; empty for most errors"),
    ),
}
"""By schema and field; a test keeps it complete."""
