# One function per way to run an exporter; each ends only when the exporter has sent everything. Sourced by record.sh.

record_as=()

# softflowd reading a file, with the file's time as its clock (-a). The file is called eth0 because softflowd announces that as the
# interface's name. "-c none": with a control socket softflowd 1.1.0 waits for a connection before it reads a file.
softflowd_file() {
    local file=$1 kind=$2; shift 2
    rm -rf "$work/run"; mkdir "$work/run"
    cp "$work/$kind.pcap" "$work/run/eth0"
    capture_start "$file" "${record_as[@]}"
    (cd "$work/run" && in_exporter timeout 30 softflowd -r eth0 -a -6 -d -c none -p "$work/softflowd.pid" "$@") >"$work/softflowd.log" 2>&1
    capture_stop
}

# softflowd watching an interface. It opens libpcap without a timeout, so it sees packets only when a block of the ring is full:
# the flow from port 9 to port 9 is there to fill it.
softflowd_live() {
    local file=$1 kind=$2 control=$work/softflowd.ctl pid; shift 2
    capture_start "$file" "${record_as[@]}"
    ip netns exec "$exporter" timeout 60 softflowd -i 3:eth0 -6 -d -c "$control" -p "$work/softflowd.pid" "$@" >"$work/softflowd.log" 2>&1 & pid=$!
    sleep 0.7
    play "$work/$kind.pcap"
    play "$work/filler.pcap"
    timeout 5 softflowctl -c "$control" expire-all >/dev/null
    timeout 5 softflowctl -c "$control" shutdown >/dev/null
    wait "$pid" || true
    capture_stop
}

probe_maps() {
    printf '%s\n' "set_tag=100 filter='ip' jeq=second" "set_tag=600 filter='ip6' jeq=second" "set_tag2=7 filter='tcp' label=second" >"$work/tags.map"
    printf '%s\n' "set_label=gold filter='tcp'" "set_label=silver-service filter='udp'" >"$work/labels.map"
    printf '%s\n' 65001,10.1.0.0/16 64999,192.0.2.0/24 4200000001,2001:db8:1::/48 65010,2001:db8:f::/48 >"$work/networks.lst"
}

# pmacctd's NetFlow/IPFIX probe reading a file: nfprobe FILE KIND VERSION AGGREGATE [configuration lines]. It sends all flows at the end.
nfprobe() {
    nfprobe_conf "${@:3}"
    echo "pcap_savefile: $work/$2.pcap" >>"$work/pmacctd.conf"
    probe "$1"
}

# The same watching an interface: NetFlow v5 can only express times after the probe's start.
nfprobe_live() {
    local pid
    nfprobe_conf "${@:3}"
    echo 'pcap_interface: eth0' >>"$work/pmacctd.conf"
    capture_start "$1" "${record_as[@]}"
    ip netns exec "$exporter" timeout -s INT 60 pmacctd -f "$work/pmacctd.conf" >"$work/pmacctd.log" 2>&1 & pid=$!
    sleep 2
    play "$work/$2.pcap"
    sleep 2
    kill -INT "$pid"
    wait "$pid" || true
    capture_stop
}

nfprobe_conf() {
    local version=$1 aggregate=$2 port=2055; shift 2
    [ "$version" != 10 ] || port=4739
    probe_maps
    printf '%s\n' 'daemonize: false' 'plugins: nfprobe[p]' "nfprobe_receiver[p]: $v4:$port" 'nfprobe_source_ip[p]: 10.99.1.1' \
        "nfprobe_version[p]: $version" 'nfprobe_timeouts[p]: expint=1' "aggregate[p]: $aggregate" "$@" >"$work/pmacctd.conf"
}

# pmacctd's sFlow agent reading a file: sfprobe FILE KIND [configuration lines].
sfprobe() {
    local file=$1 kind=$2; shift 2
    sfprobe_conf "$@"
    echo "pcap_savefile: $work/$kind.pcap" >>"$work/pmacctd.conf"
    probe "$file"
}

