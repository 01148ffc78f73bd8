"""Every exception fraudguard raises on purpose.

The tree::

    FraudguardError
    ├── DefinitionError        a feature, policy, mapping or setting is written wrong
    ├── DataError              an input table or a transfer breaks its contract
    ├── ArtifactError          a model folder is missing, damaged, or made for other features
    ├── NotFoundError          no such transfer, decision, alert, user, key or file
    ├── ConflictError          the action does not fit the present state
    │   └── ReusedIdError      the same id came with another content
    ├── PermissionDeniedError  the caller is known and may not do this
    ├── UnauthenticatedError   the caller is not known
    ├── NotReadyError          the service or its database cannot answer now
    └── GateError              a check that was asked for did not pass

A message says what is wrong, where, and how to mend it, in English and in
Chinese. It never carries a name, the number of an identity card, or a full
account id. HTTP status codes live in `fraudguard.serve.api.problems`, exit
codes in `fraudguard.cli`, not here.
"""

__all__ = [
    "ArtifactError",
    "ConflictError",
    "DataError",
    "DefinitionError",
    "FraudguardError",
    "GateError",
    "NotFoundError",
    "NotReadyError",
    "PermissionDeniedError",
    "ReusedIdError",
    "UnauthenticatedError",
]


class FraudguardError(Exception):
    """Base of all errors in this module.

    Parameters
    ----------
    en : str
        What is wrong, where, and the mend, in English.
    zh : str
        The same in Chinese.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en, zh)
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return self.en

    def text(self, lang: str) -> str:
        """Return the message in `lang`, ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en


class DefinitionError(FraudguardError):
    """A feature, policy, mapping or setting is written wrong."""


class DataError(FraudguardError):
    """An input table or a transfer breaks its contract."""


class ArtifactError(FraudguardError):
    """A model folder is missing, damaged, or made for other features."""


class NotFoundError(FraudguardError):
    """No such transfer, decision, alert, user, key or file."""


class ConflictError(FraudguardError):
    """The action does not fit the present state."""


class ReusedIdError(ConflictError):
    """The same id came with another content."""


class PermissionDeniedError(FraudguardError):
    """The caller is known and may not do this."""


class UnauthenticatedError(FraudguardError):
    """The caller is not known."""


class NotReadyError(FraudguardError):
    """The service or its database cannot answer now."""


class GateError(FraudguardError):
    """A check that was asked for did not pass."""
