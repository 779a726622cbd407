# Sourced by the script tests: runs commands, compares, counts.

set -uo pipefail

passed=0
failed=0
skipped=0
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp --directory --suffix ' with space')
export repository scratch

# Runs a command; its exit status is in $status, its output in $output and "$scratch/output".
attempt() {
    status=0
    "$@" >"$scratch/output" 2>&1 </dev/null || status=$?
    output=$(<"$scratch/output")
}

# check NAME COMMAND…: passes if the command succeeds. On failure the last attempt's output is shown.
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n    %s\n' "$name" "$*"
        printf '    last status %s, output:\n' "${status:-none}"
        sed 's/^/    | /' "$scratch/output"
    fi
}

skip() {
    skipped=$((skipped + 1))
    printf 'skipped: %s\n' "$*"
}

exited() { [ "$status" -eq "$1" ]; }
says() { [[ $output == *"$1"* ]]; }
says_not() { [[ $output != *"$1"* ]]; }
# One clear line: exactly one line of the output holds "error:".
says_one_error() { [ "$(grep -c 'error:' "$scratch/output")" -eq 1 ] && says "$1"; }
missing() { [ ! -e "$1" ]; }

# Sets $program to the emotion-cli to test: $EMOTION_CLI, else the one that Scripts/test has built.
find_program() {
    program=${EMOTION_CLI:-$repository/.build/release/emotion-cli}
    if [ ! -x "$program" ]; then
        echo "FAILED: $program is not there; build it with swift build -c release, or name one in EMOTION_CLI"
        exit 1
    fi
}

# Prints the summary and exits accordingly. The caller has set a trap that removes $scratch.
summarise() {
    local line="$passed passed, $failed failed"
    if [ "$skipped" -gt 0 ]; then line+=", $skipped skipped"; fi
    echo "$line"
    [ "$failed" -eq 0 ]
}
