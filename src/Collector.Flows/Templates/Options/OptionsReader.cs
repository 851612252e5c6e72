using Collector.Flows.Templates.Plans;
using Collector.Net;

namespace Collector.Flows.Templates.Options;

/// <summary>Takes what options records say about sampling, names, addresses and clocks into the state of their domain.</summary>
internal sealed class OptionsReader(DecoderOptions options)
{
    private readonly VariableRecord _record = new();

    /// <summary>Reads the options record at the start of <paramref name="bytes"/>.</summary>
    /// <returns>Bytes of the record; -1 when it does not end within <paramref name="bytes"/>.</returns>
    internal int Read(OptionsPlan plan, ReadOnlySpan<byte> bytes, ExportDomain domain)
    {
        int length = _record.Measure(bytes, plan.Lengths);
        if (length <= 0)
        {
            return -1;
        }

        bytes = bytes[..length];
        bool kept = !plan.IsSampling || ReadSampling(plan, bytes, domain);
        if (plan.IsNames)
        {
            kept &= ReadNames(plan, bytes, domain.Names);
        }

        if (!kept)
        {
            domain.Counters.Count(DecodeFault.OptionsLimit);
        }

        ReadExporter(plan, bytes, domain);
        if (Number(plan.SystemInit, bytes) is not 0 and ulong init)
        {
            domain.Revision += domain.SystemInitMilliseconds == init ? 0u : 1u;
            domain.SystemInitMilliseconds = init;
        }

        return length;
    }

    private bool ReadSampling(OptionsPlan plan, ReadOnlySpan<byte> bytes, ExportDomain domain)
    {
        ulong id = Number(plan.RandomSampler >= 0 ? plan.RandomSampler : plan.Selector >= 0 ? plan.Selector : plan.ScopeTemplate, bytes);
        ulong interval = plan.RandomInterval >= 0 ? Number(plan.RandomInterval, bytes)
            : plan.Interval >= 0 ? Number(plan.Interval, bytes)
            : plan.PacketInterval >= 0 && (plan.PacketSpace >= 0 || plan.Size < 0 || plan.Population < 0) ? SystematicInterval(plan, bytes)
            : Number(plan.Size, bytes) is not 0 and ulong size ? Number(plan.Population, bytes) / size
            : 0;
        SamplerTable table = plan.HasSystemScope || options.DisableOptionsScopeCheck ? domain.Source.Samplers : domain.Samplers;
        return table.Set((uint)id, (uint)Math.Min(interval, uint.MaxValue));
    }

    // RFC 5476 §6.5.2.1: so many packets taken, so many left out. An interval without a space is the rate itself (seen on Cisco NCS).
    private ulong SystematicInterval(OptionsPlan plan, ReadOnlySpan<byte> bytes)
    {
        ulong taken = Number(plan.PacketInterval, bytes);
        return plan.PacketSpace < 0 || taken == 0 ? taken : (taken + Number(plan.PacketSpace, bytes)) / taken;
    }

    private bool ReadNames(OptionsPlan plan, ReadOnlySpan<byte> bytes, DomainNames names)
    {
        bool kept = true;
        if (plan.Interface >= 0 && plan.InterfaceName >= 0)
        {
            kept = names.Interfaces.Set((uint)Number(plan.Interface, bytes), Bytes(plan.InterfaceName, bytes));
        }

        ReadOnlySpan<byte> application = Bytes(plan.Application, bytes);
        if (plan.ApplicationName >= 0 && !application.IsEmpty)
        {
            kept &= names.Applications.Set(DomainNames.ApplicationKey(application), Bytes(plan.ApplicationName, bytes));
        }

        foreach (int field in (ReadOnlySpan<int>)[plan.IngressVrf, plan.EgressVrf])
        {
            if (field < 0)
            {
                continue;
            }

            uint vrf = (uint)Number(field, bytes);
            kept &= plan.VrfName < 0 || names.Vrfs.Set(vrf, Bytes(plan.VrfName, bytes));
            kept &= plan.RouteDistinguisher < 0 || names.SetRouteDistinguisher(vrf, Number(plan.RouteDistinguisher, bytes));
        }

        return kept;
    }

    private void ReadExporter(OptionsPlan plan, ReadOnlySpan<byte> bytes, ExportDomain domain)
    {
        // 1.7.7 learns the address from version 9 only where no scope is the system (seen by running it; pmacctd's nfprobe has that scope).
        if (options.Pmacct17 && plan.HasSystemScope)
        {
            return;
        }

        ReadOnlySpan<byte> exporter4 = Bytes(plan.ExporterIPv4, bytes), exporter6 = Bytes(plan.ExporterIPv6, bytes);
        IpAddress address = exporter4.IsEmpty ? default : IpAddress.ReadIPv4(exporter4);
        if (address.IsUnspecified && !exporter6.IsEmpty)
        {
            address = IpAddress.ReadIPv6(exporter6);
        }

        if (!address.IsUnspecified)
        {
            domain.Revision += domain.ExporterAddress == address ? 0u : 1u;
            domain.ExporterAddress = address;
        }
    }

    private ReadOnlySpan<byte> Bytes(int field, ReadOnlySpan<byte> record) =>
        field < 0 ? default : record.Slice(_record.Offsets[field], _record.Lengths[field]);

    private ulong Number(int field, ReadOnlySpan<byte> record) => NetworkOrder.Read(Bytes(field, record));
}
