"""How gathered static files are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files named by their content, those that scripts import from each other as well.

    Without it `import "./store.js"` would name the plain file, which browsers ask for anew.
    """

    support_js_module_import_aggregation = True
