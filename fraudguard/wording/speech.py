"""What may be said to a likely victim, as rules that a program can check.

The rules read words, not meaning, and lean to refusing: a text that trips one
can be said another way. They replace no reader.
"""

import re
from re import Pattern
from typing import Final

from fraudguard.wording.bilingual import Bilingual

__all__ = ["LONGEST_SENTENCE", "LONGEST_SENTENCE_WORDS", "fault_of_call_back", "fault_of_speech"]

LONGEST_SENTENCE: Final = 60
"""Characters of one Chinese sentence, punctuation included: about what is said in one breath or two."""

LONGEST_SENTENCE_WORDS: Final = 40
"""Words of one English sentence."""

_MARKUP: Final = re.compile(r"[<>{}`\\]|\*\*|&\w+;")
_FOLDED: Final = re.compile(r"[\u4e00-\u9fff，。！？；：、] +[\u4e00-\u9fff]")
_ZH: Final = re.compile(r"[\u4e00-\u9fff]")

_JUDGING: Final = re.compile(
    r"罪犯|犯罪分子|嫌疑人|嫌犯|有罪|骗子|上当|愚蠢|[真太很好]傻|犯傻|贪心|贪便宜|活该|怪您|怪你"
    r"|\b(?:criminals?|guilty|suspects?|crooks?|culprits?|swindlers?|fraudsters?|scammers?|stupid|foolish|naive|greedy"
    r"|fell for|your (?:own )?fault)\b",
    re.IGNORECASE,
)
_THREATENING: Final = re.compile(
    r"后果自负|否则就|(?:拘留|逮捕|处罚|追究|起诉|冻结)[您你]"
    r"|\b(?:or else|at your own risk|(?:arrest|detain|punish|prosecute|fine) you|you will be (?:arrested|punished|fined))\b",
    re.IGNORECASE,
)
_PAYEE_RECORD: Final = re.compile(
    r"黑名单|灰名单|前科|案底|(?<!牵)涉案|可疑账户|嫌疑账户|被(?:人)?举报"
    r"|(?:收款(?:人|方|账户|户)|[对那这]个?(?:方的?)?账户)[^，。！？；]*(?:记录|档案|案件|投诉|止付)"
    r"|\b(?:black ?list\w*|watch ?list\w*|suspected account|police record|prior record|has been reported|been flagged)\b"
    r"|\b(?:payee|recipient|(?:that|this|their|his|her) account)\b[^.!?;]*\b(?:record|file|history|complaints?|reported|flagged)\b",
    re.IGNORECASE,
)

_ASKED_ZH: Final = re.compile(r"密码|验证码|口令|付款码|卡号|转账|转钱|汇款|汇钱|打款|打钱|转[到给]")
_OTHERS_ZH: Final = re.compile(r"[不别没勿莫停]|对方|他们|有人|别人|谁|任何人|任何机构|先要")
_NO_REFUSAL_ZH: Final = re.compile(
    r"(.)不\1|有没有(?!人)|没关系|不用担心|不要紧|不妨|不好意思|对不起|[特分区级个]别|别[的处]"
)
_ASKED_EN: Final = re.compile(
    r"\b(?:passwords?|passcodes?|pins?|(?:verification |one-time |text |payment )?codes?|card numbers?|transfer\w*|remit\w*|wire"
    r"|send (?:\w+ )?money|send cash)\b",
    re.IGNORECASE,
)
_OTHERS_EN: Final = re.compile(
    r"\b(?:not|never|no|nobody|none|without|stop|cannot|\w+n't|they|them|he|she|anyone|anybody|someone|somebody|whoever|who"
    r"|other (?:side|person|people))\b",
    re.IGNORECASE,
)


def fault_of_speech(text: Bilingual, *, to_officer: bool = False) -> Bilingual | None:
    """Return what a text says that a script may not say.

    Parameters
    ----------
    text : Bilingual
        One line in each language.
    to_officer : bool
        Whether the officer alone reads it: then it may name what must not be said to the person.

    Returns
    -------
    Bilingual or None
        What is wrong, and the mend; None when nothing is.

    Examples
    --------
    >>> fault_of_speech(Bilingual(zh="先别挂。", en="Please tell me the code.")).en
    "en: 'Please tell me the code' asks for a code, a password or money; say whose wish it is, or that it is not to be done"
    """
    faults = (
        _fault_of_form(text),
        _fault_of_length(text),
        _fault_of_words(text, to_officer=to_officer),
        None if to_officer else _fault_of_asking(text),
    )
    return next((fault for fault in faults if fault is not None), None)


