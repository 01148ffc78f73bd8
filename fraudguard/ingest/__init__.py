"""The data door: a bank's extract or a public set becomes a dataset folder."""

from fraudguard.ingest.check import check_dataset
from fraudguard.ingest.door import import_dataset, preview_import
from fraudguard.ingest.mapping import Mapping, load_mapping
from fraudguard.ingest.tokens import tokenise_dataset

__all__ = ["Mapping", "check_dataset", "import_dataset", "load_mapping", "preview_import", "tokenise_dataset"]
