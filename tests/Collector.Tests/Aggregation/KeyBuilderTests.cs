using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Collector.Aggregation;
using Collector.Flows;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Aggregation;

public unsafe class KeyBuilderTests
{
    [Fact]
    public void Build_AnyFields_CopiesEachToItsPlaceAndPadsWithZeros()
    {
        FlowField[] all = Enum.GetValues<FlowField>();
        Prop.ForAll(Gen.SubListOf(all).Where(l => l.Count > 0).ToArbitrary(), chosen =>
        {
            var builder = new KeyBuilder(new KeyLayout(chosen), timesInSeconds: false);
            FlowRecord record = default;
            Random.Shared.NextBytes(MemoryMarshal.AsBytes(new Span<FlowRecord>(ref record)));
            byte[] key = new byte[builder.PaddedWidth + 16];
            Array.Fill(key, (byte)0xAA);
            fixed (byte* target = key)
            {
                builder.Build(ref record, target);
            }

            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new Span<FlowRecord>(ref record));
            foreach (FlowField field in chosen)
            {
                ReadOnlySpan<byte> expected = bytes.Slice(FlowRecordLayout.OffsetOf(field), FlowRecordLayout.SizeOf(field));
                if (!key.AsSpan(builder.Layout.OffsetOf(field), expected.Length).SequenceEqual(expected))
                {
                    return false;
                }
            }

            return !key.AsSpan(builder.Layout.Width, builder.PaddedWidth - builder.Layout.Width).ContainsAnyExcept((byte)0)
                && !key.AsSpan(builder.PaddedWidth).ContainsAnyExcept((byte)0xAA);
        }).QuickCheckThrowOnFailure();
    }
}
