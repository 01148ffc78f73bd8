"""What the fields of webhooks mean, in both languages."""

from collections.abc import Mapping
from typing import Final

from fraudguard.wording.bilingual import Bilingual

__all__ = ["WEBHOOK_WORDS"]


def _said(**fields: tuple[str, str]) -> dict[str, Bilingual]:
    return {name: Bilingual(zh=zh, en=en) for name, (zh, en) in fields.items()}


_ENDPOINT: Final[dict[str, tuple[str, str]]] = {
    "endpoint_id": ("地址编号；未带时由服务给出", "Id of the endpoint; made by the service when none was sent"),
    "url": (
        "https 地址；不得指向非公网地址，除非运维已列入自有网络；不跟随重定向",
        "An https address; it may not lead to one that is not public, unless the operator named the network; redirects are not followed",
    ),
    "events": ("要通知哪些事件", "Which events it is told of"),
    "note": ("说明", "In words"),
}
_PAGE: Final = _said(
    data=("由新到旧", "The newest first"),
    has_more=("后面还有没有", "Whether more follow"),
    next_cursor=("作为 after 发来，即得下一页", "Send it as after for the next page"),
)
WEBHOOK_WORDS: Final[Mapping[str, Mapping[str, Bilingual]]] = {
    "WebhookEndpointIn": _said(**_ENDPOINT),
    "RotationIn": _said(
        keep_s=(
            "旧密钥继续签名的秒数，至多七天",
            "How many seconds the former secret goes on to sign, seven days at most",
        )
    ),
    "WebhookEndpoint": _said(
        **_ENDPOINT,
        author=("由哪把密钥登记", "Which key added it"),
        created_at=(
            "登记时刻，UTC；只通知此后的事件",
            "When it was added, UTC; it is told of what happens from then on",
        ),
        state=("active：通知；disabled：停用", "active: it is told; disabled: it is not"),
        state_reason=(
            "by_person：由人设定；gone：对方答 410；failing：五天送不达",
            "by_person: set by a person; gone: it answered 410; failing: nothing arrived for five days",
        ),
        failing_since=(
            "自何时起一直送不达，UTC；正常为 null",
            "Since when nothing arrives there, UTC; null while it does",
        ),
        former_secret_until=(
            "旧密钥签名到何时，UTC；没有为 null",
            "Until when the former secret signs too, UTC; null when none does",
        ),
        secret=(
            "签名密钥，whsec_…；只在登记与更换时出现一次，其余为 null",
            "The secret that signs, whsec_…; shown once, when added or changed, and otherwise null",
        ),
    ),
    "WebhookDelivery": _said(
        event_id=(
            "事件编号，即请求头 webhook-id；重发不变，据此去重",
            "Id of the event, sent as webhook-id; the same each time, so that a double can be told",
        ),
        type=("什么事件", "Which event"),
        happened_at=("何时发生，UTC", "When it happened, UTC"),
        data=("所涉编号；详情另行查询", "Ids of what it is about; ask for the rest"),
        state=(
            "pending：待送；delivered：已送达；failed：已放弃",
            "pending: to be delivered; delivered: it arrived; failed: given up",
        ),
        tries=("已试次数", "How often it was tried"),
        due_at=("下次何时再试，UTC", "When it is tried next, UTC"),
        last_status=(
            "上次对方的 HTTP 状态；没有答复为 null",
            "HTTP status of the last answer; null when there was none",
        ),
        last_error=("上次为何没有送达", "Why the last try did not arrive"),
        settled_at=("何时了结，UTC；待送为 null", "When it arrived or was given up, UTC; null before that"),
    ),
    "WebhookEndpointPage": _PAGE,
    "WebhookDeliveryPage": _PAGE,
}
"""By schema and field."""
