using System.Reflection;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Telemetry;

public class LogTests
{
    [Fact]
    public void Lines_HaveAnIdOfTheirOwnFromOneOfTheBlocks()
    {
        int[] ids = [.. typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(a => a.EventId)];

        Assert.NotEmpty(ids);
        Assert.Distinct(ids);
        Assert.All(ids, id => Assert.InRange(id, 1_000, 7_999));
    }
}
