using System.Globalization;
using Collector.Receiving;

namespace Collector.Configuration;

/// <summary>A user or group of files_uid and files_gid: a number, or a name that the system knows.</summary>
internal static class AccountText
{
    /// <summary>What may be written for a user, for messages.</summary>
    public const string UserChoices = "a user's number, or a user's name that this system knows";

    /// <summary>What may be written for a group, for messages.</summary>
    public const string GroupChoices = "a group's number, or a group's name that this system knows";

    /// <summary>Reads a user.</summary>
    public static bool TryParseUser(string text, out int number) => TryNumber(text, out number) || LibC.TryFindUser(text, out number);

    /// <summary>Reads a group.</summary>
    public static bool TryParseGroup(string text, out int number) => TryNumber(text, out number) || LibC.TryFindGroup(text, out number);

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
