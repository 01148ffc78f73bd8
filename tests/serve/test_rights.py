"""Who may do what at the desk."""

import pytest

from fraudguard.errors import PermissionDeniedError
from fraudguard.serve.rights import RIGHTS, SIGNING, Act, Role, allowed, require, roles_with, signs


def test_every_act_is_in_the_table_and_has_somebody() -> None:
    """No act is forgotten, and none is for nobody."""
    assert set(RIGHTS) == set(Act)
    assert all(RIGHTS.values())


def test_no_role_both_drafts_and_signs_a_stop_payment() -> None:
    """A stop-payment request always needs two kinds of people."""
    assert not RIGHTS[Act.DRAFT_STOP] & RIGHTS[Act.SIGN_STOP]


def test_an_analyst_never_sees_what_is_masked() -> None:
    """Models are made without names; an administrator keeps the doors and works no case."""
    assert not allowed(Role.ANALYST, Act.REVEAL)
    assert not any(allowed(Role.ADMIN, act) for act in set(Act) - {Act.SEE_TRAIL})


def test_who_signs_needs_a_second_factor() -> None:
    """Roles that may put their name under something are told apart."""
    assert {role for role in Role if signs(role)} == {Role.LEAD, Role.APPROVER}
    assert set(SIGNING) <= set(Act)


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", list(Role))
def test_a_refusal_names_who_may(role: Role, act: Act) -> None:
    """`require` goes with `allowed`, and says in both languages which roles may."""
    if allowed(role, act):
        require(role, act)
        assert role in roles_with(act)
    else:
        with pytest.raises(PermissionDeniedError, match="it needs: ") as caught:
            require(role, act)
        assert "需要：" in caught.value.text("zh")
