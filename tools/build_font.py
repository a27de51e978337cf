"""Build python/marsad/data/fonts/MarsadSans.ttf, with which charts become pictures on machines without an Arabic font.

    apt-get install fonts-noto-core; pip install fonttools
    python tools/build_font.py /usr/share/fonts/truetype/noto python/marsad/data/fonts

One file with the Arabic and the Latin letters of Noto Sans: the renderer of pictures cannot change fonts inside a line
that runs from right to left.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

ARABIC = "U+0600-06FF,U+0750-077F,U+200B-200F,U+202A-202E,U+2066-2069,U+FD3E-FD3F,U+FDF2"
LATIN = "U+0020-007E,U+00A0-017F,U+02BB-02BF,U+1E00-1EFF,U+2010-2027,U+2030,U+2039-203A,U+20AC,U+2190-2193,U+2212"


def part(path: Path, unicodes: str) -> Path:
    """A font with these characters only, a thousand units to the em."""
    options = subset.Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.drop_tables += ["STAT", "MATH", "meta", "DSIG"]
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicodes))
    subsetter.subset(font)
    scale_upem(font, 1000)
    out = Path(tempfile.mkdtemp()) / path.name
    font.save(out)
    return out


def main(source: str, target: str) -> None:
    """Take two fonts' letters and write one font under its own name."""
    parts = [
        part(Path(source) / "NotoSansArabic-Regular.ttf", ARABIC),
        part(Path(source) / "NotoSans-Regular.ttf", LATIN),
    ]
    font: TTFont = Merger().merge([str(p) for p in parts])
    for record in font["name"].names:
        for known in ("Noto Sans Arabic", "Noto Sans"):
            record.string = record.toUnicode().replace(known, "Marsad Sans")
        if record.nameID == 6:
            record.string = "MarsadSans-Regular"
    font.save(Path(target) / "MarsadSans.ttf")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
