using System.Net;
using System.Net.Sockets;

namespace Collector.Bgp.Sessions;

/// <summary>Connects to one peer, again and again while it has no connection (RFC 4271 §8.1.3: ConnectRetry).</summary>
internal sealed class PeerConnector(BgpSpeaker speaker, BgpPeer peer)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    internal async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (peer.WantsConnection)
                {
                    await TryConnectAsync(stop).ConfigureAwait(false);
                }

                await Task.Delay(TimeSpan.FromSeconds(speaker.Options.ConnectRetrySeconds), speaker.Time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryConnectAsync(CancellationToken stop)
    {
        Socket? socket = new(peer.Address.Family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            PeerSockets.SetPrecedence(socket, speaker.Options.IpPrecedence);
            PeerSockets.SetTtlSecurity(socket, peer.Options.TtlSecurityHops);
            if (peer.Options.Password is not null)
            {
                PeerSockets.SetPassword(socket, peer.Options, peer.Options.Password);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(ConnectLimit);
            await socket.ConnectAsync(new IPEndPoint(peer.Address.ToIPAddress(), peer.Options.Port), limit.Token).ConfigureAwait(false);
            Socket connected = socket;
            socket = null;
            await speaker.RunAsync(connected, peer, isOutbound: true).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            speaker.Observer.SessionRefused(peer.Address, $"no connection: {(e is SocketException { SocketErrorCode: var code } ? code.ToString() : "no answer")}", speaker.Time.GetUtcNow());
        }
        finally
        {
            socket?.Dispose();
        }
    }
}
