using System.Diagnostics;
using Xunit;

namespace Datamodels.Tests;

/// <summary>Work that another thread stops while it goes on.</summary>
internal static class Cancelled
{
    /// <summary>Stops work that takes several seconds after a while; it must end within a second of that.</summary>
    /// <param name="delay">How long the work goes on.</param>
    /// <param name="work">The work.</param>
    public static void After(TimeSpan delay, Action<CancellationToken> work)
    {
        using var stop = new CancellationTokenSource(delay);
        var waited = new Stopwatch();
        using CancellationTokenRegistration started = stop.Token.Register(waited.Start);
        Assert.ThrowsAny<OperationCanceledException>(() => work(stop.Token));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }
}
