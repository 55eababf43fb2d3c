#!/bin/sh
# Sends a change to Faultline: faultline.sh change --service checkout --version 1.4.2 [--environment prod] ...
# Needs a POSIX shell and curl. For pipelines, Helm hooks, and migrations without output of their own.
set -eu

help() {
  cat <<'TEXT'
usage: faultline.sh change --service NAME --version VERSION [options]
  --environment NAME   such as prod
  --kind KIND          deploy (default), rollback, config, flag, scale, infrastructure, other
  --previous VERSION   the version before
  --summary TEXT       default: "Deployed NAME VERSION"
  --actor NAME         default: the user who runs the command
  --commit SHA         the commit that was built
  --url URL            a link to the run
  --started TIME       RFC 3339, or seconds since 1970; default: now
FAULTLINE_URL is the address of Faultline (default http://127.0.0.1:8080), FAULTLINE_TOKEN a token of the source json.
TEXT
}

# Says what is wrong and how the command is used.
usage() {
  printf '%s\n' "faultline.sh: $1" >&2
  help >&2
  exit 2
}

# A JSON text: backslashes and quotes are escaped, control characters become spaces.
quote() {
  printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

help_if_asked() {
  case ${1:-} in --help | -h)
    help
    exit 0
    ;;
  esac
}

help_if_asked "${1:-}"
[ "${1:-}" = change ] || usage "expected the command change, got ${1:-nothing}"
shift
service='' version='' environment='' kind=deploy previous='' summary='' commit='' url=''
actor=${USER:-}
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
while [ $# -gt 0 ]; do
  help_if_asked "$1"
  [ $# -ge 2 ] || usage "$1: expected a value, got nothing"
  case $1 in
    --service) service=$2 ;;
    --version) version=$2 ;;
    --environment) environment=$2 ;;
    --kind) kind=$2 ;;
    --previous) previous=$2 ;;
    --summary) summary=$2 ;;
    --actor) actor=$2 ;;
    --commit) commit=$2 ;;
    --url) url=$2 ;;
    --started) started=$2 ;;
    *) usage "unknown option $1" ;;
  esac
  shift 2
done
[ -n "$service" ] || usage "--service: expected a name, got nothing"
[ -n "$version" ] || usage "--version: expected a version, got nothing"
[ -n "$summary" ] || summary="Deployed $service $version"

body=$(printf '{"changes":[{"kind":%s,"service":%s,"version":%s,"previousVersion":%s,"environment":%s,"summary":%s,"actor":%s,"url":%s,"startedAt":%s,"labels":{"commit":%s}}]}' \
  "$(quote "$kind")" "$(quote "$service")" "$(quote "$version")" "$(quote "$previous")" "$(quote "$environment")" \
  "$(quote "$summary")" "$(quote "$actor")" "$(quote "$url")" "$(quote "$started")" "$(quote "$commit")")

# The token goes through stdin, so that no list of processes shows it.
# Only what may pass is tried again: no connection, a timeout, and the statuses 408, 429 and 5xx. A refused body stays refused.
printf 'header = "Authorization: Bearer %s"\n' "${FAULTLINE_TOKEN:-none}" |
  curl --config - --silent --show-error --fail-with-body --max-time 10 --retry 3 --retry-connrefused \
    --header 'Content-Type: application/json' --data "$body" "${FAULTLINE_URL:-http://127.0.0.1:8080}/ingest/json"
echo
