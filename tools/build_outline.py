"""Build python/marsad/data/outline.json, the outline of the countries that the maps are drawn on.

    npm pack world-atlas && tar xzf world-atlas-2.0.2.tgz
    python tools/build_outline.py package/countries-50m.json python/marsad/data/outline.json

The input is Natural Earth (public domain) at 1:50 million as TopoJSON. Borders stay shared: each arc is simplified once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Point = tuple[float, float]

# Degrees: a bend that is flatter than this is dropped, and coordinates are kept to this step.
TOLERANCE = 0.06
STEP = 0.02
# Polygons whose box is smaller than this, in degrees, are dropped.
LEAST = 0.3


def decode(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        arcs.append(line)
    return arcs


def simplify(line: list[Point]) -> list[Point]:
    """Douglas and Peucker, without recursion."""
    keep = {0, len(line) - 1}
    todo = [(0, len(line) - 1)]
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda i: (line[i][0] - line[0][0]) ** 2 + (line[i][1] - line[0][1]) ** 2)
        keep.add(far)
        todo = [(0, far), (far, len(line) - 1)]
    while todo:
        a, b = todo.pop()
        (ax, ay), (bx, by) = line[a], line[b]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
        best, at = 0.0, a
        for i in range(a + 1, b):
            x, y = line[i]
            off = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
            if off > best:
                best, at = off, i
        if best > TOLERANCE:
            keep.add(at)
            todo += [(a, at), (at, b)]
    return [line[i] for i in sorted(keep)]


def box(arcs: list[list[Point]], ring: list[int]) -> tuple[float, float, float, float]:
    """West, south, east, north of a ring of arcs."""
    points = [p for i in ring for p in arcs[i if i >= 0 else ~i]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def main(source: str, target: str) -> None:
    """Read, simplify, drop the arcs that nothing uses, write."""
    topology = json.loads(Path(source).read_text())
    arcs = [simplify(line) for line in decode(topology)]
    used: dict[int, int] = {}

    def renumber(i: int) -> int:
        arc = i if i >= 0 else ~i
        new = used.setdefault(arc, len(used))
        return new if i >= 0 else ~new

    countries = []
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country.get("arcs", [])
        if country["type"] == "Polygon":
            polygons = [polygons]
        kept, boxes = [], []
        for polygon in polygons:
            west, south, east, north = box(arcs, polygon[0])
            if max(east - west, north - south) >= LEAST:
                kept.append([[renumber(i) for i in ring] for ring in polygon])
                boxes.append([round(v, 1) for v in (west, south, east, north)])
        # A polygon a feature, so that a map takes only what it shows.
        for polygon, bounds in zip(kept, boxes, strict=True):
            countries.append({"type": "Polygon", "arcs": polygon, "properties": {"box": bounds}})
    lines = []
    for arc in used:
        x = y = 0
        line: list[list[int]] = []
        for lon, lat in arcs[arc]:
            gx, gy = round(lon / STEP), round(lat / STEP)
            if not line or (gx, gy) != (x, y):
                line.append([gx - x, gy - y])
            x, y = gx, gy
        lines.append(line if len(line) > 1 else [*line, [0, 0]])
    out = {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [0, 0]},
        "objects": {"land": {"type": "GeometryCollection", "geometries": countries}},
        "arcs": lines,
    }
    Path(target).write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
