using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Options;

/// <summary>Which fields of an options template are of use; -1 for those that it does not have.</summary>
internal sealed class OptionsPlan
{
    // RFC 3954 §6.1: scope types.
    private const ushort ScopeSystem = 1;
    private const ushort ScopeInterface = 2;

    internal OptionsPlan(Template template)
    {
        Lengths = [.. template.Fields.Select(f => f.Length)];
        MinimumLength = template.MinimumLength;
        HasSystemScope = template.Fields.Any(f => f.Element == new InformationElement(NetFlow9Scope, ScopeSystem));
        RandomSampler = template.Find(SamplerId);
        Selector = template.Find(SelectorId);
        ScopeTemplate = template.Version == 10 ? template.Find(TemplateId) : -1;
        Interval = template.Find(SamplingInterval);
        RandomInterval = template.Find(SamplerRandomInterval);
        PacketInterval = template.Find(SamplingPacketInterval);
        PacketSpace = template.Find(SamplingPacketSpace);
        Size = template.Find(SamplingSize);
        Population = template.Find(SamplingPopulation);
        Interface = template.Find(IngressInterface) is >= 0 and int field ? field : template.Find(new InformationElement(NetFlow9Scope, ScopeInterface));
        InterfaceName = template.Find(InformationElement.InterfaceName);
        IngressVrf = template.Find(IngressVrfId);
        EgressVrf = template.Find(EgressVrfId);
        VrfName = template.Find(InformationElement.VrfName);
        RouteDistinguisher = template.Find(InformationElement.RouteDistinguisher);
        Application = template.Find(ApplicationIdentifier);
        ApplicationName = template.Find(InformationElement.ApplicationName) is >= 0 and int name ? name : template.Find(ApplicationDescription);
        ExporterIPv4 = template.Find(InformationElement.ExporterIPv4, 4);
        ExporterIPv6 = template.Find(InformationElement.ExporterIPv6, 16);
        SystemInit = template.Find(SystemInitMilliseconds);
    }

    internal ushort[] Lengths { get; }

    internal int MinimumLength { get; }

    internal bool HasSystemScope { get; }

    internal int RandomSampler { get; }

    internal int Selector { get; }

    internal int ScopeTemplate { get; }

    internal int Interval { get; }

    internal int RandomInterval { get; }

    internal int PacketInterval { get; }

    internal int PacketSpace { get; }

    internal int Size { get; }

    internal int Population { get; }

    internal int Interface { get; }

    internal int InterfaceName { get; }

    internal int IngressVrf { get; }

    internal int EgressVrf { get; }

    internal int VrfName { get; }

    internal int RouteDistinguisher { get; }

    internal int Application { get; }

    internal int ApplicationName { get; }

    internal int ExporterIPv4 { get; }

    internal int ExporterIPv6 { get; }

    internal int SystemInit { get; }

    /// <summary>Sampling records carry a sampler or an interval (pmacct-compat §8.3).</summary>
    internal bool IsSampling => RandomSampler >= 0 || Interval >= 0 || PacketInterval >= 0 || Size >= 0;

    /// <summary>Records that name interfaces, applications or VRFs.</summary>
    internal bool IsNames => (Interface >= 0 && InterfaceName >= 0) || (Application >= 0 && ApplicationName >= 0)
        || ((IngressVrf >= 0 || EgressVrf >= 0) && (VrfName >= 0 || RouteDistinguisher >= 0));
}
