"""Who may do what at the desk: one table, asked by pages and by routes.

A page shows a button only for an act that `allowed` permits, and the route behind
the button asks the same question again, so the two cannot disagree.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from fraudguard.errors import PermissionDeniedError
from fraudguard.wording import word

__all__ = ["RIGHTS", "SIGNING", "Act", "Role", "allowed", "require", "roles_with", "signs"]


class Role(StrEnum):
    """What kind of work a person does at the desk."""

    OFFICER = "officer"  # 处置员
    LEAD = "lead"  # 组长
    SUPERVISOR = "supervisor"  # 督导
    APPROVER = "approver"  # 审批人
    ANALYST = "analyst"  # 分析员
    ADMIN = "admin"  # 管理员
    BANK = "bank"  # 银行经办


class Act(StrEnum):
    """One thing a person may do at the desk."""

    SEE_QUEUE = "see_queue"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    ASSIGN = "assign"
    RECORD_ATTEMPT = "record_attempt"
    RECORD_FINDING = "record_finding"
    DRAFT_STOP = "draft_stop"
    SIGN_STOP = "sign_stop"
    RELEASE = "release"
    RELEASE_GRAVE = "release_grave"
    REVEAL = "reveal"
    SEE_TRAIL = "see_trail"


SIGNING: Final = frozenset({Act.SIGN_STOP, Act.RELEASE_GRAVE})
"""Acts that put a name under something: whoever may do one needs a second factor to sign in."""

RIGHTS: Final[Mapping[Act, frozenset[Role]]] = {
    Act.SEE_QUEUE: frozenset({Role.OFFICER, Role.LEAD, Role.SUPERVISOR, Role.APPROVER, Role.ANALYST, Role.BANK}),
    Act.CLAIM: frozenset({Role.OFFICER, Role.LEAD, Role.BANK}),
    Act.TAKE_OVER: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Act.ASSIGN: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Act.RECORD_ATTEMPT: frozenset({Role.OFFICER, Role.LEAD, Role.BANK}),
    Act.RECORD_FINDING: frozenset({Role.OFFICER, Role.LEAD}),
    Act.DRAFT_STOP: frozenset({Role.OFFICER, Role.LEAD, Role.BANK}),
    Act.SIGN_STOP: frozenset({Role.APPROVER}),
    Act.RELEASE: frozenset({Role.OFFICER, Role.LEAD, Role.APPROVER, Role.BANK}),
    Act.RELEASE_GRAVE: frozenset({Role.LEAD, Role.APPROVER}),
    Act.REVEAL: frozenset({Role.OFFICER, Role.LEAD, Role.SUPERVISOR, Role.APPROVER, Role.BANK}),
    Act.SEE_TRAIL: frozenset({Role.SUPERVISOR, Role.ADMIN}),
}
"""The roles that may do each act; whoever is not named may not."""


def allowed(role: Role, act: Act) -> bool:
    """Return whether a role may do an act.

    Parameters
    ----------
    role : Role
        Of the person.
    act : Act
        What they want to do.

    Returns
    -------
    bool
        As the table `RIGHTS` says.

    Examples
    --------
    >>> allowed(Role.APPROVER, Act.SIGN_STOP), allowed(Role.OFFICER, Act.SIGN_STOP)
    (True, False)
    """
    return role in RIGHTS[act]


def require(role: Role, act: Act) -> None:
    """Go on only if a role may do an act.

    Parameters
    ----------
    role : Role
        Of the person.
    act : Act
        What they want to do.

    Raises
    ------
    PermissionDeniedError
        If not; the text names the roles that may.
    """
    if not allowed(role, act):
        en, zh = (
            mark.join(word("role", one, lang) for one in roles_with(act)) for lang, mark in (("en", ", "), ("zh", "、"))
        )
        raise PermissionDeniedError(f"you may not do this; it needs: {en}", f"您无权执行此操作；需要：{zh}")


def roles_with(act: Act) -> tuple[Role, ...]:
    """Return the roles that may do an act, in the order of `Role`."""
    return tuple(role for role in Role if role in RIGHTS[act])


def signs(role: Role) -> bool:
    """Return whether a role may do an act that puts a name under something."""
    return any(allowed(role, act) for act in SIGNING)
