#!/bin/sh
# ffmpeg.sh FOLDER: installs Debian's ffmpeg and copies the program and the libraries it loads to FOLDER. The package also
# brings drivers, codecs' data and a sound system, about as much again, that a processor never opens.
set -eu
out=$1
touch /tmp/before
apt-get update -qq
apt-get install -y -qq --no-install-recommends ffmpeg >/dev/null
mkdir -p "$out"
{
  echo /usr/bin/ffmpeg
  ldd /usr/bin/ffmpeg | awk '$3 ~ /^\// { print $3 }'
} | while read -r file; do
  # /lib is a link to /usr/lib; what the base image has already stays the base image's own.
  file=$(realpath "$(dirname "$file")")/$(basename "$file")
  if [ -n "$(find -L "$file" -cnewer /tmp/before)" ]; then cp -L --parents "$file" "$out"; fi
done
"$out/usr/bin/ffmpeg" -hide_banner -version >/dev/null
