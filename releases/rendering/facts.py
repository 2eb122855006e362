"""The short facts of a document as rows (label, value) of its tables."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from core.languages import CODES, LANGUAGES, pick

from .hours import Hours
from .labels import COUNTRY, ENTRY, MODULE_KIND, VERDICT, licence_address, licence_name
from .rich_text import printable
from .tags import day, inline, number

if TYPE_CHECKING:
    from .html import Document, Section

Fact = tuple[str, Any]


def _filled(rows: Iterable[Fact]) -> list[Fact]:
    return [(capfirst(label), value) for label, value in rows if value]


def credits(modules: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """The credits of all modules; None where none has any."""
    found = [module["values"].get("credits") for module in modules]
    numbers = [Decimal(str(value)) for value in found if value not in (None, "")]
    return sum(numbers, Decimal(0)) if numbers else None


def _join(parts: Iterable[Any], separator: str) -> SafeString:
    return format_html_join(separator, "{}", ((part,) for part in parts if part))


def _name(section: "Section", thing: Mapping[str, Any] | None) -> SafeString:
    """The name of a centre or trade, which has no states of its own."""
    texts = (thing or {}).get("texts", {})
    return inline(pick(texts.get("name") or {}, section.edition.language))


def _levels(section: "Section") -> SafeString:
    language = section.edition.language
    return _join(
        (
            format_html(
                "{} {}{}",
                inline(pick(level["texts"].get("framework") or {}, language))
                or level["framework"].upper(),
                level["number"],
                format_html(" ({})", name)
                if (name := inline(pick(level["texts"].get("name") or {}, language)))
                else "",
            )
            for level in section.edition.document["levels"]
        ),
        "; ",
    )


def _languages(codes: Iterable[str]) -> SafeString:
    chosen = [code for code in CODES if code in set(codes)]
    return format_html_join(
        ", ", '<span lang="{}">{}</span>', ((c, LANGUAGES[c].own_name) for c in chosen)
    )


def _licence(licence: str) -> SafeString | str:
    name, address = licence_name(licence), licence_address(licence)
    return format_html('<a href="{}">{}</a>', address, name) if address else name


def under_title(section: "Section") -> list[Any]:
    """Trade and level, country of the centre."""
    document = section.edition.document
    country = gettext(COUNTRY.get(document["centre"].get("country") or "", ""))
    return [
        line
        for line in (country, _join([_name(section, document["trade"]), _levels(section)], " · "))
        if line
    ]


def _identity(section: "Section") -> list[Fact]:
    """What a reader must know of any copy."""
    document, release = section.edition.document, section.edition.release
    values = document["curriculum"]["values"]
    return [
        (gettext("Version"), release["version"]),
        (gettext("Date"), day(release["date"])),
        (gettext("Licence"), _licence(values.get("licence") or "")),
        (gettext("Rights holder"), printable(values.get("rights_holder") or "")),
    ]


def of_cover(section: "Section") -> list[Fact]:
    """Version, date, rights and languages."""
    edition = section.edition
    return _filled(
        [
            *_identity(section),
            (gettext("Language of this file"), _languages([edition.language])),
            (gettext("Languages of this release"), _languages(edition.release["languages"])),
        ]
    )


def incomplete(section: "Section") -> list[str]:
    """What is missing or out of date in the edition's language, in plain words."""
    edition = section.edition
    counts = (edition.release.get("incomplete") or {}).get(edition.language) or {}
    language = LANGUAGES[edition.language].own_name
    lines = []
    if missing := counts.get("missing"):
        lines.append(
            ngettext(
                "%(count)d text is not translated into %(language)s yet; "
                "it stands in another language.",
                "%(count)d texts are not translated into %(language)s yet; "
                "they stand in another language.",
                missing,
            )
            % {"count": missing, "language": language}
        )
    if stale := counts.get("stale"):
        lines.append(
            ngettext(
                "%(count)d translation into %(language)s is older than its source.",
                "%(count)d translations into %(language)s are older than their sources.",
                stale,
            )
            % {"count": stale, "language": language}
        )
    return lines


