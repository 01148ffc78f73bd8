"""The naive truth: each feature straight from its definition, over the log before it, O(n²).

It shares nothing with the kernel but the declarations: the terms of the catalog, the
names in `NETWORK`, and the tables `SOURCE_OF` and `TTL_MS`. Values are Python integers until the last step.
"""

from tests.oracle.rows import naive_features

__all__ = ["naive_features"]
