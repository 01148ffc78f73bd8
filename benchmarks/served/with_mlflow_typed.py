"""MLflow, quicker than its first pages have it: a model that states its types, which spares it the DataFrame. With an argument: save it there."""

import sys
from typing import Any

import mlflow.pyfunc
from core import Core
from wire import Answer, TransferIn


class Assess(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Judges transfers."""

    def load_context(self, context: Any) -> None:
        """Load the model."""
        self.core = Core()

    def predict(self, model_input: list[TransferIn]) -> list[Answer]:
        """Judge the transfers of one request, which were checked by their type."""
        return [self.core.judge(transfer) for transfer in model_input]


if __name__ == "__main__":
    mlflow.pyfunc.save_model(
        sys.argv[1], python_model=Assess(), code_paths=["core.py", "wire.py", "with_mlflow_typed.py"]
    )
