#!/usr/bin/env bash
# Hold the loops for ARM to their portable twins, on an x86-64 machine by emulation:
#
#   tools/test_arm.sh
#
# It needs Debian's qemu-user-static and gcc-aarch64-linux-gnu, and Rust's standard library for aarch64
# (rustup target add aarch64-unknown-linux-gnu). PROPTEST_RNG_SEED=N looks at other random texts.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in qemu-aarch64-static aarch64-linux-gnu-gcc; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt install qemu-user-static gcc-aarch64-linux-gnu" >&2; exit 1; }
done
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-1}
cargo test --target aarch64-unknown-linux-gnu --test laws_normalize --test laws_align
