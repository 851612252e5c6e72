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

    /// <summary>Adds a community: the names of the well-known ones that pmacct knows (RFC 1997), else `number:number`.</summary>
    public void AddCommunity(uint community)
    {
        Separate();
        switch (community)
        {
            case 0:
                Add("internet"u8);
                break;
            case 0xFFFF_FF01:
                Add("no-export"u8);
                break;
            case 0xFFFF_FF02:
                Add("no-advertise"u8);
                break;
            case 0xFFFF_FF03:
                Add("local-AS"u8);
                break;
            default:
                AddNumber(community >> 16);
                Add(":"u8);
                AddNumber(community & 0xFFFF);
                break;
        }
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
