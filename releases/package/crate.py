"""RO-Crate 1.1 metadata of a package: who published it, under which licence, made from what."""

from collections.abc import Mapping
from typing import Any

from core.languages import pick

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"

Entity = dict[str, Any]


def crate_metadata(document: dict[str, Any], formats: Mapping[str, int]) -> Entity:
    """ro-crate-metadata.json for a release's document and its `formats` (file name → size)."""
    release, curriculum, centre = document["release"], document["curriculum"], document["centre"]
    language = curriculum["source_language"]
    parts = [_document_entity(), *map(_file_entity, document["files"])]
    parts += [_format_entity(name, size) for name, size in sorted(formats.items())]
    publisher = _organisation(centre["public_id"], centre["texts"].get("name", {}))
    ancestors = _ancestor_entities(release["ancestors"])
    licence = curriculum["values"].get("licence") or ""
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": release["public_id"],
        "name": _text(curriculum["texts"].get("name", {}), language),
        "alternateName": _other_texts(curriculum["texts"].get("name", {}), language),
        "description": _text(release.get("notes", {}), language)
        or _text(curriculum["texts"].get("name", {}), language),
        "version": str(release["version"]),
        "datePublished": release["date"],
        "inLanguage": release["languages"],
        "license": _reference(_licence_address(licence)),
        "copyrightHolder": curriculum["values"].get("rights_holder") or "",
        "author": _reference(publisher["@id"]),
        "publisher": _reference(publisher["@id"]),
        "isBasedOn": [_reference(_ancestor_id(one)) for one in release["ancestors"][:1]],
        "hasPart": [_reference(part["@id"]) for part in parts],
        "mentions": _reference("#publication"),
        "url": release.get("source", {}).get("url", ""),
    }
    publication = {
        "@id": "#publication",
        "@type": "CreateAction",
        "name": f"Release {release['version']}",
        "endTime": release["date"],
        "agent": _reference(publisher["@id"]),
        "instrument": _reference("#software"),
        "object": root["isBasedOn"],
        "result": _reference("./"),
    }
    software = {"@id": "#software", "@type": "SoftwareApplication", "name": "Mittaphap"}
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": _reference(PROFILE),
        "about": _reference("./"),
    }
    entities = [root, publication, software, publisher, *ancestors, *parts]
    licences = _licence_entities(entities)
    graph = [descriptor, *map(_without_blanks, entities), *licences]
    return {"@context": CONTEXT, "@graph": _unique(graph)}


def _document_entity() -> Entity:
    return {
        "@id": "curriculum.json",
        "@type": "File",
        "name": "The curriculum as canonical JSON",
        "encodingFormat": "application/json",
        "conformsTo": _reference("urn:mittaphap:curriculum:1.0"),
    }


def _file_entity(file: dict[str, Any]) -> Entity:
    alternative = file.get("texts", {}).get("alternative", {})
    return {
        "@id": f"files/{file['sha256']}.{file['extension']}",
        "@type": "File",
        "name": file.get("title", ""),
        "description": _text(alternative, "en"),
        "encodingFormat": file["media_type"],
        "contentSize": str(file["size"]),
        "sha256": file["sha256"],
        "copyrightHolder": file.get("rights_holder", ""),
        "license": _reference(_licence_address(file.get("licence", ""))),
    }


def _format_entity(name: str, size: int) -> Entity:
    return {"@id": f"formats/{name}", "@type": "File", "name": name, "contentSize": str(size)}


def _ancestor_entities(ancestors: list[dict[str, Any]]) -> list[Entity]:
    """Each ancestor with what it was itself based on, and the centre that published it."""
    entities = []
    for place, one in enumerate(ancestors):
        publisher = _organisation(f"of-{one['public_id']}", one.get("centre", {}))
        entities.append(publisher)
        entities.append(
            {
                "@id": _ancestor_id(one),
                "@type": "CreativeWork",
                "identifier": one["public_id"],
                "name": _text(one.get("name", {}), "en"),
                "version": str(one["version"]),
                "datePublished": one["date"],
                "url": one.get("source", {}).get("url", ""),
                "license": _reference(_licence_address(one.get("licence", ""))),
                "copyrightHolder": one.get("rights_holder", ""),
                "publisher": _reference(publisher["@id"]),
                "isBasedOn": [
                    _reference(_ancestor_id(next_)) for next_ in ancestors[place + 1 :][:1]
                ],
            }
        )
    return entities


def _ancestor_id(ancestor: dict[str, Any]) -> str:
    return f"#release-{ancestor['public_id']}"


def _organisation(identifier: str, name: dict[str, str]) -> Entity:
    return {
        "@id": f"#centre-{identifier}",
        "@type": "Organization",
        "name": _text(name, "en"),
        "alternateName": _other_texts(name, "en"),
    }


def _licence_address(licence: str) -> str:
    """The SPDX page of a licence named "CC-BY-SA-4.0" or "CC BY-SA 4.0"; "" where none is named."""
    name = "-".join(licence.split())
    return f"https://spdx.org/licenses/{name}" if name else ""


def _licence_entities(entities: list[Entity]) -> list[Entity]:
    addresses = {one["license"]["@id"] for one in entities if one.get("license")}
    return [
        {"@id": address, "@type": "CreativeWork", "name": address.rpartition("/")[2]}
        for address in sorted(addresses)
    ]


def _reference(identifier: str) -> dict[str, str] | None:
    return {"@id": identifier} if identifier else None


def _text(texts: dict[str, str], language: str) -> str:
    return str(pick(texts, language) or "")


def _other_texts(texts: dict[str, str], language: str) -> list[str]:
    shown = _text(texts, language)
    return [text for _, text in sorted(texts.items()) if text and text != shown]


def _without_blanks(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if value not in ("", [], None)}


def _unique(graph: list[Entity]) -> list[Entity]:
    """Two entities never share an @id, as with one file shown twice."""
    return list({entity["@id"]: entity for entity in graph}.values())
