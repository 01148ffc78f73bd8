"""Test accounts force decisions, in a demonstration only."""

import json
from pathlib import Path
from typing import Any

import pytest

from fraudguard.decision import Intervention
from fraudguard.serve.sandbox import PREFIX
from tests.serve.fakes import Service, body_of, make_settings, running


def body_to(payee: str, transfer_id: str = "T1") -> dict[str, Any]:
    """Return a request with this payee."""
    return body_of(transfer_id, payee={"account_id": payee})


def livemode(service: Service) -> bool:
    """Return what the service says of itself."""
    answer: bool = service.client.get("/version").json()["livemode"]
    return answer


@pytest.mark.parametrize("wanted", Intervention)
def test_a_test_account_forces_its_decision(tmp_path: Path, wanted: Intervention) -> None:
    """In a demonstration the payee's account says what is decided: tier and hold are the policy's, score and reasons the model's."""
    with running(make_settings(tmp_path, demo=True)) as service:
        service.scorer.fixed = 0.3
        answer = service.assess(body_to(PREFIX + wanted)).json()
        batch = service.client.post(
            "/v1/assessments:batch?record=false",
            content=json.dumps(body_to(PREFIX + wanted, "T2")),
            headers={**service.auth, "Content-Type": "application/x-ndjson"},
        )
        estimate = json.loads(batch.content)["estimate"]

    assert (answer["intervention"], answer["score"]) == (wanted, 0.3)
    assert (estimate["intervention"], estimate["tier"]) == (wanted, answer["tier"])
    assert (answer["hold"] is not None) == (wanted.severity >= Intervention.DELAY_SETTLEMENT.severity)
    assert (answer["tier"] is not None) == (wanted.severity >= Intervention.VERIFY_TRANSACTION.severity)
    assert bool(answer["reasons"]) == (wanted is not Intervention.ALLOW)


@pytest.mark.parametrize("payee", ["fg_test_nonsense", "x_fg_test_suspend_service", "fg_test_"])
def test_other_accounts_are_judged(tmp_path: Path, payee: str) -> None:
    """What is no test account is judged by the model, in a demonstration as well."""
    with running(make_settings(tmp_path, demo=True)) as service:
        service.scorer.fixed = 0.3
        assert service.assess(body_to(payee)).json()["intervention"] == "remind"
        assert livemode(service) is False


def test_in_earnest_nothing_is_forced(service: Service) -> None:
    """Outside of a demonstration a test account is an account like any other."""
    service.scorer.fixed = 0.3

    assert service.assess(body_to("fg_test_allow")).json()["intervention"] == "remind"
    assert livemode(service) is True
