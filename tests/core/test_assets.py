"""core.assets"""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from core.assets import BUNDLE, build_bundle, minify


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a  {\n  color: red;\n}\n", "a{color:red}"),
        ("/* note */ a { margin: 0 /* none */ auto; }", "a{margin:0 auto}"),
        # A space before a colon, and around plus and minus, means something.
        ("a :hover { width: calc(1px + -2px) }", "a :hover{width:calc(1px + -2px)}"),
        ("@media (min-width: 4rem) and (hover) { a > b, c ~ d {} }",
         "@media (min-width:4rem) and (hover){a>b,c ~ d{}}"),
        ('a { content: "  ; } /  "; font: "B  C" }', 'a{content:"  ; } /  ";font:"B  C"}'),
    ],
)  # fmt: skip
def test_minify_leaves_out_only_what_no_browser_needs(css: str, expected: str) -> None:
    assert minify(css) == expected


def test_the_bundle_holds_every_rule_of_its_parts() -> None:
    bundle = build_bundle().read_text()
    order = Path(finders.find("css/ORDER.txt"))
    names = order.read_text().split()
    assert names
    for name in names:
        text = re.sub(r"/\*.*?\*/", "", (order.parent / name).read_text(), flags=re.DOTALL)
        assert text.count("{") == minify(text).count("{")
        assert minify(text) in bundle or name == names[-1]
    assert finders.find(BUNDLE) == str(build_bundle())
