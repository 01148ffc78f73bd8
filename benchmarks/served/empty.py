"""The empty endpoint: a model in, a model out, and nothing between."""

from fastapi import FastAPI
from wire import Answer, TransferIn

app = FastAPI()


@app.post("/v1/assessments")
async def assess(transfer: TransferIn) -> Answer:
    """Give an answer."""
    return Answer(
        id="asm_01M84ZSKGW3PPMMDH4GGHSY1Q0",
        transfer_id=transfer.transfer_id,
        created_at="2026-11-23T19:58:12.508324Z",
        mode="live",
        intervention="allow",
        tier=None,
        hold=None,
        score=0.0001234,
        reasons=[],
        versions={"model": "m-dc514c3b8b95", "features": "acb5c56995088096", "policy": "p-c5ddc7d5f1cc"},
        degraded=False,
        timing_ms={"features": 0.1, "model": 0.1, "reasons": 0.0, "total": 0.2},
    )
