"""Session fields are missing by channel and customer, never by what the payment is."""

import numpy as np
import pytest

from tests.simulate.conftest import Simulated

FIELDS = (
    "active_call",
    "call_duration_s",
    "screen_share_active",
    "meeting_app_foreground",
    "session_duration_s",
    "time_on_confirm_s",
    "paste_used",
    "app_switch_count",
)


@pytest.mark.parametrize("field", FIELDS)
def test_only_the_app_can_tell(simulated: Simulated, field: str) -> None:
    """A field has values in the app only, and there for a customer always or never."""
    transfers = simulated.dataset.transfers
    app = transfers["channel"] == "mobile_app"
    seen = transfers.loc[app, field].notna().groupby(transfers.loc[app, "payer_account_id"]).mean()

    assert transfers.loc[~app, field].isna().all()
    assert seen.isin([0.0, 1.0]).all()
    assert 0.35 < seen.mean() < 0.65


def test_call_fields_agree(simulated: Simulated) -> None:
    """A call has a length when there is one, and a known number only then."""
    seen = simulated.dataset.transfers.dropna(subset=["active_call"])
    calling = seen["active_call"].to_numpy(dtype=bool)

    assert (seen.loc[calling, "call_duration_s"] > 0).all()
    assert (seen.loc[~calling, "call_duration_s"] == 0).all()
    assert seen.loc[~calling, "call_number_known"].isna().all()


def test_honest_people_share_screens_too(simulated: Simulated) -> None:
    """More honest payments than victims' are made with the screen shared."""
    rows = simulated.transfers
    sharing = rows[rows["screen_share_active"].fillna(value=False).to_numpy(dtype=bool)]

    assert sharing["is_victim_transfer"].sum() > 0
    assert (~sharing["is_victim_transfer"]).sum() > sharing["is_victim_transfer"].sum()


def test_devices_follow_channels(simulated: Simulated) -> None:
    """A device is known in the app, on the web and for codes, and nowhere else."""
    transfers = simulated.dataset.transfers
    by_device = transfers["channel"].isin(["mobile_app", "web", "qr"])

    assert np.array_equal(transfers["device_id"].notna().to_numpy(), by_device.to_numpy())
