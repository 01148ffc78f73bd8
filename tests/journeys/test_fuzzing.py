"""The running service against a fuzzer that has the OpenAPI document and nothing else.

Every check of the fuzzer is on: no server error, every status, header and body as documented, what the document allows is accepted and
what it forbids refused, no operation that forgets its key.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house.tree import ROOT
from tests.journeys.load import serving
from tests.serve.fakes import add_key, make_settings, open_store

BATCH: Final = "/v1/assessments:batch"
ALWAYS: Final = (
    "--checks=all",
    "--generation-deterministic",
    "--continue-on-failure",
    "--no-shrink",
    "--max-examples=25",
    "--suppress-health-check=filter_too_much,too_slow",  # they are about the fuzzer's own pace
)
ENTRIES: Final = "/v1/lists/{list_kind}/entries"
ENDPOINTS: Final = "/v1/webhook_endpoints"
RUNS: Final = {
    "single requests": (f"--exclude-path={BATCH}", f"--exclude-path={ENTRIES}", f"--exclude-path={ENDPOINTS}"),
    # Whether a name leads to an address that may be sent to, no schema can say.
    "webhooks": (
        f"--include-path={ENDPOINTS}",
        "--phases=examples,coverage,fuzzing",
        "--exclude-checks=positive_data_acceptance",
    ),
    # An entry ends within a year from now, and its reason is one of its list: no schema says so.
    "lists": (
        f"--include-path={ENTRIES}",
        "--phases=examples,coverage,fuzzing",
        "--exclude-checks=positive_data_acceptance",
    ),
    # Whether a line fits is told at the line, so neither is for the whole to say.
    "batches": (
        f"--include-path={BATCH}",
        "--phases=examples,coverage,fuzzing",
        "--exclude-checks=positive_data_acceptance,negative_data_rejection",
    ),
}


@pytest.mark.timeout(600)  # thousands of requests: a busy machine takes longer than for any other test
@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_the_service_is_as_its_document_says(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Thousands of requests drawn from the document, good and bad and one after another, find nothing that it does not say."""
    settings = make_settings(tmp_path)
    store = open_store(settings)
    token = add_key(store)
    store.close()
    with serving(settings) as (_process, port):
        address = f"http://127.0.0.1:{port}/openapi.json"
        command = [sys.executable, "-m", "schemathesis.cli", "run", address, f"--header=Authorization: Bearer {token}"]
        done = subprocess.run(  # noqa: S603  # our own words
            [*command, *ALWAYS, *options],
            cwd=tmp_path,  # it keeps a folder of its own there
            env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.journeys.fuzz_hooks"},  # noqa: TID251  # the fuzzer's own switch
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
