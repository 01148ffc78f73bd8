"""Row expressions: a transfer's own fields, and named arithmetic over fields and readings."""

from dataclasses import dataclass
from datetime import datetime

from fraudguard.column import columns_of
from fraudguard.errors import DefinitionError
from fraudguard.features.term import Term, constant
from fraudguard.features.view import Reading
from fraudguard.transfer import Transfer
from fraudguard.wording import Bilingual

__all__ = ["Expression", "Field", "feature", "field"]


@dataclass(frozen=True, slots=True)
class Field(Term):
    """A field of the transfer itself, as a number.

    Booleans are 0 or 1, moments are ms since 1970 UTC, a word of a closed list
    is its place in that list, from 0. Absent is missing (NaN).
    """

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A named row expression of the catalog.

    Parameters
    ----------
    name : str
        snake_case, unique in the catalog.
    value : Term
        What to compute.
    unit : str
        ``fen``, ``s``, ``count``, ``ratio``, ``share``, ``flag``, ``hour`` or empty.
    title : Bilingual
        What the number says.
    why : Bilingual
        The behaviour it is meant to catch.
    normal : Reading or None
        Where the payer's own normal for this number stands.
    monotone : {-1, 0, 1}
        1 where suspicion may only rise with the number, -1 only fall, 0 where the data are to say.

    Raises
    ------
    DefinitionError
        If the name is not snake_case, or monotone is another number.
    """

    name: str
    value: Term
    unit: str
    title: Bilingual
    why: Bilingual
    normal: Reading | None = None
    monotone: int = 0

    def __post_init__(self) -> None:
        if self.monotone not in {-1, 0, 1}:
            raise DefinitionError(
                f"expression {self.name!r}: monotone is {self.monotone!r}; give 1, -1 or 0",
                f"表达式 {self.name!r}：monotone 为 {self.monotone!r}；请给 1、-1 或 0",
            )
        if not self.name.isidentifier() or self.name != self.name.lower():
            raise DefinitionError(
                f"expression {self.name!r}: a name is snake_case", f"表达式 {self.name!r}：名称须为小写下划线形式"
            )


def field(name: str) -> Field:
    """Return a field of the transfer, as a term.

    Parameters
    ----------
    name : str
        A numeric, boolean, time or closed-list column of `Transfer`.

    Returns
    -------
    Field
        To be used in an `Expression`.

    Raises
    ------
    DefinitionError
        If there is no such field or it is free text.

    Examples
    --------
    >>> field("amount_fen").log10().operator
    <Operator.LOG10: 'log10'>
    """
    if name not in _numeric_fields():
        raise DefinitionError(
            f"no numeric field {name!r}; there are {_numeric_fields()}",
            f"没有可计算的字段 {name!r}；可用的有 {_numeric_fields()}",
        )
    return Field(name)


def _numeric_fields() -> list[str]:
    return [c.name for c in columns_of(Transfer) if c.is_enum or issubclass(c.type, int | float | datetime)]


def feature(
    name: str,
    value: Term | float,
    *,
    why: Bilingual | str,
    title: Bilingual | str = "",
    unit: str = "",
    monotone: int = 0,
) -> Expression:
    """Return a named row expression, said briefly.

    Parameters
    ----------
    name : str
        snake_case, unique in the catalog.
    value : Term or float
        What to compute.
    why : Bilingual or str
        The behaviour it is meant to catch; a text stands for both languages.
    title : Bilingual or str
        What the number says; the name when it is left out.
    unit : str
        As in `Expression`.
    monotone : {-1, 0, 1}
        As in `Expression`.

    Returns
    -------
    Expression
        To be put in a catalog.

    Raises
    ------
    DefinitionError
        If the name is not snake_case, the value is no term, or monotone is another number.

    Examples
    --------
    >>> is_large = feature("is_large", field("amount_fen") > 5_000_000, unit="flag", why="The loss is the amount.")
    >>> is_large.title.en
    'is_large'
    """
    return Expression(
        name=name,
        value=value if isinstance(value, Term) else constant(value),
        unit=unit,
        title=_both(title or name),
        why=_both(why),
        monotone=monotone,
    )


def _both(text: Bilingual | str) -> Bilingual:
    return Bilingual(text, text) if isinstance(text, str) else text
