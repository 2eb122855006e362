"""Renders the document of a release: PDF, EPUB, DOCX and a site, from one semantic HTML.

Needs neither the database nor the models: a document, and its files by their hashes.
"""

from .rendering import FORMATS, render_all

__all__ = ["FORMATS", "render_all"]
