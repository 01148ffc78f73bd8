"""What an officer says to a likely victim: one script for each kind of scam, as reviewed YAML files.

The frame and the rules are told in `docs/explanation/dissuasion-scripts.md`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.speech import fault_of_call_back, fault_of_speech
from fraudguard.wording.words import words_of
from fraudguard.wording.yaml_file import YamlNode, read_yaml

__all__ = ["CheckQuestion", "DissuasionScript", "dissuasion_scripts", "load_scripts", "script_for"]

FEWEST_QUESTIONS: Final = 3
MOST_QUESTIONS: Final = 5
GENERAL: Final = "other"
"""The scam type whose script is also read when the type is not known."""

_KEYS: Final = (
    "script_id",
    "version",
    "scam_types",
    "title",
    "opening",
    "open_question",
    "questions",
    "fact",
    "together",
    "denial",
    "next_contact",
    "never",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckQuestion:
    """A question that is answered yes, no, or not at all.

    Parameters
    ----------
    question_id : str
        Name under which an answer is recorded; no other question of the script has it.
    text : Bilingual
        The question, as spoken. Asked so that yes is the worrying answer.
    yes_means : Bilingual
        For the officer: what a yes says about what is going on.
    """

    question_id: str
    text: Bilingual
    yes_means: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class DissuasionScript:
    """What to say to a likely victim of some kinds of scam, in the order of saying it.

    Parameters
    ----------
    script_id : str
        Name of the script, and of its file.
    version : str
        Recorded with an attempt; another text has another version.
    scam_types : tuple of str
        Kinds of scam that it serves, such as ``brushing``; ``other`` is also for kinds not known.
    title : Bilingual
        Name for the officer.
    opening : Bilingual
        Who is calling, and how to check that.
    open_question : Bilingual
        Asked before anything is told.
    questions : tuple of CheckQuestion
        Three to five.
    fact : Bilingual
        The one thing to tell.
    together : Bilingual
        The one thing to do together, now.
    denial : Bilingual
        Said when the person denies it all.
    next_contact : Bilingual
        When and how one speaks again.
    never : tuple of Bilingual
        For the officer: what must not be said or done.
    """

    script_id: str
    version: str
    scam_types: tuple[str, ...]
    title: Bilingual
    opening: Bilingual
    open_question: Bilingual
    questions: tuple[CheckQuestion, ...]
    fact: Bilingual
    together: Bilingual
    denial: Bilingual
    next_contact: Bilingual
    never: tuple[Bilingual, ...]


@cache
def dissuasion_scripts() -> dict[str, DissuasionScript]:
    """Return the scripts that ship, read once.

    Returns
    -------
    dict of str to DissuasionScript
        By `script_id`, in the order of the file names.

    Examples
    --------
    >>> dissuasion_scripts()["romance"].scam_types
    ('romance',)
    """
    with as_file(files("fraudguard.wording").joinpath("scripts")) as folder:
        return load_scripts(folder)


def script_for(scam_type: str | None, *, scripts: Mapping[str, DissuasionScript] | None = None) -> DissuasionScript:
    """Return the script for a kind of scam.

    Parameters
    ----------
    scam_type : str or None
        As in `fraudguard.finding.ScamType`; None when it is not known.
    scripts : mapping of str to DissuasionScript, optional
        As `load_scripts` returns them; those that ship when left out.

    Returns
    -------
    DissuasionScript
        The one that serves this kind, or the general one when none does.

    Examples
    --------
    >>> script_for("game_trade").script_id
    'purchase_game'
    >>> script_for(None).script_id
    'general'
    """
    serving = {
        served: script
        for script in (dissuasion_scripts() if scripts is None else scripts).values()
        for served in script.scam_types
    }
    return serving.get(scam_type or GENERAL, serving[GENERAL])


def load_scripts(folder: Path) -> dict[str, DissuasionScript]:
    """Read and check a folder of scripts, as a bank or bureau brings its own.

    Parameters
    ----------
    folder : Path
        With one ``.yaml`` file for each script, named as its `script_id`. One of
        them serves ``other``; it is read for every kind that no file serves.

    Returns
    -------
    dict of str to DissuasionScript
        By `script_id`, in the order of the file names.

    Raises
    ------
    NotFoundError
        If there is no such folder.
    DefinitionError
        If there is no script in it, a file is written wrong or says what a script
        may not say, two serve the same kind of scam, or none serves ``other``.
    """
    if not folder.is_dir():
        raise NotFoundError(
            f"{folder}: no such folder of scripts. Check the path.", f"{folder}：没有这个话术文件夹。请检查路径。"
        )
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"} and path.is_file())
    scripts = {path: _script(read_yaml(path), path.stem) for path in paths}
    _require_one_each(folder, scripts)
    return {script.script_id: script for script in scripts.values()}


def _script(top: YamlNode, stem: str) -> DissuasionScript:
    entries = top.table(_KEYS)
    _require_stem(entries["script_id"], stem)
    return DissuasionScript(
        script_id=stem,
        version=entries["version"].word(),
        scam_types=tuple(_scam_type(entry) for entry in entries["scam_types"].rows()),
        title=_spoken(entries["title"]),
        opening=_opening(entries["opening"]),
        open_question=_spoken(entries["open_question"]),
        questions=_questions(entries["questions"]),
        fact=_spoken(entries["fact"]),
        together=_spoken(entries["together"]),
        denial=_spoken(entries["denial"]),
        next_contact=_spoken(entries["next_contact"]),
        never=tuple(_told_officer(entry) for entry in entries["never"].rows()),
    )


def _spoken(node: YamlNode) -> Bilingual:
    return _checked(node, to_officer=False)


def _told_officer(node: YamlNode) -> Bilingual:
    return _checked(node, to_officer=True)


def _checked(node: YamlNode, *, to_officer: bool) -> Bilingual:
    text = node.text()
    fault = fault_of_speech(text, to_officer=to_officer)
    if fault is not None:
        raise node.error(fault)
    return text


def _opening(node: YamlNode) -> Bilingual:
    text = _spoken(node)
    fault = fault_of_call_back(text)
    if fault is not None:
        raise node.error(fault)
    return text


def _questions(node: YamlNode) -> tuple[CheckQuestion, ...]:
    rows = node.rows()
    if not FEWEST_QUESTIONS <= len(rows) <= MOST_QUESTIONS:
        raise node.error(
            Bilingual(
                en=f"{len(rows)} questions; ask {FEWEST_QUESTIONS} to {MOST_QUESTIONS}",
                zh=f"有 {len(rows)} 个问题；应为 {FEWEST_QUESTIONS} 到 {MOST_QUESTIONS} 个",
            )
        )
    questions: dict[str, CheckQuestion] = {}
    for row in rows:
        question = _question(row)
        if question.question_id in questions:
            raise row.error(
                Bilingual(
                    en=f"question_id {question.question_id} is written twice; give it another name",
                    zh=f"question_id {question.question_id} 写了两次；请换一个名字",
                )
            )
        questions[question.question_id] = question
    return tuple(questions.values())


def _question(row: YamlNode) -> CheckQuestion:
    entries = row.table(("question_id", "text", "yes_means"))
    return CheckQuestion(
        question_id=entries["question_id"].word(),
        text=_spoken(entries["text"]),
        yes_means=_told_officer(entries["yes_means"]),
    )


def _require_stem(node: YamlNode, stem: str) -> None:
    if node.word() != stem:
        raise node.error(
            Bilingual(
                en=f"is {node.value}, but the file is called {stem}; give both the same name",
                zh=f"写的是 {node.value}，而文件名是 {stem}；请取同一个名字",
            )
        )


def _scam_type(node: YamlNode) -> str:
    known = words_of("scam_type")
    if node.word() not in known:
        raise node.error(
            Bilingual(
                en=f"no scam type {node.value}; there are {', '.join(known)}",
                zh=f"没有诈骗类型 {node.value}；可用的有 {', '.join(known)}",
            )
        )
    return node.word()


def _require_one_each(folder: Path, scripts: Mapping[Path, DissuasionScript]) -> None:
    serving: dict[str, Path] = {}
    for path, script in scripts.items():
        for scam_type in script.scam_types:
            if scam_type in serving:
                raise DefinitionError(
                    f"{path}: scam_types: {scam_type} is already served by {serving[scam_type].name}; keep it in one",
                    f"{path}：scam_types：{scam_type} 已由 {serving[scam_type].name} 负责；请只留一处",
                )
            serving[scam_type] = path
    _require_general(folder, serving)


def _require_general(folder: Path, served: Iterable[str]) -> None:
    if GENERAL not in served:
        raise DefinitionError(
            f"{folder}: scam_types: no .yaml file serves {GENERAL}, which is read when the kind of scam is not known; "
            f"add {GENERAL} to one script",
            f"{folder}：scam_types：没有 .yaml 文件负责 {GENERAL}（类型不明时用它）；请在一个话术里加上 {GENERAL}",
        )
