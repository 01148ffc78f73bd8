"""What a command prints, and where."""

import io
import json
import sys

import pytest

from fraudguard.cli.output import Output

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(("lang", "said"), [("zh", "读取完毕\n"), ("en", "all read\n")])
def test_talk_goes_to_stderr_in_the_language(capsys: Capture, lang: str, said: str) -> None:
    """Notes never mix with data, and are in the reader's language."""
    Output(lang=lang).say("读取完毕", "all read")

    assert capsys.readouterr() == ("", said)


def test_a_note_lets_data_out_first(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was printed before a note reaches a pipe or a file at once, while the command goes on."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="utf-8"))
    speaker = Output(lang="en")
    speaker.write("data")

    assert pipe.getvalue() == b""

    speaker.say("完毕", "done")

    assert (pipe.getvalue(), capsys.readouterr().err) == (b"data\n", "done\n")


def test_quiet_silences_notes_but_not_errors(capsys: Capture) -> None:
    """Quiet means no notes; an error is still told."""
    quiet = Output(lang="en", verbosity=-1)
    quiet.say("无", "nothing")
    quiet.fail("坏", "bad")

    assert capsys.readouterr() == ("", "Error: bad\n")


def test_an_error_is_told_in_chinese_first(capsys: Capture) -> None:
    """Chinese is the language unless told otherwise."""
    Output().fail("文件不存在", "no such file")

    assert capsys.readouterr().err == "错误：文件不存在\n"


def test_square_brackets_in_talk_are_text(capsys: Capture) -> None:
    """A path or list with brackets is printed as it is, not read as markup."""
    Output(lang="en").say("", "unknown key ['[red]x']")

    assert capsys.readouterr().err == "unknown key ['[red]x']\n"


def test_json_is_one_line_of_stdout(capsys: Capture) -> None:
    """A program can read one object per line, Chinese unescaped."""
    Output().write_json({"名": 1, "recall": 0.5})
    out = capsys.readouterr().out

    assert (out, json.loads(out)) == ('{"名": 1, "recall": 0.5}\n', {"名": 1, "recall": 0.5})


def test_json_refuses_what_json_has_not() -> None:
    """NaN would not be read by another program, so it is not written."""
    with pytest.raises(ValueError, match="JSON"):
        Output().write_json({"recall": float("nan")})


def test_table_is_tab_separated_when_piped(capsys: Capture) -> None:
    """What `cut` and `awk` expect."""
    Output().table(["name", "value"], [["a", 1], ["b", 2]])

    assert capsys.readouterr().out == "name\tvalue\na\t1\nb\t2\n"


def test_table_is_drawn_on_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sees a table, with its head and cells."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    Output(color=False).table(["name"], [["cell"]])
    drawn = capsys.readouterr().out

    assert [word in drawn for word in ("name", "cell", "\t")] == [True, True, False]


def test_record_is_one_pair_a_line(capsys: Capture) -> None:
    """Names and values, tab between."""
    Output().record({"version": "1", "path": "x"})

    assert capsys.readouterr().out == "version\t1\npath\tx\n"


def test_step_tells_each_tenth_once_in_a_log(capsys: Capture) -> None:
    """A log gets a line per tenth, however often the step reports."""
    with Output(lang="en").step("训练", "Training") as listener:
        for done in range(101):
            listener(done, 100)
    lines = capsys.readouterr().err.splitlines()

    assert [lines[0], lines[1:12], lines[12].startswith("Training done in ")] == [
        "Training …",
        [f"Training {tenth}0%" if tenth else "Training 0%" for tenth in range(11)],
        True,
    ]


def test_step_is_a_bar_on_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sees a bar with the step's title."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Output(lang="en", color=False).step("训练", "Training") as listener:
        listener(1, 2)

    assert "Training" in capsys.readouterr().err


def test_quiet_step_says_nothing(capsys: Capture) -> None:
    """Quiet holds for steps too."""
    with Output(verbosity=-1).step("训练", "Training") as listener:
        listener(1, 2)

    assert capsys.readouterr() == ("", "")
