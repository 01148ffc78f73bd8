"""What the OpenAPI document says to people, in both languages."""

from typing import Any, Final

__all__ = [
    "INTRODUCTION",
    "LINES_GIVEN",
    "LINES_TAKEN",
    "OPERATIONS_ZH",
    "PATH_WORDS",
    "STATUS_WORDS",
    "SUMMARY",
    "TAGS",
]

SUMMARY: Final = "转账尚未完成时评估电信诈骗风险 · Scores bank transfers for telecom fraud while they are still pending"

INTRODUCTION: Final = """\
一个请求评估一笔转账，答复说明怎么办、为什么；记录落盘之后才答复。

- **密钥**：`Authorization: Bearer fg_…`；每个操作写明所需权限。
- **金额**是整数分；**时刻**按 RFC 3339，须带时区；特征的窗口按 `event_time`，不按服务的时钟。
- **未知**：缺少、`null` 与 `"unknown"` 同义，与 `false` 不同。未知的字段名会被拒绝；自己的内容放进 `metadata`。
- **重试**：`transfer_id` 就是幂等键。内容相同，得到当时的答复，字节不差；内容不同，409。任何超时与 5xx 都可安全重试。
- **期限**：`deadline_ms` 或 `Prefer: wait=` 之内必有答复；届时未评完则答 202 与事先声明的办法，`degraded` 为 true。
- **成批**：`POST /v1/assessments:batch`，JSON 行或 Arrow 流。**试运行**：`mode` 为 `shadow`。**沙箱**：`/version` 的 `livemode` 为 false 时，收款账户 `fg_test_allow` 等指定决定。
- **错误**：`application/problem+json`（RFC 9457）；程序只看 `code`。风险高低从不以 4xx 表达。
- **版本**：路径 `/v1` 内只增不改；新的词（如新的干预）会事先公布，遇到不认识的词请按更严的处理。

One request judges one transfer; the answer says what to do and why, and is sent once its record is durable.

- **Key**: `Authorization: Bearer fg_…`; each operation says which scope it needs.
- **Money** is integer fen (1/100 yuan); **moments** are RFC 3339 with a zone; windows of features run on `event_time`, never on the service's clock.
- **Unknown**: absent, `null` and `"unknown"` are the same and differ from `false`. An unknown name of a field is refused; what is yours goes into `metadata`.
- **Retries**: `transfer_id` makes a request idempotent. The same content gets the answer given then, byte for byte; other content gets 409. After any time-out or 5xx a retry is safe.
- **Deadline**: within `deadline_ms` or `Prefer: wait=` there is an answer; what is not judged by then is answered with 202 and what was declared for the amount, `degraded` is true.
- **Batches**: `POST /v1/assessments:batch`, JSON lines or an Arrow stream. **Trials**: `mode` is `shadow`. **Sandbox**: while `livemode` is false in `/version`, payee accounts such as `fg_test_allow` force decisions.
- **Errors**: `application/problem+json` (RFC 9457); a program relies on `code`. Risk is never said by a 4xx.
- **Versions**: within `/v1` things are only added; new words, such as a new intervention, are announced: treat one you do not know as the more severe.
"""

TAGS: Final[list[dict[str, Any]]] = [
    {"name": "assessments", "description": "评估转账 · Judge transfers"},
    {"name": "events", "description": "让服务知道的事 · What the service is told"},
    {"name": "lists", "description": "关注与豁免名单 · The watch list and the exemption list"},
    {"name": "holds", "description": "暂缓与申诉 · Holds and appeals"},
    {"name": "webhooks", "description": "事件通知 · Being told of events"},
    {"name": "operation", "description": "运行 · Running the service"},
]

STATUS_WORDS: Final[dict[int, str]] = {
    202: "到调用方的期限仍未评估完：按事先声明的办法答复，评估随后入库 · Not judged by the caller's deadline: what was declared; the judgement is stored later",
    400: "请求无法读取 · The request cannot be read",
    401: "须带有效的 API 密钥 · A valid API key is needed",
    403: "密钥没有所需权限 · The key lacks the scope",
    404: "没有该对象 · There is no such thing",
    409: "编号已用于其他内容，或与当前状态不符 · The id was used with another content, or it does not fit the present state",
    413: "请求体太大 · The body is too large",
    415: "Content-Type 不符 · Another Content-Type is needed",
    422: "内容不符合要求，见 `errors` · The content does not fit; see `errors`",
    429: "请求太多，按 Retry-After 重试 · Too many requests; try again after Retry-After",
    500: "出了不该出的错；报障时附上 request_id · Something that should not happen; name the request_id when you report it",
    503: "暂时不能答复，按 Retry-After 重试 · Cannot answer now; try again after Retry-After",
}

