using System.Runtime.Versioning;
using Collector.Sinks.Triggers;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Sinks.Triggers;

/// <summary>The program that is started after a purge: real programs of the shell.</summary>
[SupportedOSPlatform("linux")]
public sealed class PurgeTriggerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trigger-").FullName;
    private readonly RecordingLogger _log = new();
    private readonly ManualTime _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Program_GetsItsWordsAndNoInputAndStopWaitsForIt()
    {
        PurgeTrigger trigger = Trigger("for w in \"$@\"; do echo \"<$w>\"; done > out; cat >> out; echo end >> out", " a  'b c' ");
        trigger.Start();
        trigger.WaitAtStop(CancellationToken.None);
        Assert.Equal("<a>\n<'b>\n<c'>\nend\n", File.ReadAllText(Path.Combine(_folder, "out")));
        Assert.Equal((1, 0, 0, 0), (trigger.Started, trigger.Failed, trigger.Skipped, trigger.Running));
        Assert.Empty(_log.Messages);
    }

    [Fact]
    public void MuchOutput_DoesNotStopTheProgram()
    {
        PurgeTrigger trigger = Trigger("i=0; while [ $i -lt 20000 ]; do echo a line of thirty-two characters; echo another one of that length >&2; i=$((i+1)); done; touch done");
        trigger.Start();
        trigger.WaitAtStop(CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(_folder, "done")));
    }

    [Fact]
    public void Failure_IsCountedAndToldOnceAMinuteWithItsLastWords()
    {
        PurgeTrigger trigger = Trigger("echo first >&2; echo no space left >&2; exit 3");
        RunThrough(trigger);
        RunThrough(trigger);
        Assert.Equal((2, 2), (trigger.Started, trigger.Failed));
        string line = Assert.Single(_log.Messages);
        Assert.Contains("trigger", line, StringComparison.Ordinal);
        Assert.Contains("exit code 3: no space left; 0 failures since the last message", line, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(2));
        RunThrough(trigger);
        Assert.Contains("1 failures since the last message", _log.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramThatDoesNotExist_IsCountedAndTold()
    {
        PurgeTrigger trigger = new("out", Path.Combine(_folder, "nothing"), true, _log, _clock);
        RunThrough(trigger);
        Assert.Equal((0, 1, 0), (trigger.Started, trigger.Failed, trigger.Running));
        Assert.Contains("No such file", Assert.Single(_log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsThatHang_AreNotStartedWithoutEnd()
    {
        PurgeTrigger trigger = Trigger("while [ ! -e go ]; do sleep 0.05; done");
        for (int i = 0; i < PurgeTrigger.MaxRunning + 2; i++)
        {
            trigger.Start();
        }

        Assert.Equal((PurgeTrigger.MaxRunning, 2, PurgeTrigger.MaxRunning), (trigger.Started, trigger.Skipped, trigger.Running));
        Assert.Contains("earlier runs have not ended", Assert.Single(_log.Messages), StringComparison.Ordinal);
        using CancellationTokenSource giveUp = new();
        giveUp.Cancel();
        trigger.WaitAtStop(giveUp.Token);
        File.WriteAllText(Path.Combine(_folder, "go"), "");
        trigger.WaitAtStop(CancellationToken.None);
        Assert.Equal((0, 0), (trigger.Failed, trigger.Running));
    }

    [Fact]
    public void Asynchronous_StopDoesNotWait()
    {
        PurgeTrigger trigger = Trigger("while [ ! -e go ]; do sleep 0.05; done", waitAtStop: false);
        trigger.Start();
        trigger.WaitAtStop(CancellationToken.None);
        Assert.Equal(1, trigger.Running);
        File.WriteAllText(Path.Combine(_folder, "go"), "");
        Assert.True(SpinWait.SpinUntil(() => trigger.Running == 0, TimeSpan.FromSeconds(30)));
    }

    private static void RunThrough(PurgeTrigger trigger)
    {
        trigger.Start();
        trigger.WaitAtStop(CancellationToken.None);
    }

    private PurgeTrigger Trigger(string script, string arguments = "", bool waitAtStop = true)
    {
        string file = Path.Combine(_folder, "run.sh");
        File.WriteAllText(file, $"#!/bin/sh\ncd {_folder}\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new PurgeTrigger("out", $"{file} {arguments}", waitAtStop, _log, _clock);
    }
}
