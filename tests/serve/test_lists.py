"""The lists: who stands on one, until when, and what that does to a decision."""

from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Decision, Intervention, ListHit, ListKind, ListRule, Tier, Versions
from fraudguard.errors import ConflictError, DataError, DefinitionError, ReusedIdError
from fraudguard.policy import dump_policy, parse_policy
from fraudguard.serve.list_book import ListBook
from fraudguard.serve.lists import REASONS, ListReason, ListService, new_entry
from fraudguard.serve.store import Store
from fraudguard.serve.store.lists import EntryRow
from tests.fakes import START, FakeClock, make_transfer

WATCHED: Final = ListHit(entry_id="w", kind=ListKind.WATCH, reason_code="police_request")
EXEMPT: Final = ListHit(entry_id="e", kind=ListKind.EXEMPT, reason_code="public_body")
RULE: Final = ListRule()


def decision(intervention: Intervention, tier: Tier | None) -> Decision:
    """Return a decision."""
    return Decision(
        transfer=make_transfer(),
        score=0.5,
        intervention=intervention,
        tier=tier,
        hold_s=60 if intervention.holds_money else None,
        reasons=(),
        versions=Versions(model="m", features="f", policy="p"),
        decided_at=START,
    )


def entry(entry_id: str = "E1", **fields: Any) -> EntryRow:  # noqa: ANN401  # any field
    """Return an entry of the watch list for 30 days."""
    plain: dict[str, Any] = {
        "kind": ListKind.WATCH,
        "account_id": "payee-1",
        "reason": ListReason.POLICE_REQUEST,
        "author": "liaison",
        "at": START,
        "expires_at": START + timedelta(days=30),
    }
    return new_entry(entry_id=entry_id, **{**plain, **fields})


@given(
    intervention=st.sampled_from(Intervention),
    tier=st.none() | st.sampled_from(Tier),
    hits=st.lists(st.sampled_from([WATCHED, EXEMPT]), min_size=1, max_size=4),
)
def test_the_watch_list_raises_and_an_exemption_lowers(
    intervention: Intervention, tier: Tier | None, hits: list[ListHit]
) -> None:
    """A watched payee is at least verified and looked at, whatever exempts it; an exempted one is at most reminded, and holds nothing."""
    found = decision(intervention, tier).under(hits, RULE)

    assert found.lists == tuple(hits)
    if WATCHED in hits:
        assert found.intervention is Intervention.gravest([intervention, RULE.watch])
        assert found.tier is not None
        assert list(Tier).index(found.tier) <= list(Tier).index(RULE.watch_tier)
        assert found.hold_s == (60 if intervention.holds_money else None)
    else:
        assert found.intervention.severity == min(intervention.severity, RULE.exempt.severity)
        assert (found.tier, found.hold_s) == (None, None)


def test_no_entry_changes_nothing() -> None:
    """A transfer that meets no list is decided by model and policy alone."""
    plain = decision(Intervention.ALLOW, None)

    assert plain.under((), RULE) is plain


@pytest.mark.parametrize("field", ["watch", "exempt"])
def test_a_list_never_holds_money_by_itself(field: str) -> None:
    """That is for a score, or a person, to say."""
    with pytest.raises(DefinitionError, match=f"lists.{field}: delay_settlement holds money"):
        ListRule(**{field: Intervention.DELAY_SETTLEMENT})  # type: ignore[arg-type]


def test_a_policy_says_what_lists_do() -> None:
    """It is read from the file and written back; without a word it is the usual."""
    text = 'version = "1"\n[lists]\nwatch = "reverify_identity"\nwatch_tier = "urgent"\nexempt = "allow"\n'
    policy = parse_policy(text, source="p")

    assert policy.lists == ListRule(
        watch=Intervention.REVERIFY_IDENTITY, watch_tier=Tier.URGENT, exempt=Intervention.ALLOW
    )
    assert parse_policy(dump_policy(policy), source="p") == policy
    assert parse_policy('version = "1"', source="p").lists == RULE
    with pytest.raises(DefinitionError, match=r"p, lists: .*watch and exempt are of"):
        parse_policy('version = "1"\n[lists]\nwatch = "shout"\n', source="p")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expires_at": START}, "366 days"),
        ({"expires_at": START + timedelta(days=367)}, "366 days"),
        ({"reason": ListReason.PUBLIC_BODY}, "the watch list takes the reasons police_request"),
        ({"kind": ListKind.EXEMPT, "reason": ListReason.OWN_ACCOUNT}, "send payer_account_id"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(fields: dict[str, Any], said: str) -> None:
    """It ends within a year, has a reason of its list, and one about a relation names both."""
    with pytest.raises(DataError, match=said):
        entry(**fields)


def test_every_reason_belongs_to_one_list() -> None:
    """None is missing, none stands on both."""
    watch, exempt = REASONS[ListKind.WATCH], REASONS[ListKind.EXEMPT]

    assert watch | exempt == set(ListReason)
    assert not watch & exempt


def test_an_entry_counts_from_adding_to_revoking_or_its_end(store: Store) -> None:
    """For its payee, and only for its payer when it names one."""
    clock = FakeClock()
    book = ListBook(store, clock)
    service = ListService(store=store, book=book, clock=clock)
    mine = {"kind": ListKind.EXEMPT, "reason": ListReason.OWN_ACCOUNT, "payer_account_id": "payer-1"}
    for row in (entry("E1"), entry("E2", **mine), entry("E3", account_id="another")):
        service.add(row)

    def met(payer: str, days: float = 0) -> list[str]:
        transfer = make_transfer(payer_account_id=payer)
        return sorted(hit.entry_id for hit in book.hits(transfer, at=START + timedelta(days=days)))

    assert (met("payer-1"), met("payer-2")) == (["E1", "E2"], ["E1"])
    assert (met("payer-1", 29.99), met("payer-1", 30)) == (["E1", "E2"], [])
    service.revoke("E1", author="liaison", note="checked")
    assert met("payer-1") == ["E2"]


def test_the_same_entry_twice_is_one(store: Store) -> None:
    """Another content under its id is refused, and so is a second revocation."""
    clock = FakeClock()
    service = ListService(store=store, book=ListBook(store, clock), clock=clock)

    assert [service.add(entry())[1] for _ in range(2)] == [False, True]
    with pytest.raises(ReusedIdError):
        service.add(entry(account_id="another"))
    service.revoke("E1", author="liaison", note="checked")
    with pytest.raises(ConflictError, match="was revoked at"):
        service.revoke("E1", author="liaison", note="again")
    assert [listed.entry.entry_id for listed in store.lists.page(before=None, limit=9)] == ["E1"]
