using System.Buffers.Text;

namespace Collector.Flows.SFlow;

/// <summary>Writes AS paths and communities as text with `_` between their parts, as pmacct prints them.</summary>
internal ref struct ValueText(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>The text so far.</summary>
    public readonly ReadOnlySpan<byte> Text => _buffer[.._length];

    /// <summary>True when a part did not fit: the text is not whole.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Adds an AS number.</summary>
    public void AddAs(uint number)
    {
        Separate();
        AddNumber(number);
    }

    /// <summary>Adds a community: the names of the well-known ones that pmacct knows (RFC 1997) unless numbers are wanted, else `number:number`.</summary>
    public void AddCommunity(uint community, bool numeric)
    {
        Separate();
        ReadOnlySpan<byte> name = numeric ? default : community switch
        {
            0 => "internet"u8,
            0xFFFF_FF01 => "no-export"u8,
            0xFFFF_FF02 => "no-advertise"u8,
            0xFFFF_FF03 => "local-AS"u8,
            _ => default,
        };
        if (!name.IsEmpty)
        {
            Add(name);
            return;
        }

        AddNumber(community >> 16);
        Add(":"u8);
        AddNumber(community & 0xFFFF);
    }

    private void Separate()
    {
        if (_length != 0)
        {
            Add("_"u8);
        }
    }

    private void AddNumber(uint number)
    {
        if (Utf8Formatter.TryFormat(number, _buffer[_length..], out int written))
        {
            _length += written;
        }
        else
        {
            IsTooLong = true;
        }
    }

    private void Add(scoped ReadOnlySpan<byte> text)
    {
        if (text.TryCopyTo(_buffer[_length..]))
        {
            _length += text.Length;
        }
        else
        {
            IsTooLong = true;
        }
    }
}
