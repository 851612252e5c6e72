using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>A NOTIFICATION: why a session ends (RFC 4271 §4.5, RFC 4486, RFC 9003).</summary>
/// <param name="Code">One of <see cref="NotificationCode"/>, as received.</param>
/// <param name="Subcode">Its meaning depends on the code.</param>
/// <param name="Data">What the code says; may be empty.</param>
public readonly record struct NotificationMessage(byte Code, byte Subcode, byte[]? Data = null)
{
    /// <summary>The most of the data that is kept of a received NOTIFICATION, in bytes.</summary>
    private const int MaxKept = 128;

    /// <summary>Reads the body of a NOTIFICATION; a body that is too short has code 0.</summary>
    public static NotificationMessage Read(ReadOnlySpan<byte> body) =>
        body.Length < 2 ? default : new NotificationMessage(body[0], body[1], body[2..Math.Min(body.Length, MaxKept)].ToArray());

    /// <summary>Makes one of our own.</summary>
    public static NotificationMessage Of(NotificationCode code, byte subcode, params byte[] data) => new((byte)code, subcode, data);

    /// <summary>Makes one whose data is a number of two bytes.</summary>
    public static NotificationMessage OfNumber(NotificationCode code, byte subcode, int number)
    {
        byte[] data = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)number);
        return new NotificationMessage((byte)code, subcode, data);
    }

    /// <summary>As operators read it: "Cease/Administrative Shutdown (6/2)".</summary>
    public override string ToString() => $"{NotificationText.NameOf(Code, Subcode)} ({Code}/{Subcode}){NotificationText.Communication(this)}";
}
