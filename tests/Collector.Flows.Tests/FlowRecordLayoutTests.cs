using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace Collector.Flows.Tests;

public class FlowRecordLayoutTests
{
    private static readonly FieldInfo[] Fields = typeof(FlowRecord).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    [Fact]
    public void EveryFieldOfTheRecord_HasItsName() =>
        Assert.Equal(Fields.Select(f => f.Name).Order(), Enum.GetNames<FlowField>().Order());

    [Fact]
    public void Names_FitTheSet() => Assert.True(Enum.GetValues<FlowField>().Length <= 128);

    [Fact]
    public void Record_HoldsNoReferences() => Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<FlowRecord>());

    [Fact]
    public void BytesWrittenAtAPlace_AreThatFieldAndNoOther()
    {
        foreach (FlowField written in Enum.GetValues<FlowField>())
        {
            FlowRecord record = default;
            Span<byte> bytes = MemoryMarshal.AsBytes(new Span<FlowRecord>(ref record));
            bytes.Slice(FlowRecordLayout.OffsetOf(written), FlowRecordLayout.SizeOf(written)).Fill(0xA5);
            foreach (FieldInfo field in Fields)
            {
                byte[] value = BytesOf(field.GetValue(record)!);
                Assert.True(value.All(b => b == (field.Name == written.ToString() ? 0xA5 : 0)), $"{written} writes {field.Name}");
            }
        }
    }

    [Fact]
    public void Fields_DoNotOverlapAndLeaveNoMoreThanTheAlignment()
    {
        (int Offset, int Size)[] places = [.. Enum.GetValues<FlowField>().Select(f => (FlowRecordLayout.OffsetOf(f), FlowRecordLayout.SizeOf(f))).Order()];
        for (int i = 1; i < places.Length; i++)
        {
            int end = places[i - 1].Offset + places[i - 1].Size;
            Assert.InRange(places[i].Offset - end, 0, 7);
        }

        Assert.InRange(Unsafe.SizeOf<FlowRecord>() - places[^1].Offset - places[^1].Size, 0, 7);
    }

    private static byte[] BytesOf(object value)
    {
        Type type = value.GetType().IsEnum ? Enum.GetUnderlyingType(value.GetType()) : value.GetType();
        MethodInfo method = typeof(FlowRecordLayoutTests).GetMethod(nameof(Copy), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);
        return (byte[])method.Invoke(null, [type == value.GetType() ? value : Convert.ChangeType(value, type, null)])!;
    }

    private static byte[] Copy<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref value)).ToArray();
}
