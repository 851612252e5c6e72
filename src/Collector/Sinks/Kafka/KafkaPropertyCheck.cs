using System.Runtime.InteropServices;

namespace Collector.Sinks.Kafka;

/// <summary>Asks librdkafka about properties, one by one, so that every mistake is found at once, before a producer is made.</summary>
public static unsafe class KafkaPropertyCheck
{
    private const int ReasonBytes = 512;

    /// <summary>One sentence per property that <paramref name="library"/> does not know or whose value it refuses.</summary>
    public static IReadOnlyList<string> Errors(KafkaLibrary library, IEnumerable<KeyValuePair<string, string>> properties)
    {
        nint export(string name) => NativeLibrary.GetExport(library.Handle, name);
        var create = (delegate* unmanaged[Cdecl]<nint>)export("rd_kafka_conf_new");
        var set = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nuint, int>)export("rd_kafka_conf_set");
        var destroy = (delegate* unmanaged[Cdecl]<nint, void>)export("rd_kafka_conf_destroy");

        List<string> errors = [];
        byte* reason = stackalloc byte[ReasonBytes];
        nint configuration = create();
        foreach ((string name, string value) in properties)
        {
            nint nativeName = Marshal.StringToCoTaskMemUTF8(name);
            nint nativeValue = Marshal.StringToCoTaskMemUTF8(value);
            if (set(configuration, (byte*)nativeName, (byte*)nativeValue, reason, ReasonBytes) != 0)
            {
                errors.Add($"librdkafka {library.Version} refuses {name}: {Marshal.PtrToStringUTF8((nint)reason)}");
            }

            Marshal.FreeCoTaskMem(nativeName);
            Marshal.FreeCoTaskMem(nativeValue);
        }

        destroy(configuration);
        return errors;
    }
}
