import { MEMBER_LIST } from "./member-list.js";

/** What runs before each start of a member's etcd. */
export const MEMBERSHIP_GUARD = "/opt/pulumi-coreos/etcd-membership";
/** The member's directory in `/run` (systemd.exec(5), `RuntimeDirectory=`). */
export const ETCD_RUN = "etcd";
/** How etcd begins, as an `EnvironmentFile=`; empty where it has data. */
export const ETCD_BEGINS = `/run/${ETCD_RUN}/begin.env`;
/** Why etcd is not started yet; absent where it is. */
export const ETCD_WAITS = `/run/${ETCD_RUN}/waits`;
/** etcd's data; once this is there, etcd looks at no list and no token any more. */
export const WRITE_AHEAD_LOG = "/var/lib/etcd/member/wal";

/**
 * Decides on the machine itself how etcd begins where it has no data. It changes no membership: which disk is
 * lost for good, and whose turn it is, is known elsewhere. The variables that it writes stand for etcd's flags of the
 * same names. Needs bash, curl and sed.
 */
export const MEMBERSHIP_GUARD_SCRIPT = `#!/bin/bash
# How does etcd begin where it has no data? As one of the cluster's first members, or as one whom the
# others have added. While neither is right it waits, and says why in $RUNTIME_DIRECTORY/waits.
# usage: etcd-membership NAME PEER_URL [members=NAME=URL,...] [discovery=URL]
set -u
export LC_ALL=C
name=$1 own=$2 first= token=
for setting in "\${@:3}"; do
    case $setting in
        members=*) first=\${setting#members=} ;;
        discovery=*) token=\${setting#discovery=} ;;
    esac
done
patience=2
[ -z "$token" ] || patience=1
delivered=\${MEMBER_LIST:-${MEMBER_LIST}}
reason=

begin() {
    [ -d "$STATE_DIRECTORY/member/wal" ] || rm -rf "$STATE_DIRECTORY/member"
    printf '%s\\n' "$@" > "$RUNTIME_DIRECTORY/begin.env"
    rm -f "$RUNTIME_DIRECTORY/waits"
    exit 0
}

wait_because() {
    if [ "$1" != "$reason" ]; then
        reason=$1
        echo "etcd waits: $reason"
        echo "$reason" > "$RUNTIME_DIRECTORY/waits"
    fi
    sleep "\${PAUSE:-0.5}"
}

# Asks the others for the members, until one of them knows of a member that has started: sets answer
# and silent, which names those of whom it is not even known that no etcd runs there.
ask() {
    answer= silent=
    local url said
    for url in $(sed -e 's/,/\\n/g' <<< "$list" | sed -e 's/^[^=]*=//'); do
        [ "$url" != "$own" ] || continue
        if said=$(curl --silent --fail --verbose --noproxy '*' --max-time "$patience" "$url/members" 2> "$RUNTIME_DIRECTORY/curl"); then
            answer=$said
            [[ $answer != *'"clientURLs":["'* ]] || return
        elif [[ $(< "$RUNTIME_DIRECTORY/curl") != *'Connection refused'* ]]; then
            silent="$silent \${url}"
        fi
    done
}

# The members as etcd wants them: without a name only as long as one has not started.
membership() {
    local member url known members= number=0
    while read -r member; do
        url=$(sed -nE 's/.*"peerURLs":\\["([^"]+)".*/\\1/p' <<< "$member")
        known=$(sed -nE 's/.*"name":"([^"]+)".*/\\1/p' <<< "$member")
        [ "$url" != "$own" ] || known=$name
        number=$((number + 1))
        members="$members,\${known:-added-$number}=$url"
    done
    echo "\${members#,}"
}

while :; do
    [ ! -d "$STATE_DIRECTORY/member/wal" ] || begin
    list=$first state=new
    if [ -e "$delivered" ]; then
        list=$(sed -n 's/^ETCD_INITIAL_CLUSTER=//p' "$delivered")
        state=$(sed -n 's/^ETCD_INITIAL_CLUSTER_STATE=//p' "$delivered")
    fi
    if [ -z "$list" ]; then
        [ -z "$token" ] || begin "ETCD_DISCOVERY=$token" ETCD_DISCOVERY_FALLBACK=exit
        wait_because "the list of members is not there yet"
        continue
    fi
    ask
    each=$(sed 's/},{/}\\n{/g' <<< "$answer")
    mine=
    while read -r member; do
        [[ $member != *'"peerURLs":["'"$own"'"'* ]] || mine=$member
    done <<< "$each"
    if [[ $answer == *'"clientURLs":["'* ]]; then
        if [ -z "$mine" ]; then
            wait_because "the members have not added $own"
        elif [[ $mine == *'"clientURLs":["'* ]]; then
            wait_because "it has no data, and the members still list the $own that had; it must be removed and added again"
        else
            begin "ETCD_INITIAL_CLUSTER=$(membership <<< "$each")" ETCD_INITIAL_CLUSTER_STATE=existing
        fi
    elif [ -n "$token" ] && [ "$state" = new ]; then
        # Those that wait for the token's others give no word; and a token that is spent lets nobody begin.
        begin "ETCD_DISCOVERY=$token" ETCD_DISCOVERY_FALLBACK=exit
    elif [ -n "$silent" ]; then
        wait_because "it has no data, and no word from$silent"
    elif [ "$state" = existing ]; then
        wait_because "it has no data, and no other member runs"
    else
        begin "ETCD_INITIAL_CLUSTER=$list" ETCD_INITIAL_CLUSTER_STATE=new
    fi
done
`;
