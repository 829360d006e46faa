#!/usr/bin/env bash
# Every test and every gate, on a fresh machine. Installs what the oracle tests need where it can
# (Debian and its relatives, as root), and says what is missing where it cannot. Nothing is skipped:
# what a missing tool should have judged fails.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=()

step() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        failed+=("$name")
    fi
}

# Tool and the Debian package that brings it. Only the tests use them, never the program.
tools="ip:iproute2 bridge:iproute2 iptables:iptables nft:nftables ping:iputils-ping tcpdump:tcpdump
arp:net-tools sysctl:procps conntrack:conntrack nsenter:util-linux unshare:util-linux"

PATH=$PATH:/usr/sbin:/sbin
packages=()
for tool in $tools; do
    command -v "${tool%%:*}" >/dev/null || packages+=("${tool##*:}")
done
if ((${#packages[@]})); then
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        printf '== installing %s\n' "${packages[*]}"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null ||
            failed+=("installing ${packages[*]}")
    else
        printf 'missing: %s\nThe oracle tests need them. On Debian or Ubuntu: sudo apt-get install %s\n' \
            "${packages[*]}" "${packages[*]}"
        failed+=("missing tools: ${packages[*]}")
    fi
fi
if ! cargo deny --version >/dev/null 2>&1; then
    step "installing cargo-deny" cargo install cargo-deny --locked --quiet
fi

step "format" cargo fmt --check
step "clippy" cargo clippy --all-targets --locked --quiet -- -D warnings
step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked --quiet
step "licences and sources" cargo deny --offline --log-level error check bans licenses sources
step "tests" cargo test --locked --no-fail-fast
step "lessons, without a mistake" cargo run --locked --quiet -- lint

if ((${#failed[@]})); then
    printf '\nFAILED:\n'
    printf '  %s\n' "${failed[@]}"
    exit 1
fi
printf '\neverything holds\n'
