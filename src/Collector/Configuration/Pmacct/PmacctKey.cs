namespace Collector.Configuration.Pmacct;

/// <summary>What the collector does with a key of pmacct.</summary>
internal enum PmacctKeyStatus
{
    /// <summary>It sets an option.</summary>
    Used,

    /// <summary>It is accepted and changes nothing, because what it tunes does not exist here.</summary>
    NoEffect,

    /// <summary>It would change what is published; until it is built it is refused.</summary>
    Unsupported,
}

/// <summary>Whom a key applies to (pmacct-compat §10.3).</summary>
internal enum PmacctScope
{
    /// <summary>One value for the daemon.</summary>
    Global,

    /// <summary>One value for each plugin; without brackets for all.</summary>
    Plugin,

    /// <summary>Must be bound to a plugin.</summary>
    Named,
}

/// <summary>One key of pmacct's dictionary, as keys.txt describes it.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Tier">A nearly everywhere, B common, C rare.</param>
/// <param name="Type">bool, int, str, path, enum, IP, duration, letters, list, ASN.</param>
/// <param name="Scope">Whom it applies to.</param>
/// <param name="Default">pmacct's default as text; empty for none.</param>
/// <param name="Status">What the collector does with it.</param>
/// <param name="Note">Why it has no effect, or what is not supported; empty for used keys.</param>
internal sealed record PmacctKey(string Name, char Tier, string Type, PmacctScope Scope, string Default, PmacctKeyStatus Status, string Note)
{
    /// <summary>True when the value is what pmacct does anyway, so that even an unsupported key changes nothing.</summary>
    public bool IsDefault(string value) => Default.Length > 0 && string.Equals(value, Default, StringComparison.OrdinalIgnoreCase);
}
