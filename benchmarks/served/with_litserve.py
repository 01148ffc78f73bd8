"""LitServe: one worker, no batching."""

import os

import litserve
from core import Core
from wire import Answer, TransferIn


class Assess(litserve.LitAPI):
    """Judges transfers."""

    def setup(self, device: str) -> None:
        """Load the model."""
        self.core = Core()

    def decode_request(self, request: TransferIn) -> TransferIn:
        """Take the request, which was checked."""
        return request

    def predict(self, transfer: TransferIn) -> Answer:
        """Judge a transfer."""
        return self.core.judge(transfer)

    def encode_response(self, judged: Answer) -> Answer:
        """Give the answer; it is checked again on the way."""
        return judged


if __name__ == "__main__":
    server = litserve.LitServer(
        Assess(api_path="/v1/assessments"), accelerator="cpu", devices=1, workers_per_device=1, timeout=60
    )
    server.run(host="127.0.0.1", port=int(os.environ["PORT"]), generate_client_file=False, log_level="error")
