using System.Runtime.InteropServices;

namespace Collector.MockKafka;

/// <summary>librdkafka's mock cluster (rdkafka_mock.h): brokers on loopback that speak the real protocol and keep about 5 MiB a partition.</summary>
internal sealed unsafe partial class MockCluster
{
    private const string Library = "librdkafka.so.1";
    private const int Producer = 0;

    private readonly nint _cluster;

    /// <summary>Starts a cluster; it lives as long as the process.</summary>
    public MockCluster(int brokers)
    {
        byte* reason = stackalloc byte[256];
        nint handle = rd_kafka_new(Producer, 0, reason, 256);
        if (handle == 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)reason));
        }

        _cluster = rd_kafka_mock_cluster_new(handle, brokers);
    }

    public string BootstrapServers => Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;

    /// <summary>The next requests of the kind <paramref name="apiKey"/> are answered with these errors, one each.</summary>
    public void PushErrors(short apiKey, int[] errors) =>
        rd_kafka_mock_push_request_errors_array(_cluster, apiKey, (nuint)errors.Length, errors);

    public void ClearErrors(short apiKey) => rd_kafka_mock_clear_request_errors(_cluster, apiKey);

    public int CreateTopic(string name, int partitions) => rd_kafka_mock_topic_create(_cluster, name, partitions, 1);

    /// <summary>Metadata of the topic carries this error from now on; 0 none.</summary>
    public void SetTopicError(string name, int error) => rd_kafka_mock_topic_set_error(_cluster, name, error);

    public int SetDown(int broker) => rd_kafka_mock_broker_set_down(_cluster, broker);

    public int SetUp(int broker) => rd_kafka_mock_broker_set_up(_cluster, broker);

    /// <summary>Answers of the broker take this long.</summary>
    public int SetDelay(int broker, int milliseconds) => rd_kafka_mock_broker_set_rtt(_cluster, broker, milliseconds);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_new(int type, nint configuration, byte* reason, nuint size);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_new(nint handle, int brokers);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_push_request_errors_array(nint cluster, short apiKey, nuint count, int[] errors);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_clear_request_errors(nint cluster, short apiKey);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int copies);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void rd_kafka_mock_topic_set_error(nint cluster, string topic, int error);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_rtt(nint cluster, int broker, int milliseconds);
}
