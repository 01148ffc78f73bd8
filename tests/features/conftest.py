"""Fixtures of the features' tests: the plan that ships."""

import pytest

from fraudguard.features import CATALOG, FeaturePlan, compile_plan


@pytest.fixture(scope="session")
def plan() -> FeaturePlan:
    return compile_plan(CATALOG)
