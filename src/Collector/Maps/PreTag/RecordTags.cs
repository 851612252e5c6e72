namespace Collector.Maps.PreTag;

/// <summary>What a map gave the records of a batch, by their position: what filters by tag and label compare, as in pmacct, whatever exporters say.</summary>
internal sealed class RecordTags
{
    /// <summary>Tag of each record, 0 for none.</summary>
    public ulong[] Tag { get; private set; } = new ulong[Flows.FlowBatch.DefaultCapacity];

    /// <summary>Tag2 of each record, 0 for none.</summary>
    public ulong[] Tag2 { get; private set; } = new ulong[Flows.FlowBatch.DefaultCapacity];

    /// <summary>Label of each record as a handle, 0 for none.</summary>
    public uint[] Label { get; private set; } = new uint[Flows.FlowBatch.DefaultCapacity];

    /// <summary>Makes room for at least so many records.</summary>
    public void Reserve(int count)
    {
        if (count > Tag.Length)
        {
            (ulong[] tag, ulong[] tag2, uint[] label) = (Tag, Tag2, Label);
            Array.Resize(ref tag, count * 2);
            Array.Resize(ref tag2, count * 2);
            Array.Resize(ref label, count * 2);
            (Tag, Tag2, Label) = (tag, tag2, label);
        }
    }

    /// <summary>Forgets the tags of the first records.</summary>
    public void Clear(int count)
    {
        Reserve(count);
        Tag.AsSpan(0, count).Clear();
        Tag2.AsSpan(0, count).Clear();
        Label.AsSpan(0, count).Clear();
    }
}
