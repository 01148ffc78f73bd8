"""What Alembic runs: migrate over the connection that `migration.upgrade` hands in."""

from alembic import context

from fraudguard.serve.store.tables import metadata

__all__: list[str] = []

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
