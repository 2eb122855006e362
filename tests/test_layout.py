"""The layout holds: imports point one way, site/ is no package, files stay readable."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    "orthography": ROOT / "orthography",
    "core": ROOT / "site" / "core",
    "media": ROOT / "media",
    "trades": ROOT / "trades",
    "glossary": ROOT / "glossary",
    "centres": ROOT / "centres",
    "lessons": ROOT / "lessons",
    "curricula": ROOT / "curricula",
    "releases": ROOT / "releases",
    "portal": ROOT / "site" / "portal",
}
# What each package may import of the others.
_GROUND = {"orthography", "core", "media", "trades"}
ALLOWED = {
    "orthography": set(),
    "core": {"orthography"},
    "media": {"orthography", "core"},
    "trades": {"orthography", "core", "media"},
    "glossary": _GROUND,
    "centres": _GROUND,
    "lessons": _GROUND | {"glossary", "centres"},
    "curricula": _GROUND | {"glossary", "centres"},
    "releases": _GROUND | {"glossary", "centres", "curricula"},
    "portal": _GROUND | {"glossary", "centres", "lessons", "curricula", "releases"},
}


def imported_packages(path: Path) -> set[str]:
    """The project's packages that a module imports, wherever in the module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found & set(FOLDERS)


@pytest.mark.parametrize("package", FOLDERS)
def test_imports_point_one_way(package: str) -> None:
    for path in FOLDERS[package].rglob("*.py"):
        wrong = imported_packages(path) - ALLOWED[package] - {package}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def test_orthography_imports_no_django() -> None:
    for path in FOLDERS["orthography"].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "django" for name in names), path


def test_site_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
