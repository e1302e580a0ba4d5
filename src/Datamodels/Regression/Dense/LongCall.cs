namespace Datamodels.Regression;

/// <summary>A computation that takes long and cannot be interrupted, such as a factorisation by a library.</summary>
internal static class LongCall
{
    /// <summary>Computes on a thread of its own and waits.</summary>
    /// <param name="compute">The computation; must not use what is disposed of after cancellation.</param>
    /// <param name="cancellation">Stops waiting at once; the computation ends in the background, for nothing.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static T Wait<T>(Func<T> compute, CancellationToken cancellation)
    {
        Task<T> computed = Task.Factory.StartNew(
            compute, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAny([computed], cancellation);
        return computed.GetAwaiter().GetResult();
    }
}
