"""Dissuasion scripts: those that ship, and those one brings."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.finding import ScamType
from fraudguard.wording import (
    Bilingual,
    CheckQuestion,
    DissuasionScript,
    dissuasion_scripts,
    load_scripts,
    script_for,
)

SCRIPTS: Final = list(dissuasion_scripts().values())
SHIPPED: Final = {
    "boss_friend": ("2026-11-27.1", "86b75a20baaa"),
    "brushing": ("2026-11-27.1", "0f7c9ab400e5"),
    "cash_courier": ("2026-11-27.1", "894f7b537c0a"),
    "customer_service": ("2026-11-27.1", "69e4061f6a3e"),
    "general": ("2026-11-27.1", "cb3c5ab0f5ce"),
    "investment": ("2026-11-27.1", "f380fb2f6af8"),
    "loan_credit": ("2026-11-27.1", "7a740d171b38"),
    "police_impersonation": ("2026-11-27.1", "79f1910cac37"),
    "purchase_game": ("2026-11-27.1", "d2b1fc53ed8a"),
    "romance": ("2026-11-27.1", "c39e366e6af5"),
}
KEYS: Final = [entry.name for entry in fields(DissuasionScript)]
Change = Callable[[dict[str, Any]], object]


def _named(script: DissuasionScript) -> str:
    return script.script_id


def _texts(value: object) -> Iterator[Bilingual]:
    if isinstance(value, Bilingual):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, DissuasionScript | CheckQuestion):
        for entry in fields(value):
            yield from _texts(getattr(value, entry.name))


def _text(said: str = "请慢慢说。") -> dict[str, str]:
    return {"zh": said, "en": "Take your time."}


def _document(name: str = "own", *scam_types: str) -> dict[str, Any]:
    """Return a script that may be loaded, as its file has it."""
    texts = {key: _text() for key in ("title", "open_question", "fact", "together", "denial", "next_contact")}
    questions = [{"question_id": f"question_{number}", "text": _text(), "yes_means": _text()} for number in range(1, 4)]
    return texts | {
        "script_id": name,
        "version": "2026-11-27.1",
        "scam_types": list(scam_types or ("other",)),
        "opening": {"zh": "请回拨96110。", "en": "Please call 96110 back."},
        "questions": questions,
        "never": [_text()],
    }


def _write(folder: Path, document: dict[str, Any]) -> Path:
    path = folder / f"{document['script_id']}.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def _refused(folder: Path) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        load_scripts(folder)
    return caught.value


@pytest.mark.parametrize("scam_type", ScamType)
def test_each_scam_type_has_one_script(scam_type: ScamType) -> None:
    """Every kind of scam is served by exactly one script, and `script_for` finds it."""
    serving = [script for script in SCRIPTS if scam_type in script.scam_types]

    assert serving == [script_for(scam_type)]


def test_no_script_serves_what_there_is_not() -> None:
    """The scripts serve the members of the enum, each once, and nothing else."""
    served = Counter(scam_type for script in SCRIPTS for scam_type in script.scam_types)

    assert served == Counter(map(str, ScamType))


@pytest.mark.parametrize("scam_type", [None, "other", "unknown", ""])
def test_unknown_kind_gets_the_general_script(scam_type: str | None) -> None:
    """Where the kind is not known, open questions are asked."""
    assert script_for(scam_type).script_id == "general"


@given(scam_type=st.none() | st.text() | st.sampled_from(ScamType))
def test_there_is_always_something_to_say(scam_type: str | None) -> None:
    """Whatever the kind, there is a script, of that kind or the general one."""
    script = script_for(scam_type)

    assert scam_type in script.scam_types or script.script_id == "general"


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_script_is_whole(script: DissuasionScript) -> None:
    """Three to five questions with names of their own, some things never to do, and both languages everywhere."""
    texts = list(_texts(script))

    assert 3 <= len({question.question_id for question in script.questions}) == len(script.questions) <= 5
    assert script.never
    assert all(text.zh.strip() and text.en.strip() for text in texts)
    assert len(texts) == 7 + 2 * len(script.questions) + len(script.never)


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_opening_lets_the_person_check(script: DissuasionScript) -> None:
    """Hang up, dial 96110 or ask at any police station: all three, in both languages."""
    opening = script.opening

    assert [word for word in ("挂断", "96110", "任意一家派出所") if word not in opening.zh] == []
    assert [word for word in ("hang up", "96110", "any police station") if word not in opening.en.lower()] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_next_contact_says_how_to_reach_us(script: DissuasionScript) -> None:
    """The person can call before the time agreed."""
    assert "96110" in script.next_contact.zh
    assert "96110" in script.next_contact.en


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_chinese_sentence_can_be_spoken(script: DissuasionScript) -> None:
    """No sentence is longer than 60 characters."""
    sentences = [sentence for text in _texts(script) for sentence in re.split("[。！？；]", text.zh)]

    assert [sentence for sentence in sentences if len(sentence) > 60] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_question_is_a_question(script: DissuasionScript) -> None:
    """The open question and every check question ask one thing: each ends in its only question mark, in both languages."""
    asked = [script.open_question, *(question.text for question in script.questions)]

    assert [text.zh for text in asked if text.zh.count("？") > 1 or "？" not in text.zh] == []
    assert [text.en for text in asked[1:] if not text.en.endswith("?") or text.en.count("?") > 1] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_officer_is_told_not_to_ask_for_secrets(script: DissuasionScript) -> None:
    """Every script says it to the officer: no passwords or codes, and nothing known of the payee."""
    never = " ".join(text.zh for text in script.never)

    assert [word for word in ("密码", "验证码", "收款账户") if word not in never] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_scripts_call_nobody_names(script: DissuasionScript) -> None:
    """No text, spoken or for the officer, states guilt or blames anybody."""
    said = " ".join(text.zh + text.en.lower() for text in _texts(script))

    assert [word for word in ("罪犯", "骗子", "嫌疑人", "criminal", "guilty", "scammer") if word in said] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_texts_of_a_script_differ(script: DissuasionScript) -> None:
    """Nothing stands twice in a script, in either language."""
    texts = list(_texts(script))

    assert len({text.zh for text in texts}) == len({text.en for text in texts}) == len(texts)


@pytest.mark.parametrize("script", SCRIPTS, ids=_named)
def test_other_text_has_another_version(script: DissuasionScript) -> None:
    """Attempts record the version, so a text may not change under it: raise `version`, then write both here."""
    digest = hashlib.sha256(repr(script).encode()).hexdigest()[:12]

    assert (script.version, digest) == SHIPPED[script.script_id]


def test_own_folder_is_read(tmp_path: Path) -> None:
    """A bank's own scripts are keyed by their names, and kinds they do not serve go to the general one."""
    _write(tmp_path, _document("ours", "romance", "investment"))
    _write(tmp_path, _document("all_else", "other"))
    scripts = load_scripts(tmp_path)

    assert list(scripts) == ["all_else", "ours"]
    assert script_for("romance", scripts=scripts) is scripts["ours"]
    assert script_for("brushing", scripts=scripts) is scripts["all_else"]


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    """Texts come out as they stand in the file."""
    _write(tmp_path, _document())
    script = load_scripts(tmp_path)["own"]

    assert script.opening == Bilingual(zh="请回拨96110。", en="Please call 96110 back.")
    assert [question.question_id for question in script.questions] == ["question_1", "question_2", "question_3"]


