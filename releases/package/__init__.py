"""The transfer package: a zipped BagIt bag with canonical JSON, RO-Crate metadata and a signature.

Nothing here knows the database: documents are dicts, files are paths and open files.
"""
