using System.Text;
using System.Text.Json;
using Collector.Output;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Output;

public class JsonTextTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\"b\\c/d", "\"a\\\"b\\\\c/d\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\u0001\u001F", "\"\\u0001\\u001F\"")]
    [InlineData("\u007F\u0080é\uFFFF😀", "\"\u007F\u0080é\uFFFF😀\"")]
    public void Strings_AreEscapedAsJanssonDoes(string value, string expected) => Assert.Equal(expected, Write(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { (byte)'a', 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void InvalidUtf8_IsRefused(byte[] value) => Assert.Null(Write(value));

    [Fact]
    public void AnyText_ParsesBackToItself() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string value = Sanitize(text);
            return JsonSerializer.Deserialize<string>(Write(Encoding.UTF8.GetBytes(value))!) == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyBytes_AreRefusedExactlyWhenTheyAreNotUtf8() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            string? written = Write(bytes);
            bool isUtf8;
            try
            {
                isUtf8 = new UTF8Encoding(false, true).GetString(bytes) is not null;
            }
            catch (DecoderFallbackException)
            {
                isUtf8 = false;
            }

            return isUtf8 == (written is not null);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyParts_ParseBackToThoseThatAreNotEmpty() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string value = Sanitize(text);
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            byte[] to = new byte[JsonText.MaxLength(bytes.Length)];
            int written = JsonText.WriteParts(bytes, to);
            string[]? parts = JsonSerializer.Deserialize<string[]>(to.AsSpan(0, written));
            return parts!.SequenceEqual(value.Split('_', StringSplitOptions.RemoveEmptyEntries));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "[]")]
    [InlineData("_", "[]")]
    [InlineData("1", "[\"1\"]")]
    [InlineData("_1__2_", "[\"1\", \"2\"]")]
    public void EmptyParts_AreLeftOut(string value, string expected)
    {
        byte[] to = new byte[JsonText.MaxLength(value.Length)];
        Assert.Equal(expected, Encoding.UTF8.GetString(to.AsSpan(0, JsonText.WriteParts(Encoding.UTF8.GetBytes(value), to))));
    }

    // What no UTF-8 can hold: half a surrogate pair, which FsCheck likes to make.
    private static string Sanitize(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    private static string? Write(byte[] value)
    {
        byte[] to = new byte[JsonText.MaxLength(value.Length)];
        int written = JsonText.WriteString(value, to);
        return written < 0 ? null : Encoding.UTF8.GetString(to.AsSpan(0, written));
    }
}
