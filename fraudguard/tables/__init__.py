"""Tables of events: what a dataset folder is, and the only door through which files come in."""

from fraudguard.tables.dataset import Dataset, DatasetMeta
from fraudguard.tables.read import read_dataset, read_transfers
from fraudguard.tables.write import write_dataset

__all__ = ["Dataset", "DatasetMeta", "read_dataset", "read_transfers", "write_dataset"]
