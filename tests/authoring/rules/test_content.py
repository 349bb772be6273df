"""Each rule about what stands in a cell, broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.damage import (
    Damage,
    add_code,
    add_text,
    found,
    shown,
)

KEY = "s" + "k-proj-" + "a1B2" * 6

BREAKS: dict[str, tuple[Damage, str]] = {
    "long cell": (add_code("\n".join(f"a{n} = {n}" for n in range(26))), "26 lines: split it"),
    "long text": (add_text("\n".join("word" for _ in range(26))), "26 lines: split it"),
    "no alt text": (add_text("![](cloud.png)"), "no alt text"),
    "no alt in html": (add_text('<img src="cloud.png" alt="">'), "no alt text"),
    "svg without title": (shown({"image/svg+xml": "<svg></svg>"}), "an SVG in the output has no title"),
    "svg in html": (shown({"text/html": "<svg></svg>"}), "an SVG in the output has no title"),
    "bitmap": (shown({"image/png": "iVBORw0KGgo="}), "a picture without words"),
    "pip magic": (add_code("%pip install rich"), "installs a package"),
    "pip shell": (add_code("!python -m pip install rich"), "installs a package"),
    "pip in bash": (add_code("%%bash\nset -e\npip install rich"), "installs a package"),
    "banner": (add_code('print("=" * 40)', "====\n"), "prints a banner"),
    "banner in words": (add_code('print("--- Result ---")', "---\n"), "prints a banner"),
    "ok sign": (add_code('print("[OK]")', "[OK]\n"), "prints a banner"),
    "input": (add_code('name = input("Name?")'), "waits for typing"),
    "key set": (add_code('import os\nos.environ["OPENAI_API_KEY"] = key'), "handles the key"),
    "env written": (add_code("%%writefile .env\nA=1", "Writing .env\n"), "handles the key"),
    "file elsewhere": (add_code("%%writefile agent.py\na = 1", "Writing agent.py\n"), "to my/<folder>/"),
    "emoji": (add_text("Well done \U0001f389"), "the sign U+1F389"),
    "check mark printed": (add_code("print(a)", "\u2705 done\n"), "the sign U+2705"),
    "key": (add_code(f'key = "{KEY}"'), "looks like a key"),
    "key in output": (add_code("print(key)", KEY), "looks like a key"),
    "path": (add_code('open("/home/ada/notes.txt")'), "an absolute path"),
    "path in output": (add_code("print(a)", "saved to /tmp/ab12/x.py\n"), "an absolute path"),
    "windows path": (add_code("print(a)", "C:\\Users\\ada\n"), "an absolute path"),
    "address": (add_code("print(a)", "<Agent at 0x7f12ab34cd56>\n"), "an address in memory"),
    "activity": (add_text("Your next activities:"), '"exercise"'),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_is_broken_once(tmp_path: Path, name: str) -> None:
    damage, expected = BREAKS[name]
    assert any(expected in problem for problem in found(tmp_path, damage))
