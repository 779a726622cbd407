# Sourced by get-model for --hub: fetches a model's folder from the Hugging Face hub, by the hub's public interface.
#
#   GET $endpoint/api/models/NAME[/revision/REV]?blobs=true    the commit, and its files with sizes and hashes
#   GET $endpoint/NAME/resolve/COMMIT/FILE                     a file, often by a redirection to another host
#
# shellcheck shell=bash
# The variables that get-model's functions read, and those that it sets, look unused or unset here.
# shellcheck disable=SC2034,SC2154

export LC_ALL=C
endpoint=${HF_ENDPOINT:-https://huggingface.co}
endpoint=${endpoint%/}
elsewhere="Check the network, and HF_ENDPOINT if it is set"
# What may hold the weights, in the order of preference.
weights_names=(model.safetensors model.safetensors.index.json pytorch_model.bin pytorch_model.bin.index.json)

# --- What the listing says of each file: the size, the SHA-256 or "-", the SHA-1 of its git blob or "-".

declare -A sizes=() sha256s=() blobs=()
commit=

# --- Requests.

# curl (since 7.83) sends this header to no other host, port or protocol.
secret_settings() { [ -z "${HF_TOKEN:-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$HF_TOKEN"; }

access_advice() {
    if [ -n "${HF_TOKEN:-}" ]; then
        echo "HF_TOKEN gives no access to it"
    else
        echo "it is private, which needs HF_TOKEN"
    fi
}

# get-model calls this if a server refuses $url. $1: the HTTP status.
fail_http() {
    local page=$endpoint/$hub_name reason
    reason=$(answered x-error-code)
    case $reason:$1 in
        GatedRepo:*)
            fail 4 "$hub_name is gated (HTTP $1): accept its conditions on $page, and set HF_TOKEN to your access token"
            ;;
        RevisionNotFound:*)
            fail 4 "$hub_name has no revision '${revision:-main}' (HTTP $1); --revision takes a branch, a tag or a commit"
            ;;
    esac
    if [ -z "$commit" ]; then
        case $1 in
            401 | 403 | 404)
                fail 4 "there is no model $page (HTTP $1): its name is misspelled, or $(access_advice)"
                ;;
        esac
    fi
    fail 4 "the server did not give $url (HTTP $1)"
}

# --- JSON.

# Prints a line "PATH<tab>VALUE" for each string, number and literal in a JSON file; fails if it is not JSON. A path is
# like /siblings[3]/lfs/size, a string has its quotes and escapes. A key with other characters than letters, digits
# and _ is a "?" in the path. grep cuts the text into tokens, awk checks their order.
json_values() {
    grep --text --only-matching --extended-regexp \
        '"([^"\\[:cntrl:]]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"|[][{}:,]|[^][{}:,"[:space:]]+|[^[:space:]]' "$1" | awk '
        function leave() { depth--; state = depth ? "next" : "end" }
        BEGIN { state = "value" }
        {
            is_string = /^".*"$/ && length($0) > 1
            inside = depth ? kind[depth] : ""
            if (($0 == "}" && inside == "{" && (state == "next" || state == "key or end")) ||
                ($0 == "]" && inside == "[" && (state == "next" || state == "value or end"))) {
                leave()
            } else if ((state == "key" || state == "key or end") && is_string) {
                key = substr($0, 2, length($0) - 2)
                here[depth] = path[depth] "/" (key ~ /^[A-Za-z0-9_]+$/ ? key : "?")
                state = "colon"
            } else if (state == "colon" && $0 == ":") {
                state = "value"
            } else if (state == "next" && $0 == ",") {
                state = inside == "{" ? "key" : "value"
            } else if (state == "value" || state == "value or end") {
                if (inside == "[") here[depth] = path[depth] "[" members[depth]++ "]"
                place = depth ? here[depth] : ""
                if ($0 == "{" || $0 == "[") {
                    if (++depth > 100) { bad = 1; exit }
                    kind[depth] = $0
                    path[depth] = place
                    members[depth] = 0
                    state = $0 == "{" ? "key or end" : "value or end"
                } else if (is_string || /^(true|false|null|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?)$/) {
                    print place "\t" $0
                    state = depth ? "next" : "end"
                } else { bad = 1; exit }
            } else { bad = 1; exit }
        }
        END { if (bad || state != "end") exit 1 }'
}

