"""Documents of releases as plain dicts: small ones for tests, large ones for measuring."""

import hashlib
import re
import uuid
from typing import Any

from core.identity import public_id_from

LAO = "ນັກຮຽນຕ້ອງໃສ່ແວ່ນຕາປ້ອງກັນກ່ອນເລີ່ມວຽກເຊື່ອມໄຟຟ້າ ແລະ ກວດສອບສາຍໄຟທຸກຄັ້ງ. "
VIETNAMESE = "Học viên phải đeo kính bảo hộ trước khi bắt đầu hàn điện và kiểm tra dây mỗi lần. "
ENGLISH = "Learners wear safety glasses before they begin to weld and check the cable each time. "
LANGUAGES = ["lo", "vi", "en"]


def block_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def translated(words: str, repeat: int = 0) -> dict[str, str]:
    return {
        "lo": f"{LAO * repeat}{words}",
        "vi": f"{VIETNAMESE * repeat}{words}",
        "en": f"{ENGLISH * repeat}{words}",
    }


def rich(words: str, repeat: int) -> dict[str, str]:
    # The digest, which no two texts share, keeps the document from being absurdly compressible.
    digest = hashlib.sha256(words.encode()).hexdigest()
    return {code: f"<p>{text} {digest}</p>" for code, text in translated(words, repeat).items()}


def page(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "public_id": public_id_from(name),
        "origin_id": None,
        "slug": re.sub(r"[^a-z0-9]+", "-", name.lower()),
        "source_language": "vi",
        "languages": LANGUAGES,
        "ready_languages": LANGUAGES,
        "fingerprints": {},
        "texts": {"name": translated(name)},
        "values": {},
        "streams": {},
    } | changes


def unit(name: str, blocks: int = 2, repeat: int = 1) -> dict[str, Any]:
    body = [
        {
            "type": "paragraphs",
            "id": block_id(f"{name} {number}"),
            "value": rich(f"{name} {number}", repeat),
        }
        for number in range(blocks)
    ]
    steps = [
        {
            "type": "item",
            "id": block_id(f"{name} step {number}"),
            "value": {"action": translated(f"{name} step {number}", 1), "drawing": None},
        }
        for number in range(3)
    ]
    body.append(
        {
            "type": "procedure",
            "id": block_id(f"{name} procedure"),
            "value": {"title": translated("Striking the arc"), "steps": steps},
        }
    )
    objective = {"type": "item", "id": block_id(f"{name} goal"), "value": translated(name)}
    return page(
        name,
        values={"hours_theory": 2, "hours_practice": 6, "hours_test": 0},
        streams={"body": body, "objectives": [objective]},
    )


def module(number: int, units: int, blocks: int = 2, repeat: int = 1) -> dict[str, Any]:
    values = {"code": f"MD{number:02}", "kind": "module", "credits": "3", "hours_theory": 15,
              "hours_practice": 45, "hours_test": 5}  # fmt: skip
    return page(
        f"Module {number}",
        values=values,
        units=[unit(f"Unit {number}.{place}", blocks, repeat) for place in range(1, units + 1)],
    )


def file_entry(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": "image/png",
        "kind": "image",
        "extension": "png",
        "title": "Drawing",
        "texts": {"alternative": translated("A drawing")},
        "rights_holder": "Mittaphap",
        "licence": "CC-BY-SA-4.0",
    } | changes


def document(
    modules: int = 2, units: int = 2, *, blocks: int = 2, repeat: int = 1, version: int = 1,
    contents: tuple[bytes, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """A document whose curriculum shows the files of `contents` in its first description."""
    files = sorted((file_entry(content) for content in contents), key=lambda one: one["sha256"])
    drawings = [
        {
            "type": "drawing",
            "id": block_id(one["sha256"]),
            "value": {"image": {"file": one["sha256"]}, "alternative": translated("A drawing")},
        }
        for one in files
    ]
    terms = [
        {
            "public_id": public_id_from("electrode"),
            "definition": translated("A rod that carries current to the weld."),
            "terms": [{"language": "vi", "text": "que hàn", "status": "preferred",
                       "part_of_speech": "noun"}],
        }
    ]  # fmt: skip
    return {
        "format": "mittaphap-curriculum",
        "version": "1.0",
        "release": {
            "public_id": public_id_from(f"release {version}"),
            "version": version,
            "date": "2026-11-22",
            "notes": translated("First release."),
            "languages": LANGUAGES,
            "source": {"name": "Test site", "url": "https://example.org/"},
            "incomplete": {},
            "ancestors": [],
        },
        "curriculum": page(
            "Basic arc welding",
            values={"code": "6520123", "entry": "none", "licence": "CC-BY-SA-4.0",
                    "rights_holder": "Mittaphap contributors"},
            streams={"description": drawings},
        ),
        "centre": {
            "public_id": public_id_from("centre"),
            "slug": "vientiane",
            "country": "LA",
            "kind": "college",
            "texts": {"name": translated("Vientiane college")},
        },
        "trade": {"slug": "welder", "isco08": "7212", "isced_f": "0715",
                  "texts": {"name": translated("Welder")}},
        "levels": [{"framework": "vqf", "number": 1,
                    "texts": {"framework": translated("VQF"), "name": translated("Level 1")}}],
        "modules": [
            module(number, units, blocks, repeat) for number in range(1, modules + 1)
        ],
        "terms": terms,
        "files": files,
    }  # fmt: skip
