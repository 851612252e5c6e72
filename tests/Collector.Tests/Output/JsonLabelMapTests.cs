using System.Text;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Output;

public sealed class JsonLabelMapTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("a%1", "{\"a\": \"1\"}")]
    [InlineData("a%1,b%2", "{\"a\": \"1\", \"b\": \"2\"}")]
    [InlineData("a%1,b", "{\"a\": \"1\"}")]
    [InlineData("a%1,b%2,a%3", "{\"a\": \"3\", \"b\": \"2\"}")]
    [InlineData("a%x\"y", "{\"a\": \"x\\\"y\"}")]
    [InlineData("alone", "{}")]
    public void Write_PairsOfKeyAndValue(string label, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(label);
        byte[] to = new byte[JsonText.MaxLength(bytes.Length)];
        Assert.Equal(expected, Encoding.UTF8.GetString(to, 0, JsonLabelMap.Write(bytes, to)));
    }

    [Fact]
    public void Write_LongToken_IsCut()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"k%{new string('v', 200)}");
        byte[] to = new byte[JsonText.MaxLength(bytes.Length)];
        Assert.Equal($"{{\"k\": \"{new string('v', 126)}$\"}}", Encoding.UTF8.GetString(to, 0, JsonLabelMap.Write(bytes, to)));
    }

    [Fact]
    public void Write_AnyBytes_StaysWithinItsRoom()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            for (int j = 0; j < bytes.Length; j++)
            {
                bytes[j] = random.Next(3) switch { 0 => bytes[j], 1 => (byte)(j % 2 == 0 ? ',' : '%'), _ => (byte)random.Next(32) };
            }

            byte[] to = new byte[JsonText.MaxLength(bytes.Length)];
            int length = JsonLabelMap.Write(bytes, to);
            Assert.Equal(System.Text.Json.JsonValueKind.Object, System.Text.Json.JsonDocument.Parse(to.AsMemory(0, length)).RootElement.ValueKind);
        }
    }
}
