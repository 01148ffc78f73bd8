"""The one store: its tables, its migrations, and all SQL there is.

`Store` opens SQLite or PostgreSQL. Reads are plain calls, made in a thread by
the service; the log and the decisions are written by `writer.GroupWriter` only.
"""

from fraudguard.serve.store.database import Store

__all__ = ["Store"]
