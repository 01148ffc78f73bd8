"""How an evaluation is printed."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fraudguard.cli.output import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraudguard.model.evaluation import Evaluation
    from fraudguard.model.sights import SightRow
    from fraudguard.wording.markup import Table

__all__ = ["Cut", "Told", "money_sign", "print_evaluation", "print_sights"]


class Cut(StrEnum):
    """A further table of an evaluation."""

    CASE = "case"
    TYPE = "type"
    GROUP = "group"
    SIGHT = "sight"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What `evaluate` tells.

    Parameters
    ----------
    evaluation : Evaluation
        Of the window.
    sights : sequence of SightRow
        What the model is worth to banks that see less, where that is asked for.
    currency : str
        Of the amounts, ISO 4217.
    """

    evaluation: "Evaluation"
    sights: "Sequence[SightRow]"
    currency: str

    def tell(self, version: str, cuts: "Sequence[Cut]", *, as_json: bool) -> None:
        """Print the measures of a model, then further tables in the order asked for; or all as one JSON object."""
        if as_json:
            sights = [asdict(row) for row in self.sights]
            output.write_json({"model": version, **self.evaluation.to_dict(), "sights": sights})
            return
        print_evaluation(self.evaluation, currency=self.currency)
        for cut in cuts:
            _print_titled(self._table(cut))

    def _table(self, cut: Cut) -> "Table":
        from fraudguard.model.evaluation_card import case_table, friction_table, sight_table, slice_table

        match cut:
            case Cut.CASE:
                return case_table(self.evaluation, lang=output.lang, sign=money_sign(self.currency))
            case Cut.TYPE:
                return slice_table(self.evaluation, lang=output.lang)
            case Cut.GROUP:
                return friction_table(self.evaluation, lang=output.lang)
            case Cut.SIGHT:
                return sight_table(self.sights, lang=output.lang)


def print_sights(rows: "Sequence[SightRow]") -> None:
    """Print what the model is worth to banks that see less.

    Parameters
    ----------
    rows : sequence of SightRow
        The fullest sight first.
    """
    from fraudguard.model.evaluation_card import sight_table

    _print_titled(sight_table(rows, lang=output.lang))


def _print_titled(table: "Table") -> None:
    output.say(table.title, table.title)
    if table.rows:
        output.table(table.columns, table.rows)
    else:
        output.say("没有可列的内容", "there is nothing to list")
