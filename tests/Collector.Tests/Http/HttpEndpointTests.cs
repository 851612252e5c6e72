using System.Net;
using System.Net.Sockets;
using Collector.Configuration;
using Collector.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Collector.Tests.Http;

/// <summary>The port of the collector's own pages.</summary>
public sealed class HttpEndpointTests
{
    private static readonly HttpOptions AnyPort = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    private static readonly Dictionary<string, RequestDelegate> Pages = new()
    {
        ["/hello"] = context => context.Response.WriteAsync($"{context.Request.Query["who"]}\n"),
        ["/broken"] = _ => throw new InvalidOperationException("a fault in a page"),
    };

    [Fact]
    public async Task Get_KnownPath_AnswersWithItsPage()
    {
        await using HttpEndpoint http = await HttpEndpoint.StartAsync(AnyPort, Pages, NullLoggerFactory.Instance);
        using var client = new HttpClient { BaseAddress = new Uri(http.Address) };

        Assert.Equal("you\n", await client.GetStringAsync("/hello?who=you"));
    }

    [Fact]
    public async Task AnythingElse_IsRefused_AndThePortLivesOn()
    {
        await using HttpEndpoint http = await HttpEndpoint.StartAsync(AnyPort, Pages, NullLoggerFactory.Instance);
        using var client = new HttpClient { BaseAddress = new Uri(http.Address) };

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/hello", new StringContent("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync("/broken")).StatusCode);
        Assert.Equal("you\n", await client.GetStringAsync("/hello?who=you"));
    }

    [Fact]
    public async Task Dispose_ClosesThePort()
    {
        HttpEndpoint http = await HttpEndpoint.StartAsync(AnyPort, Pages, NullLoggerFactory.Instance);
        int port = new Uri(http.Address).Port;
        await http.DisposeAsync();

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, port)).SocketErrorCode);
    }

    [Fact]
    public async Task Start_PortThatIsTaken_Throws()
    {
        await using HttpEndpoint first = await HttpEndpoint.StartAsync(AnyPort, Pages, NullLoggerFactory.Instance);
        var taken = new HttpOptions { Listen = new IPEndPoint(IPAddress.Loopback, new Uri(first.Address).Port) };

        await Assert.ThrowsAsync<IOException>(() => HttpEndpoint.StartAsync(taken, Pages, NullLoggerFactory.Instance));
    }
}
