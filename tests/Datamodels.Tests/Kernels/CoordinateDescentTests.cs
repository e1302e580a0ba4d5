using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Datamodels.Kernels;
using Datamodels.Regression;
using Datamodels.Tests.Regression;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class CoordinateDescentTests
{
    private const int Rows = 120;
    private const int Sweeps = 3;

    // One panel and a part of another; a block of rows and a part of another.
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 32 }, { 7, 64 }, { 8, 96 }, { 63, 32 }, { 64, 96 }, { 65, 64 }, { 77, 96 }, { 130, 32 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_gives_the_bits_of_the_scalar_twin(int columns, int lanes)
    {
        using var problem = new Lassos(columns, lanes);
        byte[] doubles = problem.Descend<DoubleScalar, double, double>().Bits;
        byte[] floats = problem.Descend<SimdScalar, float, float>().Bits;
        if (Vector128.IsHardwareAccelerated)
        {
            Assert.Equal(doubles, problem.Descend<Double128, Vector128<double>, double>().Bits);
            Assert.Equal(floats, problem.Descend<Simd128, Vector128<float>, float>().Bits);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Assert.Equal(doubles, problem.Descend<Double256, Vector256<double>, double>().Bits);
            Assert.Equal(floats, problem.Descend<Simd256, Vector256<float>, float>().Bits);
        }

        if (Vector512.IsHardwareAccelerated)
        {
            Assert.Equal(doubles, problem.Descend<Double512, Vector512<double>, double>().Bits);
            Assert.Equal(floats, problem.Descend<Simd512, Vector512<float>, float>().Bits);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sweeps_are_those_of_dense_centred_columns(int columns, int lanes)
    {
        using var problem = new Lassos(columns, lanes);
        problem.AssertIsDense(problem.Descend<DoubleScalar, double, double>(), 1e-11);
        problem.AssertIsDense(problem.Descend<SimdScalar, float, float>(), 2e-4);
    }

    // What is left of each lane after the sweeps, [lanes]...
    private sealed record Reached(double[][] Weights, double[][] Totals, byte[] Bits);

    /// <summary>Lassos on the same masks, one in each lane, with penalties of all sizes.</summary>
    private sealed class Lassos : IDisposable
    {
        private readonly LassoParts _parts;
        private readonly double[][] _x;
        private readonly double[] _means;
        private readonly double[][] _y;
        private readonly int _lanes;

        public Lassos(int columns, int lanes)
        {
            _lanes = lanes;

            // Every eleventh column is constant, but not the first.
            _x = LassoCases.Masks(Rows, [.. Enumerable.Range(0, columns).Select(j => j % 11 == 10 ? 1 : 0.1 + (j % 9 * 0.1))]);
            _means = [.. Enumerable.Range(0, columns).Select(j => _x.Average(row => row[j]))];
            var random = new RandomStream(3, RandomPurpose.Targets, 0);
            _y = new double[lanes][];
            for (int lane = 0; lane < lanes; lane++)
            {
                double[] y = new double[Rows];
                for (int i = 0; i < Rows; i++)
                {
                    y[i] = PlantedRun.Normal(ref random) + _x[i][lane % columns];
                }

                double mean = y.Average();
                _y[lane] = [.. y.Select(value => value - mean)];
            }

            _parts = new LassoParts(DenseRows.ToRows(_x));
        }

        public void Dispose() => _parts.Dispose();

        // Every fifth lane stays from the second sweep on.
        private static bool Stays(int lane) => lane % 5 == 4;

        private double[] Products(int lane) =>
            [.. _means.Select((_, j) => _x.Select((row, i) => row[j] * _y[lane][i]).Sum())];

        private (double Threshold, double Ridge) Penalties(int lane)
        {
            double[] fractions = [1.1, 0.5, 0.1, 0.02];
            double largest = Products(lane).Max(Math.Abs);
            return (fractions[lane % 4] * largest, lane % 3 == 0 ? 0.2 * largest : 0);
        }

        /// <summary>Sweeps, certifies and extrapolates with one kind of lanes.</summary>
        public Reached Descend<TLanes, TVector, TNumber>()
            where TLanes : struct, ILanes<TVector, TNumber>
            where TVector : unmanaged
            where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        {
            GramPanels gram = _parts.Gram;
            int n = gram.ColumnCount;
            int width = gram.PanelWidth;
            GramColumn<TNumber>[] columns = Columns<TNumber>();
            TNumber[] products = new TNumber[n * _lanes];
            TNumber[] state = new TNumber[LaneState<TNumber>.Rows * _lanes];
            for (int lane = 0; lane < _lanes; lane++)
            {
                double[] q = Products(lane);
                for (int j = 0; j < n; j++)
                {
                    products[(j * _lanes) + lane] = TNumber.CreateTruncating(q[j]);
                }
            }

            TNumber[] residuals = (TNumber[])products.Clone();
            TNumber[] weights = new TNumber[n * _lanes];
            TNumber[] last = new TNumber[n * _lanes];
            int[] moved = new int[width + 1];
            TNumber[] steps = new TNumber[(width + 1) * _lanes];
            TNumber[] totals = new TNumber[7 * _lanes];
            TNumber[] room = new TNumber[8 * width];
            var bits = new MemoryStream();
            float[]? buffer = null;
            fixed (GramColumn<TNumber>* column = columns)
            fixed (TNumber* s = state, r = residuals, w = weights, q = products, step = steps, total = totals, spare = room)
            fixed (int* mover = moved)
            {
                var lanes = new LaneState<TNumber>(_lanes, s);
                for (int lane = 0; lane < _lanes; lane++)
                {
                    (double threshold, double ridge) = Penalties(lane);
                    lanes.Threshold[lane] = TNumber.CreateTruncating(threshold);
                    lanes.Ridge[lane] = TNumber.CreateTruncating(ridge);
                    lanes.Gate[lane] = TNumber.One;
                }

                for (int sweep = 0; sweep < Sweeps; sweep++)
                {
                    byte[][] before = [.. Enumerable.Range(0, _lanes).Select(lane => LaneBits(lane, weights, residuals))];
                    for (int panel = 0; panel < gram.PanelCount; panel++)
                    {
                        int first = panel * width;
                        fixed (float* d = gram.Panel(panel, ref buffer))
                        {
                            int movers = CoordinateDescent<TLanes, TVector, TNumber>.Descend(
                                d + (first * width), width, column + first, Math.Min(width, n - first), lanes,
                                r + (first * _lanes), w + (first * _lanes), mover, step);
                            bits.Write(MemoryMarshal.AsBytes(moved.AsSpan(0, movers)));
                            bits.Write(MemoryMarshal.AsBytes(steps.AsSpan(0, movers * _lanes)));
                            CoordinateDescent<TLanes, TVector, TNumber>.Update(
                                d, width, n, mover, movers, step, column, lanes, r, spare);
                        }
                    }

                    for (int lane = 0; lane < _lanes; lane++)
                    {
                        if (sweep == 0 && Stays(lane))
                        {
                            lanes.Gate[lane] = TNumber.Zero;
                        }
                        else if (Stays(lane))
                        {
                            Assert.Equal(before[lane], LaneBits(lane, weights, residuals));
                        }
                    }
                }

                CoordinateDescent<TLanes, TVector, TNumber>.Certify(column, n, lanes, r, w, q, total);
            }

            Write(weights, residuals, state, totals);
            var reached = new Reached(Lanes(weights, n), Lanes(totals, 7), []);
            Extrapolate();
            Write(weights, last);
            return reached with { Bits = bits.ToArray() };

            void Write(params TNumber[][] arrays)
            {
                foreach (TNumber[] array in arrays)
                {
                    bits.Write(MemoryMarshal.AsBytes<TNumber>(array));
                }
            }

            void Extrapolate()
            {
                TNumber[] gates = [.. Enumerable.Range(0, _lanes).Select(lane => Stays(lane) ? TNumber.Zero : TNumber.One)];
                TNumber[] ratios = [.. Enumerable.Range(0, _lanes).Select(lane => TNumber.CreateTruncating(0.1 * (lane % 10)))];
                TNumber[] now = (TNumber[])weights.Clone();
                for (int i = 0; i < last.Length; i++)
                {
                    last[i] = TNumber.CreateTruncating(Math.Sin(i));
                }

                TNumber[] before = (TNumber[])last.Clone();
                fixed (TNumber* ratio = ratios, gate = gates, w = weights, l = last)
                {
                    CoordinateDescent<TLanes, TVector, TNumber>.Extrapolate(n, _lanes, ratio, gate, w, l);
                }

                for (int i = 0; i < last.Length; i++)
                {
                    int lane = i % _lanes;
                    TNumber line = TNumber.FusedMultiplyAdd(ratios[lane], now[i] - before[i], now[i]);
                    Assert.Equal(Stays(lane) ? now[i] : line, weights[i]);
                    Assert.Equal(Stays(lane) ? before[i] : now[i], last[i]);
                }
            }
        }

        /// <summary>Compares with coordinate descent by the book.</summary>
        public void AssertIsDense(Reached reached, double tolerance)
        {
            int n = _means.Length;
            double[][] centred = [.. _x.Select(row => row.Select((value, j) => value - _means[j]).ToArray())];
            bool moved = false;
            for (int lane = 0; lane < _lanes; lane++)
            {
                (double threshold, double ridge) = Penalties(lane);
                double[] w = new double[n];
                double[] residual = (double[])_y[lane].Clone();
                double Gradient(int j) => centred.Select((row, i) => row[j] * residual[i]).Sum();
                for (int sweep = 0; sweep < (Stays(lane) ? 1 : Sweeps); sweep++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        double curvature = centred.Sum(row => row[j] * row[j]);
                        double pull = Gradient(j) + (curvature * w[j]);
                        double updated = curvature < 1e-9
                            ? 0
                            : Math.Sign(pull) * Math.Max(0, Math.Abs(pull) - threshold) / (curvature + ridge);
                        for (int i = 0; i < Rows; i++)
                        {
                            residual[i] -= (updated - w[j]) * centred[i][j];
                        }

                        w[j] = updated;
                    }
                }

                double[] gradient = [.. Enumerable.Range(0, n).Select(Gradient)];
                double[] pulls = [.. gradient.Select((g, j) => g - (ridge * w[j]))];
                double[] totals =
                [
                    w.Zip(Products(lane), (a, b) => a * b).Sum(), w.Zip(gradient, (a, b) => a * b).Sum(), w.Sum(Math.Abs),
                    w.Sum(a => a * a), w.Zip(_means, (a, b) => a * b).Sum(), pulls.Max(Math.Abs),
                    pulls.Select((h, j) => w[j] == 0
                        ? Math.Max(0, Math.Abs(h) - threshold)
                        : Math.Abs(h - (Math.Sign(w[j]) * threshold))).Max(),
                ];
                for (int j = 0; j < n; j++)
                {
                    Assert.Equal(w[j], reached.Weights[lane][j], tolerance);
                    moved |= w[j] != 0;
                }

                for (int i = 0; i < totals.Length; i++)
                {
                    Assert.Equal(totals[i], reached.Totals[lane][i], tolerance * Rows);
                }
            }

            Assert.True(moved);
        }

        private GramColumn<TNumber>[] Columns<TNumber>()
            where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        {
            int c = (int)Math.Round(_parts.Gram.Counts.Average());
            double m = Rows;
            return Array.ConvertAll(_parts.Gram.Counts, count => new GramColumn<TNumber>(
                TNumber.CreateTruncating((c * c / m) - _parts.Gram.Base + (c * (count - c) / m)),
                TNumber.CreateTruncating(count / m),
                TNumber.CreateTruncating(count - c),
                TNumber.CreateTruncating(count == Rows ? 1 : count - (count * (count / m)))));
        }

        // The numbers of each lane, [lanes][rows].
        private double[][] Lanes<TNumber>(TNumber[] numbers, int rows)
            where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber> =>
            [.. Enumerable.Range(0, _lanes).Select(lane =>
                Enumerable.Range(0, rows).Select(row => double.CreateTruncating(numbers[(row * _lanes) + lane])).ToArray())];

        private byte[] LaneBits<TNumber>(int lane, params TNumber[][] arrays)
            where TNumber : unmanaged
        {
            // All but the gate, which a test closes.
            TNumber[] numbers = [.. arrays.SelectMany((array, i) => array
                .Where((_, at) => at % _lanes == lane && (i < 2 || at / _lanes < 2)))];
            return MemoryMarshal.AsBytes<TNumber>(numbers).ToArray();
        }
    }
}
