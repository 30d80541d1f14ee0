"""Runs the steps of one line of migrations on the database it was handed."""

from alembic import context

database = context.config.attributes["database"]
with database.engine.connect() as connection:
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