# Prints "commit HASH" and a line "NAME SIZE SHA256 BLOB" for each file of the listing that a model's folder may hold;
# all other names are left out. If anything of that is not as it should be, it fails, and the last line is "bad REASON".
# $1: what json_values made of the listing.
listed_files() {
    awk -F '\t' '
        function refuse(reason) { if (bad == "") bad = reason; exit }
        function unquoted(text) { return substr(text, 2, length(text) - 2) }
        function is_hash(text, digits) { return length(text) == digits && text ~ /^[0-9a-f]+$/ }
        function is_wanted(name) {
            return name ~ /^(config|preprocessor_config|(model[.]safetensors|pytorch_model[.]bin)[.]index)[.]json$/ ||
                name ~ /^(model[.]safetensors|pytorch_model[.]bin)$/ ||
                name ~ /^model-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9][.]safetensors$/ ||
                name ~ /^pytorch_model-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9][.]bin$/
        }
        $1 == "/sha" || $1 ~ /^\/siblings\[[0-9]+\]\/(rfilename|size|blobId|lfs\/(size|sha256))$/ {
            if ($1 in value) refuse("it says " $1 " twice")
            value[$1] = $2
            if ($1 ~ /\/rfilename$/) entries[++count] = substr($1, 1, length($1) - length("/rfilename"))
        }
        END {
            if (bad == "" && !is_hash(unquoted(value["/sha"]), 40)) bad = "it has no commit (sha)"
            if (bad == "") print "commit", unquoted(value["/sha"])
            for (i = 1; i <= count && bad == ""; i++) {
                name = unquoted(value[entries[i] "/rfilename"])
                if (!is_wanted(name)) continue
                if (name in seen) { bad = name " is listed twice"; break }
                seen[name] = 1
                size = value[entries[i] "/size"]
                large = value[entries[i] "/lfs/size"]
                if (size == "" || size == "null") size = large
                if (size !~ /^[1-9][0-9]*$/ || length(size) > 15) { bad = "it has no usable size of " name; break }
                if (large != "" && large != size) { bad = "it has two sizes of " name; break }
                hash = unquoted(value[entries[i] "/lfs/sha256"])
                blob = unquoted(value[entries[i] "/blobId"])
                if (hash == "" && large != "") { bad = "it has no SHA-256 of " name; break }
                if (hash != "" && !is_hash(hash, 64)) { bad = "it has no usable SHA-256 of " name; break }
                if (hash == "" && blob != "" && !is_hash(blob, 40)) { bad = "it has no usable blobId of " name; break }
                # The blob of a large file is a pointer to it.
                print name, size, hash == "" ? "-" : hash, hash != "" || blob == "" ? "-" : blob
            }
            if (bad != "") { print "bad", bad; exit 1 }
        }' "$1"
}

