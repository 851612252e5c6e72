using System.Text;

namespace Collector.Bgp.Messages;

/// <summary>The names of error codes, for log lines.</summary>
internal static class NotificationText
{
    private static readonly string[] Codes =
        ["Unknown", "Message Header Error", "OPEN Message Error", "UPDATE Message Error", "Hold Timer Expired", "Finite State Machine Error", "Cease", "ROUTE-REFRESH Message Error"];

    private static readonly string[][] Subcodes =
    [
        [],
        ["", "Connection Not Synchronized", "Bad Message Length", "Bad Message Type"],
        ["", "Unsupported Version Number", "Bad Peer AS", "Bad BGP Identifier", "Unsupported Optional Parameter", "Authentication Failure", "Unacceptable Hold Time", "Unsupported Capability"],
        ["", "Malformed Attribute List", "Unrecognized Well-known Attribute", "Missing Well-known Attribute", "Attribute Flags Error", "Attribute Length Error", "Invalid ORIGIN Attribute",
            "AS Routing Loop", "Invalid NEXT_HOP Attribute", "Optional Attribute Error", "Invalid Network Field", "Malformed AS_PATH"],
        [],
        ["", "Unexpected Message in OpenSent", "Unexpected Message in OpenConfirm", "Unexpected Message in Established"],
        ["", "Maximum Number of Prefixes Reached", "Administrative Shutdown", "Peer De-configured", "Administrative Reset", "Connection Rejected", "Other Configuration Change",
            "Connection Collision Resolution", "Out of Resources", "Hard Reset", "BFD Down"],
        ["", "Invalid Message Length"],
    ];

    internal static string NameOf(byte code, byte subcode)
    {
        if (code >= Codes.Length)
        {
            return Codes[0];
        }

        string[] names = Subcodes[code];
        return subcode > 0 && subcode < names.Length ? $"{Codes[code]}/{names[subcode]}" : Codes[code];
    }

    // RFC 9003: the operator's own words behind a shutdown or a reset.
    internal static string Communication(NotificationMessage message)
    {
        if (message is not { Code: (byte)NotificationCode.Cease, Subcode: CeaseSubcode.Shutdown or 4, Data: { Length: > 1 } data } || data[0] > data.Length - 1)
        {
            return "";
        }

        string text = Encoding.UTF8.GetString(data, 1, data[0]);
        return $": \"{string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))}\"";
    }
}
