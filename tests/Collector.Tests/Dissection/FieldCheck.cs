using System.Globalization;
using System.Text;
using Collector.Flows;
using Collector.Net;

namespace Collector.Tests.Dissection;

/// <summary>How a field of the record is compared with the dissection.</summary>
/// <param name="Name">The field.</param>
/// <param name="Expected">What tshark says; null when it says nothing about the field.</param>
/// <param name="Actual">The same of the record.</param>
internal sealed record FieldCheck(string Name, Func<DissectedFlow, string?> Expected, Func<DecodedFlow, string> Actual)
{
    public static FieldCheck Number(string name, Func<FlowRecord, ulong> actual, params string[] names) => new(name, f => f.Number(names), d => Text(actual(d.Record)));

    /// <summary>A number that the record must not make up: 0 where tshark has none.</summary>
    public static FieldCheck NumberOrZero(string name, Func<FlowRecord, ulong> actual, params string[] names) =>
        new(name, f => f.Number(names) ?? (f.Has("cflow.data_link_frame_section") ? null : "0"), d => Text(actual(d.Record)));

    public static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An address as both write it.</summary>
    public static string? Address(DissectedField? field) => field is null ? null : IpAddress.Parse(field.Show).ToString();

    /// <summary>The same; empty for :: and 0.0.0.0, which tell nothing.</summary>
    public static string? AddressOrNone(DissectedField? field) => field is null ? null : AddressOrNone(IpAddress.Parse(field.Show));

    public static string AddressOrNone(IpAddress address) => address.IsUnspecified ? "" : address.ToString();

    public static string Mac(MacAddress address)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        address.WriteTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

/// <summary>A record, with the decoder that knows its texts.</summary>
internal readonly record struct DecodedFlow(FlowRecord Record, ValueTable Values)
{
    public string Text(uint handle) => Encoding.UTF8.GetString(Values.Snapshot[handle]);
}
