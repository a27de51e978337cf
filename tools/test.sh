#!/usr/bin/env bash
# Everything that must hold: format, lints, Rust tests, a wheel in a fresh environment, types, Python tests.
# Installs what it needs itself; needs Rust and Python 3.11.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
out=build/test
wheels=$out/wheels
venv=$out/venv
rm -rf "$wheels" "$venv"
mkdir -p "$wheels"

# The same cases each time, so that a verdict can be had twice; PROPTEST_RNG_SEED=N looks at others.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-2026}

step() {
    local name=$1 start=$SECONDS
    shift
    echo "== $name"
    "$@" || { echo "== $name FAILED" >&2; exit 1; }
    echo "== $name: $((SECONDS - start)) s"
}

rust_tools() { rustup component add rustfmt clippy >/dev/null 2>&1 || true; }
environment() {
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/requirements-test.txt
}
wheel() {
    "$venv/bin/maturin" build --quiet --release --locked --out "$wheels" --interpreter "$venv/bin/python"
    local size
    size=$(stat -c %s "$wheels"/marsad-*.whl)
    echo "the wheel has $((size / 1000)) kB"
    [ "$size" -lt 20000000 ] || { echo "the wheel is over 20 MB" >&2; return 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$(echo "$wheels"/marsad-*.whl)[charts,pandas,polars,arrow]"
}
types() {
    "$venv/bin/mypy" --strict --python-executable "$venv/bin/python" python/marsad
    (cd "$out" && venv/bin/python -m mypy.stubtest marsad._core --allowlist ../../tools/stubtest-allowlist.txt)
}

# Install packages of the system for a command that is missing, where that is allowed.
provide() {
    local command=$1
    shift
    if ! command -v "$command" >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || true
    fi
}

# Valgrind counts instructions for tests/counts.rs; without it nothing is counted.
counter() {
    provide valgrind valgrind
    command -v valgrind >/dev/null || echo "no valgrind: instructions are not counted"
}

# A browser for the tests of the views; without one, and without the right to install it, they are left out.
browser() {
    provide chromium chromium fonts-noto-core
    if command -v chromium >/dev/null; then export MARSAD_BROWSER=1; else echo "no Chromium: the views are not tested"; fi
}

rust_tools
step "rustfmt" cargo fmt --check
step "environment" environment
step "ruff" sh -c "'$venv/bin/ruff' format --check . && '$venv/bin/ruff' check ."
step "clippy" cargo clippy --quiet --locked --all-targets --features python -- -D warnings
step "counter" counter
step "Rust tests" cargo test --quiet --locked
step "wheel" wheel
step "types" types
step "browser" browser
step "Python tests" "$venv/bin/pytest" -q
