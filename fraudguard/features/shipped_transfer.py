"""Shipped features: what the transfer and its session say of themselves."""

from typing import Final

from fraudguard.features.expression import Expression, feature, field
from fraudguard.wording import Bilingual

__all__ = ["TRANSFER_FEATURES"]

_AMOUNT: Final = field("amount_fen")
_EVENT_TIME: Final = field("event_time")
_HOUR_MS: Final = 3_600_000
_CHINA_OFFSET_MS: Final = 8 * _HOUR_MS
_FEN_PER_100_YUAN: Final = 10_000
_HOUR: Final = ((_EVENT_TIME + _CHINA_OFFSET_MS) // _HOUR_MS) % 24

TRANSFER_FEATURES: Final = (
    Expression(
        name="hour_of_day",
        value=_HOUR,
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
    feature(
        "amount_log10",
        _AMOUNT.log10(),
        unit="log10",
        title=Bilingual("本笔金额的对数", "Logarithm of the amount"),
        why=Bilingual("损失与金额相当", "The loss is the amount."),
    ),
    feature(
        "is_night",
        _HOUR < 6,
        unit="flag",
        title=Bilingual("夜间（0–6时）", "At night, 0:00 to 6:00"),
        why=Bilingual("正常转账少在夜间", "Few genuine transfers are made at night."),
    ),
    feature(
        "below_10000_yuan_fen",
        (_AMOUNT < 1_000_000) * (1_000_000 - _AMOUNT),
        unit="fen",
        title=Bilingual("距1万元限额的差额", "Amount below the limit of 10,000 yuan"),
        why=Bilingual("金额常压在限额之下", "Amounts are kept just below a limit."),
    ),
    feature(
        "below_50000_yuan_fen",
        (_AMOUNT < 5_000_000) * (5_000_000 - _AMOUNT),
        unit="fen",
        title=Bilingual("距5万元限额的差额", "Amount below the limit of 50,000 yuan"),
        why=Bilingual("金额常压在限额之下", "Amounts are kept just below a limit."),
    ),
    feature(
        "since_payee_added_s",
        (_EVENT_TIME - field("payee_added_at")) / 1000,
        unit="s",
        title=Bilingual("登记该收款人至今", "Time since the payee was added"),
        why=Bilingual("刚登记的收款人", "The payee was added a moment ago."),
    ),
    feature(
        "since_device_first_seen_s",
        (_EVENT_TIME - field("device_first_seen_at")) / 1000,
        unit="s",
        title=Bilingual("银行首见该设备至今", "Time since the bank first saw the device"),
        why=Bilingual("账户突然换了设备", "The account appears on a new device."),
    ),
    feature(
        "event_type",
        field("event_type"),
        unit="",
        title=Bilingual("交易种类", "Kind of movement"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "settlement_speed",
        field("settlement_speed"),
        unit="",
        title=Bilingual("到账方式", "Settlement speed"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "payee_name_match",
        field("payee_name_match"),
        unit="",
        title=Bilingual("户名核对结果", "Payee name check"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "auth_method",
        field("auth_method"),
        unit="",
        title=Bilingual("验证方式", "Authentication method"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "auth_attempts",
        field("auth_attempts"),
        unit="count",
        title=Bilingual("验证次数", "Authentication attempts"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "face_check_count",
        field("face_check_count"),
        unit="count",
        title=Bilingual("刷脸次数", "Face checks"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "time_on_confirm_s",
        field("time_on_confirm_s"),
        unit="s",
        title=Bilingual("确认页停留时间", "Time on the confirm page"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "typing_pauses",
        field("typing_pauses"),
        unit="count",
        title=Bilingual("输入停顿次数", "Typing pauses"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "paste_used",
        field("paste_used"),
        unit="flag",
        title=Bilingual("粘贴了账号", "Account number was pasted"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "app_switch_count",
        field("app_switch_count"),
        unit="count",
        title=Bilingual("切换应用次数", "App switches"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "accessibility_abuse",
        field("accessibility_abuse"),
        unit="flag",
        title=Bilingual("无障碍权限被滥用", "Accessibility service abused"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "meeting_app_foreground",
        field("meeting_app_foreground"),
        unit="flag",
        title=Bilingual("会议应用在前台", "Meeting app in the foreground"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "call_forwarding_on",
        field("call_forwarding_on"),
        unit="flag",
        title=Bilingual("呼叫转移已开", "Calls are forwarded"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "customer_override",
        field("customer_override"),
        unit="flag",
        title=Bilingual("客户坚持付款", "Customer overrode the warning"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
    feature(
        "ip_is_proxy",
        field("ip_is_proxy"),
        unit="flag",
        title=Bilingual("网络地址为代理", "Network address is a proxy"),
        why=Bilingual("对方指挥操作留下的痕迹", "Traces of somebody directing the session."),
    ),
)
