"""Make the Lao fonts of this folder from Noto Sans Lao 2.001 (README.md says where it is from).

A tone mark and ຳ, as in ນ້ຳ, are drawn there as a ring joined to the mark and the sign of າ. The
first also stands for ໍ and a mark (ບໍ່), the second for າ; so nothing in a PDF can say which text
the two stand for, and every ນ້ຳ came out of it as another word. Here mark and ຳ are one glyph,
put together from the same drawings.

    python make_lao_fonts.py NotoSansLao-Regular.ttf fonts/NotoSansLao-Regular.ttf
"""

import sys
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.otTables import Ligature

MARKS = ("maiEk", "maiTho", "maiTi", "maiCatawa")
AM, RING, AA = "amVowel-lao", "niggahita-lao", "aaVowel-lao"


def _composite(*names: str) -> Any:
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for name in names:
        component = GlyphComponent()
        component.glyphName, component.x, component.y, component.flags = name, 0, 0, 0x4
        glyph.components.append(component)
    return glyph


def make(source: str, target: str) -> None:
    """Add a glyph for each tone mark with ຳ, also for its place behind a high letter (ປ້ຳ)."""
    font = TTFont(source, recalcTimestamp=False)
    lookups = font["GSUB"].table.LookupList.Lookup
    for mark in MARKS:
        for name, place in ((f"am_{mark}-lao", "right"), (f"am_{mark}-lao.narrow", "narrow")):
            glyph = _composite(AA, f"niggahita_{mark}-lao.{place}")
            font["glyf"][name] = glyph
            glyph.recalcBounds(font["glyf"])
            font["hmtx"][name] = (font["hmtx"][AA][0], glyph.xMin)
    font.setGlyphOrder(font["glyf"].glyphOrder)
    for lookup in lookups:
        for table in lookup.SubTable:
            kind = type(table).__name__
            rings = table.ligatures.get(RING, []) if kind == "LigatureSubst" else []
            if any(ligature.LigGlyph == AM for ligature in rings):
                for mark in MARKS:
                    ligature = Ligature()
                    ligature.Component, ligature.LigGlyph = [f"{mark}-lao", AA], f"am_{mark}-lao"
                    ligature.CompCount = 3
                    rings.insert(0, ligature)
            elif kind == "SingleSubst" and table.mapping == {AM: f"{AM}.narrow"}:
                for mark in MARKS:
                    table.mapping[f"am_{mark}-lao"] = f"am_{mark}-lao.narrow"
            elif kind == "ChainContextSubst" and [c.glyphs for c in table.InputCoverage] == [[AM]]:
                table.InputCoverage[0].glyphs += [f"am_{mark}-lao" for mark in MARKS]
    names = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options = Options(hinting=False, layout_features=["*"], glyph_names=True, name_IDs=names)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap(), glyphs=font.getGlyphOrder())
    subsetter.subset(font)
    font.save(target)


if __name__ == "__main__":
    make(*sys.argv[1:])
