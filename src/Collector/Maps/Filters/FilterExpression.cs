using System.Diagnostics.CodeAnalysis;
using Collector.Flows;

namespace Collector.Maps.Filters;

/// <summary>
/// A filter in the language of libpcap (pcap-filter(7)), evaluated on the fields of a flow as pmacct evaluates it on the packet that it makes up for
/// the flow: Ethernet, a VLAN tag and labels where the flow has them, IP, ports. Immutable; any thread; never allocates.
/// </summary>
public sealed class FilterExpression
{
    private readonly FilterNode _root;

    private FilterExpression(string text, FilterNode root, FlowFieldSet fields)
    {
        Text = text;
        _root = root;
        Fields = fields;
    }

    /// <summary>The filter as written.</summary>
    public string Text { get; }

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields { get; }

    /// <summary>Compiles a filter.</summary>
    /// <param name="text">The filter; an empty one holds for everything.</param>
    /// <param name="expression">The compiled filter.</param>
    /// <param name="error">What is wrong and what can be written instead.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FilterExpression? expression, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new FilterParser(text);
        expression = parser.Parse() is { } root ? new FilterExpression(text, root, FieldsOf) : null;
        error = parser.Error;
        return expression is not null;
    }

    /// <summary>True when the flow passes.</summary>
    public bool Holds(in FlowRecord record) => _root.Holds(in record);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static FlowFieldSet FieldsOf { get; } = FlowFieldSet.Of(
        FlowField.SourceAddress,
        FlowField.DestinationAddress,
        FlowField.SourcePort,
        FlowField.DestinationPort,
        FlowField.Protocol,
        FlowField.Family,
        FlowField.Vlan,
        FlowField.IngressVlan,
        FlowField.MplsLabelTop,
        FlowField.MplsLabelBottom,
        FlowField.PacketLabels,
        FlowField.SourceMac,
        FlowField.DestinationMac,
        FlowField.EtherType);
}
