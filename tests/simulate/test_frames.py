"""The tables of accounts and of the truth."""

from tests.simulate.conftest import Simulated


def test_every_account_is_known_before_it_is_used(simulated: Simulated) -> None:
    """Each account of a transfer has a row received no later than the transfer."""
    known = simulated.dataset.accounts.groupby("account_id")["received_at"].min()
    transfers = simulated.dataset.transfers

    assert (transfers["event_time"] >= transfers["payer_account_id"].map(known)).all()
    assert (transfers["event_time"] >= transfers["payee_account_id"].map(known)).all()


def test_some_are_stopped_by_mistake(simulated: Simulated) -> None:
    """Accounts of mules are stopped later on, and so are a few honest ones."""
    stopped = simulated.dataset.accounts[simulated.dataset.accounts["account_status"] == "stop_payment"]
    first = simulated.dataset.accounts["received_at"].min()

    assert set(stopped["known_involved"]) >= {"none", "L1"}
    assert (stopped["received_at"] > first).all()


def test_truth_names_case_and_gang(simulated: Simulated) -> None:
    """A victim's payment has a case, a gang, a scam type and hop 0; ordinary ones have nothing."""
    truth = simulated.truth
    victim = truth[truth["is_victim_transfer"]]
    ordinary = truth[~(truth["is_victim_transfer"] | truth["is_mule_movement"])]
    told = ["case_id", "gang_id", "scam_type", "hop"]

    assert victim[told].notna().all(axis=None)
    assert (victim["hop"] == 0).all()
    assert ordinary[told].isna().all(axis=None)
    assert set(truth["hop"].dropna()) == {0, 1, 2, 3, 4}


def test_truth_is_kept_apart(simulated: Simulated) -> None:
    """No column of the truth is in the tables that are read."""
    hidden = set(simulated.truth.columns) - {"transfer_id", "scam_type"}

    assert not hidden & set(simulated.dataset.transfers.columns)
    assert "scam_type" not in simulated.dataset.transfers.columns
    assert not hidden & set(simulated.dataset.accounts.columns)
