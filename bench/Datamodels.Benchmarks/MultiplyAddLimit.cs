using System.Runtime.CompilerServices;
using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>Chains of multiply-adds that need nothing but registers, as many as hide the latency of one.</summary>
internal static unsafe class MultiplyAddLimit<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Chains = 12;
    private const int Steps = 1000;

    private static readonly float[] s_results = new float[KernelLayout.Alignment];

    /// <summary>Billions of multiply-adds a second of one core.</summary>
    public static double Billions() => (double)Chains * Steps * TSimd.Width / Measure.SecondsOfOne(Multiply) / 1e9;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply()
    {
        TVector x = TSimd.Broadcast(0.999f), y = TSimd.Broadcast(1e-3f);
        TVector c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (int i = 0; i < Steps; i++)
        {
            c0 = TSimd.MultiplyAdd(c0, x, y);
            c1 = TSimd.MultiplyAdd(c1, x, y);
            c2 = TSimd.MultiplyAdd(c2, x, y);
            c3 = TSimd.MultiplyAdd(c3, x, y);
            c4 = TSimd.MultiplyAdd(c4, x, y);
            c5 = TSimd.MultiplyAdd(c5, x, y);
            c6 = TSimd.MultiplyAdd(c6, x, y);
            c7 = TSimd.MultiplyAdd(c7, x, y);
            c8 = TSimd.MultiplyAdd(c8, x, y);
            c9 = TSimd.MultiplyAdd(c9, x, y);
            c10 = TSimd.MultiplyAdd(c10, x, y);
            c11 = TSimd.MultiplyAdd(c11, x, y);
        }

        // The sum is used, so that no chain can be left out.
        TVector sum = TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c4, c5), TSimd.Add(c6, c7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c8, c9), TSimd.Add(c10, c11)));
        fixed (float* results = s_results)
        {
            TSimd.Store(sum, results);
        }
    }
}
