"""The interface in three languages: whole, well formed, and seen on the public pages."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client

from glossary.search import index_concepts
from orthography import normalise
from tests.factories import ConceptFactory, TradeFactory, course_page, lesson_page, unit_page

LOCALE = settings.BASE_DIR / "locale"
TRANSLATED = ("lo", "vi")
DOMAINS = ("django", "djangojs")
CATALOGUES = sorted(LOCALE.rglob("*.po"))
#: What a program fills in, and markup: a translation must keep both.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0+]*\d*(?:\.\d+)?[sdifr](?![a-z])|%%|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
#: Two small letters in a row outside placeholders: words, not only codes and units.
WORD = re.compile(r"[a-z]{2,}")
#: Names that are the same in every language.
NAMES = {"Anki", "TBX v3 (ISO 30042:2019, TBX-Basic)"}
# Left out of the copy that is searched: what `make messages` ignores, and what holds no string.
NO_SOURCES = (".*", "var", "tests", "locale", "node_modules", "content", "*.woff2", "__pycache__")


def path_of(language: str, domain: str) -> Path:
    return Path(LOCALE / language / "LC_MESSAGES" / f"{domain}.po")


def entries(path: Path) -> list[polib.POEntry]:
    return (
        [entry for entry in polib.pofile(str(path)) if not entry.obsolete] if path.exists() else []
    )


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """English and translation; of plurals the many, as Lao and Vietnamese have one form."""
    for entry in entries(path):
        for text in texts(entry):
            yield entry.msgid_plural or entry.msgid, text


def keys(path: Path) -> set[tuple[str, str, str]]:
    return {(e.msgctxt or "", e.msgid, e.msgid_plural) for e in entries(path)}


def catalogue_name(path: Path) -> str:
    return str(path.relative_to(LOCALE))


# --- Whole ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The locale folder that `make messages` would make anew.

    It works on a copy: makemessages puts files beside every template while it runs.
    """
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed: `make setup-test` does that")
    root = tmp_path_factory.mktemp("messages") / "source"
    shutil.copytree(settings.BASE_DIR, root, ignore=shutil.ignore_patterns(*NO_SOURCES))
    for language in TRANSLATED:
        (root / "locale" / language / "LC_MESSAGES").mkdir(parents=True)
    environment = {**os.environ, "VAR_DIR": str(root / "var"), "PYTHONPATH": ""}
    for domain in DOMAINS:
        command = [sys.executable, "manage.py", "makemessages", "--no-location", "-d", domain]
        for language in TRANSLATED:
            command += ["-l", language]
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
    return root / "locale"


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_exactly_the_strings_of_the_code(
    gathered: Path, language: str, domain: str
) -> None:
    wanted = keys(gathered / language / "LC_MESSAGES" / f"{domain}.po")
    held = keys(path_of(language, domain))
    assert {"lacking": wanted - held, "no longer used": held - wanted} == {
        "lacking": set(),
        "no longer used": set(),
    }, "run `make messages`, then translate what is new"
    # Were nothing gathered, the comparison would say nothing.
    assert domain != "django" or len(wanted) > 500


@pytest.mark.parametrize("path", CATALOGUES, ids=catalogue_name)
def test_nothing_is_untranslated_or_fuzzy(path: Path) -> None:
    assert [e.msgid for e in entries(path) if not all(t.strip() for t in texts(e))] == []
    assert [e.msgid for e in entries(path) if e.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_copy_of_the_english(language: str) -> None:
    copies = {
        english
        for english, text in pairs(path_of(language, "django"))
        if text == english and WORD.search(PLACEHOLDER.sub("", english))
    }
    assert copies - NAMES == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_framework_is_translated_into_lao_as_far_as_into_vietnamese(domain: str) -> None:
    held = {
        language: keys(LOCALE / "framework" / language / "LC_MESSAGES" / f"{domain}.po")
        for language in TRANSLATED
    }
    # Django and Wagtail carry much Vietnamese themselves, and no Lao.
    assert held["vi"] - held["lo"] == set()


def test_the_strings_of_the_code_are_english() -> None:
    for _context, *forms in keys(path_of("lo", "django")):
        for english in filter(None, forms):
            letters = [c for c in PLACEHOLDER.sub("", english) if c.isalpha()]
            foreign = [c for c in letters if not c.isascii()]
            # Help texts give examples in the other languages.
            assert len(foreign) * 2 <= len(letters), english


# --- Well formed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CATALOGUES, ids=catalogue_name)
def test_placeholders_and_tags_are_kept(path: Path) -> None:
    for english, text in pairs(path):
        for pattern in (PLACEHOLDER, TAG):
            assert Counter(pattern.findall(text)) == Counter(pattern.findall(english)), english


@pytest.mark.parametrize("path", CATALOGUES, ids=catalogue_name)
def test_spaces_around_a_string_are_kept(path: Path) -> None:
    for english, text in pairs(path):
        assert (
            text[: len(text) - len(text.lstrip())]
            == english[: len(english) - len(english.lstrip())]
        )
        assert text[len(text.rstrip()) :] == english[len(english.rstrip()) :], english


@pytest.mark.parametrize("path", CATALOGUES, ids=catalogue_name)
def test_the_spelling_is_normal(path: Path) -> None:
    assert [text for _, text in pairs(path) if normalise(text) != text] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=catalogue_name)