sfprobe_conf() {
    probe_maps
    printf '%s\n' 'daemonize: false' 'plugins: sfprobe[p]' "$@" >"$work/pmacctd.conf"
    grep -q sfprobe_receiver "$work/pmacctd.conf" ||
        printf '%s\n' "sfprobe_receiver[p]: $v4:6343" 'sfprobe_agentip[p]: 10.99.1.1' 'sfprobe_source_ip[p]: 10.99.1.1' >>"$work/pmacctd.conf"
    grep -q aggregate "$work/pmacctd.conf" || echo 'aggregate[p]: src_host, dst_host, src_port, dst_port, proto' >>"$work/pmacctd.conf"
}

probe() {
    capture_start "$1" "${record_as[@]}"
    in_exporter timeout -s INT 30 pmacctd -f "$work/pmacctd.conf" >"$work/pmacctd.log" 2>&1 || true
    ! grep -E 'ERROR|Line ignored' "$work/pmacctd.log" >&2
    capture_stop
}

# The same agent watching an interface, long enough for its counter samples.
sfprobe_live() {
    local file=$1 kind=$2 pid; shift 2
    sfprobe_conf "$@"
    echo 'pcap_interface: eth0' >>"$work/pmacctd.conf"
    capture_start "$file" "${record_as[@]}"
    ip netns exec "$exporter" timeout -s INT 60 pmacctd -f "$work/pmacctd.conf" >"$work/pmacctd.log" 2>&1 & pid=$!
    sleep 2
    play "$work/$kind.pcap"
    sleep 35
    play "$work/$kind.pcap"
    sleep 2
    kill -INT "$pid"
    wait "$pid" || true
    capture_stop
}

ovs_vsctl() { in_exporter ovs-vsctl --db="unix:$work/ovs/db.sock" --timeout=10 "$@"; }

# Open vSwitch with the userspace datapath, its database and sockets in a folder of their own.
ovs_start() {
    [ ! -d "$work/ovs" ] || return 0
    mkdir "$work/ovs"
    export OVS_RUNDIR=$work/ovs OVS_LOGDIR=$work/ovs OVS_DBDIR=$work/ovs
    ovsdb-tool create "$work/ovs/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    in_exporter ovsdb-server "$work/ovs/conf.db" --remote="punix:$work/ovs/db.sock" --pidfile="$work/ovs/ovsdb.pid" --detach --no-chdir -vconsole:off -vsyslog:off
    in_exporter ovs-vswitchd "unix:$work/ovs/db.sock" --pidfile="$work/ovs/vswitchd.pid" --detach --no-chdir -vconsole:off -vsyslog:off
    ovs_vsctl --no-wait init
    ovs_vsctl set open_vswitch . other_config:max-idle=1000
    ovs_vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 eth0 -- add-port br0 eth1
    ovs_vsctl add-br br1 -- set bridge br1 datapath_type=netdev -- add-port br1 sw0 tag=300 -- add-port br1 trunk
    sleep 1
}

ovs_stop() {
    [ -d "$work/ovs" ] || return 0
    local name
    for name in vswitchd ovsdb; do
        [ ! -f "$work/ovs/$name.pid" ] || kill "$(cat "$work/ovs/$name.pid")" 2>/dev/null || true
        sleep 0.5
    done
}

# ovs_export FILE KIND SECONDS netflow|ipfix|sflow SETTINGS...: the bridge forwards the traffic, then SECONDS for its caches to empty.
ovs_export() {
    local file=$1 kind=$2 seconds=$3 protocol=$4; shift 4
    ovs_start
    capture_start "$file" "${record_as[@]}"
    ovs_vsctl -- set bridge br0 "$protocol=@e" -- --id=@e create "$protocol" "$@" >/dev/null
    sleep 0.5
    play "$work/$kind.pcap"
    sleep "$seconds"
    ovs_vsctl clear bridge br0 "$protocol"
    capture_stop
}
