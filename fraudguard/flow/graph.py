"""A case as tables and as a picture, for notebooks and reports."""

from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd

from fraudguard.flow.exits import Exit
from fraudguard.flow.picture import flow_svg
from fraudguard.flow.result import Flow, FlowAccount
from fraudguard.flow.speech import Speech, masked_token
from fraudguard.tables.folder import whole_file

__all__ = ["CaseGraph"]

_SHOWN: Final = 10
_EDGES: Final = (
    "transfer_id", "payer_account_id", "payee_account_id", "event_time", "minutes_after_start",
    "amount_fen", "tainted_fen", "own_fen", "layer", "exit", "is_start",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGraph:
    """Where the money of a case went.

    Parameters
    ----------
    flow : Flow
        From `follow`.
    time_zone : str
        In which people read its moments.
    currency : str
        Of the amounts, ISO 4217; ``XXX`` where the source names none.
    lang : {"zh", "en"}
        Language in which a notebook shows it.
    """

    flow: Flow
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    lang: str = "zh"

    def to_frame(self) -> pd.DataFrame:
        """Return the edges.

        Returns
        -------
        DataFrame
            One row a transfer that carried some of the money, in time order; `exit` is missing where the money
            came to an account.
        """
        minutes = self.flow.minutes_after_start
        rows = [asdict(edge) | {"minutes_after_start": minutes(edge.event_time)} for edge in self.flow.edges]
        return pd.DataFrame(rows, columns=list(_EDGES)).astype({"exit": "str"})

    def accounts_frame(self) -> pd.DataFrame:
        """Return the accounts.

        Returns
        -------
        DataFrame
            One row an account, in the order the money touched them.
        """
        return pd.DataFrame([_account_row(account) for account in self.flow.accounts])

    def stop_frame(self) -> pd.DataFrame:
        """Return the accounts to stop next.

        Returns
        -------
        DataFrame
            As `accounts_frame`, only those with money that can be stopped, the most first.
        """
        chosen = [account.number - 1 for account in self.flow.next_to_stop]
        return self.accounts_frame().iloc[chosen].reset_index(drop=True)

    def curve_frame(self) -> pd.DataFrame:
        """Return the curve of money that can still be recovered.

        Returns
        -------
        DataFrame
            One row a minute after the first start transfer; money in fen, gone money also by how it left.
        """
        rows = [
            {
                "minute": point.minute,
                "entered_fen": point.entered_fen,
                "inside_fen": point.inside_fen,
                "returned_fen": point.returned_fen,
                "gone_fen": sum(point.gone_fen.values()),
                "recoverable": point.recoverable,
                **{f"{way_out}_fen": point.gone_fen.get(way_out, 0) for way_out in Exit},
            }
            for point in self.flow.curve
        ]
        return pd.DataFrame(rows).set_index("minute")

    def svg(self, lang: str | None = None, *, width: int = 1100, most_per_layer: int = 8) -> str:
        """Return the picture.

        Parameters
        ----------
        lang : {"zh", "en"}, optional
            Language; its own when left out.
        width : int
            Width in pixels.
        most_per_layer : int
            Accounts drawn by themselves in a layer; the others share one node.

        Returns
        -------
        str
            One ``<svg>`` element, without script, style sheet or link.
        """
        return flow_svg(self.flow, speech=self._speech(lang), width=width, most_per_layer=most_per_layer)

    def write_svg(self, path: str | Path, lang: str | None = None, *, width: int = 1100) -> Path:
        """Write the picture to a file, whole or not at all; an existing file is replaced.

        Parameters
        ----------
        path : str or Path
            The file.
        lang : {"zh", "en"}, optional
            Language; its own when left out.
        width : int
            Width in pixels.

        Returns
        -------
        Path
            The file.
        """
        out = Path(path)
        with whole_file(out) as file:
            file.write_text(self.svg(lang, width=width) + "\n", encoding="utf-8")
        return out

    def _speech(self, lang: str | None) -> Speech:
        return Speech(lang=lang or self.lang, time_zone=self.time_zone, currency=self.currency)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        said = self._speech(None)
        holding = self.flow.next_to_stop[:_SHOWN]
        if not holding:
            return f"<figure>{self.svg()}<figcaption>{escape(said.text('none_to_stop'))}</figcaption></figure>"
        heads = [said.text(name) for name in ("account", "account_layer", "account_first", "account_inside")]
        rows = [_html_row("th", heads), *(_html_row("td", self._cells(account, said)) for account in holding)]
        caption = escape(said.text("to_stop"))
        return f"<figure>{self.svg()}<table><caption>{caption}</caption>{''.join(rows)}</table></figure>"

    def _cells(self, account: FlowAccount, said: Speech) -> list[str]:
        name = f"#{account.number} {masked_token(account.account_id)}"
        first = said.moment(account.first_at, self.flow.start_at)
        return [name, said.layer(account.layer), first, said.money(account.stoppable_fen)]


def _account_row(account: FlowAccount) -> dict[str, Any]:
    return asdict(account) | {"returned_fen": account.returned_fen, "stoppable_fen": account.stoppable_fen}


def _html_row(tag: str, cells: list[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
