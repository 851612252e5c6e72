using System.Numerics;

namespace Collector.Bgp.Messages;

/// <summary>The faults of one UPDATE, each at most once.</summary>
public readonly record struct UpdateFaults(ulong Bits)
{
    /// <summary>How many kinds there are.</summary>
    public const int Count = (int)UpdateFault.FaultWithoutRoutes + 1;

    /// <summary>True when the UPDATE has no fault.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>True when this fault is among them.</summary>
    public bool Contains(UpdateFault fault) => (Bits & (1UL << (int)fault)) != 0;

    /// <summary>The faults with one more.</summary>
    public UpdateFaults With(UpdateFault fault) => new(Bits | (1UL << (int)fault));

    /// <summary>What follows from all of them: the strongest.</summary>
    /// <remarks>The kinds are in the order of what follows from them, so the highest decides.</remarks>
    public ErrorHandling Handling => IsEmpty ? ErrorHandling.None : HandlingOf(Strongest);

    /// <summary>One of those that decide; undefined when there is none.</summary>
    public UpdateFault Strongest => (UpdateFault)BitOperations.Log2(Bits);

    /// <summary>What RFC 7606 says must follow.</summary>
    public static ErrorHandling HandlingOf(UpdateFault fault) => fault switch
    {
        <= UpdateFault.DuplicateAttribute => ErrorHandling.AttributeDiscard,
        <= UpdateFault.MissingNextHop => ErrorHandling.TreatAsWithdraw,
        _ => ErrorHandling.SessionReset,
    };

    /// <summary>The subcode of UPDATE Message Error that a session reset for this fault carries (RFC 4271 §6.3).</summary>
    public static byte SubcodeOf(UpdateFault fault) => fault switch
    {
        UpdateFault.UnknownWellKnown => 2,
        UpdateFault.MpReachMalformed or UpdateFault.MpUnreachMalformed => 9,
        UpdateFault.NlriMalformed or UpdateFault.WithdrawnMalformed => 10,
        _ => 1,
    };
}
