# Sourced by the comparisons, which set `name` and `rounds` before: their options, the programs and the peers, what is
# to be removed or ended at the end, and the rows.
#
# Options of every comparison:
#
#   --rounds N     rounds that count, at least 5; where things are kept between rounds, one before them warms up
#   --quick        two rounds over less: to see that it works, not for figures
#   --rows FILE    add the figures to FILE, as rows, in place of printing the table
#   --peers DIR    a virtual environment for peers in Python, which is made if need be and stays; else one that is removed
#   --bin FOLDER   where `auradesk` and `benchmarks` lie, built for release; else they are built as they are shipped, or
#                  with the options in SWIFT_BUILD_OPTIONS
#
# The exit code is 69 when something could not be measured; the table says what.

# A row is one value: comparison, what is measured, unit, whose ("ours", or the peer's name and version), value, parted
# by tabs. In place of a value it may hold the reason why there is none. `table.py` makes the table.
set -euo pipefail
script=$(realpath "$0")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

help() {
    awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$script"
    echo
    awk '/^# Options of/ { on = 1 } on { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$here/common.sh"
}
wrong() {
    echo "${script##*/}: $*; --help tells what it takes" >&2
    exit 64
}

quick='' peers='' bin='' given='' own=()
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) help && exit 0 ;;
    --quick) quick=1 rounds=2 ;;
    --rounds)
        [[ ${2:-} =~ ^[0-9]+$ ]] && [ "$2" -ge 5 ] || wrong "--rounds needs a number, 5 or more"
        rounds=$2 && shift
        ;;
    --rows | --peers | --bin)
        [ -n "${2:-}" ] || wrong "$1 needs a path"
        case $1 in
        --rows) given=$(realpath -m "$2") ;;
        --peers) peers=$(realpath -m "$2") ;;
        --bin) bin=$(realpath "$2") ;;
        esac
        shift
        ;;
    # What a comparison takes besides these is its own.
    *) own+=("$1") ;;
    esac
    shift
done
set -- "${own[@]}"
cd "$here/../.."

# few FULL QUICK: how many.
few() { if [ -n "$quick" ]; then echo "$2"; else echo "$1"; fi; }

scratch=$(mktemp -d -t auradesk-XXXXXX)
# Servers that run as other users must enter it.
chmod 755 "$scratch"
rows=${given:-$scratch/rows} started=() lacks=0
touch "$rows" "$scratch/server.log"
finish() {
    local code=$?
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    [ "$code" != 0 ] || [ -n "$given" ] || python3 "$here/table.py" "$rows"
    rm -rf -- "$scratch"
    [ "$code" != 0 ] || code=$lacks
    exit "$code"
}
trap finish EXIT

# build PRODUCT…: sees to it that they lie in $bin.
build() {
    local shipped=--static-swift-stdlib product
    local options=(${SWIFT_BUILD_OPTIONS-$shipped})
    [ -z "$bin" ] || return 0
    echo "building for release" >&2
    for product; do swift build -c release --product "$product" "${options[@]}" >&2; done
    bin=$(swift build -c release --show-bin-path "${options[@]}")
}

# peer PACKAGE: installs a peer from PyPI for $peers/bin/python, and prints its version; fails where it cannot be had.
peers=${peers:-$scratch/peers}
peer() {
    [ -x "$peers/bin/python" ] || python3 -m venv "$peers" >&2 || return
    version "$1" 2>/dev/null || {
        echo "installing $1" >&2
        "$peers/bin/pip" install --quiet "$1" >&2 && version "$1"
    }
}
version() { "$peers/bin/python" -c "import importlib.metadata; print(importlib.metadata.version('$1'))"; }

# Round 0 warms up: its values are no rows.
round=1
# row WHAT UNIT WHOSE VALUE
row() { [ "$round" = 0 ] || printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$@" >>"$rows"; }
# missing WHAT WHOSE WHY…: a row that says what is not there.
missing() {
    row "$1" "" "$2" "${*:3}"
    lacks=69
}
# figures COMMAND…: takes rows from what it prints, WHAT UNIT WHOSE VALUE on each line, parted by tabs.
figures() {
    "$@" >"$scratch/figures"
    [ "$round" = 0 ] || sed "s/^/$name\t/" "$scratch/figures" >>"$rows"
}
# take WHAT UNIT WHOSE COMMAND…: a command prints its figure.
take() {
    value=$("${@:4}")
    row "$1" "$2" "$3" "$value"
}
# clock WHAT UNIT WHOSE COMMAND…: wall time of a whole process, in s or ms.
clock() {
    local begun=${EPOCHREALTIME/[.,]/} code=0
    "${@:4}" >"$scratch/output" 2>&1 </dev/null || code=$?
    local ended=${EPOCHREALTIME/[.,]/}
    [ "$code" = 0 ] || {
        cat "$scratch/output" >&2
        echo "${*:4} ended with exit code $code" >&2
        exit 1
    }
    value=$(awk -v t=$((ended - begun)) -v unit="$2" 'BEGIN { print t / (unit == "s" ? 1e6 : 1e3) }')
    row "$1" "$2" "$3" "$value"
}

# port: one that is free.
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# serve COMMAND…: in the background, until the end. What it says is in $scratch/server.log.
serve() {
    "$@" >>"$scratch/server.log" 2>&1 &
    started+=($!)
}
# listening PORT…: waits until somebody does.
listening() {
    for port; do
        for ((i = 0; i < 300; i++)); do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
            sleep 0.1
        done
        tail -5 "$scratch/server.log" >&2
        echo "nobody listens on port $port" >&2
        exit 69
    done
}
