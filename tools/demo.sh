#!/usr/bin/env bash
# Install Marsad into .venv and analyze the example article: a table here, a page in article.html.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
command -v cargo >/dev/null || { echo "demo.sh: Rust is missing; install it from https://rustup.rs" >&2; exit 2; }
command -v "$python" >/dev/null || { echo "demo.sh: $python is missing; set PYTHON to a Python of 3.11 or later" >&2; exit 2; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check .
.venv/bin/marsad analyze examples/article.txt --published 2026-11-20 --table --html article.html
