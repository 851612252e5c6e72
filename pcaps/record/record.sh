#!/bin/bash
# Records the captures of this folder from real exporters, then writes expected/ and checks all of it.
#
# usage: record.sh [NAME ...]      all captures, or those whose names are given (without .pcap)
#
# Needs root and the Debian packages softflowd pmacct openvswitch-switch tcpdump tshark wireshark-common tcpreplay iproute2
# python3-scapy. Touches nothing outside two network namespaces, a temporary folder and pcaps/.
set -Eeuo pipefail
here=$(dirname "$(readlink -f "$0")")
out=$(dirname "$here")
work=$(mktemp -d)
. "$here/lab.sh"
. "$here/exporters.sh"

finish() {
    ovs_stop
    lab_close
    rm -rf "$work"
}
trap finish EXIT
trap 'echo "record.sh: failed at ${BASH_SOURCE[0]}:$LINENO: $BASH_COMMAND" >&2' ERR

wanted=("$@")
chosen() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    local name
    for name in "${wanted[@]}"; do [ "$name" != "$1" ] || return 0; done
    return 1
}

# capture NAME METHOD ARGUMENTS...: one row of the table below.
capture() {
    local name=$1 method=$2; shift 2
    chosen "$name" || return 0
    echo "$(date +%T) $name" >&2
    recorded+=("$name")
    "$method" "$out/$name.pcap" "$@"
}

recorded=()
lab_open
for kind in mixed ipv4 ipv6 vlan tunnel many filler; do "$here/traffic.py" "$kind" "$work/$kind.pcap"; done
v4=10.99.1.2 v6='[2001:db8:99::2]'

capture netflow5-softflowd-ipv4            softflowd_file mixed -v 5 -n $v4:2055
capture netflow9-softflowd-ipv4            softflowd_file ipv4 -v 9 -n $v4:2055
capture netflow9-softflowd-ipv6            softflowd_file ipv6 -v 9 -n $v4:2055
capture netflow9-softflowd-ethernet        softflowd_file vlan -v 9 -T ether -n $v4:2055
capture netflow9-softflowd-sampling        softflowd_file many -v 9 -s 10 -n $v4:2055
capture netflow9-softflowd-many            softflowd_file many -v 9 -n $v4:2055
capture netflow9-softflowd-live            softflowd_live mixed -v 9 -n $v4:2055
capture netflow9-softflowd-ipv6-transport  softflowd_file mixed -v 9 -n "$v6:2055"
capture ipfix-softflowd-ipv4               softflowd_file ipv4 -v 10 -n $v4:4739
capture ipfix-softflowd-ipv6               softflowd_file ipv6 -v 10 -n $v4:4739
capture ipfix-softflowd-sampling           softflowd_file many -v 10 -s 10 -n $v4:4739
capture ipfix-softflowd-bidirectional      softflowd_file mixed -v 10 -b -n $v4:4739
capture ipfix-softflowd-milliseconds       softflowd_file mixed -v 10 -A milli -n $v4:4739
capture ipfix-softflowd-microseconds       softflowd_file mixed -v 10 -A micro -n $v4:4739
capture ipfix-softflowd-nanoseconds        softflowd_file mixed -v 10 -A nano -n $v4:4739
capture ipfix-softflowd-mpls               softflowd_file tunnel -v 10 -x 2 -n $v4:4739
capture ipfix-softflowd-psamp              softflowd_file ipv4 -v psamp -s 2 -n $v4:4739

# Below 1280 bytes the kernel takes the interface's IPv6 address away.
fragments() {
    ip -n "$exporter" link set exp0 mtu "$2"
    softflowd_file "$1" "${@:3}"
    ip -n "$exporter" link set exp0 mtu 1500
    ip -n "$exporter" addr replace 2001:db8:99::1/64 dev exp0 nodad
}
capture ipfix-softflowd-fragments-ipv4     fragments 576 mixed -v 10 -n $v4:4739
capture ipfix-softflowd-fragments-ipv6     fragments 1280 mixed -v 10 -n "$v6:4739"

cooked() { record_as=(-i any -y "$2"); softflowd_file "$1" "${@:3}"; record_as=(); }
capture ipfix-softflowd-cooked-sll         cooked LINUX_SLL mixed -v 10 -n $v4:4739
capture netflow9-softflowd-cooked-sll2     cooked LINUX_SLL2 mixed -v 9 -n $v4:2055
dot1q() { ovs_start; record_as=(-i col1); softflowd_file "$@"; record_as=(); }
capture netflow5-softflowd-dot1q-transport dot1q ipv4 -v 5 -n 10.99.3.2:2055
pcapng() { softflowd_file "$1" "${@:2}"; tshark -r "$1" -F pcapng -w "${1}ng" 2>/dev/null; rm "$1"; }
capture netflow9-softflowd-pcapng          pcapng mixed -v 9 -n $v4:2055

