using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// Coordinate descent (Friedman, Hastie, Tibshirani: "Regularization Paths for Generalized Linear Models via Coordinate
/// Descent", 2010) for many lassos, or elastic nets, that share one Gram matrix, one of them in each lane. Every operation works
/// lane by lane and in one order, so what a lane computes depends neither on the other lanes nor on the width of the vectors; a
/// step of 0 changes no bit, so columns that no lane moves are left out.
/// </summary>
/// <remarks>
/// The Gram matrix C of a 0/1 matrix with m rows comes as D = C - K for a whole number K, so that the small differences that
/// matter are not lost in large numbers that cancel. What is kept of column j is r_j = m g_j, m times the gradient of the centred
/// problem. With the counts c_j = C_jj, a whole number c near them and e_j = c_j - c, steps d_k of some columns change it by
/// <code>- sum_k D_jk d_k + rise_j s + slope_j t,   s = sum_k d_k,   t = sum_k e_k d_k,</code>
/// where slope_j = c_j / m and rise_j = c^2/m - K + c e_j / m. What is rounded is of the size of the steps, which get small, and
/// never of the size of what cancels in r. It is a matrix product: many lanes share each number of D that is read.
/// </remarks>
internal static unsafe class CoordinateDescent<TLanes, TVector, TNumber>
    where TLanes : struct, ILanes<TVector, TNumber>
    where TVector : unmanaged
    where TNumber : unmanaged
{
    /// <summary>Minimises over each of a block's columns in turn, in every lane.</summary>
    /// <param name="d">D among the columns of the block, <c>[columns, dRow]</c>.</param>
    /// <param name="dRow">Floats from one row of D to the next.</param>
    /// <param name="columns">What the columns are, <c>[count]</c>.</param>
    /// <param name="count">Columns of the block.</param>
    /// <param name="state">What the lanes are.</param>
    /// <param name="residuals">r of the block, <c>[count, lanes]</c>; not changed.</param>
    /// <param name="weights">w of the block, <c>[count, lanes]</c>; changed.</param>
    /// <param name="moved">Takes the places in the block of the columns that move in some lane, <c>[count + 1]</c>.</param>
    /// <param name="steps">Takes minus their steps, <c>[moved + 1, lanes]</c>.</param>
    /// <returns>Number of columns that move.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Descend(
        float* d, nint dRow, GramColumn<TNumber>* columns, int count, LaneState<TNumber> state, TNumber* residuals,
        TNumber* weights, int* moved, TNumber* steps)
    {
        int lanes = state.Lanes;
        nint width = TLanes.Width;
        int movers = 0;
        new Span<TNumber>(state.Sum, 2 * lanes).Clear();
        for (int j = 0; j < count; j++)
        {
            TNumber* r = residuals + (nint)j * lanes;
            TNumber* w = weights + (nint)j * lanes;
            TNumber* step = steps + (nint)movers * lanes;
            float* row = d + j * dRow;
            bool still = true;
            int lane = 0;
            for (; lane + 4 * TLanes.Width <= lanes; lane += 4 * TLanes.Width)
            {
                TVector r0 = TLanes.Load(r + lane);
                TVector r1 = TLanes.Load(r + lane + width);
                TVector r2 = TLanes.Load(r + lane + 2 * width);
                TVector r3 = TLanes.Load(r + lane + 3 * width);
                TNumber* earlier = steps + lane;
                for (int k = 0; k < movers; k++)
                {
                    TVector x = TLanes.Broadcast(TLanes.Number(row[moved[k]]));
                    r0 = TLanes.MultiplyAdd(x, TLanes.Load(earlier), r0);
                    r1 = TLanes.MultiplyAdd(x, TLanes.Load(earlier + width), r1);
                    r2 = TLanes.MultiplyAdd(x, TLanes.Load(earlier + 2 * width), r2);
                    r3 = TLanes.MultiplyAdd(x, TLanes.Load(earlier + 3 * width), r3);
                    earlier += lanes;
                }

                still &= Step(r0, columns[j], state, lane, w, step);
                still &= Step(r1, columns[j], state, lane + (int)width, w, step);
                still &= Step(r2, columns[j], state, lane + 2 * (int)width, w, step);
                still &= Step(r3, columns[j], state, lane + 3 * (int)width, w, step);
            }

            for (; lane < lanes; lane += TLanes.Width)
            {
                TVector r0 = TLanes.Load(r + lane);
                TNumber* earlier = steps + lane;
                for (int k = 0; k < movers; k++)
                {
                    r0 = TLanes.MultiplyAdd(TLanes.Broadcast(TLanes.Number(row[moved[k]])), TLanes.Load(earlier), r0);
                    earlier += lanes;
                }

                still &= Step(r0, columns[j], state, lane, w, step);
            }

            moved[movers] = j;
            movers += still ? 0 : 1;
        }

        return movers;
    }

    /// <summary>
    /// r -= G d for the steps d of the columns that moved, for every row of a panel of the centred Gram matrix G.
    /// </summary>
    /// <param name="d">The panel, <c>[rows, dRow]</c>.</param>
    /// <param name="dRow">Floats from one row of the panel to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="moved">Columns of the panel that moved, <c>[count]</c>.</param>
    /// <param name="count">Number of them.</param>
    /// <param name="steps">Minus their steps, <c>[count, lanes]</c>.</param>
    /// <param name="columns">What the columns are, <c>[rows]</c>.</param>
    /// <param name="state">What the lanes are, with the sums of these steps.</param>
    /// <param name="residuals">r, <c>[rows, lanes]</c>.</param>
    /// <param name="room">Room for <c>[8, dRow]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(
        float* d, nint dRow, int rows, int* moved, int count, TNumber* steps, GramColumn<TNumber>* columns,
        LaneState<TNumber> state, TNumber* residuals, TNumber* room)
    {
        int lanes = state.Lanes;
        int block = TLanes.RowBlock;
        int pair = 2 * TLanes.Width;
        int row = 0;
        for (; row + block <= rows; row += block)
        {
            TNumber* numbers = TLanes.Numbers(d + row * dRow, block * dRow, room);
            TNumber* r = residuals + (nint)row * lanes;
            int lane = 0;
            for (; lane + pair <= lanes; lane += pair)
            {
                if (block == 8)
                {
                    EightByTwo(
                        numbers, dRow, lanes, moved, count, steps + lane, columns + row, state.Sum + lane, state.Excess + lane,
                        r + lane);
                }
                else
                {
                    FourByTwo(
                        numbers, dRow, lanes, moved, count, steps + lane, columns + row, state.Sum + lane, state.Excess + lane,
                        r + lane);
                }
            }

            OneVector(numbers, dRow, block, lane, moved, count, steps, columns + row, state, r);
        }

        OneVector(
            TLanes.Numbers(d + row * dRow, (rows - row) * dRow, room), dRow, rows - row, 0, moved, count, steps,
            columns + row, state, residuals + (nint)row * lanes);
    }

    /// <summary>
    /// What certificates are made of, over a block of columns and for every lane: the sums of w q, of w (m g), of |w| and of
    /// w^2, of w times the column's mean, and, with h = m g - ridge w, the largest |h| and the largest violation of the
    /// optimality conditions: |h - sign(w) threshold| where there is a weight, else |h| - threshold, at least 0.
    /// </summary>
    /// <param name="columns">What the columns are, <c>[count]</c>.</param>
    /// <param name="count">Columns of the block.</param>
    /// <param name="state">What the lanes are.</param>
    /// <param name="residuals">r, <c>[count, lanes]</c>.</param>
    /// <param name="weights">w, <c>[count, lanes]</c>.</param>
    /// <param name="products">q, <c>[count, lanes]</c>.</param>
    /// <param name="totals">Takes the seven, <c>[7, lanes]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Certify(
        GramColumn<TNumber>* columns, int count, LaneState<TNumber> state, TNumber* residuals, TNumber* weights,
        TNumber* products, TNumber* totals)
    {
        int lanes = state.Lanes;
        for (int lane = 0; lane < lanes; lane += TLanes.Width)
        {
            TVector threshold = TLanes.Load(state.Threshold + lane);
            TVector ridge = TLanes.Load(state.Ridge + lane);
            TVector zero = default;
            TVector weightedProducts = zero, weightedGradient = zero, absolute = zero, squares = zero;
            TVector largest = zero, violation = zero, mean = zero;
            for (int j = 0; j < count; j++)
            {
                nint at = (nint)j * lanes + lane;
                TVector w = TLanes.Load(weights + at);
                TVector g = TLanes.Load(residuals + at);
                mean = TLanes.MultiplyAdd(w, TLanes.Broadcast(columns[j].Slope), mean);
                weightedProducts = TLanes.MultiplyAdd(w, TLanes.Load(products + at), weightedProducts);
                weightedGradient = TLanes.MultiplyAdd(w, g, weightedGradient);
                absolute = TLanes.Add(absolute, Absolute(w));
                squares = TLanes.MultiplyAdd(w, w, squares);
                TVector h = TLanes.MultiplyAdd(TLanes.Subtract(zero, ridge), w, g);
                largest = TLanes.Max(Absolute(h), largest);
                TVector above = TLanes.Subtract(Absolute(h), threshold);
                TVector positive = TLanes.WhereGreater(w, zero, Absolute(TLanes.Subtract(h, threshold)), above);
                TVector either = TLanes.WhereGreater(zero, w, Absolute(TLanes.Add(h, threshold)), positive);
                violation = TLanes.Max(either, violation);
            }

            TLanes.Store(weightedProducts, totals + lane);
            TLanes.Store(weightedGradient, totals + lanes + lane);
            TLanes.Store(absolute, totals + 2 * lanes + lane);
            TLanes.Store(squares, totals + 3 * lanes + lane);
            TLanes.Store(mean, totals + 4 * lanes + lane);
            TLanes.Store(largest, totals + 5 * lanes + lane);
            TLanes.Store(violation, totals + 6 * lanes + lane);
        }
    }

    /// <summary>
    /// Where a lane goes on (<paramref name="goes"/> above 0), takes its values along the line through the last ones and these:
    /// (last, values) = (values, values + ratio (values - last)). Elsewhere nothing changes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Extrapolate(nint rows, int lanes, TNumber* ratios, TNumber* goes, TNumber* values, TNumber* last)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Width)
            {
                TVector now = TLanes.Load(values + lane);
                TVector before = TLanes.Load(last + lane);
                TVector gate = TLanes.Load(goes + lane);
                TVector next = TLanes.MultiplyAdd(TLanes.Load(ratios + lane), TLanes.Subtract(now, before), now);
                TLanes.Store(TLanes.WhereGreater(gate, default, next, now), values + lane);
                TLanes.Store(TLanes.WhereGreater(gate, default, now, before), last + lane);
            }

            values += lanes;
            last += lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Gradient(TVector residual, in GramColumn<TNumber> column, TVector sum, TVector excess) =>
        TLanes.MultiplyAdd(
            TLanes.Broadcast(column.Slope), excess, TLanes.MultiplyAdd(TLanes.Broadcast(column.Rise), sum, residual));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Absolute(TVector x) => TLanes.Max(x, TLanes.Subtract(default, x));

    // One column in one vector of lanes: to where its optimality condition holds. Returns whether no lane moves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Step(
        TVector residual, in GramColumn<TNumber> column, LaneState<TNumber> state, int lane, TNumber* weights, TNumber* steps)
    {
        TVector zero = default;
        TVector sum = TLanes.Load(state.Sum + lane);
        TVector excess = TLanes.Load(state.Excess + lane);
        TVector threshold = TLanes.Load(state.Threshold + lane);
        TVector w = TLanes.Load(weights + lane);
        TVector g = Gradient(residual, column, sum, excess);
        TVector ridge = TLanes.Load(state.Ridge + lane);
        TVector curvature = TLanes.Broadcast(column.Curvature);
        TVector pull = TLanes.MultiplyAdd(curvature, w, g);

        // From the gradient, not from the new weight less the old one: near the solution that would be rounding.
        TVector push = TLanes.WhereGreater(pull, zero, threshold, TLanes.Subtract(zero, threshold));
        TVector surplus = TLanes.MultiplyAdd(TLanes.Subtract(zero, ridge), w, TLanes.Subtract(g, push));
        TVector toWeight = TLanes.Divide(surplus, TLanes.Add(curvature, ridge));
        TVector step = TLanes.WhereGreater(Absolute(pull), threshold, toWeight, TLanes.Subtract(zero, w));
        step = TLanes.Multiply(step, TLanes.Load(state.Gate + lane));
        TLanes.Store(TLanes.Add(w, step), weights + lane);
        TLanes.Store(TLanes.Add(sum, step), state.Sum + lane);
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(column.Excess), step, excess), state.Excess + lane);
        TLanes.Store(TLanes.Subtract(zero, step), steps + lane);
        return TLanes.IsZero(step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByTwo(
        TNumber* d, nint dRow, nint lanes, int* moved, int count, TNumber* steps, GramColumn<TNumber>* columns, TNumber* sum,
        TNumber* excess, TNumber* residuals)
    {
        nint row2 = 2 * dRow, row3 = 3 * dRow, row4 = 4 * dRow, row5 = 5 * dRow, row6 = 6 * dRow, row7 = 7 * dRow;
        nint width = TLanes.Width;
        TNumber* r = residuals;
        TVector c00 = default, c01 = default, c10 = default, c11 = default;
        TVector c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default;
        TVector c60 = default, c61 = default, c70 = default, c71 = default;
        for (int k = 0; k < count; k++)
        {
            TNumber* at = d + moved[k];
            TVector step0 = TLanes.Load(steps);
            TVector step1 = TLanes.Load(steps + width);
            TVector x = TLanes.Broadcast(at[0]);
            c00 = TLanes.MultiplyAdd(x, step0, c00);
            c01 = TLanes.MultiplyAdd(x, step1, c01);
            x = TLanes.Broadcast(at[dRow]);
            c10 = TLanes.MultiplyAdd(x, step0, c10);
            c11 = TLanes.MultiplyAdd(x, step1, c11);
            x = TLanes.Broadcast(at[row2]);
            c20 = TLanes.MultiplyAdd(x, step0, c20);
            c21 = TLanes.MultiplyAdd(x, step1, c21);
            x = TLanes.Broadcast(at[row3]);
            c30 = TLanes.MultiplyAdd(x, step0, c30);
            c31 = TLanes.MultiplyAdd(x, step1, c31);
            x = TLanes.Broadcast(at[row4]);
            c40 = TLanes.MultiplyAdd(x, step0, c40);
            c41 = TLanes.MultiplyAdd(x, step1, c41);
            x = TLanes.Broadcast(at[row5]);
            c50 = TLanes.MultiplyAdd(x, step0, c50);
            c51 = TLanes.MultiplyAdd(x, step1, c51);
            x = TLanes.Broadcast(at[row6]);
            c60 = TLanes.MultiplyAdd(x, step0, c60);
            c61 = TLanes.MultiplyAdd(x, step1, c61);
            x = TLanes.Broadcast(at[row7]);
            c70 = TLanes.MultiplyAdd(x, step0, c70);
            c71 = TLanes.MultiplyAdd(x, step1, c71);
            steps += lanes;
        }

        TVector s0 = TLanes.Load(sum), s1 = TLanes.Load(sum + width);
        TVector t0 = TLanes.Load(excess), t1 = TLanes.Load(excess + width);
        Add(c00, columns[0], s0, t0, r);
        Add(c01, columns[0], s1, t1, r + width);
        Add(c10, columns[1], s0, t0, r + lanes);
        Add(c11, columns[1], s1, t1, r + lanes + width);
        Add(c20, columns[2], s0, t0, r + 2 * lanes);
        Add(c21, columns[2], s1, t1, r + 2 * lanes + width);
        Add(c30, columns[3], s0, t0, r + 3 * lanes);
        Add(c31, columns[3], s1, t1, r + 3 * lanes + width);
        Add(c40, columns[4], s0, t0, r + 4 * lanes);
        Add(c41, columns[4], s1, t1, r + 4 * lanes + width);
        Add(c50, columns[5], s0, t0, r + 5 * lanes);
        Add(c51, columns[5], s1, t1, r + 5 * lanes + width);
        Add(c60, columns[6], s0, t0, r + 6 * lanes);
        Add(c61, columns[6], s1, t1, r + 6 * lanes + width);
        Add(c70, columns[7], s0, t0, r + 7 * lanes);
        Add(c71, columns[7], s1, t1, r + 7 * lanes + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByTwo(
        TNumber* d, nint dRow, nint lanes, int* moved, int count, TNumber* steps, GramColumn<TNumber>* columns, TNumber* sum,
        TNumber* excess, TNumber* residuals)
    {
        nint row2 = 2 * dRow, row3 = 3 * dRow;
        nint width = TLanes.Width;
        TNumber* r = residuals;
        TVector c00 = default, c01 = default, c10 = default, c11 = default;
        TVector c20 = default, c21 = default, c30 = default, c31 = default;
        for (int k = 0; k < count; k++)
        {
            TNumber* at = d + moved[k];
            TVector step0 = TLanes.Load(steps);
            TVector step1 = TLanes.Load(steps + width);
            TVector x = TLanes.Broadcast(at[0]);
            c00 = TLanes.MultiplyAdd(x, step0, c00);
            c01 = TLanes.MultiplyAdd(x, step1, c01);
            x = TLanes.Broadcast(at[dRow]);
            c10 = TLanes.MultiplyAdd(x, step0, c10);
            c11 = TLanes.MultiplyAdd(x, step1, c11);
            x = TLanes.Broadcast(at[row2]);
            c20 = TLanes.MultiplyAdd(x, step0, c20);
            c21 = TLanes.MultiplyAdd(x, step1, c21);
            x = TLanes.Broadcast(at[row3]);
            c30 = TLanes.MultiplyAdd(x, step0, c30);
            c31 = TLanes.MultiplyAdd(x, step1, c31);
            steps += lanes;
        }

        TVector s0 = TLanes.Load(sum), s1 = TLanes.Load(sum + width);
        TVector t0 = TLanes.Load(excess), t1 = TLanes.Load(excess + width);
        Add(c00, columns[0], s0, t0, r);
        Add(c01, columns[0], s1, t1, r + width);
        Add(c10, columns[1], s0, t0, r + lanes);
        Add(c11, columns[1], s1, t1, r + lanes + width);
        Add(c20, columns[2], s0, t0, r + 2 * lanes);
        Add(c21, columns[2], s1, t1, r + 2 * lanes + width);
        Add(c30, columns[3], s0, t0, r + 3 * lanes);
        Add(c31, columns[3], s1, t1, r + 3 * lanes + width);
    }

    // A block's share is summed up by itself, for beside the residual each of its products would be rounded more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector share, in GramColumn<TNumber> column, TVector sum, TVector excess, TNumber* residual) =>
        TLanes.Store(TLanes.Add(TLanes.Load(residual), Gradient(share, column, sum, excess)), residual);

    // The lanes from `lane` on that do not fill a pair of vectors, and the rows that do not fill a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector(
        TNumber* d, nint dRow, int rows, int lane, int* moved, int count, TNumber* steps, GramColumn<TNumber>* columns,
        LaneState<TNumber> state, TNumber* residuals)
    {
        int lanes = state.Lanes;
        for (; lane < lanes; lane += TLanes.Width)
        {
            TVector s = TLanes.Load(state.Sum + lane);
            TVector t = TLanes.Load(state.Excess + lane);
            for (int row = 0; row < rows; row++)
            {
                TNumber* r = residuals + (nint)row * lanes + lane;
                TNumber* step = steps + lane;
                TVector sum = default;
                for (int k = 0; k < count; k++)
                {
                    sum = TLanes.MultiplyAdd(TLanes.Broadcast(d[row * dRow + moved[k]]), TLanes.Load(step), sum);
                    step += lanes;
                }

                Add(sum, columns[row], s, t, r);
            }
        }
    }
}

/// <summary>What <see cref="CoordinateDescent{TLanes, TVector, TNumber}"/> needs to know of a column.</summary>
/// <param name="Rise">c^2/m - K + c e_j / m.</param>
/// <param name="Slope">c_j / m.</param>
/// <param name="Excess">e_j = c_j - c.</param>
/// <param name="Curvature">
/// c_j - c_j^2 / m; for a column that is constant, whose gradient is 0, anything above 0: it then never moves.
/// </param>
internal readonly record struct GramColumn<TNumber>(TNumber Rise, TNumber Slope, TNumber Excess, TNumber Curvature);

/// <summary>What coordinate descent keeps of the lanes.</summary>
/// <param name="lanes">Number of lanes, a multiple of 32.</param>
/// <param name="memory">Room for <see cref="Rows"/> of them.</param>
internal readonly unsafe struct LaneState<TNumber>(int lanes, TNumber* memory)
    where TNumber : unmanaged
{
    /// <summary>Rows of lanes that the state takes.</summary>
    public const int Rows = 5;

    /// <summary>Number of lanes.</summary>
    public int Lanes => lanes;

    /// <summary>s, the sum of the steps in the last block, <c>[Lanes]</c>; the row behind it is <see cref="Excess"/>.</summary>
    public TNumber* Sum => memory;

    /// <summary>t, the sum of e_k d_k over these steps, <c>[Lanes]</c>.</summary>
    public TNumber* Excess => memory + lanes;

    /// <summary>m times the l1 penalty, <c>[Lanes]</c>.</summary>
    public TNumber* Threshold => memory + (2 * lanes);

    /// <summary>1 where the lane moves, 0 where it stays, <c>[Lanes]</c>.</summary>
    public TNumber* Gate => memory + (3 * lanes);

    /// <summary>m times the l2 penalty, <c>[Lanes]</c>.</summary>
    public TNumber* Ridge => memory + (4 * lanes);
}
