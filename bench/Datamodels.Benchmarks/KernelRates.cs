using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>
/// Billions of multiply-adds a second that the matrix products of training reach on one core, at the shapes of the networks
/// that the other comparisons train, against the limit of the same core: multiply-adds between registers and nothing else.
/// What is done with the product while it is in registers (store, rectify, update of the weights) is in the time.
/// </summary>
internal sealed class KernelRates : IComparison
{
    public string Name => "kernels";

    public string Description => "matrix products of training on one core, against its multiply-add limit";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers) =>
        Vector512.IsHardwareAccelerated ? Rates<Simd512, Vector512<float>>(peers)
        : Vector256.IsHardwareAccelerated ? Rates<Simd256, Vector256<float>>(peers)
        : Rates<Simd128, Vector128<float>>(peers);

    private static List<BenchmarkRow> Rates<TSimd, TVector>(Peers peers)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        double limit = Limit<TSimd, TVector>.Measure();
        peers.Say($"{TSimd.Width} lanes; limit {limit:0.0} GMAC/s");
        var rows = new List<BenchmarkRow>();
        foreach ((string net, int batch, int inputs, int outputs) in new[]
        {
            ("digits 64-32", 32, 64, 32), ("digits 32-10", 32, 32, 10), ("mnist 784-128", 64, 784, 128), ("mnist 128-10", 64, 128, 10),
        })
        {
            using var product = new Product<TSimd, TVector>(batch, inputs, outputs);
            void Add(string name, Action work)
            {
                double rate = (double)batch * inputs * outputs / SecondsOf(work) / 1e9;
                rows.Add(new BenchmarkRow($"{net} {name}", "GMAC/s", rate, limit, rate / limit, null));
            }

            Add("forward", product.Forward);
            Add("inputs' gradient", product.InputGradient);
            Add("weights' gradient", product.WeightGradient);
        }

        return rows;
    }

    /// <summary>Seconds of one call: the best of some rounds of many calls.</summary>
    private static double SecondsOf(Action work)
    {
        int calls = 1;
        while (Measure.Seconds(() => Repeat(work, calls)) < 0.02)
        {
            calls *= 2;
        }

        return Enumerable.Range(0, 7).Min(_ => Measure.Seconds(() => Repeat(work, calls))) / calls;
    }

    private static void Repeat(Action work, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            work();
        }
    }

    /// <summary>Chains of multiply-adds that need nothing but registers, as many as hide the latency of one.</summary>
    private static unsafe class Limit<TSimd, TVector>
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        private const int Chains = 12;
        private const int Steps = 1000;

        private static readonly float[] s_results = new float[KernelLayout.Alignment];

        public static double Measure() => (double)Chains * Steps * TSimd.Width / SecondsOf(Multiply) / 1e9;

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
            TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3)), TSimd.Add(TSimd.Add(c4, c5), TSimd.Add(c6, c7)));
            sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c8, c9), TSimd.Add(c10, c11)));
            fixed (float* results = s_results)
            {
                TSimd.Store(sum, results);
            }
        }
    }

    /// <summary>The three products of a dense layer, on memory of its own.</summary>
    private sealed unsafe class Product<TSimd, TVector> : IDisposable
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        private readonly int _batch;
        private readonly int _inputs;
        private readonly int _outputs;
        private readonly int _inputRow;
        private readonly int _outputRow;
        private readonly float*[] _blocks;

        public Product(int batch, int inputs, int outputs)
        {
            (_batch, _inputs, _outputs) = (batch, inputs, outputs);
            (_inputRow, _outputRow) = (KernelLayout.Pad(inputs), KernelLayout.Pad(outputs));
            var random = new RandomStream(1, RandomPurpose.Initialization, 0);
            nint weights = (nint)(inputs + 1) * _outputRow;
            nint[] sizes =
            [
                (nint)batch * _inputRow, weights, weights, (nint)batch * _outputRow, (nint)KernelLayout.Pad(outputs) * _inputRow,
                (nint)batch * _inputRow,
            ];
            _blocks = new float*[sizes.Length];
            for (int block = 0; block < sizes.Length; block++)
            {
                _blocks[block] = (float*)NativeMemory.AlignedAlloc((nuint)sizes[block] * sizeof(float), 64);
                for (nint i = 0; i < sizes[block]; i++)
                {
                    _blocks[block][i] = random.NextSingle() - 0.5f;
                }
            }
        }

        private float* Activations => _blocks[0];

        private float* Weights => _blocks[1];

        private float* Velocity => _blocks[2];

        private float* Deltas => _blocks[3];

        private float* Transposed => _blocks[4];

        private float* InputDeltas => _blocks[5];

        public void Forward()
        {
            var store = new StoreRectified<TSimd, TVector>(Deltas, _outputRow);
            MatrixProduct<TSimd, TVector>.Multiply(
                Activations, _inputRow, 1, Weights, _outputRow, _batch, _inputs, _outputs, Weights, ref store);
        }

        public void InputGradient()
        {
            var gate = new StoreGated<TSimd, TVector>(InputDeltas, _inputRow, Activations, _inputRow);
            MatrixProduct<TSimd, TVector>.Multiply(
                Deltas, _outputRow, 1, Transposed, _inputRow, _batch, _outputs, _inputs, null, ref gate);
        }

        public void WeightGradient()
        {
            // A rate of 0 keeps the weights where they are, however often this is called.
            var update = new MomentumUpdate<TSimd, TVector>(Weights, Velocity, _outputRow, 0, 0.9f, 5e-4f);
            MatrixProduct<TSimd, TVector>.Multiply(
                Activations, 1, _inputRow, Deltas, _outputRow, _inputs, _batch, _outputs, null, ref update);
        }

        public void Dispose()
        {
            foreach (float* block in _blocks)
            {
                NativeMemory.AlignedFree(block);
            }
        }
    }
}
