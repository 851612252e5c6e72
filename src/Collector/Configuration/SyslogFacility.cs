namespace Collector.Configuration;

/// <summary>The facilities of syslog (RFC 3164 §4.1.1) by the names that pmacct and syslog.conf(5) have for them.</summary>
internal static class SyslogFacility
{
    private static readonly string[] Names =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    /// <summary>What may be written, for messages.</summary>
    public const string Choices = "auth, mail, daemon, kern, user or local0 to local7";

    /// <summary>The number of a facility, in any case; null when there is none of this name.</summary>
    public static int? Find(string name) => name.Length > 0 && Array.FindIndex(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and int number ? number : null;
}
