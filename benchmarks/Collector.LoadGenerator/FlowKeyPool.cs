using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>Distinct keys of one address family, handed out in shuffled rounds or at random.</summary>
internal sealed class FlowKeyPool
{
    private static readonly byte[] TosValues = [0, 0, 0, 0, 0x28, 0x48, 0x68, 0xB8];
    private static readonly byte[] FlagValues = [0x02, 0x10, 0x12, 0x18, 0x1A, 0x1B];
    private static readonly ushort[] ServicePorts = [443, 80, 53, 22, 25, 123, 993, 3306, 5060, 8080];

    private readonly SeededRandom _random;
    private readonly bool _uniform;
    private readonly FlowKey[] _keys;
    private readonly int[] _order;
    private int _position;

    internal FlowKeyPool(SeededRandom random, int count, int prefixes, bool isIPv6, bool uniform)
    {
        _random = random;
        _uniform = uniform;
        IsIPv6 = isIPv6;
        _keys = new FlowKey[count];
        _order = new int[count];
        ulong[] networks = MakePrefixes(prefixes, isIPv6, (uint)random.Next());
        HashSet<(IpAddress, IpAddress, ushort, ushort, byte)> seen = new(count);
        for (int i = 0; i < count; i++)
        {
            FlowKey key;
            do
            {
                key = Draw(networks);
            }
            while (!seen.Add((key.Source, key.Destination, key.SourcePort, key.DestinationPort, key.Protocol)));
            _keys[i] = key;
            _order[i] = i;
        }

        Shuffle();
    }

    internal bool IsIPv6 { get; }

    internal int Count => _keys.Length;

    /// <summary>Keys handed out so far, repetitions included.</summary>
    internal long Drawn { get; private set; }

    /// <summary>True when every key has been handed out, or as many as there are when they are drawn at random.</summary>
    internal bool OnceThrough => Drawn >= Count;

    /// <summary>Hands out the next key and its index.</summary>
    internal ref readonly FlowKey Next(out int index)
    {
        Drawn++;
        if (_uniform)
        {
            index = _random.Next(_keys.Length);
        }
        else
        {
            if (_position == _order.Length)
            {
                Shuffle();
            }

            index = _order[_position++];
        }

        return ref _keys[index];
    }

    private void Shuffle()
    {
        for (int i = _order.Length - 1; i > 0; i--)
        {
            int j = _random.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        _position = 0;
    }

    private FlowKey Draw(ulong[] networks)
    {
        ulong source = networks[_random.Next(networks.Length)];
        ulong destination = networks[_random.Next(networks.Length)];
        ulong bits = _random.Next();
        bool udp = (bits & 3) == 0;
        return new FlowKey
        {
            Source = Host(source, (uint)(bits >> 8)),
            Destination = Host(destination, (uint)(bits >> 32)),
            SourcePort = (ushort)(1024 + _random.Next(64_512)),
            DestinationPort = ServicePorts[(int)(bits >> 2 & 63) % ServicePorts.Length],
            Protocol = udp ? (byte)17 : (byte)6,
            TypeOfService = TosValues[(int)(bits >> 40) & 7],
            TcpFlags = udp ? (byte)0 : FlagValues[(int)((bits >> 48 & 255) % 6)],
            Input = (ushort)(1 + (bits >> 56 & 63)),
            Output = (ushort)(1 + ((bits >> 58 ^ bits >> 20) & 63)),
            SourceAs = OriginAs(source),
            DestinationAs = OriginAs(destination),
            MaskLength = IsIPv6 ? (byte)48 : (byte)24,
        };
    }

    private IpAddress Host(ulong network, uint bits) => IsIPv6
        ? IpAddress.FromHostOrder(network, 1 + (bits & 0xFFFF))
        : IpAddress.FromIPv4((uint)network | (1 + ((bits & 255) % 254)));

    private static ushort OriginAs(ulong network) => (ushort)(1 + (network * 0x9E37_79B9_7F4A_7C15UL >> 40) % 63_999);

    /// <summary>Distinct /24 networks of 1.0.0.0 to 223.255.255.0 as 32-bit numbers, or /48 networks of 2a00::/16 as the first 64 bits.</summary>
    private static ulong[] MakePrefixes(int count, bool isIPv6, uint offset)
    {
        ulong[] networks = new ulong[count];
        uint n = offset;
        for (int i = 0; i < count; n++)
        {
            // An odd factor permutes the numbers below 2^24 (2^32): no network comes twice.
            if (isIPv6)
            {
                networks[i++] = 0x2A00_0000_0000_0000UL | ((ulong)(n * 0x9E37_79B1) << 16);
                continue;
            }

            uint network = n * 0x9E37_79B1 << 8;
            if (network >> 24 is > 0 and < 224 and not 10 and not 127)
            {
                networks[i++] = network;
            }
        }

        return networks;
    }
}
