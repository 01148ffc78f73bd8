"""Alerts and dashboard: they parse, fire when they should, and ask for what the service tells."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.deploy.tools import DEPLOY, documents_of, run, tool
from tests.house.tree import ROOT

ALERTS: Final = DEPLOY / "prometheus" / "alerts.yml"
RUNBOOK: Final = ROOT / "docs" / "how-to" / "runbook.md"
DASHBOARD: Final = json.loads((DEPLOY / "grafana" / "fraudguard.json").read_text("utf-8"))
RULES: Final[list[dict[str, Any]]] = documents_of(ALERTS)[0]["groups"][0]["rules"]
EXPRESSIONS: Final = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]
OF_PROMETHEUS: Final = {"job", "instance"}

Metrics = dict[str, dict[str, set[str]]]


def matchers(selector: str) -> list[tuple[str, str, str]]:
    """Return label, operator and value of each part of a selector."""
    return re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', selector)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_ask_for_what_there_is(expression: str, metrics: Metrics) -> None:
    """Each series, label and value in an alert or a panel is one that the service has."""
    for name, selector in re.findall(r"(fraudguard_\w+)(\{[^}]*\})?", expression):
        assert name in metrics
        for label, operator, value in matchers(selector):
            known = metrics[name].get(label, set())
            words = value.split("|") if operator == "=~" else [value]
            assert label in OF_PROMETHEUS or set(words) <= known, (name, label, value)


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_alerts_lead_to_the_runbook(rule: dict[str, Any]) -> None:
    """Each alert names its severity, says in both languages what is wrong, and leads to its heading in the runbook."""
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)

    assert (ROOT / page, anchor) == (RUNBOOK, rule["alert"].lower())
    assert rule["alert"] in headings
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert " · " in rule["annotations"]["summary"]


def test_the_runbook_knows_no_other_alert() -> None:
    """A heading for an alert that was taken away would send nobody anywhere."""
    headings = re.findall(r"^### (Fraudguard\w+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(rule["alert"] for rule in RULES)


def test_alerts_fire_on_a_bad_day_and_on_no_good_one() -> None:
    """Prometheus' own tool runs the rules over both days."""
    promtool = tool("promtool")

    assert f"{len(RULES)} rules found" in run(promtool, "check", "rules", ALERTS)
    run(promtool, "test", "rules", ALERTS.with_name("alerts.test.yml"))


def test_the_bad_day_knows_every_alert() -> None:
    """An alert that the bad day does not wake is one that was never seen to fire."""
    text = ALERTS.with_name("alerts.test.yml").read_text("utf-8")

    assert sorted(re.findall(r'alertname="(\w+)"', text)) == sorted(rule["alert"] for rule in RULES)


def test_the_dashboard_shows_every_number(metrics: Metrics) -> None:
    """What the service tells can be seen."""
    shown = set(re.findall(r"fraudguard_\w+", " ".join(EXPRESSIONS)))
    told = {name for name in metrics if not name.endswith(("_created", "_sum", "_count"))}

    assert told <= shown | {f"{name}_bucket" for name in shown}


def test_panels_do_not_overlap() -> None:
    """Each panel has a place of its own on the grid of 24 columns, a title in both languages, and an id of its own."""
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert all(" · " in panel["title"] for panel in DASHBOARD["panels"])
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)


def test_the_test_of_rules_stands_beside_them() -> None:
    """The file that promtool runs names the rules by their own name."""
    tested = Path(documents_of(ALERTS.with_name("alerts.test.yml"))[0]["rule_files"][0])

    assert ALERTS.with_name(tested.name) == ALERTS