def test_files_of_other_kinds_are_left_alone(tmp_path: Path) -> None:
    """A note beside the scripts is not a script; both endings of YAML are."""
    _write(tmp_path, _document()).rename(tmp_path / "own.yml")
    (tmp_path / "README.md").write_text("notes", encoding="utf-8")

    assert list(load_scripts(tmp_path)) == ["own"]


@pytest.mark.parametrize("key", KEYS)
def test_missing_key_is_named(tmp_path: Path, key: str) -> None:
    """A script that lacks a key is refused, and told which."""
    document = _document()
    path = _write(tmp_path, document)
    del document[key]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    error = _refused(tmp_path)

    assert f"own.yaml: the file: lacks {key}; add it" in error.en
    assert f"缺少 {key}；请补上" in error.zh


@pytest.mark.parametrize("value", [None, 7, True, [], {}, ["x"]])
@pytest.mark.parametrize("key", KEYS)
def test_wrong_type_is_named(tmp_path: Path, key: str, value: object) -> None:
    """A value of the wrong type is refused, with file, key and mend in both languages."""
    path = _write(tmp_path, _document())
    path.write_text(yaml.safe_dump(_document() | {key: value}, allow_unicode=True), encoding="utf-8")
    error = _refused(tmp_path)

    assert re.search(rf"own\.yaml: {key}(\[1\])?: .+; .+", error.en)
    assert re.search(rf"own\.yaml：{key}(\[1\])?：.+；.+", error.zh)


