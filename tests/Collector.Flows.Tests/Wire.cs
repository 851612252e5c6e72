using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Flows.Tests;

/// <summary>Data records and whole runs from a few values.</summary>
internal static class Wire
{
    public const int Template = 300;

    /// <summary>A record with one number per field, written in as many bytes as the field has.</summary>
    public static byte[] Record(ReadOnlySpan<FieldSpecifier> fields, params ReadOnlySpan<ulong> values)
    {
        var writer = new WireWriter();
        for (int i = 0; i < fields.Length; i++)
        {
            for (int shift = (fields[i].Length - 1) * 8; shift >= 0; shift -= 8)
            {
                writer.U8(shift >= 64 ? 0 : (byte)(values[i] >> shift));
            }
        }

        return writer.ToArray();
    }

    public static ulong IPv4(string address) => IpAddress.Parse(address).ToIPv4();

    /// <summary>The one record of a message with a template of these fields and their values.</summary>
    public static FlowRecord Decode(int version, (FieldSpecifier Field, ulong Value)[] fields, DecoderOptions? options = null)
    {
        FieldSpecifier[] specifiers = [.. fields.Select(f => f.Field)];
        byte[] record = Record(specifiers, [.. fields.Select(f => f.Value)]);
        return Decode(new ExportMessageBuilder(version).Template(Template, specifiers).Data(Template, record), options);
    }

    /// <summary>The one record of a message.</summary>
    public static FlowRecord Decode(ExportMessageBuilder message, DecoderOptions? options = null) =>
        Xunit.Assert.Single(new DecoderRun(options).Feed(message.Build()).Records);
}
