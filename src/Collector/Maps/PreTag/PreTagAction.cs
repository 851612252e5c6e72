namespace Collector.Maps.PreTag;

/// <summary>What a line of pre_tag_map does with a record that fits it.</summary>
internal struct PreTagAction
{
    /// <summary>set_tag, null when the line sets none.</summary>
    public ulong? Tag;

    /// <summary>set_tag2.</summary>
    public ulong? Tag2;

    /// <summary>set_tag=N++: counts the matches; shared by all workers.</summary>
    public TagCounter? TagCounter;

    /// <summary>set_tag2=N++.</summary>
    public TagCounter? Tag2Counter;

    /// <summary>set_label in UTF-8, null when the line sets none.</summary>
    public byte[]? Label;

    /// <summary>set_tos, null when the line sets none.</summary>
    public byte? Tos;

    /// <summary>label: the name of the line.</summary>
    public string? Name;

    /// <summary>jeq: the name of the line to go on with.</summary>
    public string? Jump;

    /// <summary>return: the record is published with the tags so far before it goes on.</summary>
    public bool Returns;

    /// <summary>stack: how a tag meets the one that is set already.</summary>
    public TagStack Stack;

    /// <summary>The line that <see cref="Jump"/> leads to within its list, or -1.</summary>
    public int Target;

    /// <summary>The tag to set now.</summary>
    public readonly ulong NextTag() => TagCounter?.Next() ?? Tag!.Value;

    /// <summary>The tag2 to set now.</summary>
    public readonly ulong NextTag2() => Tag2Counter?.Next() ?? Tag2!.Value;
}

/// <summary>How a tag is combined with the one set by an earlier line.</summary>
internal enum TagStack : byte
{
    /// <summary>It replaces it.</summary>
    Replace,

    /// <summary>It is added.</summary>
    Sum,

    /// <summary>Its bits are added.</summary>
    Or,
}

/// <summary>A tag that grows by one with every match.</summary>
internal sealed class TagCounter(ulong first)
{
    private ulong _next = first - 1;

    /// <summary>The value for this match; any thread.</summary>
    public ulong Next() => Interlocked.Increment(ref _next);
}
