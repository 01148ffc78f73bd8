"""YAML files as nodes that know where they stand, so that an error names file and key."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from fraudguard.errors import DefinitionError
from fraudguard.wording.bilingual import Bilingual

__all__ = ["YamlNode", "read_yaml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlNode:
    """A value of a YAML file, and its place.

    Parameters
    ----------
    source : str
        The file, as an error names it.
    place : str
        Keys and positions from the top, such as ``questions[2].text``; empty at the top.
    value : object
        What `yaml.safe_load` made of it.
    """

    source: str
    place: str
    value: Any

    def error(self, said: Bilingual) -> DefinitionError:
        """Return an error about this value; `said` is what is wrong, and the mend."""
        beside = self.place or "the file"
        return DefinitionError(
            f"{self.source}: {beside}: {said.en}", f"{self.source}：{self.place or '全文'}：{said.zh}"
        )

    def table(self, keys: tuple[str, ...]) -> dict[str, Self]:
        """Return the values of a table that has exactly these keys."""
        if not isinstance(self.value, dict):
            raise self.error(
                Bilingual(
                    en=f"is {_kind(self.value).en}; write a table with the keys {', '.join(keys)}",
                    zh=f"此处为{_kind(self.value).zh}；应写成含 {', '.join(keys)} 各键的一节",
                )
            )
        self._refuse_keys(keys)
        return {key: self._at(f".{key}" if self.place else key, self.value[key]) for key in keys}

    def rows(self) -> list[Self]:
        """Return the values of a list, which may not be empty; places count from 1."""
        if not isinstance(self.value, list) or not self.value:
            found = Bilingual(en="an empty list", zh="空列表") if self.value == [] else _kind(self.value)
            raise self.error(
                Bilingual(
                    en=f"is {found.en}; write a list, each line after a dash",
                    zh=f"此处为{found.zh}；应写成列表，每项前加短横",
                )
            )
        return [self._at(f"[{number}]", value) for number, value in enumerate(self.value, start=1)]

    def word(self) -> str:
        """Return a text of one line, not empty."""
        if not isinstance(self.value, str):
            raise self.error(
                Bilingual(
                    en=f"is {_kind(self.value).en}; write a text, in quotes where it looks like a number, a date or yes",
                    zh=f"此处为{_kind(self.value).zh}；应写成文字，看起来像数字、日期或 yes 的请加引号",
                )
            )
        if not self.value.strip():
            raise self.error(Bilingual(en="is empty; write a text", zh="是空的；请写上文字"))
        if self.value != self.value.strip() or not self.value.isprintable():
            raise self.error(
                Bilingual(
                    en="has a line break, a tab or spaces at an end; write it on one line, or after >- ",
                    zh="含换行、制表符或首尾空格；请写成一行（中文不要用 > 折行）",
                )
            )
        return self.value

    def text(self) -> Bilingual:
        """Return a text in the two languages."""
        both = self.table(("zh", "en"))
        return Bilingual(zh=both["zh"].word(), en=both["en"].word())

    def _at(self, place: str, value: object) -> Self:
        return type(self)(source=self.source, place=self.place + place, value=value)

    def _refuse_keys(self, keys: tuple[str, ...]) -> None:
        unknown = sorted(str(key) for key in self.value if key not in keys)
        missing = [key for key in keys if key not in self.value]
        if unknown:
            raise self.error(
                Bilingual(
                    en=f"unknown key {', '.join(unknown)}; there are {', '.join(keys)}",
                    zh=f"未知的键 {', '.join(unknown)}；可用的有 {', '.join(keys)}",
                )
            )
        if missing:
            raise self.error(
                Bilingual(en=f"lacks {', '.join(missing)}; add it", zh=f"缺少 {', '.join(missing)}；请补上")
            )


def read_yaml(path: Path) -> YamlNode:
    """Return what a YAML file holds.

    Parameters
    ----------
    path : Path
        In UTF-8.

    Returns
    -------
    YamlNode
        The top of the file.

    Raises
    ------
    DefinitionError
        If it is not YAML in UTF-8, writes a key twice, or refers to another part of itself.
    """
    try:
        written = path.read_text("utf-8-sig")
        _refuse_references(path, yaml.parse(written, yaml.SafeLoader))
        _refuse_repeated(path, yaml.compose(written, yaml.SafeLoader))
        return YamlNode(source=str(path), place="", value=yaml.safe_load(written))
    except (yaml.YAMLError, ValueError) as error:  # UnicodeDecodeError, and a date such as 2026-13-01, are ValueErrors
        said = " ".join(str(error).split())
        raise DefinitionError(
            f"{path} is not YAML in UTF-8: {said}. Correct the file.",
            f"{path} 不是 UTF-8 编码的 YAML：{said}。请改正该文件。",
        ) from error


def _refuse_references(path: Path, events: Iterable[yaml.Event]) -> None:
    alias = next((event for event in events if isinstance(event, yaml.AliasEvent)), None)
    if alias is not None:
        line = alias.start_mark.line + 1
        raise DefinitionError(
            f"{path}: line {line}: *{alias.anchor} refers to another part of the file; write the text out",
            f"{path}：第 {line} 行：*{alias.anchor} 引用了文件的另一处；请把文字写全",
        )


def _refuse_repeated(path: Path, top: yaml.Node | None) -> None:
    """Refuse a key that is written twice: YAML would silently keep the second.

    Raises
    ------
    DefinitionError
        If there is one.
    """
    for table in _tables(top):
        counts = Counter(str(key.value) for key, _ in table.value)
        name, count = max(counts.items(), key=lambda entry: entry[1], default=("", 0))
        if count > 1:
            line = [key.start_mark.line + 1 for key, _ in table.value if str(key.value) == name][1]
            raise DefinitionError(
                f"{path}: line {line}: the key {name} is written twice; keep one",
                f"{path}：第 {line} 行：键 {name} 写了两次；请只留一个",
            )


def _tables(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _tables(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _tables(value)


def _kind(value: object) -> Bilingual:
    if value is None:
        return Bilingual(en="nothing", zh="空")
    if isinstance(value, dict):
        return Bilingual(en="a table", zh="一节")
    if isinstance(value, list):
        return Bilingual(en="a list", zh="列表")
    if isinstance(value, str):
        return Bilingual(en="a text", zh="文字")
    return Bilingual(en=f"{value} ({type(value).__name__})", zh=f"{value}（{type(value).__name__}）")
