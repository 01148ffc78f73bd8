"""Which fields each kind of bank can see: what a model trained on a dataset could use."""

from collections.abc import Mapping
from typing import Final

__all__ = ["VIEW_FIELDS"]

_MESSAGE: Final = (
    "event_time", "amount_fen", "currency", "payer_account_id", "payee_account_id", "payer_bank_code", "payee_bank_code",
    "category_purpose", "purpose_code", "remittance_info",
)  # fmt: skip
_PAYER: Final = (
    "event_type", "channel", "payee_type", "payer_balance_before_fen", "is_new_payee", "payee_added_at", "payee_name_match",
    "auth_method", "device_id", "session_duration_s", "time_on_confirm_s", "active_call", "call_number_known",
    "screen_share_active", "remote_control_app", "meeting_app_foreground", "ip_is_proxy",
)  # fmt: skip
_BOTH: Final = ("payee_balance_before_fen",)

VIEW_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "message_only": _MESSAGE,
    "bank_payer_view": (*_MESSAGE, *_PAYER),
    "bank_both_sides": (*_MESSAGE, *_PAYER, *_BOTH),
}
"""Fields of a transfer. The two bank views use the accounts table too, of one side or of both; signals add to any view."""
