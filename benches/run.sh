#!/usr/bin/env bash
# Install Marsad and the rivals that can be had into build/bench, run every table, write docs/benchmarks.md.
# MARSAD_RAW names a folder of raw news (.txt or .txt.xz); without it the example article is shuffled.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
venv=build/bench/venv
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check .
while read -r rival; do
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$rival" || echo "$rival cannot be installed here" >&2
done <benches/requirements.txt
out=build/bench/report.md
{
    echo "# Benchmarks"
    echo
    echo "Written by \`benches/run.sh\` on $(date -I)."
    echo
    cat benches/BIAS.md
    for part in normalize lexicon dates analysis; do
        echo
        echo "## $part"
        echo
        "$venv/bin/python" "benches/$part.py"
    done
} >"$out"
cp "$out" docs/benchmarks.md
