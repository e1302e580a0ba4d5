using System.Runtime.Intrinsics;
using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>
/// Billions of multiply-adds a second that the kernels of training reach on one core, at the shapes of the networks that the
/// other comparisons train and of a larger convolution, against the limit of the same core: multiply-adds between registers
/// and nothing else. Forward, gradient of the inputs, gradient of the weights; what is done with a sum while it is in
/// registers (store, rectify, update of the weights) is in the time.
/// </summary>
internal sealed class KernelRates : IComparison
{
    public string Name => "kernels";

    public string Description => "kernels of training on one core, against its multiply-add limit";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers) =>
        Vector512.IsHardwareAccelerated ? Rates<Simd512, Vector512<float>>(peers)
        : Vector256.IsHardwareAccelerated ? Rates<Simd256, Vector256<float>>(peers)
        : Rates<Simd128, Vector128<float>>(peers);

    private static List<BenchmarkRow> Rates<TSimd, TVector>(Peers peers)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        double limit = MultiplyAddLimit<TSimd, TVector>.Billions();
        peers.Say($"{TSimd.Width} lanes; limit {limit:0.0} GMAC/s");
        var rows = new List<BenchmarkRow>();
        void Add(string layer, string kernel, double multiplyAdds, Action work)
        {
            double rate = multiplyAdds / Measure.SecondsOfOne(work) / 1e9;
            rows.Add(new BenchmarkRow($"{layer} {kernel}", "GMAC/s", rate, limit, rate / limit, null));
        }

        foreach ((int batch, int inputs, int outputs) in new[] { (32, 64, 32), (32, 32, 10), (64, 784, 128), (64, 128, 10) })
        {
            using var dense = new DenseProducts<TSimd, TVector>(batch, inputs, outputs);
            double multiplyAdds = (double)batch * inputs * outputs;
            string layer = $"dense {inputs}-{outputs}";
            Add(layer, "forward", multiplyAdds, dense.Forward);
            Add(layer, "inputs", multiplyAdds, dense.InputGradient);
            Add(layer, "weights", multiplyAdds, dense.WeightGradient);
        }

        foreach ((int channels, int size, int outputs) in new[] { (1, 28, 8), (8, 14, 16), (64, 16, 64) })
        {
            using var convolution = new ConvolutionKernels<TSimd, TVector>(channels, size, outputs, kernel: 3);
            string layer = $"conv {channels}x{size}x{size}-{outputs}";
            Add(layer, "forward", convolution.MultiplyAdds, convolution.Forward);
            if (channels > 1)
            {
                // A first layer's inputs are the images, which have no gradient.
                Add(layer, "inputs", convolution.MultiplyAdds, convolution.InputGradient);
            }

            Add(layer, "weights", convolution.MultiplyAdds, convolution.Gradient);
        }

        return rows;
    }
}
