using System.Diagnostics;

namespace Datamodels.Benchmarks;

/// <summary>Clock and statistics.</summary>
internal static class Measure
{
    /// <summary>Seconds that some work takes.</summary>
    public static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The middle value; of an even number, the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Seconds of one call of something short: the least of some rounds of many calls.</summary>
    public static double SecondsOfOne(Action work)
    {
        const int Rounds = 9;
        const double Round = 0.02;
        work();
        int calls = 1;
        while (Seconds(() => Repeat(work, calls)) < Round)
        {
            calls *= 2;
        }

        return Enumerable.Range(0, Rounds).Min(_ => Seconds(() => Repeat(work, calls))) / calls;
    }

    private static void Repeat(Action work, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            work();
        }
    }
}
