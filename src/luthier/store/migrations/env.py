"""What Alembic runs: the migrations, over the connection and in the transaction that it is given."""

from alembic import context

from luthier.store.usage_table import usage_samples

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=usage_samples.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
)
context.run_migrations()
