"""One transfer explained: its score, what each side adds, the reasons, and which scam it looks like."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

from fraudguard.decision import Policy, Reason
from fraudguard.errors import NotFoundError
from fraudguard.features.part import Part
from fraudguard.model.parts import ScoreParts
from fraudguard.model.scam_types import RankedScam
from fraudguard.model.scorer import Scorer
from fraudguard.wording import Bilingual, word
from fraudguard.wording.dissuasion import DissuasionScript, script_for
from fraudguard.wording.markup import Table, bar, card

__all__ = ["Explanation", "explain_transfer"]

_PARTS: Final = {
    Part.PAYER: Bilingual("付款方", "Payer"),
    Part.PAYEE: Bilingual("收款方", "Payee"),
    Part.PAIR: Bilingual("两者之间", "Between the two"),
    Part.SESSION: Bilingual("操作环境与通信", "Session and calls"),
    Part.LIQUIDITY: Bilingual("变现与清空", "Liquidation"),
    Part.NETWORK: Bilingual("关联账户与结论", "Network and findings"),
}
_MOST_TYPES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """What is to be said of one transfer's score.

    Parameters
    ----------
    transfer_id : str
        Which transfer.
    amount_fen : int
        Its amount.
    score : float
        Calibrated probability of a likely victim transfer.
    intervention, tier : str or None
        What the policy recommends, and how soon an officer looks.
    parts : ScoreParts
        What payer, payee, pair, session, liquidity and network add, and the two sub-scores.
    reasons : tuple of Reason
        At most six, largest first.
    scam_types : tuple of RankedScam
        Likeliest first; empty where the model cannot tell.
    missing : tuple of str
        Signal sources that were not heard in the last seven days.
    """

    transfer_id: str
    amount_fen: int
    score: float
    intervention: str
    tier: str | None
    parts: ScoreParts
    reasons: tuple[Reason, ...]
    scam_types: tuple[RankedScam, ...]
    missing: tuple[str, ...]

    def __repr__(self) -> str:
        return (
            f"Explanation({self.transfer_id}, score {self.score:.4f}, {self.intervention}, {len(self.reasons)} reasons)"
        )

    def _repr_html_(self) -> str:
        return self.html()

    @property
    def savable_fen(self) -> int:
        """Money that is expected to be saved by stopping it now: probability times amount."""
        return round(self.score * self.amount_fen)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "transfer_id": self.transfer_id,
            "amount_fen": self.amount_fen,
            "score": self.score,
            "savable_fen": self.savable_fen,
            "intervention": self.intervention,
            "tier": self.tier,
            "payer_as_victim": self.parts.payer_as_victim,
            "payee_as_mule": self.parts.payee_as_mule,
            "parts": {str(part): value for part, value in self.parts.parts.items()},
            "reasons": [asdict(reason) for reason in self.reasons],
            "scam_types": [asdict(one) for one in self.scam_types],
            "script": self.script.script_id,
            "missing": list(self.missing),
        }

    @property
    def script(self) -> DissuasionScript:
        """What an officer says first: the script of the likeliest scam type, the general one where none is known."""
        return script_for(self.scam_types[0].scam_type if self.scam_types else None)

    def lines(self, lang: str) -> list[str]:
        """Return the explanation as lines of text, in Chinese or English."""
        zh = lang == "zh"
        head = (
            f"{self.transfer_id}：疑似受骗转账概率 {self.score:.1%}，建议：{word('intervention', self.intervention, lang)}"
            if zh
            else f"{self.transfer_id}: {self.score:.1%} likely victim transfer, recommended: {word('intervention', self.intervention, lang)}"
        )
        sides = (
            f"付款方像受害人 {self.parts.payer_as_victim:.1%}，收款方像过账账户 {self.parts.payee_as_mule:.1%}"
            if zh
            else f"payer as victim {self.parts.payer_as_victim:.1%}, payee as mule {self.parts.payee_as_mule:.1%}"
        )
        reasons = [f"{place}. {_said(reason, lang)}" for place, reason in enumerate(self.reasons, start=1)]
        types = [
            f"{word('scam_type', one.scam_type, lang)} {one.probability:.0%}" for one in self.scam_types[:_MOST_TYPES]
        ]
        told = ("像哪类诈骗：" if zh else "looks like: ") + ("、" if zh else ", ").join(types)
        script = self.script.title.text(lang)
        say = f"劝阻话术：{script}" if zh else f"dissuasion script: {script}"
        return [head, sides, *reasons, *([told] if types else []), say]

    def html(self, lang: str = "zh") -> str:
        """Return the explanation as a card, in Chinese or English."""
        head, sides, *_ = self.lines(lang)
        tables = [self._reason_table(lang), self._part_table(lang), self._type_table(lang)]
        missing = [
            Bilingual(f"近7天没有收到：{one}", f"nothing heard in 7 days from: {one}").text(lang)
            for one in self._unheard(lang)
        ]
        return card(head, subtitle=sides, tables=tables, notes=missing)

    def _unheard(self, lang: str) -> list[str]:
        return [word("signal_source", source, lang) for source in self.missing]

    def _reason_table(self, lang: str) -> Table:
        most = max((reason.contribution for reason in self.reasons), default=1.0)
        rows = [
            (_said(reason, lang), bar(reason.contribution / most), f"{reason.contribution:+.2f}")
            for reason in self.reasons
        ]
        return Table(title=Bilingual("理由", "Reasons").text(lang), columns=("", "", ""), rows=rows)

    def _part_table(self, lang: str) -> Table:
        values: Mapping[Part, float] = self.parts.parts
        most = max(*values.values(), 1e-9)
        rows = [(title.text(lang), bar(values[part] / most), f"{values[part]:+.2f}") for part, title in _PARTS.items()]
        return Table(
            title=Bilingual("各方面（对数几率）", "Parts (log-odds)").text(lang), columns=("", "", ""), rows=rows
        )

    def _type_table(self, lang: str) -> Table:
        rows = [
            (word("scam_type", one.scam_type, lang), bar(one.probability), f"{one.probability:.0%}")
            for one in self.scam_types[:_MOST_TYPES]
        ]
        return Table(
            title=Bilingual("像哪类诈骗", "Which scam it looks like").text(lang), columns=("", "", ""), rows=rows
        )


def explain_transfer(
    scorer: Scorer, matrix: pd.DataFrame, transfers: pd.DataFrame, *, transfer_id: str, policy: Policy
) -> Explanation:
    """Return the explanation of a transfer's score.

    Parameters
    ----------
    scorer : Scorer
        The model, as the service loads it.
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        Features, by ``transfer_id``.
    transfers : DataFrame
        With ``transfer_id`` and ``amount_fen``.
    transfer_id : str
        Which.
    policy : Policy
        What to recommend at a score.

    Returns
    -------
    Explanation
        The score is bit for bit what the service answers.

    Raises
    ------
    NotFoundError
        If there is no such transfer.
    """
    if transfer_id not in matrix.index:
        raise NotFoundError(
            f"there is no transfer {transfer_id!r} in these data; ids are those of the column transfer_id",
            f"数据中没有转账 {transfer_id!r}；编号见 transfer_id 列",
        )
    row = matrix.loc[[transfer_id]].iloc[0]
    vector = row.to_numpy(dtype="float64")
    score = scorer.score(vector).value
    step = policy.step_at(score)
    amount = transfers.loc[transfers["transfer_id"] == transfer_id, "amount_fen"].iloc[0]
    return Explanation(
        transfer_id=transfer_id,
        amount_fen=int(amount),
        score=score,
        intervention=str(step.intervention),
        tier=str(step.tier) if step.tier else None,
        parts=scorer.parts(vector),
        reasons=scorer.reasons(vector),
        scam_types=scorer.rank_scam_types(vector),
        missing=tuple(name.removesuffix("_signals_arrive") for name in row.index if _is_unheard(name, row[name])),
    )


def _is_unheard(name: object, value: float) -> bool:
    return str(name).endswith("_signals_arrive") and value == 0


def _said(reason: Reason, lang: str) -> str:
    return reason.text_zh if lang == "zh" else reason.text_en
