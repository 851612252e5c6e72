namespace Collector.Configuration;

/// <summary>The text form of a umask: octal, as chmod(1) and pmacct's files_umask have it.</summary>
internal static class UmaskText
{
    /// <summary>What may be written, for messages.</summary>
    public const string Choices = "an octal number from 000 to 777, such as 027";

    /// <summary>Reads 077, 27 or 0.</summary>
    public static bool TryParse(string text, out int umask)
    {
        umask = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7' || text.Length > 4)
            {
                return false;
            }

            umask = (umask * 8) + (c - '0');
        }

        return text.Length > 0 && umask <= 0x1FF;
    }

    /// <summary>Three digits.</summary>
    public static string Of(int umask) => Convert.ToString(umask, 8).PadLeft(3, '0');
}