_JSON_LINES: Final = "application/x-ndjson"
_ARROW: Final = "application/vnd.apache.arrow.stream"
LINES_TAKEN: Final[dict[str, dict[str, str]]] = {
    _JSON_LINES: {
        "description": "每行一个 TransferIn · One TransferIn a line",
        "example": '{"transfer_id":"T-0003","event_time":"2026-03-02T10:05:00+08:00","amount":{"value":120000},'
        '"payer":{"account_id":"a3644b02d0e"},"payee":{"account_id":"a0c2d81f77b"}}\n',
    },
    _ARROW: {
        "format": "binary",
        "description": "Arrow 流，列名与 transfers.parquet 相同（如 payer_account_id、amount_fen），不压缩；时间列须带时区 · "
        "An Arrow stream with the columns of transfers.parquet, such as payer_account_id and amount_fen, without compression; columns of time have a zone",
    },
}
LINES_GIVEN: Final[dict[str, dict[str, str]]] = {
    _JSON_LINES: {
        "description": "每行一个 BatchLine · One BatchLine a line",
        "example": '{"line":1,"status":200,"estimate":{"transfer_id":"T-0003","intervention":"allow","tier":null,"hold_s":null,'
        '"score":0.0019,"versions":{"model":"m-dc514c3b8b95","features":"acb5c56995088096","policy":"p-c5ddc7d5f1cc"}}}\n',
    },
    _ARROW: {
        "format": "binary",
        "description": "Arrow 流，一行一笔：line、status、transfer_id、intervention、tier、hold_s、score、model、features、policy、problem（JSON）；"
        "入了日志的另有 replayed、assessment_id、assessment（JSON） · An Arrow stream, a row a transfer: these columns; recorded ones also have replayed, assessment_id and assessment (JSON)",
    },
}

PATH_WORDS: Final[dict[str, str]] = {
    "list_kind": "watch 或 exempt · watch or exempt",
    "entry_id": "名单条目编号 · Id of a list entry",
    "appeal_id": "申诉编号 · Id of an appeal",
    "assessment_id": "评估编号，asm_… · Id of an assessment, asm_…",
    "endpoint_id": "webhook 地址编号 · Id of a webhook endpoint",
    "event_id": "事件编号，evt_… · Id of an event, evt_…",
    "code": "错误代码 · Code of an error",
}

OPERATIONS_ZH: Final[dict[str, str]] = {
    "assess": "记录落盘之后，答复这笔转账怎么办；同一编号再发，得到第一次的答复。\n\n"
    "带期限时，届时未评完则答 202 与按金额事先声明的办法；评估照常完成并入库。",
    "list_assessments": "给出一页评估，每个都与当时的答复一样；把 `next_cursor` 作为 `after` 发来即得下一页。",
    "get_features": "按名称给出全部特征；null 为缺失。答复本身不含特征，免得模型外泄。",
    "get_assessment": "给出当时的答复，一个字节不差。",
    "assess_batch": "逐行按序答复：与 `POST /v1/assessments` 一样评估并入库，或以 `record=false` 只估算。\n\n"
    "不能评估的行有自己的错误，其余照常。每行以 `transfer_id` 幂等：超时后整批重发。"
    "`mode=shadow` 为试运行，处置员看不到。只估算时按当前状态评分，各行互不可见，不入日志，没有编号。",
    "record_finding": "录入结论；更正另一条时在 `supersedes` 写明。",
    "add_transfer": "让窗口看到在别处已决定的转账。",
    "report_signal": "让特征知道手机银行、运营商、银行或警方观察到的事；从此刻起算。",
    "describe_account": "让特征知道账户现在的情况；后一次取代前一次。",
    "livez": "进程在运行就答复。",
    "readyz": "各部分都正常答 200，否则答 503 并指出哪一部分。",
    "metrics": "给出计数与直方图；不含个人数据。",
    "version_of_all": "给出参与每次决定的版本，以及没有评估时的声明。",
    "problem": "给出错误的 `type` 所指的说明。",
}
"""By operation id, beside the English of the function's own words."""
