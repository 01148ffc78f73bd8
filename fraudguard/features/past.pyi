from typing import final

__all__ = ["Pasts"]

@final
class Pasts:
    def __init__(self, longest_ms: int) -> None: ...
    def reserve(self, n_entities: int) -> None: ...
