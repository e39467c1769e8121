"""Makes the one table that no model can describe: the words of incidents, for searching.

One rule: no extension. PostgreSQL keeps them as a tsvector under a GIN index, in the row itself
wherever a page can hold it, so that a walk along the list reads no second table; SQLite as a
full-text table. Both hold the key that puts rows in the lists' order. Called by the migration.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A query's helpers (`parallel_workers`) take milliseconds to start, more than any search needs.

POSTGRESQL = (
    (
        "CREATE TABLE incidents_incidenttext (rowid bigint PRIMARY KEY,"
        " incident_id bigint NOT NULL, words tsvector NOT NULL)"
        " WITH (toast_tuple_target = 8160, parallel_workers = 0)"
    ),
    "ALTER TABLE incidents_incidenttext ALTER words SET STORAGE EXTERNAL",
    "ALTER TABLE incidents_incidenttext ALTER words SET STATISTICS 1000",
    "CREATE INDEX incidents_text_words ON incidents_incidenttext USING gin (words)",
)
SQLITE = (
    (
        "CREATE VIRTUAL TABLE incidents_incidenttext USING fts5(words, incident_id UNINDEXED,"
        " detail = none, columnsize = 0, prefix = '2 3 4 5 6 7',"
        " tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
    ),
)


def make_text_table(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table of words as the engine has it best."""
    vendor = schema_editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_text_table(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the table of words away."""
    schema_editor.execute("DROP TABLE incidents_incidenttext")
