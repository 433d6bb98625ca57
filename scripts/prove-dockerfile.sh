#!/usr/bin/env bash
# Runs the steps of docker/Dockerfile in a clean folder, where there is no container engine: every COPY, RUN, ENV and CMD
# as written, with /app, /data and /keys moved below that folder and the user `node` by its number, 1000.
# Then it starts the result as the image would, asks its health check, stops it, starts it again on the same /data, and
# once more beside a PostgreSQL with the keys that compose makes. What it cannot prove: the base image and the engine.
set -euo pipefail
checkout="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/syncline-docker-XXXXXX")"
chmod 0711 "$work"
hub_pid=''
finish() {
  local status=$?
  [ -z "$hub_pid" ] || kill -KILL "$hub_pid" 2>/dev/null || true
  [ "${KEEP:-}" = 1 ] || rm -rf "$work"
  [ "$status" -eq 0 ] && echo 'The Dockerfile holds; the image itself is unproven.' || echo "FAILED with $status"
}
trap finish EXIT

say() { printf '\n--- %s\n' "$*"; }

# As the image's user where we may choose, else as ourselves.
as_node=()
owner="$(id -u):$(id -g)"
if [ "$(id -u)" -eq 0 ]; then
  as_node=(setpriv --reuid=1000 --regid=1000 --clear-groups)
  owner=1000:1000
fi

# Only for the private PostgreSQL further down.
node "$checkout/scripts/ensure-deps.mjs"

say 'the context: committed files without what .dockerignore names'
mkdir "$work/context"
sed -E 's#^\*\*/##' "$checkout/.dockerignore" >"$work/ignored"
git -C "$checkout" archive HEAD | tar -x -C "$work/context" --exclude-from="$work/ignored"

stage='' dir='' command='' health=''
declare -A env=()

# Moves the image's absolute folders below a stage's root.
moved() { sed -E ":again; s#(^|[ =\"'])/(app|data|keys)(/|[ \"']|\$)#\1$work/$2/\2\3#; t again; s#-o node -g node#-o ${owner%:*} -g ${owner#*:}#g" <<<"$1"; }
variables() { for name in "${!env[@]}"; do printf '%s=%s\n' "$name" "${env[$name]}"; done; }

while IFS= read -r line; do
  instruction="${line%% *}" rest="${line#* }"
  case "$instruction" in
    FROM)
      stage="$(sed -nE 's/.* AS (.*)$/\1/p' <<<"$rest")"
      stage="${stage:-final}" dir="$work/$stage" env=()
      mkdir -p "$dir"
      ;;
    WORKDIR) dir="$work/$stage$rest" && mkdir -p "$dir" ;;
    ENV) env["${rest%%=*}"]="${rest#*=}" ;;
    COPY)
      read -r -a words <<<"$rest"
      if [[ "${words[0]}" == --from=* ]]; then
        source="$work/${words[0]#--from=}${words[1]}" target="$dir/${words[2]}"
      else
        source="$work/context/${words[0]}" target="$dir/${words[1]}"
      fi
      echo "COPY $rest"
      # Like the engine: a folder is copied by its contents, a file into a folder that ends in a slash.
      if [ -d "$source" ]; then mkdir -p "$target" && cp -a "$source/." "$target/"; else cp -a "$source" "$target"; fi
      ;;
    RUN)
      echo "RUN $rest"
      # Packages belong to the base image, and this machine is not ours to change: only what they bring is looked for.
      if [[ "$rest" == apt-get\ * ]]; then
        command -v git >/dev/null
        continue
      fi
      (cd "$dir" && env -i PATH="$PATH" HOME="$work" npm_config_userconfig="${NPM_CONFIG_USERCONFIG:-$HOME/.npmrc}" \
        $(variables) sh -euc "$(moved "$rest" "$stage")")
      ;;
    HEALTHCHECK) health="$(sed -E 's/.*CMD //' <<<"$rest")" ;;
    CMD) command="$rest" ;;
    USER) [ "$rest" = node ] ;;
    VOLUME | EXPOSE | STOPSIGNAL) ;;
    *) echo "unknown instruction: $line" && exit 1 ;;
  esac
done < <(grep -vE '^\s*(#|$)' "$checkout/docker/Dockerfile")

words() { node -p 'JSON.parse(process.argv[1]).join(" ")' "$1"; }
command="$(words "$command")" health="$(words "$health")"
port="$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')"
# The image listens on all addresses; a proof needs only this machine's own.
env[HOST]=127.0.0.1 env[PORT]="$port" env[DATA_DIR]="$work/final/data"

# To be called in a subshell, which it replaces: the process that gets the signal is the hub, as in the image.
in_image() { cd "$work/final/app" && exec "${as_node[@]}" env -i PATH="$PATH" HOME=/nonexistent $(variables) "$@"; }

start_and_stop() {
  say "start: $1"
  in_image $command >"$work/hub.log" 2>&1 &
  hub_pid=$!
  local healthy=''
  for _ in $(seq 60); do
    kill -0 "$hub_pid" 2>/dev/null || break
    if (in_image $health); then healthy=1 && break; fi
    sleep 1
  done
  if [ -z "$healthy" ]; then tail -40 "$work/hub.log" && return 1; fi
  echo "healthy; resident: $(awk '/VmRSS/ {print int($2 / 1024) " MB"}' "/proc/$hub_pid/status")"
  kill -TERM "$hub_pid"
  local status=0
  wait "$hub_pid" || status=$?
  hub_pid=''
  [ "$status" -eq 0 ] || { tail -40 "$work/hub.log" && echo "ended with $status" && return 1; }
}

if (in_image $health); then echo 'The health check calls a hub healthy that does not run.' && exit 1; fi
du -sh "$work/final/app" | sed "s#$work/final##"
start_and_stop 'embedded database on an empty /data'
kept="$(cd "$work/final/data" && find . -maxdepth 1 -type f -size -4k ! -name '*.log' ! -name '*lock*' -exec sha256sum {} +)"
start_and_stop 'the same /data again'
[ "$kept" = "$(cd "$work/final/data" && find . -maxdepth 1 -type f -size -4k ! -name '*.log' ! -name '*lock*' -exec sha256sum {} +)" ]

say 'keys as compose makes them: once'
(in_image node docker/make-keys.mjs "$work/final/keys")
[ -z "$(in_image node docker/make-keys.mjs "$work/final/keys")" ]

env[SYNCLINE_SECRET_KEY_FILE]="$work/final/keys/secret-key"
env[SYNCLINE_ADMIN_TOKEN_FILE]="$work/final/keys/admin-token"
env[DATABASE_URL_FILE]="$work/final/keys/database-url"
# The private server has a password of its own; the address file says it the way compose's would.
url_file="$work/url"
node "$checkout/scripts/with-postgres.mjs" sh -c 'printf %s "$DATABASE_URL" >"$0" && while [ -e "$0" ]; do sleep 0.2; done' "$url_file" &
postgres_pid=$!
for _ in $(seq 100); do [ -s "$url_file" ] && break || sleep 0.2; done
rm -f "$work/final/keys/database-url"
(umask 077 && cp "$url_file" "$work/final/keys/database-url")
[ "$(id -u)" -ne 0 ] || chown "$owner" "$work/final/keys/database-url"
status=0
start_and_stop 'beside PostgreSQL' && start_and_stop 'beside PostgreSQL again' || status=$?
rm -f "$url_file"
wait "$postgres_pid" || true
exit "$status"
