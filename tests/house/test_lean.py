"""What an import drags in. Layers cannot see it: a package's `__init__` may load more than is asked for."""

import subprocess
import sys

import pytest

TABLES = {"pandas", "pyarrow", "sklearn", "scipy", "lightgbm", "joblib", "matplotlib"}
WORKSHOP = {
    "fraudguard.features.batch",
    "fraudguard.features.coded",
    "fraudguard.features.grouped",
    "fraudguard.flow.tracing",
    "fraudguard.ingest",
    "fraudguard.model.evaluate",
    "fraudguard.model.train",
    "fraudguard.simulate",
    "fraudguard.tables",
}
FRAMEWORKS = {"fastapi", "sqlalchemy", "pydantic", "rich", "typer"}


def _loaded_by(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import fraudguard", TABLES | WORKSHOP | FRAMEWORKS | {"numpy"}),
        ("import fraudguard.features", TABLES | WORKSHOP | FRAMEWORKS),
        ("from fraudguard.features import CATALOG, OnlineFeatures, compile_plan", TABLES | WORKSHOP | FRAMEWORKS),
        ("from fraudguard.features import load_catalog", TABLES | WORKSHOP | FRAMEWORKS),
        ("from fraudguard.flow import MovementLog, flow_svg, follow", TABLES | WORKSHOP | FRAMEWORKS | {"numpy"}),
        ("from fraudguard.model.scorer import Scorer", TABLES | WORKSHOP | FRAMEWORKS),
        ("import fraudguard.serve; fraudguard.serve.create_app", TABLES | WORKSHOP),
        ("from fraudguard.client import AsyncClient, Client", TABLES | WORKSHOP | FRAMEWORKS | {"numpy", "starlette"}),
        ("import fraudguard.serve.parity", TABLES | WORKSHOP),
        ("import fraudguard.cli", TABLES | WORKSHOP | {"fastapi", "sqlalchemy"}),
    ],
)
def test_import_is_light(statement: str, absent: set[str]) -> None:
    """Each door of the house loads its own room and no workshop."""
    loaded = _loaded_by(statement)

    assert sorted(absent & loaded) == []
