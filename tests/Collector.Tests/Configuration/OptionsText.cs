using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Collector.Configuration;

namespace Collector.Tests.Configuration;

/// <summary>Options as text, to compare two of them with all their lists.</summary>
internal static class OptionsText
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Converters = { new EndPoint(), new JsonStringEnumConverter() } };

    public static string Of(CollectorOptions options) => JsonSerializer.Serialize(options, Options);

    private sealed class EndPoint : JsonConverter<IPEndPoint>
    {
        public override IPEndPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IPEndPoint value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
