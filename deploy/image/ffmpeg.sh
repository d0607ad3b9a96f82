#!/bin/sh
# ffmpeg.sh FOLDER: installs Debian's ffmpeg and copies the program and the libraries it loads to FOLDER. The package also
# brings drivers, codecs' data and a sound system, about as much again, that a processor never opens. Licences come along:
# /usr/share/doc/*/copyright, and vigilia-ffmpeg/packages.txt with the versions that identify the source.
set -eu
out=$1
# Debian lists files under /lib or /usr/lib, and alternatives (libblas.so.3) by the file that they lead to.
owner_of() {
  for name in "$1" "${1#/usr}" "$(realpath "$1")"; do
    owner=$(dpkg -S "$name" 2>/dev/null) && echo "${owner%%: *}" && return
  done
  return 1
}
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
  if [ -n "$(find -L "$file" -cnewer /tmp/before)" ]; then
    cp -L --parents "$file" "$out"
    owner_of "$file" >>/tmp/owners || { echo "No package owns $file" >&2; exit 1; }
  fi
done
notices=$out/usr/share/doc
mkdir -p "$notices/vigilia-ffmpeg"
sort -u /tmp/owners | xargs dpkg-query -W -f '${Package} ${Version} source ${source:Package} ${source:Version}\n' >"$notices/vigilia-ffmpeg/packages.txt"
cut -d ' ' -f 1 "$notices/vigilia-ffmpeg/packages.txt" | sort -u | while read -r package; do
  mkdir -p "$notices/$package"
  cp -L "/usr/share/doc/$package/copyright" "$notices/$package/copyright"
done
"$out/usr/bin/ffmpeg" -hide_banner -version >/dev/null
