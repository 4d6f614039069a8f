# Sourced: makes `node` one of 20.19 or later, and npm its companion. What the machine has is taken; with CI=true Debian's packages are
# installed, and where their Node is older, a newer one from npm (the package `node`) is put before it, in target/node.

. scripts/packages.sh

new_enough() {
  command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# Found here by an earlier step.
if ! new_enough && [[ -x target/node/node_modules/.bin/node ]]; then PATH=$PWD/target/node/node_modules/.bin:$PATH; fi
if ! new_enough && [[ ${CI:-} == true ]] && command -v apt-get >/dev/null; then
  command -v npm >/dev/null || install_packages nodejs npm
  if ! new_enough; then
    echo "Node $(node --version) is too old: taking one from npm" >&2
    mkdir -p target/node
    npm install --prefix target/node --no-save --no-audit --no-fund --loglevel=error node@22.23.3 >&2
    PATH=$PWD/target/node/node_modules/.bin:$PATH
  fi
fi
export PATH
