"""A small document of a release with every kind of block, and its files."""

import hashlib
import io
import uuid
from pathlib import Path
from typing import Any

from PIL import Image

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 200"><title>Arc</title>'
    b'<rect width="480" height="200" fill="#fff"/>'
    b'<g fill="none" stroke="#222" stroke-width="2"><rect x="40" y="150" width="400" height="24" '
    b'fill="#d6d9dd"/><path d="M240 20v110M240 134l-8 14M240 134l8 14" stroke="#c2410c"/></g>'
    b'<g font-family="sans-serif" font-size="16" fill="#222"><text x="60" y="60">3 mm</text></g>'
    b"</svg>"
)


def _png() -> bytes:
    picture = Image.new("RGB", (320, 200), "#f4f0e6")
    picture.paste("#2b3a8c", (20, 20, 300, 60))
    picture.paste("#a3224f", (20, 140, 300, 180))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


PNG = _png()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _id(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(str(part) for part in parts)))


def texts(vi: str = "", lo: str = "", en: str = "") -> dict[str, str]:
    return {"lo": lo, "vi": vi, "en": en}


def listed(*values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "id": _id(n, value), "value": value} for n, value in enumerate(values)]


def stream(kind: str, *values: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "id": _id(kind, n, v), "value": v} for n, v in enumerate(values)]


def page(slug: str, name: dict[str, str], **parts: Any) -> dict[str, Any]:
    """A page as the document has it."""
    return {
        "public_id": _id("page", slug),
        "origin_id": _id("page", slug),
        "slug": slug,
        "source_language": "vi",
        "languages": ["lo", "vi", "en"],
        "ready_languages": ["lo", "vi"],
        "fingerprints": {},
        "texts": {"name": name, "introduction": texts(), **parts.pop("texts", {})},
        "values": parts.pop("values", {}),
        "streams": parts,
    }


def file(data: bytes, extension: str, media_type: str, kind: str, title: str, **more: Any) -> Any:
    sizes = {"width": 480, "height": 200} if extension == "svg" else {"width": 320, "height": 200}
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "media_type": media_type,
        "kind": kind,
        "extension": extension,
        "title": title,
        "texts": {"alternative": texts("Hồ quang và que hàn", "ທູບເຊື່ອມ ແລະ ປະກາຍໄຟ")},
        **(sizes if kind == "image" else {"width": None, "height": None}),
        "rights_holder": "",
        "licence": "",
        **more,
    }


DRAWING = file(SVG, "svg", "image/svg+xml", "image", "Hồ quang", rights_holder="Họa sĩ A")
PHOTO = file(PNG, "png", "image/png", "image", "Ảnh", licence="CC BY 4.0")
SHEET = file(PDF, "pdf", "application/pdf", "document", "Phiếu thực hành")
FILES = {DRAWING["sha256"]: SVG, PHOTO["sha256"]: PNG, SHEET["sha256"]: PDF}

LAO_PARAGRAPH = (
    "ກ່ອນເລີ່ມເຊື່ອມທຸກຄັ້ງ ຜູ້ຮຽນຕ້ອງກວດເບິ່ງສາຍໄຟ ຫົວຈັບທູບເຊື່ອມ ແລະ ສາຍດິນ "
    "ວ່າຢູ່ໃນສະພາບດີບໍ່ ພ້ອມທັງໃສ່ໜ້າກາກ ຖົງມື ແລະ ເສື້ອຜ້າປ້ອງກັນໃຫ້ຄົບຖ້ວນ "
    "ນ້ຳແລະຄວາມຊຸ່ມເຮັດໃຫ້ເກີດໄຟຟ້າຊ໋ອດໄດ້ງ່າຍຫຼາຍ ດັ່ງນັ້ນພື້ນທີ່ເຮັດວຽກຕ້ອງແຫ້ງສະເໝີ."
)
VIET_PARAGRAPH = (
    "Trước mỗi lần hàn, người học phải kiểm tra dây điện, kìm hàn và dây mát, đồng thời đeo "
    "mặt nạ, găng tay và mặc quần áo bảo hộ đầy đủ; điện áp không tải ≤ 80 V, dòng hàn 90 → 110 A."
)
CONCEPT = _id("concept", "electrode")
GLOVES = _id("concept", "gloves")


