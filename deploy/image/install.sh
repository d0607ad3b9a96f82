#!/bin/sh
# install-production APP: the packages that APP needs when it runs, into /app. Of ONNX Runtime, which brings the libraries
# of every system in one package, only those of the image's own processor family stay.
set -eu
# A workspace that only tests need (packages/testing) brings its own packages along unless nothing asks for it.
npm pkg delete devDependencies --workspaces
# Optional packages are an ffmpeg that images have anyway; only the notifier needs one: the library that draws, for this system.
case $1 in
  cli) npm ci --omit=dev --omit=optional --workspace vigilia ;;
  notifier) npm ci --omit=dev --workspace "@vigilia/$1" ;;
  *) npm ci --omit=dev --omit=optional --workspace "@vigilia/$1" ;;
esac
mkdir /app
cp -r --parents package.json node_modules packages apps /app
cd /app
case ${TARGETARCH:-amd64} in arm64) keep=arm64 ;; *) keep=x64 ;; esac
for folder in node_modules/onnxruntime-node/bin/napi-v*; do
  [ -d "$folder" ] || continue
  find "$folder" -mindepth 1 -maxdepth 1 -not -name linux -exec rm -r {} +
  find "$folder/linux" -mindepth 1 -maxdepth 1 -not -name "$keep" -exec rm -r {} +
done
# What only people and compilers read.
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -iname 'readme*.md' -o -iname 'changelog*.md' \) -delete
