"""The data door: a bank's extract or a public set becomes a dataset folder."""

from fraudguard.ingest.door import import_dataset, preview_import
from fraudguard.ingest.mapping import Mapping, load_mapping

__all__ = ["Mapping", "import_dataset", "load_mapping", "preview_import"]