basic='src_host, dst_host, src_port, dst_port, proto, tos, tcpflags'
capture netflow5-nfprobe-live              nfprobe_live ipv4 5 "$basic, in_iface" 'nfprobe_ifindex[p]: 7' 'nfprobe_direction[p]: in' 'nfprobe_engine[p]: 3:9'
capture netflow9-nfprobe-layer2            nfprobe vlan 9 "$basic, src_mac, dst_mac, vlan, in_iface, out_iface" 'nfprobe_ifindex[p]: 7' 'nfprobe_direction[p]: in' 'nfprobe_engine[p]: 42'
capture netflow9-nfprobe-egress            nfprobe mixed 9 "$basic, in_iface, out_iface" 'nfprobe_ifindex[p]: 9' 'nfprobe_direction[p]: out'
capture netflow9-nfprobe-sampling          nfprobe mixed 9 "$basic, sampling_rate" 'sampling_rate[p]: 3'
capture ipfix-nfprobe-sampling             nfprobe mixed 10 "$basic, sampling_rate" 'sampling_rate[p]: 3'
capture ipfix-nfprobe-tags                 nfprobe mixed 10 "$basic, tag, tag2, in_iface" "pre_tag_map: $work/tags.map" 'nfprobe_engine[p]: 4200000000'
capture ipfix-nfprobe-label                nfprobe mixed 10 "$basic, label" "pre_tag_map: $work/labels.map"
capture ipfix-nfprobe-networks             nfprobe mixed 10 "$basic, src_as, dst_as, src_mask, dst_mask, peer_dst_ip" 'pmacctd_as: file' 'pmacctd_net: file' "networks_file: $work/networks.lst"
capture ipfix-nfprobe-microseconds         nfprobe mixed 10 "$basic" 'nfprobe_tstamp_usec[p]: true'
capture ipfix-nfprobe-mpls                 nfprobe tunnel 10 "$basic, mpls_label_top, mpls_label_bottom, mpls_stack_depth"
capture netflow9-nfprobe-per-packet        nfprobe ipv4 9 "$basic" 'nfprobe_dont_cache[p]: true'

capture sflow5-sfprobe-vlan                sfprobe vlan 'sfprobe_ifindex[p]: 7' 'sfprobe_direction[p]: in'
capture sflow5-sfprobe-sampling            sfprobe many 'sampling_rate[p]: 20' 'sfprobe_ifindex[p]: 7' 'sfprobe_direction[p]: out'
capture sflow5-sfprobe-networks            sfprobe mixed 'pmacctd_as: file' 'pmacctd_net: file' "networks_file: $work/networks.lst"
capture sflow5-sfprobe-tags                sfprobe mixed "pre_tag_map: $work/tags.map" 'aggregate[p]: src_host, dst_host, tag, tag2'
capture sflow5-sfprobe-tunnel              sfprobe tunnel
capture sflow5-sfprobe-ipv6-transport      sfprobe mixed 'sfprobe_receiver[p]: [2001:db8:99::2]:6343' 'sfprobe_agentip[p]: 2001:db8:99::1' 'sfprobe_source_ip[p]: 2001:db8:99::1'
capture sflow5-sfprobe-counters            sfprobe_live mixed 'sfprobe_ifindex[p]: 3' 'sfprobe_direction[p]: in'

capture netflow5-ovs                       ovs_export many 12 netflow "targets=\"$v4:2055\"" active_timeout=2
capture ipfix-ovs-every-packet             ovs_export mixed 3 ipfix "targets=\"$v4:4739\"" sampling=1 obs_domain_id=123 obs_point_id=456
capture ipfix-ovs-sampling                 ovs_export many 3 ipfix "targets=\"$v4:4739\"" sampling=10 obs_domain_id=123
capture ipfix-ovs-cached                   ovs_export vlan 3 ipfix "targets=\"$v4:4739\"" sampling=1 cache_active_timeout=1 cache_max_flows=200
capture sflow5-ovs-vlan                    ovs_export vlan 3 sflow agent=exp0 "targets=\"$v4:6343\"" header=128 sampling=3 polling=1
capture sflow5-ovs-short-header            ovs_export tunnel 3 sflow agent=exp0 "targets=\"$v4:6343\"" header=64 sampling=1 polling=0

"$here/expect.py" "${recorded[@]}"
"$here/check.py" "${recorded[@]}"
