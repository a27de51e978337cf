#!/usr/bin/env bash
# Build the default pack from scratch:
#
#   tools/build_pack.sh RAW OUT.pack [CORPUS…]
#
# RAW      a folder of raw text (.txt or .txt.xz), from which the words, their frequencies and their classes are learned
# OUT.pack the pack to write
# CORPUS   annotated files or folders to train the tagger on; without them the pack has no tagger
#
# The steps: count words, sort them into classes (by vectors and by exchange), compile the lexicon, train the tagger.
# Intermediate files lie in build/pack. The same input gives the same bytes. PYTHON names an interpreter with
# tools/requirements.txt installed; CLASSES gives the numbers of classes (empty: none).
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -lt 2 ]; then
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
raw=$1 out=$2
shift 2
python=${PYTHON:-python3} classes=${CLASSES-256,1024} work=build/pack
mkdir -p "$work" "$(dirname "$out")"

cargo build --release --bin marsad-build
build=target/release/marsad-build

find "$raw" -name '*.txt' -o -name '*.txt.xz' | LC_ALL=C sort | while read -r file; do
    case $file in *.xz) xz -dc "$file" ;; *) cat "$file" ;; esac
done >"$work/raw.txt"
"$build" words "$work/words.pack" "$work/raw.txt"
if [ -n "$classes" ]; then
    # The vectors use one thread: the exchange goes on beside them.
    "$build" vectors "$work/vectors.tsv" "$classes" "$work/raw.txt" &
    "$build" cluster "$work/exchange.tsv" "$classes" "$work/raw.txt"
    wait $!
    "$build" classes "$work/words.pack" "$work/vectors.tsv" "$work/exchange.tsv" -o "$work/classed.pack"
else
    cp "$work/words.pack" "$work/classed.pack"
fi

"$python" tools/build_lexicon.py --curated data/lexicon --out build/lexicon
"$build" lexicon "$work/classed.pack" build/lexicon/*.tsv -o "$work/lexicon.pack"
"$build" stats "$work/lexicon.pack"

if [ $# -gt 0 ]; then
    "$build" train "$work/lexicon.pack" "$@" -o "$work/default.pack"
else
    cp "$work/lexicon.pack" "$work/default.pack"
fi
cp "$work/default.pack" "$out"
