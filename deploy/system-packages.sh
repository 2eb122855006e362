#!/bin/sh
# Install the named Debian packages where that is possible (root, apt-get); otherwise say in one
# line which are missing. `program=package` is left out where the program is there already. Never
# fails: what needs a missing program is switched off or skipped.
missing=
for wanted in "$@"; do
    package=${wanted#*=}
    case $wanted in
        *=*) command -v "${wanted%%=*}" >/dev/null 2>&1 && continue ;;
    esac
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing"
    # Without a network this must not hold up what follows.
    apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=10 >/dev/null 2>&1
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
fi
echo "Missing system packages:$missing. Install them with your package manager; what needs them is switched off, or skipped in tests."
exit 0