def body() -> list[dict[str, Any]]:
    """Every kind of block, in Vietnamese and Lao."""
    blocks = [
        ("heading", texts("Chuẩn bị", "ການກະກຽມ")),
        (
            "paragraphs",
            texts(
                f"<p>{VIET_PARAGRAPH}</p><h3>Lưu ý</h3><ul><li>Khô ráo</li><li>Thông gió "
                '<i>tốt</i></li></ul><p>Xem <a href="https://example.org/han">tài liệu</a> và từ '
                '<span lang="lo">ເຊື່ອມ</span>.</p>',
                f"<p>{LAO_PARAGRAPH}</p><h3>ຂໍ້ຄວນລະວັງ</h3><ul><li>ພື້ນແຫ້ງ</li>"
                "<li>ອາກາດຖ່າຍເທ<b>ດີ</b></li></ul>",
            ),
        ),
        (
            "safety",
            {
                "kind": "danger",
                "text": texts("<p>Không nhìn hồ quang bằng mắt trần.</p>",
                              "<p>ຢ່າເບິ່ງປະກາຍໄຟດ້ວຍຕາເປົ່າ.</p>"),
            },
        ),
        ("safety", {"kind": "first_aid", "text": texts("<p>Làm mát vết bỏng bằng nước sạch.</p>")}),
        (
            "procedure",
            {
                "title": texts("Mồi hồ quang", "ການຈຸດປະກາຍໄຟ"),
                "steps": listed(
                    {
                        "action": texts("Kẹp que hàn vào kìm.", "ໜີບທູບເຊື່ອມໃສ່ຫົວຈັບ."),
                        "check": texts("Que hàn không lung lay.", "ທູບເຊື່ອມບໍ່ຄອນ."),
                        "mistake": texts("Kẹp lỏng: kẹp lại.", "ໜີບບໍ່ແໜ້ນ: ໜີບຄືນໃໝ່."),
                        "drawing": {"file": DRAWING["sha256"]},
                    },
                    {
                        "action": texts("Quẹt nhẹ que hàn lên phôi.", "ຂີດທູບເຊື່ອມໃສ່ຊິ້ນວຽກ."),
                        "check": texts(),
                        "mistake": texts(),
                        "drawing": None,
                    },
                ),
            },
        ),
        (
            "table",
            {
                "title": texts("Dòng điện hàn", "ກະແສໄຟເຊື່ອມ"),
                "columns": listed(texts("Que hàn", "ທູບເຊື່ອມ"), texts("Dòng điện", "ກະແສໄຟ")),
                "rows": listed(
                    listed(texts("2,5 mm", "2,5 mm"), texts("60–90 A", "60–90 A")),
                    listed(texts("3,2 mm", "3,2 mm")),
                ),
            },
        ),
        (
            "drawing",
            {
                "image": {"file": PHOTO["sha256"]},
                "alternative": texts("Hai mối hàn", "ແນວເຊື່ອມສອງແນວ"),
                "caption": texts("Mối hàn đẹp và mối hàn xấu", "ແນວເຊື່ອມງາມ ແລະ ບໍ່ງາມ"),
            },
        ),
        (
            "exercise",
            {
                "title": texts("Hàn đường thẳng", "ເຊື່ອມເປັນເສັ້ນຊື່"),
                "task": texts("<p>Hàn ba đường thẳng dài 100 mm.</p>",
                              "<p>ເຊື່ອມສາມເສັ້ນຊື່ຍາວ 100 mm.</p>"),
                "criteria": listed(texts("Mối hàn đều", "ແນວເຊື່ອມສະໝ່ຳສະເໝີ")),
                "minutes": 45,
            },
        ),
        ("remember", listed(texts("Đeo mặt nạ.", "ໃສ່ໜ້າກາກ."), texts("Nối đất.", "ຕໍ່ສາຍດິນ."))),
        ("terms", listed({"concept": CONCEPT}, {"concept": GLOVES})),
        (
            "file",
            {"document": {"file": SHEET["sha256"]}, "label": texts("Phiếu luyện tập", "ໃບຝຶກຫັດ")},
        ),
    ]  # fmt: skip
    return [
        {"type": kind, "id": _id("body", number), "value": value}
        for number, (kind, value) in enumerate(blocks)
    ]


def unit(number: int = 1, **parts: Any) -> dict[str, Any]:
    return page(
        f"unit-{number}",
        texts(f"Bài {number}. Mồi hồ quang", f"ບົດທີ {number}. ການຈຸດປະກາຍໄຟ"),
        values={"hours_theory": 2, "hours_practice": 6, "hours_test": 1},
        objectives=stream("item", texts("Mồi được hồ quang.", "ຈຸດປະກາຍໄຟໄດ້.")),
        body=parts.get("body", body()),
    )


def module(number: int = 1, units: int = 2, **parts: Any) -> dict[str, Any]:
    made = page(
        f"module-{number}",
        texts(f"Hàn hồ quang tay {number}", f"ການເຊື່ອມໄຟຟ້າດ້ວຍມື {number}", f"Arc {number}"),
        values={
            "code": f"MĐ{number:02}",
            "kind": "module",
            "specific_to": "",
            "credits": "2.5",
            "lao_credits": "3(2-2-2)",
            "hours_theory": 4,
            "hours_practice": 12,
            "hours_test": 2,
            "hours_company": 6 if number == 2 else 0,
            "prerequisites": "MĐ01" if number > 1 else "",
        },
        position=stream("paragraphs", texts("<p>Mô đun cơ bản.</p>", "<p>ໂມດູນພື້ນຖານ.</p>")),
        knowledge=stream("item", texts("Nêu được nguyên lý.", "ບອກຫຼັກການໄດ້.")),
    )
    made["units"] = parts.get("made_units") or [unit(n + 1) for n in range(units)]
    return made


