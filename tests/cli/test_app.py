"""How the command ends when the machine, and not the data, is at fault."""

import errno

import pytest

from fraudguard.cli import app as command


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "文件系统只读"), (errno.EBUSY, "EBUSY-text")]
)
def test_machine_fault_is_an_environment_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, word: str
) -> None:
    """A full disk ends with exit code 6, the place, the reason, and no traceback."""

    def full() -> None:
        raise OSError(number, "EBUSY-text", "out.part")

    monkeypatch.setattr(command, "app", full)

    with pytest.raises(SystemExit) as caught:
        command.main()

    said = capsys.readouterr().err
    assert caught.value.code == 6
    assert word in said
    assert "out.part" in said
    assert "Traceback" not in said
