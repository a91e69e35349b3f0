#!/bin/sh
# Builds the windowed touchstone.exe for 64-bit Windows on Linux, and a portable
# ZIP around it: ./assets/package-windows.sh [OUT.zip]. It wants the MinGW-w64
# compiler, ImageMagick and zip (Debian: gcc-mingw-w64-x86-64 imagemagick zip). The
# program uses the Chrome or Edge that is installed and needs no installation itself.
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'package-windows: %s\n' "$*" >&2; exit 1; }
tools=x86_64-w64-mingw32
for program in $tools-gcc $tools-windres convert zip; do
	command -v "$program" >/dev/null 2>&1 ||
		fail "$program is missing: apt-get install gcc-mingw-w64-x86-64 imagemagick zip"
done

out=${1:-touchstone-windows-amd64.zip}
case $out in /*) ;; *) out=$PWD/$out ;; esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=$scratch/Touchstone
mkdir "$folder" "$folder/licences"

# The icon and the version, as Explorer shows them.
version=$(sed -n 's/^const version = "\([0-9.]*\)"$/\1/p' main.go)
[ -n "$version" ] || fail "main.go names no version"
convert assets/icon.png -define icon:auto-resize=256,64,48,32,16 "$scratch/icon.ico"
cat >"$scratch/touchstone.rc" <<TEXT
1 ICON "$scratch/icon.ico"
1 VERSIONINFO
FILEVERSION $(echo "$version" | tr . ,),0
PRODUCTVERSION $(echo "$version" | tr . ,),0
BEGIN
  BLOCK "StringFileInfo" BEGIN BLOCK "040904B0" BEGIN
    VALUE "FileDescription", "Touchstone"
    VALUE "ProductName", "Touchstone"
    VALUE "ProductVersion", "$version"
    VALUE "FileVersion", "$version"
    VALUE "OriginalFilename", "touchstone.exe"
  END END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
TEXT
$tools-windres -O coff "$scratch/touchstone.rc" "$scratch/touchstone.res.o"

# No -H windowsgui: the same program is the command line, which needs its console.
GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=$tools-gcc go build -trimpath -tags migrated_fynedo \
	-ldflags "-s -w -linkmode external -extldflags '-static $scratch/touchstone.res.o'" -o "$folder/touchstone.exe" .

cp assets/fonts/OFL.txt assets/fonts/DejaVu.txt "$folder/licences/"
cat >"$folder/README.txt" <<'TEXT'
Touchstone needs no installation. Unpack this folder where you like and start
touchstone.exe. It uses the Chrome or Edge that is on this computer; its
workspace is the folder Touchstone in your home folder.

The window needs OpenGL 2.1. Where there is none, as on some remote desktops,
put Mesa's opengl32.dll beside touchstone.exe, or use the commands:
touchstone.exe --help
TEXT
sed -i 's/$/\r/' "$folder/README.txt"
rm -f "$out"
(cd "$scratch" && zip -q -9 -r "$out" Touchstone)
printf 'package-windows: %s, %s bytes (touchstone.exe: %s)\n' "$out" "$(wc -c <"$out")" "$(wc -c <"$folder/touchstone.exe")"
