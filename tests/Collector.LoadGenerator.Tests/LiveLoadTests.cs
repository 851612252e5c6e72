using System.Net;
using System.Net.Sockets;
using Collector.LoadGenerator.Sending;
using Xunit;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Tests;

public sealed class LiveLoadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsReported_IsWhatArrives(bool segmentation)
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 500, ReceiveBufferSize = 64 << 20 };
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new LoadOptions
        {
            Sources = 5,
            Keys = 1_000,
            Ring = 50,
            Count = 2_000,
            Burst = 7,
            AnnounceDatagrams = 11,
            Segmentation = segmentation,
            Target = (IPEndPoint)receiver.LocalEndPoint!,
        };
        LoadReport report = LiveLoad.Run(options, default);

        Dictionary<EndPoint, uint> sequences = [];
        byte[] payload = new byte[65_536];
        long datagrams = 0, records = 0, templates = 0, octets = 0;
        while (datagrams < report.Datagrams)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            octets += receiver.ReceiveFrom(payload, ref from);
            datagrams++;
            Assert.Equal(sequences.GetValueOrDefault(from), ReadUInt32BigEndian(payload.AsSpan(12)));
            sequences[from] = ReadUInt32BigEndian(payload.AsSpan(12)) + 1;
            bool isTemplates = ReadUInt16BigEndian(payload.AsSpan(20)) == 0;
            templates += isTemplates ? 1 : 0;
            records += isTemplates ? 0 : ReadUInt16BigEndian(payload.AsSpan(2));
        }

        Assert.Equal(0, receiver.Available);
        Assert.Equal((report.Records, report.TemplateDatagrams, report.PayloadBytes), (records, templates, octets));
        Assert.Equal(["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6"], sequences.Keys.Select(k => ((IPEndPoint)k).Address.ToString()).Order());
    }

    [Fact]
    public void Rate_IsNotExceeded()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        LoadReport report = LiveLoad.Run(
            new LoadOptions { Keys = 100, Ring = 64, Count = 20_000, Rate = 100_000, Target = (IPEndPoint)receiver.LocalEndPoint! }, default);
        Assert.InRange(report.Records, 20_000, 20_025);
        Assert.InRange(report.RecordsPerSecond, 1, 105_000);
    }

    [Fact]
    public void Duration_EndsTheLoad()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        LoadReport report = LiveLoad.Run(
            new LoadOptions { Keys = 100, Ring = 64, Duration = 0.2, Rate = 100_000, Target = (IPEndPoint)receiver.LocalEndPoint! }, default);
        Assert.InRange(report.Seconds, 0.2, 5);
    }
}
