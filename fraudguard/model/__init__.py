"""The model: labels of rows, training, evaluation, the artifact, and the scorer the service loads.

Import the module you need (``from fraudguard.model import study``); this file
imports none of them, so that loading the scorer loads no workshop.
"""

__all__: list[str] = []
