# The room in which exporters are recorded: two network namespaces, never the machine's own interfaces.
# Sourced by record.sh.
#
#   exporter namespace                              collector namespace
#   exp0   10.99.1.1  2001:db8:99::1       <---->   col0   10.99.1.2  2001:db8:99::2   the export, recorded at col0
#   up0    10.99.3.1 -- sw0 (bridge) trunk <---->   col1                               export that a switch tags, recorded at col1
#   eth0   (what exporters watch)          <---->   gen0                               the traffic, sent with tcpreplay
#   eth1   (the switch's other port)       <---->   sink1  (exporter namespace)

exporter=rec-exporter-$$
collector=rec-collector-$$

in_exporter() { ip netns exec "$exporter" "$@"; }
in_collector() { ip netns exec "$collector" "$@"; }

# cable NAME MAC NAMESPACE NAME MAC NAMESPACE: a veth pair; only exp0 and col0 speak IPv6 of their own accord.
cable() {
    ip link add "$1" netns "$3" address "$2" type veth peer name "$4" netns "$6" address "$5"
    local end
    for end in "$3 $1" "$6 $4"; do
        set -- $end
        [[ $2 == exp0 || $2 == col0 ]] || ip netns exec "$1" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=1"
        ip -n "$1" link set "$2" up
        ip netns exec "$1" "$here/offload.py" "$2"
    done
}

lab_open() {
    ip netns add "$exporter"
    ip netns add "$collector"
    ip -n "$exporter" link set lo up
    ip -n "$collector" link set lo up
    cable exp0 02:00:00:99:00:01 "$exporter" col0 02:00:00:99:00:02 "$collector"
    cable eth0 02:00:00:99:01:01 "$exporter" gen0 02:00:00:99:01:02 "$collector"
    cable eth1 02:00:00:99:02:01 "$exporter" sink1 02:00:00:99:02:02 "$exporter"
    cable up0 02:00:00:99:03:01 "$exporter" sw0 02:00:00:99:03:03 "$exporter"
    cable trunk 02:00:00:99:04:01 "$exporter" col1 02:00:00:99:04:02 "$collector"
    ip -n "$exporter" addr add 10.99.1.1/24 dev exp0
    ip -n "$exporter" addr add 2001:db8:99::1/64 dev exp0 nodad
    ip -n "$exporter" addr add 10.99.3.1/24 dev up0
    ip -n "$exporter" neigh add 10.99.3.2 lladdr 02:00:00:99:03:02 dev up0
    ip -n "$collector" addr add 10.99.1.2/24 dev col0
    ip -n "$collector" addr add 2001:db8:99::2/64 dev col0 nodad
    ip netns exec "$collector" "$here/sink.py" & sink_pid=$!
}

lab_close() {
    [ -z "${sink_pid:-}" ] || kill "$sink_pid" 2>/dev/null || true
    ip netns del "$exporter" 2>/dev/null || true
    ip netns del "$collector" 2>/dev/null || true
}

# capture_start FILE [tcpdump arguments]: records all UDP (fragments and tagged frames too) that arrives, by default at col0.
capture_start() {
    local file=$1; shift
    local where=("$@") i
    local filter='udp or (ip[6:2] & 0x1fff != 0) or ip6[6] == 44 or (vlan and udp)'
    [ ${#where[@]} -gt 0 ] || where=(-i col0)
    [ "${where[1]}" != any ] || filter=udp # libpcap has no VLAN filter for cooked headers
    ip netns exec "$collector" timeout 120 tcpdump -Z root -n -U --immediate-mode -s 0 -Q in "${where[@]}" -w "$file" \
        "$filter" 2>"$work/tcpdump.log" & capture_pid=$!
    for i in $(seq 50); do
        ! grep -q 'listening on' "$work/tcpdump.log" || return 0
        sleep 0.1
    done
    cat "$work/tcpdump.log" >&2
    return 1
}

capture_stop() {
    sleep 0.6
    kill "$capture_pid"
    wait "$capture_pid" || true
}

# play FILE: the frames at their recorded pace.
play() { in_collector timeout 60 tcpreplay -q -i gen0 "$1" >"$work/tcpreplay.log" 2>&1; }
