using System.Runtime.InteropServices;

namespace Collector.Hosting;

/// <summary>The signals of the contract, each acting at once on a thread of the runtime.</summary>
public sealed class Signals : IDisposable
{
    /// <summary>SIGUSR1 and SIGUSR2 of Linux on x64 and arm64; the runtime has names for neither and takes raw numbers.</summary>
    private const PosixSignal User1 = (PosixSignal)10, User2 = (PosixSignal)12;

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="stop">SIGINT, SIGTERM and SIGQUIT; called again for each further one.</param>
    public Signals(Action stop)
    {
        On(PosixSignal.SIGINT, stop);
        On(PosixSignal.SIGTERM, stop);
        On(PosixSignal.SIGQUIT, stop);
    }

    /// <summary>Adds the signals of the daemon.</summary>
    /// <param name="reload">SIGHUP.</param>
    /// <param name="ledger">SIGUSR1.</param>
    /// <param name="maps">SIGUSR2.</param>
    public void AddDaemon(Action reload, Action ledger, Action maps)
    {
        On(PosixSignal.SIGHUP, reload);
        On(User1, ledger);
        On(User2, maps);
    }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private void On(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));
}