def fault_of_call_back(text: Bilingual) -> Bilingual | None:
    """Return what an opening lacks: without a way to check the caller, it is how scams begin too.

    Parameters
    ----------
    text : Bilingual
        The opening.

    Returns
    -------
    Bilingual or None
        What is wrong, and the mend; None when nothing is.

    Examples
    --------
    >>> fault_of_call_back(Bilingual(zh="请回拨96110。", en="Please call 96110 back."))
    """
    if re.search("96110|派出所", text.zh) and re.search("96110|police station", text.en):
        return None
    return Bilingual(
        en="names no way to check the caller; say in both languages to call 96110 or ask at any police station",
        zh="没有说怎样核实来电人；请在两种语言里都写明可拨 96110 或到任一派出所（police station）核实",
    )


def _fault_of_form(text: Bilingual) -> Bilingual | None:
    for lang, written in (("zh", text.zh), ("en", text.en)):
        markup = _MARKUP.search(written)
        if markup is not None:
            return _fault(lang, markup[0], en="is markup; write plain text", zh="是标记符号；请写纯文字")
    folded = _FOLDED.search(text.zh)
    if folded is not None:
        return _fault(
            "zh", folded[0], en="has a space; keep a Chinese text on one line", zh="中间有空格；中文请写成一行"
        )
    if not _ZH.search(text.zh):
        return _fault("zh", text.zh[:20], en="is not Chinese; write it in Chinese", zh="不是中文；请写中文")
    foreign = _ZH.search(text.en)
    if foreign is not None:
        return _fault("en", foreign[0], en="is Chinese; write English", zh="是中文；请写英文")
    return None


def _fault_of_length(text: Bilingual) -> Bilingual | None:
    for sentence in _sentences(text.zh, "。！？；"):
        if len(sentence) > LONGEST_SENTENCE:
            return _fault(
                "zh",
                sentence[:20],
                en=f"begins a sentence of {len(sentence)} characters; {LONGEST_SENTENCE} can be spoken, make two of it",
                zh=f"开头的一句有 {len(sentence)} 字；口语至多 {LONGEST_SENTENCE} 字，请拆成两句",
            )
    for sentence in _sentences(text.en, ".!?;"):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE_WORDS:
            return _fault(
                "en",
                sentence[:40],
                en=f"begins a sentence of {count} words; {LONGEST_SENTENCE_WORDS} can be spoken, make two of it",
                zh=f"开头的一句有 {count} 个词；口语至多 {LONGEST_SENTENCE_WORDS} 个，请拆成两句",
            )
    return None


def _fault_of_words(text: Bilingual, *, to_officer: bool) -> Bilingual | None:
    rules: list[tuple[Pattern[str], str, str]] = [
        (
            _JUDGING,
            "passes judgement on somebody; say what happens, not who is to blame",
            "是在评判人；请说事，不说谁的不是",
        ),
        (_THREATENING, "is a threat; say what will help instead", "是威胁；请改说怎样能帮上忙"),
    ]
    if not to_officer:
        rules.append((_PAYEE_RECORD, "speaks of the payee's record; leave it out", "说到了收款人的记录；请删去"))
    for pattern, en, zh in rules:
        for lang, written in (("zh", text.zh), ("en", text.en)):
            found = pattern.search(written)
            if found is not None:
                return _fault(lang, found[0], en=en, zh=zh)
    return None


def _fault_of_asking(text: Bilingual) -> Bilingual | None:
    """Look clause by clause: what asks for a code or money must name the other side, or a not."""
    asking = [("zh", clause) for clause in _sentences(text.zh, "，：。！？；") if _asks_zh(clause)]
    asking += [("en", clause) for clause in _sentences(text.en, ".:!?;") if _asks_en(clause)]
    for lang, clause in asking:
        return _fault(
            lang,
            clause,
            en="asks for a code, a password or money; say whose wish it is, or that it is not to be done",
            zh="像在索要密码、验证码或钱；请写明是谁提的要求，或写明不要这样做",
        )
    return None


def _asks_zh(clause: str) -> bool:
    return bool(_ASKED_ZH.search(clause)) and not _OTHERS_ZH.search(_NO_REFUSAL_ZH.sub("", clause))


def _asks_en(clause: str) -> bool:
    return bool(_ASKED_EN.search(clause)) and not _OTHERS_EN.search(clause)


def _sentences(text: str, ends: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{re.escape(ends)}]", text) if part.strip()]


def _fault(lang: str, found: str, *, en: str, zh: str) -> Bilingual:
    return Bilingual(en=f"{lang}: {found!r} {en}", zh=f"{lang}：“{found}”{zh}")
