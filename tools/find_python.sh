#!/bin/sh
# Print the first interpreter that really runs, is new enough and can make environments.
# A name on PATH proves nothing: version managers leave shims behind that only fail.
# Usage: find_python.sh [interpreter]     with an argument, that one and no other is tried
set -u

check='
import sys
sys.version_info >= (3, 11) or sys.exit("version %d.%d, 3.11 or newer is needed" % sys.version_info[:2])
try:
    import ensurepip, venv
except ImportError as problem:
    sys.exit("%s (on Debian and Ubuntu: apt install python3-venv)" % problem)
print(sys.executable)
'

if [ "$#" -gt 0 ] && [ -n "$1" ]; then
    candidates=$1
else
    candidates='python3.13 python3.12 python3.11 python3 python'
fi

tried=''
for candidate in $candidates; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    if answer=$("$candidate" -c "$check" 2>&1); then
        printf '%s\n' "$answer"
        exit 0
    fi
    tried="$tried
  $candidate: $(printf '%s\n' "$answer" | head -n 1)"
done

{
    echo "No usable Python found: 3.11 or newer is needed, with the venv module."
    if [ -n "$tried" ]; then
        printf 'Tried:%s\n' "$tried"
    else
        echo "None of these is on PATH: $candidates"
    fi
    echo "Install Python, or name one: make PYTHON=/path/to/python3.12 demo"
} >&2
exit 1
