#!/usr/bin/env bash
# Install what Debian has to give before pip can work, and only what is missing.
#
#   scripts/system-packages.sh build        virtual environments, a C compiler, Python's headers
#   scripts/system-packages.sh postgresql   the server's programs, for the store's tests
#   scripts/system-packages.sh browser      Chromium, in which tests look at the desk's pages
#   scripts/system-packages.sh deploy       promtool, nginx, systemd-analyze, which check the examples in deploy/
#   scripts/system-packages.sh wrk          the load generator of the benchmarks
#   scripts/system-packages.sh fonts        a font with Chinese, for the plots' tests and the notebooks
#
# As root it installs; as anyone else it says the command that would. Exit code 6: something is missing.
set -euo pipefail

python=${PYTHON:-python3}
missing=()

say() { printf '%s\n' "$1" >&2; }

need_python() {
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
  say "需要 Python 3.11 或更高版本（$python 不是）；可用 make PYTHON=/path/to/python 指定。"
  say "Python 3.11 or newer is needed ($python is not); name one with make PYTHON=/path/to/python."
  exit 6
}

has_headers() {
  "$python" -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file())'
}

look_for_build() {
  need_python
  "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  command -v "${CC:-gcc}" >/dev/null || missing+=(gcc libc6-dev)
  has_headers || missing+=(python3-dev)
}

look_for_postgresql() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
}

look_for_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
}

look_for_deploy() {
  command -v promtool >/dev/null || missing+=(prometheus)
  [[ -x /usr/sbin/nginx ]] || missing+=(nginx-light)
  command -v systemd-analyze >/dev/null || missing+=(systemd)
}

look_for_wrk() {
  command -v wrk >/dev/null || missing+=(wrk)
}

look_for_fonts() {
  compgen -G '/usr/share/fonts/*/noto/NotoSansCJK-Regular.*' >/dev/null || missing+=(fonts-noto-cjk)
}

install_missing() {
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    say "缺少系统软件包：${missing[*]}。请先运行：sudo $command"
    say "These system packages are missing: ${missing[*]}. Please run: sudo $command"
    exit 6
  fi
  say "正在安装系统软件包 / installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  $command
}

for group in "$@"; do "look_for_$group"; done
if ((${#missing[@]})); then install_missing; fi
