"""Alembic's environment: the connection comes from `journal_engine.migrate`, never from a file."""

from alembic import context

from chatbot.journal.records import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