def of_programme(section: "Section") -> list[Fact]:
    """What the programme is, for whom and how long."""
    document = section.edition.document
    values = document["curriculum"]["values"]
    hours = Hours.sum(document["modules"])
    weeks, exam = values.get("weeks"), values.get("hours_exam")
    appraisal = [
        gettext(VERDICT.get(values.get("verdict") or "", "")),
        day(values.get("appraised_on")),
    ]
    decision = [printable(values.get("decision_number") or ""), day(values.get("decision_on"))]
    return _filled(
        [
            (gettext("code"), printable(values.get("code") or "")),
            (gettext("trade"), _name(section, document["trade"])),
            (gettext("levels of frameworks"), _levels(section)),
            (gettext("centre"), _name(section, document["centre"])),
            (gettext("entrants"), capfirst(gettext(ENTRY.get(values.get("entry") or "", "")))),
            (
                gettext("duration"),
                weeks and ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks},
            ),
            (gettext("number of modules and subjects"), len(document["modules"])),
            (gettext("credits"), number(credits(document["modules"]))),
            (gettext("hours"), hours.sentence()),
            (gettext("hours of revision and final exams"), exam),
            (gettext("of these hours, in a company"), hours.company),
            (gettext("verdict of the appraisal council"), _join(appraisal, ", ")),
            (gettext("decision"), _join(decision, ", ")),
        ]
    )


def of_module(section: "Section", page: Mapping[str, Any]) -> list[Fact]:
    """Kind, credits and hours of a module."""
    values = page["values"]
    hours = Hours.of(page)
    country = COUNTRY.get(values.get("specific_to") or "", "")
    return _filled(
        [
            (gettext("kind"), capfirst(gettext(MODULE_KIND.get(values.get("kind") or "", "")))),
            (gettext("hours"), hours.sentence()),
            (gettext("of these hours, in a company"), hours.company),
            (gettext("credits"), number(values.get("credits"))),
            (gettext("Lao credit notation"), printable(values.get("lao_credits") or "")),
            (gettext("modules that come before"), printable(values.get("prerequisites") or "")),
            (gettext("specific to a country"), country and gettext(country)),
        ]
    )


def of_release(section: "Section") -> list[Fact]:
    """Where the release comes from and what may be done with it."""
    document, release = section.edition.document, section.edition.release
    source = release.get("source") or {}
    return _filled(
        [
            *_identity(section),
            (gettext("centre"), _name(section, document["centre"])),
            (gettext("Languages of this release"), _languages(release["languages"])),
            (gettext("Published by"), _join([source.get("name"), source.get("url")], ", ")),
            (gettext("Identifier"), release["public_id"]),
        ]
    )


def ancestors(section: "Section") -> list[SafeString]:
    """The releases that this one was adapted from, nearest first, a line each."""
    language = section.edition.language
    lines = []
    for ancestor in section.edition.release.get("ancestors") or ():
        version = ancestor.get("version")
        parts = [
            _said(ancestor.get("name") or ancestor.get("title"), language),
            version and gettext("version %(number)s") % {"number": version},
            day(ancestor.get("date")),
            _said(ancestor.get("centre"), language),
            printable(ancestor.get("rights_holder") or ""),
            licence_name(ancestor.get("licence") or ""),
            printable(ancestor.get("url") or ""),
        ]
        lines.append(_join(parts, ", "))
    return lines


def _said(value: Any, language: str) -> SafeString | str:
    """A name that is plain text or a text for each language."""
    if isinstance(value, Mapping):
        texts = value.get("texts", {}).get("name", value)
        return inline(pick({code: texts.get(code) or "" for code in CODES}, language))
    return printable(str(value or ""))


def file_credits(document: "Document") -> list[str]:
    """Who owns the pictures and files that are not the rights holder's, a line an owner."""
    values = document["curriculum"]["values"]
    own = (values.get("rights_holder") or "", licence_name(values.get("licence") or ""))
    titles: dict[tuple[str, str], list[str]] = {}
    for file in document["files"]:
        owner = (file.get("rights_holder") or "", licence_name(file.get("licence") or ""))
        if any(owner) and owner != own:
            titles.setdefault(owner, []).append(printable(file["title"]))
    return [
        ": ".join(filter(None, (", ".join(filter(None, owner)), "; ".join(sorted(names)))))
        for owner, names in sorted(titles.items())
    ]
