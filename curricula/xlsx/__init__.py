"""A whole programme as a spreadsheet form: exported, filled in, imported (docs/curricula-form.md).

`form` says what the sheets and columns are, `stored` fills them from the pages, `writing` and
`reading` are the file, `planning` says what a filled form would change, `importing` changes it.
"""