def test_a_catalogue_compiles_and_has_one_plural_form(path: Path, tmp_path: Path) -> None:
    catalogue = polib.pofile(str(path), check_for_duplicates=True)
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert catalogue.metadata["Language"] == path.parts[-3]
    assert "awaiting native review" in catalogue.header
    catalogue.save_as_mofile(str(tmp_path / "compiled.mo"))
    assert len(polib.mofile(str(tmp_path / "compiled.mo"))) == len(entries(path))


# --- Seen -----------------------------------------------------------------------------------------


class Strings(HTMLParser):
    """The texts and attribute values of a page, but for what is marked as English."""

    READ = {"title", "alt", "placeholder", "aria-label", "content"}
    VOID = {"meta", "link", "input", "img", "br", "hr", "source", "wbr"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_english = [False]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        is_english = values["lang"] == "en" if "lang" in values else self.is_english[-1]
        if tag not in self.VOID:
            self.is_english.append(is_english)
        if not is_english:
            # Scripts find their sentences in data attributes, beside keywords of a single word.
            self.found += [
                v.strip()
                for k, v in attributes
                if v and (k in self.READ or (k[:5] == "data-" and " " in v))
            ]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.is_english.pop()

    def handle_data(self, data: str) -> None:
        if not self.is_english[-1]:
            self.found.append(" ".join(data.split()))


def english_left(page: str, language: str) -> set[str]:
    """The English strings of the catalogue that a page in `language` still shows."""
    strings = Strings()
    strings.feed(page)
    whole = set(strings.found)
    everything = "\n".join(strings.found)
    left = set()
    for entry in entries(path_of(language, "django")):
        for english in filter(None, (entry.msgid, entry.msgid_plural)):
            parts = [re.escape(part) for part in PLACEHOLDER.split(english)]
            is_shown = english in whole and english not in texts(entry)
            # A single word may be a name or part of a code; several are a sentence of ours.
            if not is_shown and len(WORD.findall(PLACEHOLDER.sub("", english))) >= 3:
                is_shown = re.search("[^\n]{0,40}?".join(parts), everything) is not None
            if is_shown:
                left.add(english)
    return left


@pytest.fixture
def addresses(home: Any) -> dict[str, str]:
    """Name → address below the language, of every kind of public page."""
    home.introduction_lo, home.introduction_vi = "ຊອກຄຳສັບ", "Tra từ"
    home.save_revision().publish()
    trade: Any = TradeFactory(summary_lo="ຕໍ່ໂລຫະ", summary_vi="Nối kim loại")
    texts = {"definition_lo": "ເຄື່ອງຕໍ່ໂລຫະ", "definition_vi": "Máy nối kim loại"}
    concept: Any = ConceptFactory(
        lo="ເຄື່ອງເຊື່ອມ", vi="máy hàn", en="xyz", trades=[trade], is_safety=True, **texts
    )
    ConceptFactory(lo="ທູບຈອດ", trades=[trade])
    index_concepts([concept.pk])
    names = {"languages": ["lo", "vi", "en"], "name_lo": "ບົດ", "name_vi": "Bài", "name_en": "xyz"}
    course = course_page(home, **names)
    unit = unit_page(course, **names)
    lesson = lesson_page(unit, ("dictation", {"say": {"text": "ດີ"}}), **names)
    made = {
        "concept": concept.get_absolute_url(),
        "trade": trade.get_absolute_url(),
        "course": course.url,
        "unit": unit.url,
        "lesson": lesson.url,
    }
    return {
        **{name: address.split("/", 2)[2] for name, address in made.items()},
        "home": "",
        "glossary": "glossary/",
        "glossary filtered": "glossary/?reviewed=1&language=lo",
        "search": "glossary/?q=may+han",
        "search in vain": "glossary/?q=qqqqqqqq",
        "request": "glossary/request/",
        "trades": "trades/",
        "practice": "practice/",
        "my list": "practice/my-list/",
        "progress": "practice/progress/",
        "words of a trade": f"practice/trade/{trade.slug}/",
        "404": "no-such-page/",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("language", TRANSLATED)
def test_public_pages_show_no_english_string(
    client: Client, addresses: dict[str, str], language: str
) -> None:
    left = {}
    for name, address in addresses.items():
        response = client.get(f"/{language}/{address}")
        assert response.status_code == (404 if name == "404" else 200), name
        if found := english_left(response.content.decode(), language):
            left[name] = found
    assert left == {}


@pytest.mark.django_db
def test_english_strings_are_recognised_on_a_page(
    client: Client, addresses: dict[str, str]
) -> None:
    """The test above could not fail if English pages passed it."""
    for name, address in addresses.items():
        page = client.get(f"/en/{address}").content.decode()
        page = page.replace('<html lang="en">', '<html lang="lo">')
        assert len(english_left(page, "lo")) > 5, name
