"""RO-Crate metadata, read by the rocrate library."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate

from core.identity import public_id_from
from releases.package.crate import crate_metadata
from tests.releases.packages import CONTENTS, make_package
from tests.releases.sample_documents import document, translated


def ancestor(name: str, version: int) -> dict[str, Any]:
    return {
        "public_id": public_id_from(name),
        "version": version,
        "date": "2026-05-01",
        "name": translated(name),
        "centre": translated(f"Centre of {name}"),
        "source": {"name": "Their site", "url": f"https://{name}.example.org/"},
        "licence": "CC BY-SA 4.0",
        "rights_holder": f"Makers of {name}",
    }


@pytest.mark.formats
def test_the_rocrate_library_reads_licence_version_origin_and_files(tmp_path: Path) -> None:
    content = document(contents=CONTENTS[:1])
    content["release"]["ancestors"] = [ancestor("hanoi", 3), ancestor("hue", 1)]
    [file] = content["files"]
    package, _ = make_package(tmp_path, content)
    subprocess.run(["unzip", "-q", package, "-d", tmp_path / "out"], check=True)

    crate = ROCrate(tmp_path / "out/basic-arc-welding-1/data", version="1.1")
    root = crate.root_dataset
    assert root["version"] == "1"
    assert root["license"].id == "https://spdx.org/licenses/CC-BY-SA-4.0"
    assert root["copyrightHolder"] == "Mittaphap contributors"
    assert root["publisher"]["name"] == root["author"]["name"] == "Vientiane college"
    action = root["mentions"]
    assert action.type == "CreateAction"
    assert action["result"].id == root.id
    [parent] = root["isBasedOn"]
    assert (parent["name"], parent["version"]) == ("hanoi", "3")
    assert parent["publisher"]["name"] == "Centre of hanoi"
    assert parent["license"].id == "https://spdx.org/licenses/CC-BY-SA-4.0"
    [first] = parent["isBasedOn"]
    assert (first["name"], first.get("isBasedOn")) == ("hue", None)

    parts = {part.id for part in root["hasPart"]}
    assert parts == {"curriculum.json", f"files/{file['sha256']}.png"}
    drawing = crate.dereference(f"files/{file['sha256']}.png")
    assert drawing["sha256"] == file["sha256"]
    assert drawing["encodingFormat"] == "image/png"


def test_every_reference_leads_to_one_entity() -> None:
    content = document(contents=(b"one", b"two"))
    content["release"]["ancestors"] = [ancestor("hanoi", 3), ancestor("hue", 1)]
    graph = crate_metadata(content, {"lo.pdf": 10})["@graph"]
    identifiers = [entity["@id"] for entity in graph]
    assert len(set(identifiers)) == len(identifiers)
    assert "formats/lo.pdf" in identifiers

    def targets(value: Any) -> set[str]:
        if isinstance(value, dict) and set(value) == {"@id"}:
            return {value["@id"]}
        children = value.values() if isinstance(value, dict) else value
        return set().union(*map(targets, children)) if isinstance(value, dict | list) else set()

    outside = {"https://w3id.org/ro/crate/1.1", "urn:mittaphap:curriculum:1.0"}
    assert targets(graph) <= set(identifiers) | outside


def test_what_is_not_known_is_left_out() -> None:
    content = document()
    content["curriculum"]["values"] = {}
    content["release"].pop("source")
    entities = {one["@id"]: one for one in crate_metadata(content, {})["@graph"]}
    assert {"license", "url", "isBasedOn", "copyrightHolder"}.isdisjoint(entities["./"])
