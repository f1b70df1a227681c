"""Alembic's environment: the connection comes from `database.migrate`, never from a file."""

from alembic import context

from chatbot.shared.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
