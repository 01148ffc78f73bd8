"""Policies as reviewed TOML files.

A file holds a version and its steps, mildest first::

    version = "2026-11-23.1"

    [[steps]]
    score_from = 0.02
    intervention = "remind"

    [[steps]]
    score_from = 0.2
    intervention = "delay_settlement"
    tier = "high"
    hold_s = 7200

and, where they differ from what is usual, what the lists do::

    [lists]
    watch = "verify_transaction"
    watch_tier = "high"
    exempt = "remind"
"""

import tomllib
from pathlib import Path
from typing import Any

from fraudguard.decision import Intervention, ListRule, Policy, Step, Tier
from fraudguard.errors import DefinitionError, NotFoundError

__all__ = ["dump_policy", "load_policy", "parse_policy"]


def load_policy(path: Path) -> Policy:
    """Read a policy file.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    Policy
        Checked: it cannot be built wrong.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is not TOML, has an unknown key or word, or its steps do not ascend.
    """
    if not path.is_file():
        raise NotFoundError(f"no policy file at {path}", f"没有策略文件 {path}")
    return parse_policy(path.read_text("utf-8"), source=str(path))


def parse_policy(text: str, *, source: str) -> Policy:
    """Read a policy from TOML text.

    Parameters
    ----------
    text : str
        The TOML.
    source : str
        What to call it in an error.

    Returns
    -------
    Policy
        Checked.

    Raises
    ------
    DefinitionError
        As `load_policy`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source} is not valid TOML: {error}", f"{source} 不是有效的 TOML：{error}") from error
    _refuse_unknown(source, document, {"version", "steps", "lists"})
    steps = tuple(_step(source, number, step) for number, step in enumerate(document.get("steps", ()), start=1))
    lists = _lists(source, document.get("lists", {}))
    return Policy(version=str(document.get("version", "")), steps=steps, lists=lists)


def dump_policy(policy: Policy) -> str:
    """Return a policy as TOML text that `parse_policy` reads back to an equal value.

    Parameters
    ----------
    policy : Policy
        What to write.

    Returns
    -------
    str
        Ends with a newline.
    """
    blocks = [f'version = "{policy.version}"\n', *(_dump_step(step) for step in policy.steps)]
    if policy.lists != ListRule():
        blocks.append(_dump_lists(policy.lists))
    return "\n".join(blocks)


def _dump_lists(rule: ListRule) -> str:
    return f'[lists]\nwatch = "{rule.watch}"\nwatch_tier = "{rule.watch_tier}"\nexempt = "{rule.exempt}"\n'


def _lists(source: str, table: dict[str, Any]) -> ListRule:
    usual = ListRule()
    _refuse_unknown(f"{source}, lists", table, {"watch", "watch_tier", "exempt"})
    try:
        return ListRule(
            watch=Intervention(table.get("watch", usual.watch)),
            watch_tier=Tier(table.get("watch_tier", usual.watch_tier)),
            exempt=Intervention(table.get("exempt", usual.exempt)),
        )
    except ValueError as error:
        raise DefinitionError(
            f"{source}, lists: {error}; watch and exempt are of {[*map(str, Intervention)]}, watch_tier of {[*map(str, Tier)]}",
            f"{source} 的 lists：{error}；watch 与 exempt 取自 {[*map(str, Intervention)]}，watch_tier 取自 {[*map(str, Tier)]}",
        ) from error


def _dump_step(step: Step) -> str:
    lines = ["[[steps]]", f"score_from = {step.score_from!r}", f'intervention = "{step.intervention}"']
    if step.tier is not None:
        lines.append(f'tier = "{step.tier}"')
    if step.hold_s is not None:
        lines.append(f"hold_s = {step.hold_s}")
    return "\n".join(lines) + "\n"


def _step(source: str, number: int, step: dict[str, Any]) -> Step:
    _refuse_unknown(f"{source}, step {number}", step, {"score_from", "intervention", "tier", "hold_s"})
    try:
        return Step(
            score_from=float(step["score_from"]),
            intervention=Intervention(step["intervention"]),
            tier=Tier(step["tier"]) if "tier" in step else None,
            hold_s=int(step["hold_s"]) if "hold_s" in step else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionError(
            f"{source}, step {number}: {error}; a step has score_from, intervention {[*map(str, Intervention)]}, "
            f"and optionally tier {[*map(str, Tier)]} and hold_s",
            f"{source} 第 {number} 级：{error}；每级需有 score_from、intervention {[*map(str, Intervention)]}，"
            f"可有 tier {[*map(str, Tier)]} 与 hold_s",
        ) from error


def _refuse_unknown(source: str, table: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise DefinitionError(
            f"{source}: unknown key {unknown}; there are {sorted(known)}",
            f"{source}：未知的键 {unknown}；可用的有 {sorted(known)}",
        )
