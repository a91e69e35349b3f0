#!/bin/sh
# Installs what Touchstone needs to be built, run and tested: Chromium, the C
# headers of the window toolkit, fonts, and the tools the tests check with.
# Safe to run twice: only what is missing is installed, and only then is root
# (or sudo) needed. Asks nothing.
# shellcheck disable=SC2086 # package lists are meant to split into words
set -eu

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif have sudo; then
		sudo -n "$@" || fail "sudo needs a password: run 'sudo $0' once, then go on as yourself"
	else
		fail "packages are missing and neither root nor sudo is at hand: run this script as root once"
	fi
}

has_chrome() {
	[ -n "${TOUCHSTONE_CHROME:-}" ] && return 0
	for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge; do
		have "$name" && return 0
	done
	[ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ]
}

# missing INSTALLED-QUERY PACKAGE... prints the packages the query does not know.
missing() {
	query=$1
	shift
	for package in "$@"; do
		$query "$package" >/dev/null 2>&1 || printf '%s ' "$package"
	done
}

deb_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

with_apt() {
	packages="ca-certificates gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev
		fonts-liberation fonts-noto-core fonts-noto-cjk
		xvfb xauth xdotool imagemagick openssl poppler-utils qpdf unzip"
	has_chrome || packages="$packages chromium"
	have npm || packages="$packages npm"
	todo=$(missing deb_installed $packages)
	[ -z "$todo" ] && return
	say "installing with apt: $todo"
	as_root apt-get update -q
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $todo
}

with_dnf() {
	packages="ca-certificates gcc pkgconf-pkg-config mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel
		libXinerama-devel libXi-devel libXxf86vm-devel wayland-devel libxkbcommon-devel
		liberation-fonts google-noto-sans-cjk-fonts
		xorg-x11-server-Xvfb xorg-x11-xauth xdotool ImageMagick openssl poppler-utils qpdf unzip"
	has_chrome || packages="$packages chromium"
	have npm || packages="$packages npm"
	todo=$(missing "rpm -q" $packages)
	[ -z "$todo" ] && return
	say "installing with dnf: $todo"
	as_root dnf install -q -y $todo
}

with_pacman() {
	packages="ca-certificates gcc pkgconf mesa libx11 libxcursor libxrandr libxinerama libxi wayland libxkbcommon
		ttf-liberation noto-fonts noto-fonts-cjk
		xorg-server-xvfb xorg-xauth xdotool imagemagick openssl poppler qpdf unzip"
	has_chrome || packages="$packages chromium"
	have npm || packages="$packages npm"
	todo=$(missing "pacman -Q" $packages)
	[ -z "$todo" ] && return
	say "installing with pacman: $todo"
	as_root pacman -S --noconfirm --needed $todo
}

with_brew() {
	have cc || fail "the C compiler is missing: run 'xcode-select --install', then this script again"
	packages="openssl@3 poppler qpdf imagemagick"
	have npm || packages="$packages node"
	todo=$(missing "brew list" $packages)
	[ -z "$todo" ] || { say "installing with brew: $todo"; brew install -q $todo; }
	has_chrome || { say "installing with brew: chromium"; brew install -q --cask chromium; }
}

have go || fail "Go is missing: install Go 1.26 or newer from https://go.dev/dl, then run this script again"

if have apt-get; then with_apt
elif have dnf; then with_dnf
elif have pacman; then with_pacman
elif have brew; then with_brew
else fail "no apt, dnf, pacman or brew here: install Chromium, a C compiler and the OpenGL and X11 headers by hand (README, For developers)"
fi
say "everything is in place"
