using Collector.Sinks.Kafka;
using Confluent.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaJournalTests
{
    private readonly LogLines _log = new();
    private readonly ManualTime _clock = new();

    [Fact]
    public void Warn_SameSituationWithinAMinute_IsSuppressedAndCounted()
    {
        KafkaJournal journal = Journal();
        for (int i = 0; i < 5; i++)
        {
            journal.Error(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));
        }

        _clock.Advance(TimeSpan.FromSeconds(61));
        journal.Error(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));

        Assert.Equal(2, _log.Warnings.Count());
        Assert.EndsWith("(4 more like this since the last such line)", _log.Warnings.Last());
    }

    [Fact]
    public void Error_AllBrokersDown_NamesBrokersReasonAndWhatHappensToRows()
    {
        KafkaJournal journal = Journal();
        journal.Error(new Error(ErrorCode.Local_Resolve, "kafka.example:9092/bootstrap: Failed to resolve"));
        journal.Error(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));

        Assert.Equal(
            "Warning output kk: no broker of kafka.example:9092 can be reached (kafka.example:9092/bootstrap: Failed to resolve); "
            + "rows wait for 300 s (message.timeout.ms) and are then counted as lost",
            Assert.Single(_log.All));
    }

    [Theory]
    [InlineData("SCRAM-SHA-512", 0x020002ffu, true)]
    [InlineData("SCRAM-SHA-256", 0x020600ffu, true)]
    [InlineData("SCRAM-SHA-512", 0x020601ffu, false)]
    [InlineData("PLAIN", 0x020002ffu, false)]
    public void Error_AuthenticationFails_TellsAboutScramOfOldLibraries(string mechanism, uint library, bool tells)
    {
        KafkaJournal journal = Journal(("sasl.mechanism", mechanism));
        journal.LibraryNumber = library;
        journal.LibraryVersion = "2.x";

        journal.Error(new Error(ErrorCode.Local_Authentication, "SASL authentication error: invalid credentials"));

        string line = Assert.Single(_log.Warnings);
        Assert.StartsWith("Warning output kk: the brokers refuse the login (SASL authentication error: invalid credentials)", line);
        Assert.Equal(tells, line.Contains("librdkafka 2.x cannot log in to Kafka 4 by SCRAM"));
    }

    [Theory]
    [InlineData("FAIL", SyslogLevel.Error, false)]
    [InlineData("REQTMOUT", SyslogLevel.Warning, false)]
    [InlineData("CONFWARN", SyslogLevel.Warning, true)]
    [InlineData("INIT", SyslogLevel.Debug, false)]
    public void Log_LinesOfLibrdkafka_OnlyWarningsThatNothingElseTellsArePassedOn(string facility, SyslogLevel level, bool passes)
    {
        Journal().Log(new LogMessage("rdkafka#producer-1", level, facility, "text"));

        Assert.Equal(passes ? ["Warning output kk: librdkafka: text"] : [], _log.All);
    }

    private KafkaJournal Journal(params (string Name, string Value)[] properties) =>
        new(_log, "kk", properties.Append(("bootstrap.servers", "kafka.example:9092")).ToDictionary(p => p.Item1, p => p.Item2), _clock);
}