# Prints the names of the shards in an index, each once; whatever they are. $1: what json_values made of the index.
listed_shards() {
    awk -F '\t' '
        $1 ~ /^\/weight_map\/[^\/[]+$/ && !($2 in seen) { seen[$2] = 1; print substr($2, 2, length($2) - 2) }' "$1"
}

# --- The listing.

fetch_listing() {
    local lines line name
    url="$endpoint/api/models/$hub_name${revision:+/revision/${revision//\//%2F}}?blobs=true"
    archive=$work/listing.json
    expected="a list of the model's files"
    download
    if is_web_page; then fail_with_web_page; fi
    [ -f "$archive" ] || : >"$archive"
    json_values "$archive" >"$work/values" || fail_listing "it is not JSON"
    lines=$(listed_files "$work/values") || fail_listing "${lines##*bad }"
    while read -r name line; do
        if [ "$name" = commit ]; then
            commit=$line
            continue
        fi
        read -r "sizes[$name]" "sha256s[$name]" "blobs[$name]" <<<"$line"
    done <<<"$lines"
    rm -f "$archive"
    archive=
}

fail_listing() { fail 5 "what came from $url is not the hub's list of files: $1"; }

# Sets $weights to the first of the names that the model has.
choose_weights() {
    local name
    [ -n "${sizes[config.json]:-}" ] || fail 4 "$hub_name has no config.json, so it is not a model for transformers"
    for name in "${weights_names[@]}"; do
        if [ -n "${sizes[$name]:-}" ]; then
            weights=$name
            return
        fi
    done
    fail 4 "$hub_name has no weights that can be read here: neither model.safetensors nor pytorch_model.bin"
}

# A folder with two kinds of weights would leave open which of them are the model's.
refuse_other_weights() {
    local name
    for name in "${weights_names[@]}"; do
        if [ "$name" != "$weights" ] && [ -e "$target/$name" ]; then
            fail 1 "$target holds $name, but the weights of $hub_name are in $weights; move it away," \
                "or name another folder"
        fi
    done
}

# --- Files.

# Prints what is wrong with a file, or nothing. $1: its path. $2: its name in the listing.
difference() {
    local bytes=${sizes[$2]} hash
    if [ "$(stat --dereference --format=%s "$1")" -ne "$bytes" ]; then
        echo "it has $(stat --dereference --format=%s "$1") bytes instead of $bytes"
    elif [ "${sha256s[$2]}" != - ]; then
        hash=$(sha256sum <"$1")
        [ "${hash%% *}" = "${sha256s[$2]}" ] || echo "its SHA-256 is ${hash%% *} instead of ${sha256s[$2]}"
    elif [ "${blobs[$2]}" != - ]; then
        hash=$({ printf 'blob %s\0' "$bytes" && cat "$1"; } | sha1sum)
        [ "${hash%% *}" = "${blobs[$2]}" ] || echo "its git hash is ${hash%% *} instead of ${blobs[$2]}"
    fi
}

# Whether a file is in its place and is the hub's. One that is another's is not replaced.
is_in_place() {
    local path=$target/$1 wrong
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then return 1; fi
    if [ ! -f "$path" ] || [ ! -r "$path" ]; then
        fail 1 "$path is there but can't be read as a file; move it away, or name another folder"
    fi
    wrong=$(difference "$path" "$1")
    [ -z "$wrong" ] || fail 1 "$path is there but is not the hub's: $wrong; move it away, or name another folder"
}

require_room() {
    local name needed=0
    for name in "$@"; do
        if [ ! -e "$target/$name" ]; then needed=$((needed + sizes[$name] - $(bytes_of "$target/$name.part"))); fi
    done
    if [ "$(free_bytes "$target")" -lt "$needed" ]; then
        fail 7 "the disk is full: $target needs $(in_megabytes "$needed") more; make room and run again"
    fi
}

# Sees to it that FILE.part is there, whole and checked. Goes on with a part once, then starts again.
fetch_part() {
    local name=$1 continued wrong
    url=$endpoint/$hub_name/resolve/$commit/$name
    archive=$target/$name.part
    expected=$name
    if [ -L "$archive" ] || { [ -e "$archive" ] && [ ! -f "$archive" ]; }; then
        fail 1 "$archive is not a file; move it away"
    fi
    [ "$(bytes_of "$archive")" -le "${sizes[$name]}" ] || rm -f "$archive"
    continued=$(bytes_of "$archive")
    : >"$headers"
    if [ "$continued" -lt "${sizes[$name]}" ]; then
        if [ "${sizes[$name]}" -ge 1000000 ]; then
            say "fetching $name, $(in_megabytes "${sizes[$name]}")"
        else
            say "fetching $name"
        fi
        download
    fi
    [ -f "$archive" ] || : >"$archive"
    wrong=$(difference "$archive" "$name")
    if [ -n "$wrong" ]; then
        rm -f "$archive"
        if [ "$continued" -gt 0 ]; then
            say "the continued download of $name does not fit together; starting again"
            fetch_part "$name"
            return
        fi
        if is_web_page; then fail_with_web_page; fi
        fail 5 "what came from $url is not the file that the hub lists: $wrong"
    fi
}

place() {
    if ! mv --no-target-directory "$target/$1.part" "$target/$1" 2>/dev/null; then
        fail 1 "$target/$1 could not be written"
    fi
    archive=
    fetched=yes
}

fetch_file() {
    if is_in_place "$1"; then return; fi
    fetch_part "$1"
    place "$1"
}

# The shards appear before the index that names them.
fetch_shards() {
    local index=$weights lines name shards pattern path
    path=$target/$index
    if ! is_in_place "$index"; then
        fetch_part "$index"
        path=$path.part
    fi
    case $index in
        model.*) pattern='^model-[0-9]{5}-of-[0-9]{5}\.safetensors$' ;;
        *) pattern='^pytorch_model-[0-9]{5}-of-[0-9]{5}\.bin$' ;;
    esac
    json_values "$path" >"$work/values" || fail_index "$path" "it is not JSON"
    lines=$(listed_shards "$work/values")
    [ -n "$lines" ] || fail_index "$path" "it has no weight_map that names the shards"
    mapfile -t shards <<<"$lines"
    for name in "${shards[@]}"; do
        [[ $name =~ $pattern ]] || fail_index "$path" "it names '$name', which is not a shard's name"
        [ -n "${sizes[$name]:-}" ] || fail_index "$path" "it names $name, which $hub_name doesn't have"
    done
    require_room "${shards[@]}"
    for name in "${shards[@]}"; do fetch_file "$name"; done
    if [ "$path" != "$target/$index" ]; then place "$index"; fi
}

