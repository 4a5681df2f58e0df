#!/bin/sh
# Rebuilds GraphiQL from the lock file and fails when the committed files differ from the result.
set -eu
cd "$(dirname "$0")"
committed=../../ecoctrl_gql/static/graphiql
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The contents are compared, not the archives: compressors differ between releases of Node.
unpack() {
    mkdir "$2"
    for file in "$1"/*.gz; do
        gzip -dc "$file" >"$2/$(basename "$file" .gz)"
    done
}

npm ci --silent
node build.mjs "$work/built"
unpack "$work/built" "$work/expected"
unpack "$committed" "$work/actual"
if ! diff -rq "$work/expected" "$work/actual"; then
    echo "ecoctrl_gql/static/graphiql is stale: run 'npm ci && npm run build' in web/graphiql." >&2
    exit 1
fi
echo "ecoctrl_gql/static/graphiql is up to date."
