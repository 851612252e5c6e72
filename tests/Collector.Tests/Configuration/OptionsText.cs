using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Collector.Configuration;
using Collector.Net;

namespace Collector.Tests.Configuration;

/// <summary>Options as text, to compare two of them with all their lists.</summary>
internal static class OptionsText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Converters = { new AsText<IPEndPoint>(), new AsText<IPAddress>(), new AsText<IpAddress>(), new AsText<IpPrefix>(), new JsonStringEnumConverter() },
    };

    public static string Of(CollectorOptions options) => JsonSerializer.Serialize(options, Options);

    private sealed class AsText<T> : JsonConverter<T>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(T).IsAssignableFrom(typeToConvert);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
