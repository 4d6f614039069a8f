# Sourced: installs Debian packages, as root or by sudo without a question.
install_packages() {
  local sudo=()
  [[ $EUID -eq 0 ]] || sudo=(sudo -n)
  echo "installing Debian packages: $*" >&2
  "${sudo[@]}" apt-get update -qq >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}
