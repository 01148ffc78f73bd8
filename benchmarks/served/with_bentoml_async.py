"""BentoML, quicker than its first pages have it: an asynchronous method, which spares it a thread for each request."""

import bentoml
from core import Core
from wire import Answer, TransferIn


@bentoml.service(workers=1, traffic={"timeout": 60})
class Assess:
    """Judges transfers."""

    def __init__(self) -> None:
        self.core = Core()

    @bentoml.api(route="/v1/assessments")
    async def assess(self, transfer: TransferIn, /) -> Answer:
        """Judge a transfer."""
        return self.core.judge(transfer)
