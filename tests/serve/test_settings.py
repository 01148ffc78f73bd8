"""Settings: where a value comes from, and what is refused."""

from pathlib import Path

import pytest

from fraudguard.errors import DefinitionError
from fraudguard.serve.settings import Settings, effective_settings, load_settings
from tests.serve.fakes import SECRET


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start in an empty folder, with an empty home and no variable of ours."""
    import os  # noqa: PLC0415

    for name in [name for name in os.environ if name.startswith("FRAUDGUARD_")]:  # noqa: TID251
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_strongest_source_wins(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag beats a variable, that beats the folder's file, that beats the home's file, that beats the default."""
    home = bare / ".config/fraudguard"
    home.mkdir(parents=True)
    (home / "config.toml").write_text('port = 1\nlang = "en"\nhost = "h"\nsession_idle_s = 61\n', "utf-8")
    (bare / "fraudguard.toml").write_text('port = 2\nlang = "zh"\nhost = "f"\n', "utf-8")
    monkeypatch.setenv("FRAUDGUARD_PORT", "3")
    monkeypatch.setenv("FRAUDGUARD_LANG", "en")

    settings = load_settings(port=4, host=None)
    sources = {one.name: one.source for one in effective_settings(port=4)}

    assert (settings.port, settings.lang, settings.host, settings.session_idle_s) == (4, "en", "f", 61)
    assert (sources["port"], sources["lang"], sources["host"]) == ("flag", "FRAUDGUARD_LANG", "fraudguard.toml")
    assert sources["session_idle_s"].endswith(".config/fraudguard/config.toml")
    assert sources["drain_s"] == "default"


def test_a_secret_may_stand_in_a_file_of_its_own(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FRAUDGUARD_SECRET_FILE names a file; the secret is never shown."""
    (bare / "secret").write_text(SECRET + "\n", "utf-8")
    monkeypatch.setenv("FRAUDGUARD_SECRET_FILE", str(bare / "secret"))
    monkeypatch.setenv("FRAUDGUARD_DATABASE", "postgresql://u:hidden@h/d")

    shown = {one.name: (one.shown, one.source) for one in effective_settings()}

    assert load_settings().signing_key() == SECRET.encode()
    assert shown["secret"] == ("***", "FRAUDGUARD_SECRET_FILE")
    assert shown["database"] == ("postgresql://u:***@h/d", "FRAUDGUARD_DATABASE")


@pytest.mark.parametrize(
    ("variables", "toml", "message"),
    [
        ({"FRAUDGUARD_PROT": "1"}, "", "did you mean FRAUDGUARD_PORT"),
        ({}, "prot = 1", "did you mean port"),
        ({}, "secret = 'x'", "does not belong"),
        ({}, "port = ", "not valid TOML"),
        ({"FRAUDGUARD_PORT": "high"}, "", "FRAUDGUARD_PORT"),
        ({"FRAUDGUARD_SECRET_FILE": "/nowhere"}, "", "cannot be read"),
    ],
)
def test_what_is_wrong_is_refused(
    bare: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], toml: str, message: str
) -> None:
    """An unknown name, a value that does not fit, or a secret in TOML is refused with the mend."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (bare / "fraudguard.toml").write_text(toml, "utf-8")

    with pytest.raises(DefinitionError, match=message):
        load_settings()


@pytest.mark.parametrize("secret", [None, "too short"])
def test_the_secret_has_no_default(secret: str | None) -> None:
    """Without a long enough secret nothing can be signed."""
    with pytest.raises(DefinitionError, match="FRAUDGUARD_SECRET"):
        Settings(secret=secret).signing_key()  # type: ignore[arg-type]
