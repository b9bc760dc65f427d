#!/bin/sh
# Makes .venv and installs what the named files ask for; does nothing where that is done already.
#   sh tools/venv.sh requirements.txt [requirements-dev.txt]
# PYTHON= names the Python to use. A copy of each file in .venv says what is installed.
set -u

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if is_new_enough "$name"; then
            echo "$name"
            return
        fi
    done
}

make_environment() {
    python=$(find_python)
    [ -n "$python" ] || stop "Python 3.11 or newer is needed${PYTHON:+, and $PYTHON is not that}: install it, or name it: make PYTHON=/path/to/python3."
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$python cannot make virtual environments: install its venv module (Debian and Ubuntu: apt-get install python3-venv)."
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv >/dev/null || stop "No virtual environment could be made in $(pwd)/.venv: is there room, and may you write here?"
}

install() {
    echo "Installing libraries ($*)"
    arguments=
    for file in "$@"; do arguments="$arguments -r $file"; done
    # The log has pip's words; of these the names are shown, as they come.
    {
        # shellcheck disable=SC2086
        .venv/bin/python -m pip install --disable-pip-version-check --no-input $arguments 2>&1
        echo "$?" >.venv/pip-status
    } | tee .venv/pip.log | sed -n -e 's/^Collecting \([^ ]*\).*/  \1/p' -e 's/^\(Installing\) collected .*/  \1 them/p'
    if [ "$(cat .venv/pip-status)" != 0 ]; then
        grep '^ERROR' .venv/pip.log | tail -n 1 >&2
        stop "The libraries could not be installed: is the package index within reach? All that pip said is in .venv/pip.log."
    fi
    for file in "$@"; do cp "$file" ".venv/installed-$file"; done
}

is_new_enough .venv/bin/python || make_environment
missing=
for file in "$@"; do
    cmp -s "$file" ".venv/installed-$file" || missing="$missing $file"
done
[ -n "$missing" ] || exit 0
# An environment that was broken off while it was made has no pip.
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_environment
# shellcheck disable=SC2086
install $missing
