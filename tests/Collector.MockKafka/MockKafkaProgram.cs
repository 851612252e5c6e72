namespace Collector.MockKafka;

/// <summary>
/// Runs a mock cluster until the end of stdin. The first line on stdout is its bootstrap list; then every line on stdin is one command and
/// gets one line back, "ok …" or "error …":
/// <code>
/// errors APIKEY CODE [CODE …]   answer the next requests of this kind with these errors (0 is Produce, 22 InitProducerId)
/// clear APIKEY                  forget the errors not used yet
/// topic NAME PARTITIONS         make a topic
/// topic-error NAME CODE         metadata of the topic carries this error; 0 ends it
/// down BROKER | up BROKER       brokers are numbered from 1
/// delay BROKER MILLISECONDS     answers take this long
/// </code>
/// </summary>
internal static class MockKafkaProgram
{
    private static int Main(string[] args)
    {
        MockCluster cluster = new(args.Length > 0 ? int.Parse(args[0]) : 1);
        Console.WriteLine(cluster.BootstrapServers);
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            try
            {
                int error = Run(cluster, words);
                Console.WriteLine(error == 0 ? $"ok {line}" : $"error {line}: librdkafka error {error}");
            }
            catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
            {
                Console.WriteLine($"error {line}: {e.Message}");
            }
        }

        return 0;
    }

    private static int Run(MockCluster cluster, string[] words)
    {
        switch (words[0])
        {
            case "errors":
                cluster.PushErrors(short.Parse(words[1]), [.. words[2..].Select(int.Parse)]);
                return 0;
            case "clear":
                cluster.ClearErrors(short.Parse(words[1]));
                return 0;
            case "topic":
                return cluster.CreateTopic(words[1], int.Parse(words[2]));
            case "topic-error":
                cluster.SetTopicError(words[1], int.Parse(words[2]));
                return 0;
            case "down":
                return cluster.SetDown(int.Parse(words[1]));
            case "up":
                return cluster.SetUp(int.Parse(words[1]));
            case "delay":
                return cluster.SetDelay(int.Parse(words[1]), int.Parse(words[2]));
            default:
                throw new FormatException($"no command '{words[0]}'");
        }
    }
}
