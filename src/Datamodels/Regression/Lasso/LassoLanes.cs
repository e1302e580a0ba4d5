using System.Numerics;
using System.Runtime.Intrinsics;
using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// Many lassos, or elastic nets, over one Gram matrix that are solved side by side, one in each lane: see
/// <see cref="CoordinateDescent{TLanes, TVector, TNumber}"/>. A lane's numbers do not depend on what the others hold; they are
/// those of its problem times <see cref="LassoProblem.Scale"/>, which rounds nothing. For one thread.
/// </summary>
internal abstract class LassoLanes(int count) : IDisposable
{
    /// <summary>Lanes are made in multiples of this: two of the widest vectors.</summary>
    public const int Multiple = 2 * KernelLayout.Alignment;

    /// <summary>Number of lanes.</summary>
    public int Count => count;

    /// <summary>
    /// Lanes with float64 numbers. Takes 40 n bytes a lane, and room for a panel where the Gram matrix is on disk.
    /// </summary>
    /// <param name="gram">The Gram matrix.</param>
    /// <param name="count">Lanes, a multiple of <see cref="Multiple"/>.</param>
    /// <param name="l1Ratio">The l1 part of the penalty, inside (0, 1]; what is left is l2.</param>
    public static LassoLanes Create(GramPanels gram, int count, double l1Ratio)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return new LassoLanes<Double512, Vector512<double>, double>(gram, count, l1Ratio);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return new LassoLanes<Double256, Vector256<double>, double>(gram, count, l1Ratio);
        }

        return Vector128.IsHardwareAccelerated
            ? new LassoLanes<Double128, Vector128<double>, double>(gram, count, l1Ratio)
            : new LassoLanes<DoubleScalar, double, double>(gram, count, l1Ratio);
    }

    /// <summary>
    /// Lanes with float32 numbers, and the errors of their weights on held-out rows. Takes 20 n bytes a lane and 4 for each
    /// held-out row, and room for a panel where the Gram matrix is on disk.
    /// </summary>
    /// <param name="gram">The Gram matrix.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">Lanes, a multiple of <see cref="Multiple"/>.</param>
    /// <param name="l1Ratio">The l1 part of the penalty, inside (0, 1]; what is left is l2.</param>
    public static (LassoLanes Lanes, HeldOutErrors Errors) Create(
        GramPanels gram, HeldOutRows rows, int count, double l1Ratio)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Pair<Simd512, Vector512<float>>(gram, rows, count, l1Ratio);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Pair<Simd256, Vector256<float>>(gram, rows, count, l1Ratio);
        }

        return Vector128.IsHardwareAccelerated
            ? Pair<Simd128, Vector128<float>>(gram, rows, count, l1Ratio)
            : Pair<SimdScalar, float>(gram, rows, count, l1Ratio);
    }

    /// <summary>Puts a problem into a lane, with all weights 0.</summary>
    public abstract void Start(int lane, LassoProblem problem);

    /// <summary>Leaves a lane as it is from here on.</summary>
    public abstract void Stop(int lane);

    /// <summary>Sets a lane's penalty, above 0.</summary>
    public abstract void SetLambda(int lane, double lambda);

    /// <summary>Minimises over each column in turn, in every lane.</summary>
    public abstract void Sweep(CancellationToken cancellation);

    /// <summary>Computes the certificates of all lanes.</summary>
    public abstract void Certify();

    /// <summary>The certificate of a lane as of the last <see cref="Certify"/>.</summary>
    public abstract LassoCertificate CertificateOf(int lane);

    /// <summary>Moves the lanes that go on along the line through their last two solutions.</summary>
    /// <param name="goes">Which lanes go on, <c>[Count]</c>.</param>
    /// <param name="ratios">How far, as a multiple of the distance between the two, <c>[Count]</c>.</param>
    /// <remarks>
    /// Weights and gradient are linear in lambda as long as no column comes or goes, and the gradient is linear in the weights
    /// anyway: that is a better place to begin than the last solution.
    /// </remarks>
    public abstract void GoOn(ReadOnlySpan<bool> goes, ReadOnlySpan<double> ratios);

    /// <summary>Copies a lane's weights, <c>[n]</c>.</summary>
    public abstract void CopyWeights(int lane, Span<double> weights);

    public abstract void Dispose();

    private static (LassoLanes, HeldOutErrors) Pair<TSimd, TVector>(
        GramPanels gram, HeldOutRows rows, int count, double l1Ratio)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        var lanes = new LassoLanes<TSimd, TVector, float>(gram, count, l1Ratio);
        return (lanes, new HeldOutErrors<TSimd, TVector>(lanes, rows));
    }
}

