using Collector.Flows.Templates.Saved;
using Collector.Hosting;
using Collector.Net;
using Collector.Testing.Builders;
using Collector.Tests.Live;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Hosting;

/// <summary>Templates over a restart, by the file and by the daemon itself (T7).</summary>
public sealed class TemplateStoreTests : IDisposable
{
    private const long Now = WorkerRig.Start * 1_000_000;

    private static readonly byte[] Flow = new WireWriter().U32(0x0A00_0001, 0x0A00_0002, 1, 100).ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    private string FilePath => Path.Combine(_folder, TemplateStore.FileName);

    [Fact]
    public void T7_WhatIsSaved_ReachesTheWorkersAgain_WhateverTheirNumber()
    {
        SaveTwenty();
        using var after = new PipelineRig(3);
        TemplateStore store = Open();
        Assert.Null(store.Load(after.Parts.Workers, Now));
        Assert.Equal(20, store.Count);
        for (uint i = 0; i < 20; i++)
        {
            IpAddress source = IpAddress.FromIPv4(0xC633_6401u + i);
            var worker = after.Parts.Workers[Collector.Receiving.ReuseportSteering.WorkerOf(source, 3)];
            worker.Process(new Flows.Datagram { Payload = ExportMessageBuilder.NetFlow9().Data(300, Flow).Build(), Source = source, SourcePort = 1, ArrivalTime = Now });
            worker.Flush();
        }

        Assert.Equal(20, after.Parts.Workers.Sum(w => w.OfferedRecords));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void FileThatIsCutOrDamagedAnywhere_IsOneWarningAndAnEmptyStart()
    {
        SaveTwenty();
        byte[] good = File.ReadAllBytes(FilePath);
        for (int i = 0; i < good.Length; i += 7)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= 0x10;
            AssertRefused(damaged);
            AssertRefused(good[..i]);
        }

        AssertRefused([.. good, 0]);
        AssertRefused(new byte[100_000]);
    }

    [Fact]
    public void Save_WithoutAChange_WritesNothing_AndAfterwardsAgain()
    {
        TemplateStore store = Open();
        Assert.Null(store.Save());
        Assert.False(File.Exists(FilePath));
        store.Put(new SavedDomain(IpAddress.Parse("192.0.2.1"), 9, 0, new byte[] { 1 }));
        Assert.Null(store.Save());
        File.Delete(FilePath);
        Assert.Null(store.Save());
        Assert.False(File.Exists(FilePath));
        store.Put(new SavedDomain(IpAddress.Parse("192.0.2.1"), 9, 0, default));
        Assert.Null(store.Save());
        Assert.Equal(0, store.Count);
        Assert.True(File.Exists(FilePath));
    }

    [Fact]
    public void Save_WhereTheFolderIsGone_IsToldAndTriedAgain()
    {
        TemplateStore store = Open();
        store.Put(new SavedDomain(IpAddress.Parse("192.0.2.1"), 9, 0, new byte[] { 1 }));
        Directory.Delete(_folder, recursive: true);
        Assert.Contains("cannot be written", store.Save());
        Directory.CreateDirectory(_folder);
        Assert.Null(store.Save());
        Assert.True(File.Exists(FilePath));
    }

    [Fact]
    public void T7_Daemon_DecodesAfterARestartBeforeAnyAnnouncement()
    {
        using var live = new LiveCollector();
        string configuration = live.Configure("plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 3600\nprint_output_file_append[hosts]: true", "hosts");
        live.Start(configuration);
        live.Send(ExportMessageBuilder.NetFlow9().Template(300, (8, 4), (12, 4), (2, 4), (1, 4)).Build());
        live.StopAndReadLedger();
        live.Process.Dispose();

        live.Start(configuration);
        live.Send(ExportMessageBuilder.NetFlow9().Data(300, Flow, Flow).Build());
        LedgerText ledger = live.StopAndReadLedger();
        Assert.Equal(2, ledger.Sum("source 127.0.0.1", "records"));
        Assert.Equal(0, ledger.Sum("source 127.0.0.1", "missing template"));
        Assert.Contains("templates of 1 exporters and domains are remembered", live.Process.Error);
    }

    [Fact]
    public void T1_Daemon_HoldsDataUntilItsTemplateComes()
    {
        using var live = new LiveCollector();
        string configuration = Path.Combine(live.Folder, "collector.yaml");
        File.WriteAllText(configuration, FormattableString.Invariant(
            $"listen: ['127.0.0.1:{live.Port}']\noutputs:\n  - name: hosts\n    type: file\n    aggregate: [src_host]\n    refresh: 3600\n    file: {{path: {live.FileOf("hosts")}}}\n"));
        live.Start(configuration);
        live.Send(ExportMessageBuilder.NetFlow9().Data(300, Flow, Flow).Data(301, Flow).Build(), ExportMessageBuilder.NetFlow9().Template(300, (8, 4), (12, 4), (2, 4), (1, 4)).Build());
        LedgerText ledger = live.StopAndReadLedger();
        Assert.Equal((2, 2, 1, 1), (
            ledger.Sum("source 127.0.0.1", "records"), ledger.Sum("source 127.0.0.1", "sets held"),
            ledger.Sum("source 127.0.0.1", "sets replayed"), ledger.Sum("source 127.0.0.1", "missing template")));
        ledger.AssertCloses("hosts");
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void SaveTwenty()
    {
        using var before = new PipelineRig(2);
        TemplateStore store = Open();
        for (uint i = 0; i < 20; i++)
        {
            before.Parts.Workers[0].Process(new Flows.Datagram
            {
                Payload = ExportMessageBuilder.NetFlow9().Template(300, (8, 4), (12, 4), (2, 4), (1, 4)).Build(),
                Source = IpAddress.FromIPv4(0xC633_6401u + i),
                SourcePort = 1,
                ArrivalTime = Now,
            });
        }

        before.Parts.Workers[0].Decoder.TakeChanged(store.Put, all: true);
        Assert.Null(store.Save());
    }

    private void AssertRefused(byte[] content)
    {
        File.WriteAllBytes(FilePath, content);
        using var rig = new PipelineRig(1);
        TemplateStore store = Open();
        Assert.Contains("damaged", store.Load(rig.Parts.Workers, Now));
        Assert.Equal((0, 0), (store.Count, rig.Parts.Workers[0].Decoder.Sources.Count));
    }

    private TemplateStore Open() => new(StateDirectory.OpenAt(_folder, out _)!);
}
