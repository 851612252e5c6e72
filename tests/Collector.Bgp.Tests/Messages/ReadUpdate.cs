using System.Text;
using Collector.Bgp.Messages;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Bgp.Tests.Messages;

/// <summary>What the reader made of an UPDATE, as text and plain values.</summary>
internal sealed class ReadUpdate
{
    internal static readonly SessionParameters Internal = new() { FourOctetAs = true };

    private ReadUpdate(ReceivedAttributes attributes) => Attributes = attributes;

    internal ReceivedAttributes Attributes { get; }

    internal List<string> Withdrawn { get; } = [];

    internal List<string> Announced { get; } = [];

    internal IpAddress NextHop { get; private set; }

    internal IpAddress MpNextHop { get; private set; }

    internal UpdateFaults Faults { get; private set; }

    internal ErrorHandling Handling => Faults.Handling;

    internal RouteFamily? EndOfRib { get; private set; }

    internal bool HasUnknownFamily { get; private set; }

    internal string AsPath
    {
        get
        {
            byte[] text = new byte[AsPathText.MaxLength(Attributes.AsPath.Length)];
            return Encoding.ASCII.GetString(text, 0, AsPathText.Write(Attributes.AsPath, (byte)' ', 0, text));
        }
    }

    internal static ReadUpdate Of(UpdateBuilder builder, SessionParameters? session = null) => Of(builder.Body(), session);

    internal static ReadUpdate Of(ReadOnlySpan<byte> body, SessionParameters? session = null)
    {
        var attributes = new ReceivedAttributes();
        UpdateMessage update = UpdateMessage.Read(body, session ?? Internal, attributes);
        var result = new ReadUpdate(attributes)
        {
            NextHop = update.NextHop,
            MpNextHop = update.MpNextHop,
            Faults = update.Faults,
            EndOfRib = update.EndOfRib,
            HasUnknownFamily = update.HasUnknownFamily,
        };

        // As the session does: nothing of a message that resets it is looked at.
        if (result.Handling != ErrorHandling.SessionReset)
        {
            Add(update.Withdrawn, result.Withdrawn);
            Add(update.MpWithdrawn, result.Withdrawn);
            Add(update.Announced, result.Announced);
            Add(update.MpAnnounced, result.Announced);
        }

        return result;
    }

    private static void Add(NlriField field, List<string> to)
    {
        Nlri route = default;
        for (NlriReader reader = field.GetReader(); reader.TryRead(ref route);)
        {
            string id = route.PathId != 0 ? $"{route.PathId}@" : "";
            string distinguisher = route.RouteDistinguisher != 0 ? $"{route.RouteDistinguisher:x}:" : "";
            string label = route.Label != 0 ? $" label {route.Label}" : "";
            to.Add($"{id}{distinguisher}{route}{label}");
        }
    }
}
