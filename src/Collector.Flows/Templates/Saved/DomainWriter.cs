using System.Buffers;
using System.Buffers.Binary;
using Collector.Flows.Templates.Options;

namespace Collector.Flows.Templates.Saved;

/// <summary>Writes a domain down. Templates stand there as exporters announce them, so that reading them needs no other checks than those of the wire.</summary>
/// <remarks>All numbers in network byte order. <see cref="DomainReader"/> is the other half and names the same parts in the same order.</remarks>
internal static class DomainWriter
{
    internal const byte Format = 1;

    internal static byte[] Write(ExportDomain domain)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        U8(writer, Format);
        U32(writer, (uint)domain.Templates.Count);
        foreach (AnnouncedTemplate entry in domain.Templates)
        {
            WriteTemplate(writer, entry);
        }

        WriteSamplers(writer, domain.Samplers);
        WriteSamplers(writer, domain.Source.Samplers);
        U64(writer, domain.SystemInitMilliseconds);
        U8(writer, domain.ExporterAddress is null ? (byte)0 : (byte)1);
        domain.ExporterAddress?.WriteTo(Take(writer, 16));
        WriteNames(writer, domain.HasNames ? domain.Names : null);
        return writer.WrittenSpan.ToArray();
    }

    private static void WriteTemplate(ArrayBufferWriter<byte> writer, AnnouncedTemplate entry)
    {
        Template template = entry.Template;
        U16(writer, entry.Port);
        U64(writer, (ulong)entry.LastUsed);
        U8(writer, template.IsOptions ? (byte)1 : (byte)0);
        int header = template.IsOptions ? 6 : 4;
        U16(writer, (ushort)(header + template.Definition.Length));
        U16(writer, template.Id);
        if (template.IsOptions && template.Version == 9)
        {
            U16(writer, (ushort)(4 * template.ScopeCount));
            U16(writer, (ushort)(4 * (template.Fields.Length - template.ScopeCount)));
        }
        else
        {
            U16(writer, (ushort)template.Fields.Length);
            if (template.IsOptions)
            {
                U16(writer, (ushort)template.ScopeCount);
            }
        }

        writer.Write(template.Definition);
    }

    private static void WriteSamplers(ArrayBufferWriter<byte> writer, SamplerTable samplers)
    {
        U32(writer, (uint)samplers.Count);
        foreach ((uint id, uint interval) in samplers.All)
        {
            U32(writer, id);
            U32(writer, interval);
        }
    }

    private static void WriteNames(ArrayBufferWriter<byte> writer, DomainNames? names)
    {
        U32(writer, (uint)(names?.Interfaces.Count ?? 0));
        foreach ((uint key, byte[] name) in names?.Interfaces.All ?? [])
        {
            WriteName(writer, key, name);
        }

        U32(writer, (uint)(names?.Vrfs.Count ?? 0));
        foreach ((uint key, byte[] name) in names?.Vrfs.All ?? [])
        {
            WriteName(writer, key, name);
        }

        U32(writer, (uint)(names?.Applications.Count ?? 0));
        foreach ((ulong key, byte[] name) in names?.Applications.All ?? [])
        {
            WriteName(writer, key, name);
        }

        U32(writer, (uint)(names?.RouteDistinguishers.Count ?? 0));
        foreach ((uint vrf, ulong value) in names?.RouteDistinguishers ?? [])
        {
            U32(writer, vrf);
            U64(writer, value);
        }
    }

    private static void WriteName(ArrayBufferWriter<byte> writer, ulong key, byte[] name)
    {
        U64(writer, key);
        U8(writer, (byte)name.Length);
        writer.Write(name);
    }

    private static Span<byte> Take(ArrayBufferWriter<byte> writer, int length)
    {
        Span<byte> span = writer.GetSpan(length)[..length];
        writer.Advance(length);
        return span;
    }

    private static void U8(ArrayBufferWriter<byte> writer, byte value) => Take(writer, 1)[0] = value;

    private static void U16(ArrayBufferWriter<byte> writer, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(writer, 2), value);

    private static void U32(ArrayBufferWriter<byte> writer, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(writer, 4), value);

    private static void U64(ArrayBufferWriter<byte> writer, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(writer, 8), value);
}