/// <summary>Lanes of one width and kind of number.</summary>
internal sealed unsafe class LassoLanes<TLanes, TVector, TNumber> : LassoLanes
    where TLanes : struct, ILanes<TVector, TNumber>
    where TVector : unmanaged
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    // Rows of sums that a certificate is made of.
    private const int Totals = 7;

    private readonly GramPanels _gram;
    private readonly double _l1Ratio;
    private readonly GramColumn<TNumber>[] _columns;
    private readonly int _mean;
    private readonly NativeFloats[] _memory;
    private readonly LaneState<TNumber> _state;
    private readonly TNumber* _products;
    private readonly TNumber* _residuals;
    private readonly TNumber* _lastResiduals;
    private readonly TNumber* _weights;
    private readonly TNumber* _lastWeights;
    private readonly TNumber* _steps;
    private readonly TNumber* _totals;
    private readonly TNumber* _line;
    private readonly TNumber* _room;
    private readonly int[] _moved;
    private readonly double[] _sums;
    private readonly double[] _lambdas;
    private readonly LassoProblem?[] _problems;
    private float[]? _buffer;

    public LassoLanes(GramPanels gram, int count, double l1Ratio)
        : base(count)
    {
        int n = gram.ColumnCount;
        _gram = gram;
        _l1Ratio = l1Ratio;
        _mean = (int)Math.Round(gram.Counts.Average());
        _columns = Array.ConvertAll(gram.Counts, ColumnOf);
        nint[] rows =
        [
            LaneState<TNumber>.Rows, n, n, n, HeldOutRows.PaddedColumns(n), n, gram.PanelWidth + 1, Totals, 2,
            gram.PanelWidth,
        ];
        _memory = Array.ConvertAll(rows, r => new NativeFloats(r * count * sizeof(TNumber) / sizeof(float)));
        _state = new LaneState<TNumber>(count, Memory(0));
        _products = Memory(1);
        _residuals = Memory(2);
        _lastResiduals = Memory(3);
        _weights = Memory(4);
        _lastWeights = Memory(5);
        _steps = Memory(6);
        _totals = Memory(7);
        _line = Memory(8);
        _room = Memory(9);
        _moved = new int[gram.PanelWidth + 1];
        _sums = new double[Totals * count];
        _lambdas = new double[count];
        _problems = new LassoProblem?[count];
    }

    /// <summary>The weights, times the scales of their problems, <c>[PaddedColumns(n), Count]</c>.</summary>
    public TNumber* Weights => _weights;

    /// <summary>What the numbers of a lane are multiplied by; 1 where it has no problem.</summary>
    public double ScaleOf(int lane) => _problems[lane]?.Scale ?? 1;

    /// <summary>mean(x)'w of a lane as of the last <see cref="Certify"/>, the sum of c_k w_k over m, times its scale.</summary>
    public double MeanProduct(int lane) => _sums[(4 * Count) + lane];

    public override void Start(int lane, LassoProblem problem)
    {
        _problems[lane] = problem;
        for (int j = 0; j < problem.Products.Length; j++)
        {
            nint at = ((nint)j * Count) + lane;
            _products[at] = _residuals[at] = _lastResiduals[at] =
                TNumber.CreateTruncating(problem.Products[j] * problem.Scale);
            _weights[at] = _lastWeights[at] = TNumber.Zero;
        }

        _state.Gate[lane] = TNumber.One;
    }

    public override void Stop(int lane)
    {
        _problems[lane] = null;
        _state.Gate[lane] = TNumber.Zero;
    }

    public override void SetLambda(int lane, double lambda)
    {
        _lambdas[lane] = lambda;
        _state.Threshold[lane] = TNumber.CreateTruncating(
            lambda * ScaleOf(lane) * _l1Ratio * _gram.RowCount);
        _state.Ridge[lane] = TNumber.CreateTruncating(lambda * (1 - _l1Ratio) * _gram.RowCount);
    }

    public override void Sweep(CancellationToken cancellation)
    {
        int n = _gram.ColumnCount;
        int width = _gram.PanelWidth;
        fixed (GramColumn<TNumber>* columns = _columns)
        fixed (int* moved = _moved)
        {
            for (int panel = 0; panel < _gram.PanelCount; panel++)
            {
                cancellation.ThrowIfCancellationRequested();
                nint first = (nint)panel * width;
                int count = (int)Math.Min(width, n - first);
                fixed (float* d = _gram.Panel(panel, ref _buffer))
                {
                    int movers = CoordinateDescent<TLanes, TVector, TNumber>.Descend(
                        d + (first * width), width, columns + first, count, _state, _residuals + (first * Count),
                        _weights + (first * Count), moved, _steps);
                    if (movers > 0)
                    {
                        CoordinateDescent<TLanes, TVector, TNumber>.Update(
                            d, width, n, moved, movers, _steps, columns, _state, _residuals, _room);
                    }
                }
            }
        }
    }

    public override void Certify()
    {
        // Sums of a block in the lanes' own numbers, sums of blocks in float64.
        const int Block = 64;
        Array.Clear(_sums);
        fixed (GramColumn<TNumber>* columns = _columns)
        {
            for (nint first = 0; first < _columns.Length; first += Block)
            {
                nint at = first * Count;
                CoordinateDescent<TLanes, TVector, TNumber>.Certify(
                    columns + first, (int)Math.Min(Block, _columns.Length - first), _state, _residuals + at, _weights + at,
                    _products + at, _totals);
                for (int i = 0; i < 5 * Count; i++)
                {
                    _sums[i] += Number(_totals[i]);
                }

                for (int i = 5 * Count; i < _sums.Length; i++)
                {
                    _sums[i] = Math.Max(_sums[i], Number(_totals[i]));
                }
            }
        }
    }

    public override LassoCertificate CertificateOf(int lane)
    {
        LassoProblem problem = _problems[lane]!;
        int m = problem.RowCount;
        double scale = problem.Scale;
        double gap = LassoCertificate.RelativeGap(
            problem.Variance * scale * scale, _lambdas[lane] * scale * _l1Ratio, _lambdas[lane] * (1 - _l1Ratio),
            _sums[lane] / m, _sums[Count + lane] / m, _sums[(2 * Count) + lane], _sums[(3 * Count) + lane],
            _sums[(5 * Count) + lane] / m);
        double violation = _sums[(6 * Count) + lane] / m;
        return new LassoCertificate(gap, violation == 0 ? 0 : violation / (problem.LargestGradient * scale));
    }

    public override void GoOn(ReadOnlySpan<bool> goes, ReadOnlySpan<double> ratios)
    {
        TNumber* ratio = _line;
        TNumber* gate = _line + Count;
        for (int lane = 0; lane < Count; lane++)
        {
            ratio[lane] = TNumber.CreateTruncating(ratios[lane]);
            gate[lane] = goes[lane] ? TNumber.One : TNumber.Zero;
        }

        int n = _gram.ColumnCount;
        CoordinateDescent<TLanes, TVector, TNumber>.Extrapolate(n, Count, ratio, gate, _weights, _lastWeights);
        CoordinateDescent<TLanes, TVector, TNumber>.Extrapolate(n, Count, ratio, gate, _residuals, _lastResiduals);
    }

    public override void CopyWeights(int lane, Span<double> weights)
    {
        double scale = ScaleOf(lane);
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = Number(_weights[((nint)j * Count) + lane]) / scale;
        }
    }

    public override void Dispose()
    {
        foreach (NativeFloats memory in _memory)
        {
            memory.Dispose();
        }
    }

    private static double Number(TNumber value) => double.CreateTruncating(value);

    private TNumber* Memory(int index) => (TNumber*)_memory[index].Data;

    private GramColumn<TNumber> ColumnOf(int count)
    {
        double m = _gram.RowCount;
        double excess = count - _mean;
        double curvature = count - (count * (count / m));
        return new GramColumn<TNumber>(
            TNumber.CreateTruncating((_mean * (_mean / m)) - _gram.Base + (_mean * (excess / m))),
            TNumber.CreateTruncating(count / m),
            TNumber.CreateTruncating(excess),
            TNumber.CreateTruncating(curvature > 0 ? curvature : 1));
    }
}