fail_index() {
    case $1 in *.part) rm -f "$1" ;; esac
    archive=
    fail 5 "$weights of $hub_name can't be used: ${2//[^[:print:]]/?}"
}

# --- The folder.

check_hub_settings() {
    local version
    if [[ ! $hub_name =~ ^[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*$ ]] || [[ $hub_name == *..* ]]; then
        fail 2 "'$hub_name' is not a model's name on the hub: OWNER/NAME, of letters, digits, '-', '.' and '_'"
    fi
    if [ -n "$revision" ]; then
        if [[ ! $revision =~ ^[A-Za-z0-9_][A-Za-z0-9._/-]*$ ]] || [[ $revision == *..* ]]; then
            fail 2 "'$revision' is not a revision: a branch, a tag or a commit, of letters, digits, '-', '.', '_', '/'"
        fi
    fi
    if [[ ! $endpoint =~ ^https?://[][A-Za-z0-9.:-]+(/[A-Za-z0-9._~/-]*)?$ ]]; then
        fail 2 "HF_ENDPOINT is not an address such as https://huggingface.co"
    fi
    case $endpoint in https:*) protocols='=https' ;; esac
    command -v curl >/dev/null || fail 2 "curl is missing; Scripts/setup download installs it"
    [ -n "${HF_TOKEN:-}" ] || return 0
    [[ $HF_TOKEN =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail 2 "HF_TOKEN holds characters that are in no access token"
    version=$(curl --version | awk 'NR == 1 { print $2 }')
    if [[ ! $version =~ ^([0-9]+)\.([0-9]+) ]] || [ $((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2])) -lt 7083 ]; then
        fail 2 "with HF_TOKEN, curl 7.83 or newer is needed, which sends it to no other host;" \
            "this is curl ${version:-of unknown version}"
    fi
}

# Sees to it that only one get-model uses the folder.
open_target() {
    local made=no
    [ -d "$target" ] || made=yes
    mkdir -p "$target" 2>/dev/null || fail 1 "the folder $target can't be made"
    [ -w "$target" ] || fail 1 "the folder $target can't be written"
    exec {lock}<"$target"
    flock --nonblock "$lock" || fail 1 "another get-model is at work on $target"
    stage=$target
    work=$target/.get-model
    headers=$work/headers
    archive=
    made_target=$made
    trap close_target EXIT
    rm -rf "$work"
    mkdir "$work" 2>/dev/null || fail 1 "$work can't be made"
}

close_target() {
    rm -rf "$work"
    if [ -n "$archive" ] && [ ! -s "$archive" ]; then rm -f "$archive"; fi
    [ "$made_target" = no ] || rmdir --ignore-fail-on-non-empty "$target"
}

fetch_from_hub() {
    fetched=no
    check_hub_settings
    open_target
    fetch_listing
    choose_weights
    refuse_other_weights
    local single=() name
    case $weights in *.index.json) ;; *) single=("$weights") ;; esac
    if [ -n "${sizes[preprocessor_config.json]:-}" ]; then single+=(preprocessor_config.json); fi
    single+=(config.json)
    # Before anything is fetched: files that are another's.
    for name in preprocessor_config.json config.json; do
        [ -z "${sizes[$name]:-}" ] || is_in_place "$name" || true
    done
    say "fetching $endpoint/$hub_name, commit $commit; that page says what the licence is"
    if [ "$hub_name" = "$default_hub_name" ]; then tell_licence; fi
    require_room "${single[@]}"
    case $weights in *.index.json) fetch_shards ;; esac
    for name in "${single[@]}"; do fetch_file "$name"; done
    if [ "$fetched" = no ]; then
        say "the model is already in $target"
    else
        say "the model is in $target"
    fi
}
