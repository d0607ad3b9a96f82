#!/bin/sh
# collect APP PACKAGE...: puts what was compiled, without source maps and declarations, under /out in its place.
set -eu
app=$1
shift
mkdir -p /out
cp -r --parents "apps/$app/dist" "apps/$app/bin" /out
if [ -d "apps/$app/assets" ]; then cp -r --parents "apps/$app/assets" /out; fi
for package in "$@"; do cp -r --parents "packages/$package/dist" /out; done
find /out -type f \( -name '*.map' -o -name '*.d.ts' \) -delete
