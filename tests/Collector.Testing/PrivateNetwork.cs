using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Collector.Testing;

/// <summary>Runs code on a thread with a network namespace of its own, so that addresses, ports and traffic meet nobody else's.</summary>
/// <remarks>Needs root. Sockets opened and processes started by the code belong to the namespace; it ends with the last of them.</remarks>
public static class PrivateNetwork
{
    private const int CloneNewNetwork = 0x4000_0000;

    /// <summary>Runs the code with lo up; an exception is rethrown here.</summary>
    public static void Run(Action code)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Unshare(CloneNewNetwork) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError(), "unshare(CLONE_NEWNET)");
                }

                Ip("link set lo up");
                code();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Runs ip(8) in the caller's namespace, one command a line; throws when it fails.</summary>
    public static void Ip(string commands)
    {
        using var ip = Process.Start(new ProcessStartInfo(Peers.Find("ip")!, ["-batch", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        ip.StandardInput.Write(commands + "\n");
        ip.StandardInput.Close();
        string error = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        if (ip.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip: {error}");
        }
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);
}
