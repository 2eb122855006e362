"""The glossary as files: shipped content, import and export.

One plain record (`records.py`) stands in the middle. Readers make records of files, `stored.py`
makes them of the database, writers make files of them; `planning.py` compares the two sides and
`applying.py` writes what the plan says. docs/exchange.md says it to terminologists.
"""
