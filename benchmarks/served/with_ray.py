"""Ray Serve: a FastAPI application in one replica."""

import os

import ray
from core import Core
from fastapi import FastAPI
from ray import serve
from wire import Answer, TransferIn

app = FastAPI()


@serve.deployment(num_replicas=1, max_ongoing_requests=100, ray_actor_options={"num_cpus": 0.1})
@serve.ingress(app)
class Assess:
    """Judges transfers."""

    def __init__(self) -> None:
        self.core = Core()

    @app.post("/v1/assessments")
    async def assess(self, transfer: TransferIn) -> Answer:
        """Judge a transfer."""
        return self.core.judge(transfer)


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["PORT"])})
    serve.run(Assess.bind(), blocking=True)
