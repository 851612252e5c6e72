using Collector.Http;
using Xunit;

namespace Collector.Tests.Http;

/// <summary>The text format as its specification has it.</summary>
public sealed class PrometheusTextTests
{
    [Fact]
    public void Families_Samples_AndEscapes()
    {
        var text = new PrometheusText();
        text.Family("a_total", "counter", "Back\\slash and\nnewline.");
        text.Sample(-1L);
        text.Sample(ulong.MaxValue, "x", "q\"b\\n\n", "y", "2001:db8::1");
        text.Family("b", "gauge", "A ratio.");
        text.Sample(0.5, "z", "");

        Assert.Equal(
            "# HELP a_total Back\\\\slash and\\nnewline.\n# TYPE a_total counter\na_total -1\na_total{x=\"q\\\"b\\\\n\\n\",y=\"2001:db8::1\"} 18446744073709551615\n"
            + "# HELP b A ratio.\n# TYPE b gauge\nb{z=\"\"} 0.5\n",
            text.ToString());
    }
}
