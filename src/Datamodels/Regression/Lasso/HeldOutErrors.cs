using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// Squared errors, on held-out rows, of the weights in the lanes of a <see cref="LassoLanes"/>, with the bias that belongs to
/// them on the rows they are fitted to.
/// </summary>
internal abstract class HeldOutErrors : IDisposable
{
    /// <summary>Takes the margins of the problem that a lane was started with.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="margins">Held-out margins less the mean of those that are fitted, <c>[rows]</c>.</param>
    public abstract void Start(int lane, ReadOnlySpan<double> margins);

    /// <summary>Computes mean squared errors.</summary>
    /// <param name="wanted">Which lanes, <c>[Count]</c>.</param>
    /// <param name="errors">Takes their errors, <c>[Count]</c>; those of other lanes mean nothing.</param>
    /// <param name="cancellation">Stops between vectors of lanes.</param>
    public abstract void Compute(ReadOnlySpan<bool> wanted, Span<double> errors, CancellationToken cancellation);

    public abstract void Dispose();
}

/// <summary>Errors for one width of vectors.</summary>
internal sealed unsafe class HeldOutErrors<TSimd, TVector>(LassoLanes<TSimd, TVector, float> lanes, HeldOutRows rows)
    : HeldOutErrors
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly NativeFloats _margins = new((nint)rows.RowCount * lanes.Count);
    private readonly NativeFloats _predictions = new((nint)rows.RowCount * TSimd.Width);
    private readonly NativeFloats _tables = new(SubsetSums.TableFloats);
    private readonly NativeFloats _means = new(KernelLayout.Alignment);

    public override void Start(int lane, ReadOnlySpan<double> margins)
    {
        double scale = lanes.ScaleOf(lane);
        for (int row = 0; row < margins.Length; row++)
        {
            _margins.Data[((nint)row * lanes.Count) + lane] = (float)(margins[row] * scale);
        }
    }

    public override void Compute(ReadOnlySpan<bool> wanted, Span<double> errors, CancellationToken cancellation)
    {
        fixed (ulong* subsets = rows.Subsets)
        fixed (double* totals = errors)
        {
            for (int lane = 0; lane < lanes.Count; lane += TSimd.Width)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!wanted.Slice(lane, TSimd.Width).Contains(true))
                {
                    continue;
                }

                for (int i = 0; i < TSimd.Width; i++)
                {
                    _means.Data[i] = (float)lanes.MeanProduct(lane + i);
                }

                _predictions.Clear();
                SubsetSums<TSimd, TVector>.Add(
                    subsets, rows.WordCount, rows.RowCount, lanes.Weights + lane, lanes.Count, _predictions.Data, _tables.Data);
                SubsetSums<TSimd, TVector>.SquaredErrors(
                    _margins.Data + lane, lanes.Count, _predictions.Data, _means.Data, rows.RowCount, totals + lane);
            }
        }

        for (int lane = 0; lane < errors.Length; lane++)
        {
            double scale = lanes.ScaleOf(lane);
            errors[lane] = errors[lane] / rows.RowCount / scale / scale;
        }
    }

    public override void Dispose()
    {
        _margins.Dispose();
        _predictions.Dispose();
        _tables.Dispose();
        _means.Dispose();
    }
}
