#!/usr/bin/perl
# Makes the databases of the tests beside itself: apt-get install libmaxmind-db-writer-perl, then perl make-databases.pl.
# The networks are those of the captures in pcaps/. Dates are fixed, so that the files are the same every time.
use strict;
use warnings;
use utf8;
use FindBin;
use MaxMind::DB::Writer::Tree;

# What a city database holds, and what none would: codes that are too long, numbers that are no places.
my %cities = (
    '10.1.0.0/16'       => place('DE', '20095', 53.5511, 9.9937),
    '10.1.3.0/24'       => place('ABCDE', '1234567890ABCD', -0.1, 0.0000001),
    '10.1.4.4/32'       => place('', '', 1e20, -180),
    '10.1.5.5/32'       => { location => { latitude => 0.00012345, longitude => 123456789012345680000 } },
    '192.0.2.0/24'      => place('FR', undef, 48, -73.935),
    '192.0.2.80/32'     => { city => { names => { en => 'Nowhere' } }, registered_country => { iso_code => 'US' }, city_ids => [1, 2] },
    '192.0.2.25/32'     => { traits => { country => { iso_code => 'XX' } }, location => { longitude => 7.25 } },
    '192.0.2.22/32'     => place('A"', "x\\y", 0, 0),
    '198.51.100.0/25'   => place('US', '94107', 37.7697, -122.3933),
    '198.51.100.128/25' => place("\x{c5}\x{df}", "\x{c4}\x{d6}\x{dc}\x{df}\x{e4}\x{f6}\x{fc}", 89.99999999999999, -0.0000123),
    '2001:db8:1::/48'   => place('NL', '1012 AB', 52.3702, 4.8952),
    '2001:db8:1:5::/64' => { country => { iso_code => 'BE' } },
    '2001:db8:f::/48'   => place('JP', '100-0001', 35.685, 139.7514),
    '2001:db8:f::50/128' => { location => { latitude => -33.5, longitude => -70.25 } },
);
my %countries = (
    '10.0.0.0/8'      => { country => { iso_code => 'AU' } },
    '192.0.2.0/26'    => { country => { iso_code => 'NZ' } },
    '198.51.100.0/25' => { country => { iso_code => 'CA' } },
);

# nfacctd 1.7.7 does not survive these: a country without its code, a place without its longitude.
my %incomplete = (
    '192.0.2.53/32'     => { country => { geoname_id => 4 }, postal => { code => 'K1A 0B1' }, location => { latitude => 1 } },
);

# Values of other kinds than the paths of a city database: what an AS database holds, and an IPinfo one.
my %others = (
    '10.0.0.0/8'   => { autonomous_system_number => 64512, country => 'DE' },
    '192.0.2.0/24' => { postal => 'x', location => [1, 2], country => { iso_code => { en => 'FR' } } },
);

write_database('city-24.mmdb', 24, 6, \%cities);
write_database('city-28.mmdb', 28, 6, \%cities);
write_database('city-32.mmdb', 32, 6, \%cities);
write_database('country-ipv4.mmdb', 24, 4, \%countries);
write_database('incomplete.mmdb', 24, 6, \%incomplete);
write_database('other-kinds.mmdb', 24, 6, \%others);

sub place {
    my ($country, $code, $latitude, $longitude) = @_;
    return {
        country  => { iso_code => $country, geoname_id => 7, names => { en => "In $country", de => "In $country" } },
        location => { accuracy_radius => 5, latitude => $latitude, longitude => $longitude, time_zone => 'Europe/Berlin' },
        defined $code ? (postal => { code => $code }) : (),
    };
}

sub write_database {
    my ($name, $record_size, $ip_version, $networks) = @_;
    my %types = (
        autonomous_system_number => 'uint32', accuracy_radius => 'uint16', geoname_id => 'uint32', latitude => 'double', longitude => 'double',
    );
    my $tree = MaxMind::DB::Writer::Tree->new(
        ip_version => $ip_version, record_size => $record_size, database_type => 'Test-' . ($name =~ s/\..*//r), languages => ['en'],
        description => { en => 'Made for tests' }, remove_reserved_networks => 0, alias_ipv6_to_ipv4 => ($ip_version == 6 ? 1 : 0),
        _build_epoch => 1764000000,
        map_key_type_callback => sub {
            my ($key, $value) = @_;
            return ref $value eq 'HASH' ? 'map' : ref $value eq 'ARRAY' ? ['array', 'uint32'] : $types{$key} // 'utf8_string';
        },
    );
    $tree->insert_network($_, $networks->{$_}) for sort { ($a =~ s/.*\///r) <=> ($b =~ s/.*\///r) || $a cmp $b } keys %$networks;
    open my $file, '>:raw', "$FindBin::Bin/$name" or die $!;
    $tree->write_tree($file);
    close $file or die $!;
}
