"""How an evaluation is printed."""

from enum import StrEnum
from typing import TYPE_CHECKING

from fraudguard.cli.output import output

if TYPE_CHECKING:
    from fraudguard.model.evaluation import Evaluation

__all__ = ["Cut", "money_sign", "print_cuts", "print_evaluation"]


class Cut(StrEnum):
    """A further table of an evaluation."""

    CASE = "case"
    TYPE = "type"
    GROUP = "group"


def money_sign(currency: str) -> str:
    """Return what stands before an amount of a currency; nothing where the source names none."""
    return {"CNY": "¥", "XXX": ""}.get(currency, f"{currency} ")


def print_evaluation(evaluation: "Evaluation", *, currency: str) -> None:
    """Print the measures of a model beside the trivial rules as a small table.

    Parameters
    ----------
    evaluation : Evaluation
        Of the test window.
    currency : str
        Of the amounts, ISO 4217; ``XXX`` where the source names none.
    """
    from fraudguard.model.evaluation_card import budget_table, summary_text

    table = budget_table(evaluation, lang=output.lang, sign=money_sign(currency))
    output.table(table.columns, table.rows)
    said = summary_text(evaluation)
    output.say(said.zh, said.en)


def print_cuts(evaluation: "Evaluation", cuts: list[Cut], *, currency: str) -> None:
    """Print further tables of an evaluation: by case, by scam type and novelty, by group.

    Parameters
    ----------
    evaluation : Evaluation
        Of the test window.
    cuts : list of Cut
        Which, in their order.
    currency : str
        Of the amounts.
    """
    from fraudguard.model.evaluation_card import case_table, friction_table, slice_table

    lang = output.lang
    for cut in cuts:
        table = {
            Cut.CASE: lambda: case_table(evaluation, lang=lang, sign=money_sign(currency)),
            Cut.TYPE: lambda: slice_table(evaluation, lang=lang),
            Cut.GROUP: lambda: friction_table(evaluation, lang=lang),
        }[cut]()
        output.say(table.title, table.title)
        if table.rows:
            output.table(table.columns, table.rows)
        else:
            output.say("没有可列的内容", "there is nothing to list")
