#!/usr/bin/python3
"""Writes expected/NAME.conf and expected/NAME.json: what pmacct 1.7.7 prints for each capture, corrected
where it is known to be wrong (corrections.py).

usage: expect.py [NAME ...]
"""
import concurrent.futures
import json
import os
import sys

from captures import EXPECTED, captures, run_pmacct
from corrections import correct

FLOW = 'src_host, dst_host, src_port, dst_port, proto, tos, tcpflags'
NETS = 'src_net, dst_net, src_mask, dst_mask, src_as, dst_as, peer_src_ip, peer_dst_ip, in_iface, out_iface'
LAYER2 = 'src_mac, dst_mac, vlan, cos, etype'
MPLS = 'mpls_label_top, mpls_label_bottom'
EXPORT = 'sampling_rate, export_proto_seqno, export_proto_version, export_proto_sysid'
TIMES = 'sampling_direction, timestamp_start, timestamp_end, timestamp_export'
NAT = 'post_nat_src_host, post_nat_dst_host, post_nat_src_port, post_nat_dst_port, nat_event'
AGGREGATE = {
    'netflow5': f'{FLOW}, {NETS}, etype, {EXPORT}, {TIMES}, flows',
    'netflow9': f'{FLOW}, {NETS}, peer_src_as, peer_dst_as, {LAYER2}, {MPLS}, mpls_vpn_rd, mpls_pw_id, vxlan, tag, tag2, label, class, {NAT}, {EXPORT}, {TIMES}, flows',
    # Only what sFlow can give: any other primitive makes sfacctd 1.7.7 print zeros for all that follows.
    'sflow5': f'{FLOW}, {NETS}, peer_src_as, peer_dst_as, as_path, std_comm, local_pref, {LAYER2}, {MPLS}, vxlan, tag, tag2, {EXPORT}, flows',
}
AGGREGATE['ipfix'] = AGGREGATE['netflow9']
# Captures of many records, with shorter objects.
LONG = f'{FLOW}, in_iface, out_iface, {EXPORT}, {TIMES}, flows'
LONG_CAPTURES = ('netflow9-softflowd-many', 'netflow9-softflowd-sampling', 'ipfix-softflowd-sampling', 'netflow5-ovs')


def conf(name):
    program = 'sfacctd' if name.startswith('sflow') else 'nfacctd'
    return '\n'.join(['plugins: print', 'print_output: json', f'aggregate: {LONG if name in LONG_CAPTURES else AGGREGATE[name.split("-")[0]]}', f'{program}_renormalize: false',
                      f'{program}_time_new: true', 'timestamps_utc: true', ''])


def write(name, path):
    rows = correct(name, path, run_pmacct(name, path, conf(name)))
    with open(os.path.join(EXPECTED, name + '.conf'), 'w') as f:
        f.write(conf(name))
    with open(os.path.join(EXPECTED, name + '.json'), 'w') as f:
        f.writelines(sorted(json.dumps(r, ensure_ascii=False) + '\n' for r in rows))


def main():
    os.makedirs(EXPECTED, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(12) as pool:  # pmacct mostly sleeps
        for result in [pool.submit(write, *item) for item in captures(sys.argv[1:]).items()]:
            result.result()


if __name__ == '__main__':
    main()
