#!/bin/bash
# The demo by hand: three machines in systemd-nspawn, the cloud-config applied by their own agent, three
# instances of hello@.service started with fleetctl. Prints "ready" once all of them run, then ends when
# its standard input does. Processes, mounts, bridge and links are in namespaces of its own that end with
# it, however it ends.
#
# usage: yardstick.sh IMAGE_ROOT WORK_DIRECTORY SUBNET_PREFIX MACHINE...
# WORK_DIRECTORY holds user-data and hello@.service; SUBNET_PREFIX is like 10.62.0: machines begin at .11.
set -euo pipefail

cgroups=()
for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    [[ -e $root/cgroup.procs ]] && cgroups+=("$root/pulumi-coreos-yardstick")
done

remove_cgroups() {
    local attempt
    for attempt in {1..100}; do
        find "${cgroups[@]}" -depth -type d -exec rmdir {} + 2> /dev/null && return
        [[ -n $(find "${cgroups[@]}" -maxdepth 0 2> /dev/null) ]] || return 0
        sleep 0.05
    done
}

if [[ "${YARDSTICK_INSIDE-}" != yes ]]; then
    trap remove_cgroups EXIT
    box=(--mount --net --pid --fork --kill-child --mount-proc)
    YARDSTICK_INSIDE=yes setpriv --pdeathsig=KILL unshare "${box[@]}" "$0" "$@" <&0 &
    trap 'kill -KILL $!' INT TERM
    wait $!
    exit
fi

image=$1 work=$2 prefix=$3
machines=("${@:4}")
bridge=yardstick
fleetctl=("$image/opt/bin/fleetctl" --driver=etcd --endpoint="http://$prefix.11:2379")

boot() { # NAME ADDRESS
    local name=$1 address=$2 at=$work/$1 id
    id=$(tr -d - < /proc/sys/kernel/random/uuid)
    mkdir -p "$at"/{root,upper,work,configdrive/openstack/latest}
    mount -t overlay overlay "$at/root" \
        -o "lowerdir=$image,upperdir=$at/upper,workdir=$at/work"
    echo "$id" > "$at/root/etc/machine-id"
    echo "$name" > "$at/root/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" > "$at/root/etc/hosts"
    printf 'COREOS_%s_IPV4=%s\n' PRIVATE "$address" PUBLIC "$address" > "$at/root/etc/environment"
    printf '[Match]\nName=host0\n[Network]\nAddress=%s/24\nGateway=%s.1\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n' \
        "$address" "$prefix" > "$at/root/etc/systemd/network/10-host0.network"
    cp "$work/user-data" "$at/configdrive/openstack/latest/user_data"
    printf '{"uuid": "%s", "hostname": "%s"}\n' "$id" "$name" \
        > "$at/configdrive/openstack/latest/meta_data.json"
    # Each machine in cgroups of its own, or they would share one of nspawn's.
    local group
    for group in "${cgroups[@]}"; do
        mkdir -p "$group/$name"
        echo "$BASHPID" > "$group/$name/cgroup.procs"
    done
    exec systemd-nspawn --quiet --boot --directory="$at/root" --machine="$name" --uuid="$id" \
        --hostname="$name" --network-bridge="$bridge" \
        --bind-ro="$at/configdrive:/media/configdrive" --register=no --keep-unit --console=pipe \
        --settings=no --resolv-conf=off --timezone=off --link-journal=no \
        < /dev/null > "$at/console.log" 2>&1
}

# systemd-nspawn leaves its locks when it is killed; here they go with the mount.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 tmpfs /run/systemd/nspawn

ip link set dev lo up
ip link add name "$bridge" type bridge forward_delay 0 mcast_snooping 0
ip address add "$prefix.1/24" dev "$bridge"
ip link set dev "$bridge" up

host=11
for name in "${machines[@]}"; do
    boot "$name" "$prefix.$host" &
    host=$((host + 1))
done

until [[ $("${fleetctl[@]}" list-machines --no-legend 2> /dev/null | wc -l) -eq ${#machines[@]} ]]; do
    sleep 0.05
done
echo "machines"

cd "$work"
instances=()
for name in "${!machines[@]}"; do
    instances+=("hello@$((name + 1)).service")
done
"${fleetctl[@]}" start "${instances[@]}" > fleetctl.log 2>&1
until [[ $("${fleetctl[@]}" list-units --no-legend --fields=unit,active,sub |
    grep -c 'active[[:space:]]*running') -eq ${#machines[@]} ]]; do
    sleep 0.05
done
echo "ready"
cat > /dev/null