def _set(*place: str | int, value: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("headline", value=_text()), "the file: unknown key headline; there are script_id,"),
        (_set("fact", "fr", value="oui"), "fact: unknown key fr; there are zh, en"),
        (_set("fact", value={"zh": "请慢慢说。"}), "fact: lacks en; add it"),
        (_set("fact", "zh", value="  "), "fact.zh: is empty"),
        (_set("fact", "en", value="Take\nyour time."), "fact.en: has a line break"),
        (_set("fact", "en", value="Take your time. "), "fact.en: has a line break, a tab or spaces"),
        (_set("version", value=1.0), "version: is 1.0 (float); write a text, in quotes"),
        (_set("script_id", value="another"), "script_id: is another, but the file is called own"),
        (_set("scam_types", value=["brushng"]), "scam_types[1]: no scam type brushng; there are brushing,"),
        (_set("scam_types", value=["other", "other"]), "scam_types: other is already served by own.yaml"),
        (_set("questions", 2, "question_id", value="question_1"), "questions[3]: question_id question_1 is written"),
        (_set("questions", 1, "text", "zh", value="请说密码。"), "questions[2].text: zh: '请说密码' asks for a code"),
        (_set("questions", value=_document()["questions"][:2]), "questions: 2 questions; ask 3 to 5"),
        (
            _set("questions", value=_document()["questions"] + _document()["questions"]),
            "questions: 6 questions; ask 3 to 5",
        ),
        (_set("opening", value=_text()), "opening: names no way to check the caller"),
        (_set("never", 0, "en", value="Call nobody guilty."), "never[1]: en: 'guilty' passes judgement"),
        (_set("denial", "en", value="<b>Stop</b>"), "denial: en: '<' is markup"),
    ],
)
def test_mistake_is_named(tmp_path: Path, change: Change, said: str) -> None:
    """A mistake is told with its file, its place in it, and the mend, in Chinese too."""
    document = _document()
    path = _write(tmp_path, document)
    change(document)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    error = _refused(tmp_path)

    assert f"{path}: {said}" in error.en
    assert error.zh.startswith(str(path))
    assert "；" in error.zh


def test_kind_served_twice_is_refused(tmp_path: Path) -> None:
    """Which script is read must not depend on the order of files."""
    _write(tmp_path, _document("first", "other", "romance"))
    _write(tmp_path, _document("second", "romance"))

    assert "second.yaml: scam_types: romance is already served by first.yaml" in _refused(tmp_path).en


def test_folder_without_a_general_script_is_refused(tmp_path: Path) -> None:
    """There must be something to say when the kind is not known."""
    _write(tmp_path, _document("own", "romance"))

    assert "no .yaml file serves other" in _refused(tmp_path).en


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    """A folder without scripts is told what it lacks."""
    assert "no .yaml file serves other" in _refused(tmp_path).en


def test_missing_folder_is_not_found(tmp_path: Path) -> None:
    """A wrong path is no empty set of scripts."""
    with pytest.raises(NotFoundError, match="no such folder"):
        load_scripts(tmp_path / "absent")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"title: [", "is not YAML in UTF-8"),
        ("title: 刷单".encode("gbk"), "is not YAML in UTF-8"),
        (b"version: 2026-13-01", "is not YAML in UTF-8"),
        (b"a: 1\n---\nb: 2", "is not YAML in UTF-8"),
        (b"!!python/object/apply:os.getcwd []", "is not YAML in UTF-8"),
        (b"title: one\nversion: x\ntitle: two", "line 3: the key title is written twice"),
        (b"questions:\n- text: {zh: a, en: b, zh: c}", "line 2: the key zh is written twice"),
        (b"fact: &same {zh: a, en: b}\ndenial: *same", "line 2: *same refers to another part"),
        (b"", "the file: is nothing; write a table with the keys script_id,"),
        (b"- one", "the file: is a list; write a table"),
    ],
)
def test_file_that_is_no_script_is_refused(tmp_path: Path, written: bytes, said: str) -> None:
    """Broken YAML, another encoding, a key written twice, a reference, a bare list: each is told."""
    (tmp_path / "own.yaml").write_bytes(written)

    assert said in _refused(tmp_path).en


def test_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """An editor on Windows may put one there."""
    path = _write(tmp_path, _document())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert list(load_scripts(tmp_path)) == ["own"]