def document(modules: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A whole document. Lao lacks one text and one is stale; the draft flag is set."""
    curriculum = page(
        "basic-welding",
        texts("Hàn điện cơ bản", "ການເຊື່ອມໄຟຟ້າພື້ນຖານ", "Basic arc welding"),
        texts={
            "introduction": texts("Chương trình cho người mới bắt đầu.", "ຫຼັກສູດສຳລັບຜູ້ເລີ່ມຮຽນ."),
            "source": texts("Dự án Mittaphap soạn, 2026.", "ໂຄງການມິດຕະພາບ ຮຽບຮຽງ, 2026."),
            "agreement": texts(),
        },
        values={
            "code": "5520123",
            "entry": "lower_secondary",
            "weeks": 12,
            "hours_exam": 20,
            "licence": "CC-BY-SA-4.0",
            "rights_holder": "Trường mẫu Huế",
            "verdict": "passed",
            "appraised_on": "2026-05-04",
            "decision_number": "12/QĐ",
            "decision_on": None,
            "is_draft_content": True,
        },
        description=stream(
            "paragraphs", texts(f"<p>{VIET_PARAGRAPH}</p>", f"<p>{LAO_PARAGRAPH}</p>")
        ),
        knowledge=stream("item", texts("Kể tên dụng cụ.", "ບອກຊື່ເຄື່ອງມື.")),
        assessment=stream("paragraphs", texts("<p>Thang điểm 10.</p>")),
        equipment=stream(
            "item",
            {
                "item": texts("Máy hàn", "ຈັກເຊື່ອມ"),
                "quantity": "6.00",
                "unit": texts("cái", "ໜ່ວຍ"),
                "learners": 18,
            },
        ),
        legal_basis=stream(
            "text",
            {
                "title": texts("Thông tư về chương trình", "ຂໍ້ຕົກລົງວ່າດ້ວຍຫຼັກສູດ"),
                "number": "42/2015",
                "date": "2015-10-20",
                "issuer": texts("Bộ", "ກະຊວງ"),
            },
        ),
    )  # fmt: skip
    return {
        "format": "mittaphap-curriculum",
        "version": "1.0",
        "release": {
            "public_id": _id("release", 2),
            "version": 2,
            "date": "2026-11-22",
            "notes": texts("Thêm bài 2.", "ເພີ່ມບົດທີ 2."),
            "languages": ["lo", "vi"],
            "source": {"name": "Mittaphap", "url": "https://example.org/"},
            "incomplete": {"lo": {"missing": 2, "stale": 1}},
            "ancestors": [
                {
                    "public_id": _id("release", 0),
                    "name": texts("Hàn cơ bản", "ການເຊື່ອມ"),
                    "version": 1,
                    "date": "2026-01-05",
                    "centre": texts("Trường mẫu Vinh"),
                    "licence": "CC-BY-SA-4.0",
                    "rights_holder": "Trường mẫu Vinh",
                    "url": "https://example.org/releases/1/",
                }
            ],
        },
        "curriculum": curriculum,
        "centre": {
            "public_id": _id("centre"),
            "slug": "hue",
            "country": "VN",
            "kind": "tvet_college",
            "texts": {"name": texts("Trường mẫu Huế", "ໂຮງຮຽນຕົວຢ່າງເຫວ້")},
        },
        "trade": {
            "slug": "welder",
            "isco08": "7212",
            "isced_f": "0715",
            "texts": {"name": texts("Hàn", "ຊ່າງເຊື່ອມ")},
        },
        "levels": [
            {
                "framework": "vqf",
                "number": 1,
                "texts": {"framework": texts("VQF", "VQF"), "name": texts("Sơ cấp I", "ຂັ້ນຕົ້ນ I")},
            }
        ],
        "modules": modules if modules is not None else [module(1), module(2, units=1)],
        "terms": [
            {
                "public_id": CONCEPT,
                "definition": texts("Thanh kim loại nóng chảy khi hàn.", "ແທ່ງໂລຫະທີ່ລະລາຍເວລາເຊື່ອມ."),
                "terms": [
                    _term("vi", "que hàn", "preferred"),
                    _term("vi", "đũa hàn", "deprecated"),
                    _term("lo", "ທູບເຊື່ອມ", "preferred"),
                    _term("en", "electrode", "admitted"),
                ],
            },
            {
                "public_id": GLOVES,
                "definition": texts(),
                "terms": [_term("vi", "găng tay", "preferred"), _term("lo", "ຖົງມື", "proposed")],
            },
        ],
        "files": sorted([DRAWING, PHOTO, SHEET], key=lambda found: found["sha256"]),
    }


def _term(language: str, text: str, status: str) -> dict[str, str]:
    return {"language": language, "text": text, "status": status, "part_of_speech": "noun"}


def write_files(folder: Path) -> Path:
    """Put the files below `folder`, each named by its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    for sha256, data in FILES.items():
        (folder / sha256).write_bytes(data)
    return folder
