using Collector.Flows.Templates.Options;
using Collector.Net;

namespace Collector.Flows.Templates.Saved;

/// <summary>Reads what <see cref="DomainWriter"/> wrote into a domain. The bytes are trusted as little as those of a datagram.</summary>
/// <param name="templates">Takes the templates, as provisional.</param>
/// <param name="oldest">Templates that were not used since are left out; microseconds since the Unix epoch.</param>
internal sealed class DomainReader(TemplateTable templates, long oldest)
{
    /// <summary>Reads a domain.</summary>
    /// <returns>False when the bytes are damaged; what came before stays.</returns>
    internal bool TryRead(ReadOnlySpan<byte> content, ExportDomain domain)
    {
        var reader = new ByteReader(content);
        return reader.TryReadByte(out byte format) && format == DomainWriter.Format
            && TryReadTemplates(ref reader, domain)
            && TryReadSamplers(ref reader, domain.Samplers)
            && TryReadSamplers(ref reader, domain.Source.Samplers)
            && TryReadAddress(ref reader, domain)
            && TryReadNames(ref reader, domain)
            && reader.Remaining == 0;
    }

    private bool TryReadTemplates(ref ByteReader reader, ExportDomain domain)
    {
        if (!reader.TryReadUInt32(out uint count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadUInt16(out ushort port) || !reader.TryReadUInt64(out ulong lastUsed) || !reader.TryReadByte(out byte isOptions)
                || !reader.TryReadUInt16(out ushort length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> record))
            {
                return false;
            }

            var set = new TemplateSetReader(domain.Version, isOptions != 0, record);
            if (!set.TryRead(out TemplateDefinition definition) || !definition.IsUsable || set.TryRead(out _) || set.Fault != DecodeFault.None)
            {
                return false;
            }

            if ((long)lastUsed >= oldest)
            {
                templates.Restore(domain, port, definition, (long)lastUsed);
            }
        }

        return true;
    }

    private static bool TryReadSamplers(ref ByteReader reader, SamplerTable samplers)
    {
        if (!reader.TryReadUInt32(out uint count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadUInt32(out uint id) || !reader.TryReadUInt32(out uint interval))
            {
                return false;
            }

            samplers.Set(id, interval);
        }

        return true;
    }

    private static bool TryReadAddress(ref ByteReader reader, ExportDomain domain)
    {
        if (!reader.TryReadUInt64(out ulong systemInit) || !reader.TryReadByte(out byte hasAddress))
        {
            return false;
        }

        domain.SystemInitMilliseconds = systemInit;
        if (hasAddress == 0)
        {
            return true;
        }

        if (!reader.TryReadBytes(IpAddress.Size, out ReadOnlySpan<byte> address))
        {
            return false;
        }

        domain.ExporterAddress = IpAddress.ReadIPv6(address);
        return true;
    }

    private static bool TryReadNames(ref ByteReader reader, ExportDomain domain)
    {
        for (int table = 0; table < 3; table++)
        {
            if (!reader.TryReadUInt32(out uint count))
            {
                return false;
            }

            for (; count > 0; count--)
            {
                if (!reader.TryReadUInt64(out ulong key) || !reader.TryReadByte(out byte length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> name))
                {
                    return false;
                }

                _ = table switch
                {
                    0 => domain.Names.Interfaces.Set((uint)key, name),
                    1 => domain.Names.Vrfs.Set((uint)key, name),
                    _ => domain.Names.Applications.Set(key, name),
                };
            }
        }

        if (!reader.TryReadUInt32(out uint distinguishers))
        {
            return false;
        }

        for (; distinguishers > 0; distinguishers--)
        {
            if (!reader.TryReadUInt32(out uint vrf) || !reader.TryReadUInt64(out ulong value))
            {
                return false;
            }

            domain.Names.SetRouteDistinguisher(vrf, value);
        }

        return true;
    }
}
