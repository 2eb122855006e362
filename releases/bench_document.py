"""A made-up document as large as the largest real ones: 40 modules of 8 units, about 400 pages."""

import hashlib
import random
import uuid
from pathlib import Path
from typing import Any

from core.identity import public_id_from

MODULES, UNITS = 40, 8
_LAO = (
    "ກ່ອນ ເລີ່ມ ວຽກ ຜູ້ຮຽນ ຕ້ອງ ກວດກາ ເຄື່ອງມື ແລະ ອຸປະກອນ ທຸກ ຄັ້ງ ໃຫ້ ຢູ່ ໃນ ສະພາບ "
    "ດີ ໃສ່ ໜ້າກາກ ຖົງມື ເກີບ ປ້ອງກັນ ສາຍໄຟ ບໍ່ ຄວນ ຊຸ່ມ ນ້ຳ ພື້ນທີ່ ແຫ້ງ ສະອາດ "
    "ວັດແທກ ຕັດ ເຊື່ອມ ປະກອບ ທົດລອງ ບັນທຶກ ຜົນ ແລ້ວ ລາຍງານ ຄູ ຝຶກ ຂະໜາດ ຄວາມຍາວ "
    "ແຮງດັນ ກະແສ "
)
_VIETNAMESE = (
    "trước khi bắt đầu công việc người học phải kiểm tra dụng cụ và thiết bị mỗi lần "
    "đeo mặt nạ găng tay giày bảo hộ dây điện không được ướt chỗ làm khô ráo sạch sẽ "
    "đo cắt hàn lắp ráp thử ghi kết quả rồi báo cáo giáo viên kích thước chiều dài "
    "điện áp dòng điện "
)
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 200"><rect width="480" height="200" '
    'fill="#fff"/><g fill="none" stroke="#222" stroke-width="2">{lines}</g></svg>'
)


