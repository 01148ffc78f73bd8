"""Signals: whose word each kind is, and how long it holds."""

from typing import Final

from fraudguard.signal import SignalSource, SignalType

__all__ = ["SOURCE_OF", "TTL_MS"]

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS

SOURCE_OF: Final = {
    **dict.fromkeys(
        (
            SignalType.FLAGGED_CALL_RECEIVED,
            SignalType.FLAGGED_SMS_RECEIVED,
            SignalType.FRAUD_URL_VISITED,
            SignalType.SIM_CHANGED,
            SignalType.CALL_FORWARDING_ENABLED,
            SignalType.ESIM_REISSUED,
        ),
        SignalSource.TELECOM,
    ),
    **dict.fromkeys(
        (
            SignalType.FRAUD_APP_INSTALLED,
            SignalType.ACTIVE_CALL_DURING_SESSION,
            SignalType.SCREEN_SHARE_STARTED,
            SignalType.REMOTE_CONTROL_DETECTED,
            SignalType.MEETING_APP_USED,
        ),
        SignalSource.APP,
    ),
    **dict.fromkeys(
        (
            SignalType.WARNING_96110_ISSUED,
            SignalType.SMS_12381_SENT,
            SignalType.DISSUASION_VISIT,
            SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM,
            SignalType.PAYEE_STOP_REQUEST,
            SignalType.TWO_CARD_LEAD,
            SignalType.SANCTION_LIST_HIT,
        ),
        SignalSource.POLICE,
    ),
    **dict.fromkeys(
        (
            SignalType.DEVICE_CHANGED,
            SignalType.NEW_FACE_ENROL,
            SignalType.LIMIT_RAISED,
            SignalType.LOAN_APPLICATION,
            SignalType.TERM_DEPOSIT_BREAK,
            SignalType.FUND_REDEMPTION,
            SignalType.CASH_BOOKING,
            SignalType.FAMILY_CONTACT_CONFIRMED,
            SignalType.COUNTER_ALARM,
        ),
        SignalSource.BANK,
    ),
}
"""Whose word it is that a kind of signal was *not* observed."""

_FOREVER_MS: Final = 100 * 365 * _DAY_MS
_SHORT: Final = (
    SignalType.ACTIVE_CALL_DURING_SESSION,
    SignalType.SCREEN_SHARE_STARTED,
    SignalType.REMOTE_CONTROL_DETECTED,
    SignalType.MEETING_APP_USED,
    SignalType.COUNTER_ALARM,
)
_THREE_DAYS: Final = (
    SignalType.FLAGGED_CALL_RECEIVED,
    SignalType.SIM_CHANGED,
    SignalType.CALL_FORWARDING_ENABLED,
    SignalType.ESIM_REISSUED,
)
_WEEK: Final = (
    SignalType.FLAGGED_SMS_RECEIVED,
    SignalType.FRAUD_URL_VISITED,
    SignalType.FRAUD_APP_INSTALLED,
    SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM,
    SignalType.PAYEE_STOP_REQUEST,
)
_MONTH: Final = (SignalType.WARNING_96110_ISSUED, SignalType.SMS_12381_SENT, SignalType.DISSUASION_VISIT)
_UNTIL_CLEARED: Final = (SignalType.TWO_CARD_LEAD, SignalType.SANCTION_LIST_HIT)

TTL_MS: Final = {
    **dict.fromkeys(SignalType, _DAY_MS),
    **dict.fromkeys(_SHORT, _HOUR_MS),
    **dict.fromkeys(_THREE_DAYS, 3 * _DAY_MS),
    **dict.fromkeys(_WEEK, 7 * _DAY_MS),
    **dict.fromkeys(_MONTH, 30 * _DAY_MS),
    **dict.fromkeys(_UNTIL_CLEARED, _FOREVER_MS),
}
"""How long a kind of signal holds when it does not say so itself."""
