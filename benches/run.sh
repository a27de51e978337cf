#!/usr/bin/env bash
# Install Marsad and the rivals that can be had into build/bench, run all tables, write docs/benchmarks.md.
#
#     benches/run.sh [PART…]      parts: normalize lexicon dates analysis streams growth stages; all unless named
#
# Parts that are not named stay as they were measured last. The environment may say:
#     MARSAD_RAW      a folder of raw news (.txt or .txt.xz); else the texts come from examples/make_corpus.py
#     PYTHON          the interpreter; else the newest here, for araclean needs 3.12
#     MARSAD_WHEEL    a wheel to measure instead of building one, or "installed"
#     MARSAD_PROFILE  the profile that the program of the stages is built with; else release
set -euo pipefail
cd "$(dirname "$0")/.."
home=build/bench
venv=$home/venv
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/$home/target}
all=(normalize lexicon dates analysis streams growth stages)
parts=("$@")
[ $# -gt 0 ] || parts=("${all[@]}")
mkdir -p "$home"

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
pip() { "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
common() { "$venv/bin/python" -c "import sys; sys.path.append('benches'); import common; $1"; }

if [ ! -x "$venv/bin/python" ]; then
    if [ -z "${PYTHON:-}" ]; then
        for python in python3.14 python3.13 python3.12 "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python python3.11 python3; do
            if usable "$python"; then PYTHON=$python && break; fi
        done
    fi
    "$PYTHON" -m venv "$venv"
fi
if [ "${MARSAD_WHEEL:-}" != installed ]; then
    pip --force-reinstall --no-deps "${MARSAD_WHEEL:-.}"
fi
pip tqdm altair vl-convert-python
while read -r rival; do
    # shellcheck disable=SC2086 # a line may hold an option and several names
    pip $rival || echo "$rival cannot be installed here" >&2
done <benches/requirements.txt

measure() {
    case $1 in
        growth) "$venv/bin/python" benches/growth.py docs/growth.svg ;;
        stages)
            common 'print(*(t for t in common.lines(3) if t), sep="\n")' >"$home/texts.txt"
            cargo bench --quiet --locked --profile "${MARSAD_PROFILE:-release}" --bench stages -- \
                "$PWD/python/marsad/data/core.marsad" "$PWD/$home/texts.txt"
            ;;
        *) "$venv/bin/python" "benches/$1.py" ;;
    esac
}
for part in "${parts[@]}"; do
    echo "== $part" >&2
    {
        printf '## %s\n\nMeasured on %s, %s.\n\n' "${part^}" "$(date -I)" "$(common 'print(common.load())')"
        measure "$part"
    } >"$home/new-$part.md"
    mv "$home/new-$part.md" "$home/$part.md"
done
{
    printf '# Benchmarks\n\nWritten by `benches/run.sh`: %s.\n\n' "$(common 'print(common.machine())')"
    cat benches/BIAS.md
    for part in "${all[@]}"; do
        [ ! -e "$home/$part.md" ] || { echo && cat "$home/$part.md"; }
    done
} | cat -s >docs/benchmarks.md