class _Maker:
    """Makes the same document on every run."""

    def __init__(self, modules: int, units: int) -> None:
        self._random = random.Random(40)  # noqa: S311  (no secret)
        self.files: dict[str, bytes] = {}
        self._drawings = [self._drawing(number) for number in range(12)]
        self._modules, self._units = modules, units
        self._made = 0

    def _id(self) -> str:
        self._made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(self._made)))

    def _public_id(self) -> str:
        self._made += 1
        return public_id_from(f"bench:{self._made}")

    def _drawing(self, number: int) -> dict[str, Any]:
        lines = "".join(
            f'<path d="M{20 + 20 * n} {180 - (n * number) % 150}h30l10 20"/>' for n in range(20)
        )
        data = _DRAWING.format(lines=lines).encode()
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        return {
            **{"sha256": sha256, "size": len(data), "media_type": "image/svg+xml"},
            **{"kind": "image", "extension": "svg", "title": f"Drawing {number}"},
            "texts": {"alternative": self._text(4)},
            **{"width": 480, "height": 200, "rights_holder": "", "licence": ""},
        }

    def _text(self, words: int) -> dict[str, str]:
        lao = self._random.choices(_LAO.split(), k=words)
        vietnamese = self._random.choices(_VIETNAMESE.split(), k=words + words // 3)
        # Lao has a space after a few words only.
        pieces = ["".join(lao[start : start + 6]) for start in range(0, words, 6)]
        return {"lo": " ".join(pieces), "vi": " ".join(vietnamese).capitalize(), "en": ""}

    def _rich(self, words: int, paragraphs: int = 1) -> dict[str, str]:
        made = [self._text(words) for _number in range(paragraphs)]
        return {
            code: "".join(f"<p>{text[code]}.</p>" for text in made) if made[0][code] else ""
            for code in ("lo", "vi", "en")
        }

    def _items(self, *values: Any) -> list[dict[str, Any]]:
        return [{"type": "item", "id": self._id(), "value": value} for value in values]

    def _blocks(self, kind: str, *values: Any) -> list[dict[str, Any]]:
        return [{"type": kind, "id": self._id(), "value": value} for value in values]

    def _page(self, slug: str, values: dict[str, Any], **streams: Any) -> dict[str, Any]:
        public_id = self._public_id()
        return {
            **{"public_id": public_id, "origin_id": public_id, "slug": slug},
            **{"source_language": "vi", "languages": ["lo", "vi"]},
            **{"ready_languages": ["lo", "vi"], "fingerprints": {}},
            "texts": {"name": self._text(5), "introduction": self._text(12)},
            "values": values,
            "streams": streams,
        }

    def _steps(self, count: int, drawing: dict[str, Any] | None) -> list[dict[str, Any]]:
        return self._items(
            *(
                {
                    "action": self._text(10),
                    "check": self._text(8),
                    "mistake": self._text(8),
                    "drawing": {"file": drawing["sha256"]} if drawing and step == 0 else None,
                }
                for step in range(count)
            )
        )

    def _unit(self, number: int) -> dict[str, Any]:
        drawing = self._drawings[number % len(self._drawings)] if number % 4 == 0 else None
        body = [
            *self._blocks("heading", self._text(4)),
            *self._blocks("paragraphs", self._rich(36, 1)),
            *self._blocks("safety", {"kind": "warning", "text": self._rich(16)}),
            *self._blocks("procedure", {"title": self._text(4), "steps": self._steps(3, drawing)}),
        ]
        if number % 3 == 1:
            cells = [self._items(*(self._text(2) for _cell in range(3))) for _row in range(3)]
            table = {
                "title": self._text(4),
                "columns": self._items(*(self._text(2) for _cell in range(3))),
                "rows": self._items(*cells),
            }
            body += self._blocks("table", table)
        exercise = {
            "title": self._text(4),
            "task": self._rich(20),
            "criteria": self._items(self._text(6), self._text(6)),
            "minutes": 45,
        }
        body += self._blocks("exercise", exercise)
        if number % 4 == 0:
            body += self._blocks("remember", self._items(self._text(8), self._text(8)))
        hours = {"hours_theory": 2, "hours_practice": 5, "hours_test": 1}
        return self._page(
            f"unit-{number}",
            hours,
            objectives=self._blocks("item", self._text(8), self._text(8)),
            body=body,
        )

    def _module(self, number: int) -> dict[str, Any]:
        values = {
            **{"code": f"MĐ{number:02}", "kind": "module", "specific_to": "", "credits": "2"},
            **{"lao_credits": "", "hours_theory": 16, "hours_practice": 40, "hours_test": 8},
            **{"hours_company": 0, "prerequisites": ""},
        }
        module = self._page(
            f"module-{number}",
            values,
            position=self._blocks("paragraphs", self._rich(40)),
            knowledge=self._blocks("item", self._text(8), self._text(8)),
            assessment=self._blocks("paragraphs", self._rich(30)),
        )
        module["units"] = [self._unit(unit + 1) for unit in range(self._units)]
        return module

    def document(self) -> dict[str, Any]:
        values = {
            **{"code": "BENCH", "entry": "none", "weeks": 80, "hours_exam": 40},
            **{"licence": "CC-BY-SA-4.0", "rights_holder": "Mittaphap", "is_draft_content": True},
        }
        name = {"lo": "ຫຼັກສູດໃຫຍ່", "vi": "Chương trình lớn", "en": ""}
        description = self._blocks("paragraphs", self._rich(80, 3))
        curriculum = self._page("large", values, description=description)
        return {
            **{"format": "mittaphap-curriculum", "version": "1.0"},
            "release": {
                **{"public_id": self._public_id(), "version": 1, "date": "2026-11-22", "notes": {}},
                **{"languages": ["lo", "vi"], "source": {"name": "Mittaphap", "url": ""}},
                **{"incomplete": {}, "ancestors": []},
            },
            "curriculum": curriculum,
            "centre": {
                **{
                    "public_id": self._public_id(),
                    "slug": "bench",
                    "country": "LA",
                    "kind": "tvet",
                },
                "texts": {"name": name},
            },
            "trade": None,
            "levels": [],
            "modules": [self._module(number + 1) for number in range(self._modules)],
            "terms": [self._concept(number) for number in range(120)],
            "files": sorted(self._drawings, key=lambda file: str(file["sha256"])),
        }

    def _concept(self, number: int) -> dict[str, Any]:
        text = self._text(2)
        terms = [
            {"language": code, "text": f"{text[code]} {number}", "status": "preferred"}
            for code in ("lo", "vi")
        ]
        return {"public_id": self._public_id(), "definition": self._text(15), "terms": terms}


def bench_document(
    folder: Path, modules: int = MODULES, units: int = UNITS
) -> tuple[dict[str, Any], dict[str, Path]]:
    """The document, and its files by their hashes, written into `folder`."""
    maker = _Maker(modules, units)
    document = maker.document()
    folder.mkdir(parents=True, exist_ok=True)
    for sha256, data in maker.files.items():
        (folder / sha256).write_bytes(data)
    return document, {sha256: folder / sha256 for sha256 in maker.files}
