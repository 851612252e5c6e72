"""Where pmacct 1.7.7 is known to be wrong: its rows with the right values, taken from tshark's dissection."""
import collections
import time

from dissection import dissect

SUMS = ('packets', 'bytes', 'flows', 'tcp_flags')


def text(moment):
    return '0000-00-00 00:00:00.000000' if moment is None else time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(moment[0])) + f'.{moment[1]:06}'


def row_of(record, rows):
    """The row that a dissected record was summed into."""
    found = [r for r in rows if (r['export_proto_seqno'], r['ip_src'], r['ip_dst'], r['port_src'], r['port_dst'])
             == (record['sequence'], record['source'], record['destination'], *record['ports'])
             # Where that leaves several: what the quirks below spare of the other values.
             and r.get('mpls_label_top', 0) == (record['labels'] or [0])[0]
             and record.get('tos', r['tos']) in (r['tos'], r['tos'] << 4 | record.get('tos', 0) & 15)]
    if len(found) != 1:
        raise ValueError(f'{len(found)} rows for {record}')
    return found[0]


def corrected(path, rows, change):
    """The rows made anew from the dissected records, each with the values that change(row, record) sets."""
    table = collections.OrderedDict()
    for record in dissect(path)[0]:
        row = dict(row_of(record, rows))
        change(row, record)
        row.update(flows=1, packets=record['packets'], bytes=record['bytes'])
        if 'flags' in record:
            row['tcp_flags'] = str(record['flags'] if row['ip_proto'] == 'tcp' else 0)
        first = table.setdefault(tuple((k, v) for k, v in row.items() if k not in SUMS), row)
        if first is not row:
            for name in ('packets', 'bytes', 'flows'):
                first[name] += row[name]
            first['tcp_flags'] = str(int(first['tcp_flags']) | int(row['tcp_flags']))
    return list(table.values())


def times(row, record):
    """RFC 7011 6.1.9, 6.1.10: dateTimeMicroseconds and -Nanoseconds are 8 bytes of NTP time, which pmacct does not read; and elements
    21 and 22 count from element 160 of the options, which it ignores. It prints the export time as start and no end."""
    row['timestamp_start'], row['timestamp_end'] = text(record['start']), text(record['end'])


def sampled_header(row, record):
    """RFC 8200 3: sfacctd prints only the upper half of an IPv6 traffic class. RFC 3032 2.1: and nonsense for the bottom of two labels."""
    row['tos'] = record['tos']
    if record['labels']:
        row['mpls_label_bottom'] = record['labels'][-1]


def correct(name, path, rows):
    if name.startswith('sflow5-'):
        return corrected(path, rows, sampled_header)
    if name.startswith('ipfix-softflowd-') and name not in ('ipfix-softflowd-milliseconds', 'ipfix-softflowd-psamp'):
        return corrected(path, rows, times)
    return rows
