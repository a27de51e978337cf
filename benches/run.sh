#!/usr/bin/env bash
# Install Marsad and the rivals that can be had into build/bench, run every table, write docs/benchmarks.md.
# MARSAD_RAW names a folder of raw news (.txt or .txt.xz); without it the texts come from examples/make_corpus.py.
# PYTHON chooses the interpreter: 3.12 or later, so that araclean can be had, else 3.11.
# MARSAD_WHEEL is a wheel to measure instead of building one.
set -euo pipefail
cd "$(dirname "$0")/.."
home=build/bench
venv=$home/venv
mkdir -p "$home"

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
if [ -z "${PYTHON:-}" ]; then
    for python in python3.14 python3.13 python3.12 "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python python3.11 python3; do
        if usable "$python"; then PYTHON=$python && break; fi
    done
fi
[ -x "$venv/bin/python" ] || "$PYTHON" -m venv "$venv"
pip() { "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
CARGO_TARGET_DIR=$PWD/$home/target pip "${MARSAD_WHEEL:-.}"
pip altair vl-convert-python
while read -r rival; do
    # shellcheck disable=SC2086 # a line may hold an option and several names
    pip $rival || echo "$rival cannot be installed here" >&2
done <benches/requirements.txt

report=$home/report.md
{
    cat <<HEAD
# Benchmarks

Written by \`benches/run.sh\` on $(date -I). $("$venv/bin/python" -c 'import sys; sys.path.append("benches"); import common; print(common.machine(), end="; "); print(common.load(), end=".")')

$(cat benches/BIAS.md)
HEAD
    for part in normalize lexicon dates analysis; do
        printf '\n## %s\n\n' "${part^}"
        "$venv/bin/python" "benches/$part.py"
    done
    printf '\n## Growth\n\n'
    "$venv/bin/python" benches/growth.py "$home/growth.svg"
    printf '\n## Stages\n\n'
    "$venv/bin/python" -c 'import sys; sys.path.append("benches"); import common; print(*(t for t in common.lines(3) if t), sep="\n")' >"$home/texts.txt"
    CARGO_TARGET_DIR=$PWD/$home/target cargo bench --quiet --locked --bench stages -- "$PWD/python/marsad/data/core.marsad" "$PWD/$home/texts.txt"
} >"$report"
cp "$report" docs/benchmarks.md
cp "$home/growth.svg" docs/growth.svg
