"""A fresh interpreter up to its first answer, step by step, in milliseconds of its processor."""

import json
import time
from importlib import import_module
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Take the steps once and print a line of JSON."""
    marks = [time.process_time()]

    def mark() -> None:
        marks.append(time.process_time())

    import_module("numpy")
    mark()
    kernel = import_module("fraudguard.features.kernel")
    mark()
    features, transfer = import_module("fraudguard.features"), _transfer()
    online = features.OnlineFeatures
    plan = features.compile_plan(features.CATALOG)
    mark()
    online(plan).query(transfer)
    mark()
    names = ("numpy_ms", "kernel_ms", "plan_ms", "query_ms")
    steps = {name: 1_000 * (end - start) for name, start, end in zip(names, marks, marks[1:], strict=False)}
    print(json.dumps({**steps, "is_compiled": not str(kernel.__file__).endswith(".py")}))


def _transfer() -> Any:  # noqa: ANN401  # importing its type is part of what is measured
    moment = import_module("datetime")
    return import_module("fraudguard.transfer").Transfer(
        transfer_id="T1",
        event_time=moment.datetime(2026, 1, 5, tzinfo=moment.UTC),
        payer_account_id="a",
        payee_account_id="b",
        amount_fen=100,
    )


if __name__ == "__main__":
    main()
