"""MLflow: a model over a DataFrame. With an argument: save it there."""

import sys
from typing import Any

import mlflow.pyfunc
import pandas as pd
from core import Core
from wire import TransferIn


class Assess(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Judges transfers."""

    def load_context(self, context: Any) -> None:
        """Load the model."""
        self.core = Core()

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> list[dict[str, Any]]:
        """Judge the transfers of one request."""
        records = model_input.to_dict("records")
        return [self.core.judge(TransferIn.model_validate(record)).model_dump() for record in records]


if __name__ == "__main__":
    mlflow.pyfunc.save_model(sys.argv[1], python_model=Assess(), code_paths=["core.py", "wire.py", "with_mlflow.py"])
