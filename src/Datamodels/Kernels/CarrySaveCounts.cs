using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Datamodels.Kernels;

/// <summary>
/// <see cref="PairCounts"/> with vectors, two left strings with two right ones at a time, so that every vector loaded is used
/// twice. Harley and Seal's carry-save counter (Muła, Kurz, Lemire: "Faster Population Counts Using AVX2 Instructions", 2018):
/// sixteen products are added bit by bit into ones, twos, fours and eights, and only what is carried out of the eights is
/// counted, so that the count proper is done once in sixteen vectors.
/// </summary>
internal static unsafe class CarrySaveCounts<TBits, TVector>
    where TBits : struct, IBits<TVector>
    where TVector : unmanaged
{
    private const int Round = 16;

    /// <summary>Adds what two left and two right strings share to counts[0, 0], [0, 1], [1, 0] and [1, 1].</summary>
    /// <param name="left">The first word of the first left string.</param>
    /// <param name="right">The first word of the first right string.</param>
    /// <param name="stride">Words from the first of two strings to the second.</param>
    /// <param name="words">
    /// Words of a string, a multiple of a vector and at most 31 * 16 vectors: 8 ones in a byte of each 16 are 248.
    /// </param>
    /// <param name="counts">The sums, <c>[2, 2]</c>.</param>
    /// <param name="countStride">Numbers from the first row of <paramref name="counts"/> to the second.</param>
    /// <param name="state">Memory to work in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFour(
        ulong* left, ulong* right, nint stride, int words, int* counts, nint countStride, State* state)
    {
        int vectors = words / TBits.Words;
        int rounds = vectors / Round;
        AddRounds(left, right, stride, rounds, state);
        int rest = vectors % Round;
        if (rest > 0)
        {
            nint done = (nint)rounds * Round * TBits.Words;
            AddRest(left + done, right + done, stride, rest, state);
        }

        Vector128<int> totals = TBits.Totals(
            Low(state->Ones.V00, state->Twos.V00, state->Fours.V00, state->Eights.V00, state->Rest.V00),
            Low(state->Ones.V01, state->Twos.V01, state->Fours.V01, state->Eights.V01, state->Rest.V01),
            Low(state->Ones.V10, state->Twos.V10, state->Fours.V10, state->Eights.V10, state->Rest.V10),
            Low(state->Ones.V11, state->Twos.V11, state->Fours.V11, state->Eights.V11, state->Rest.V11),
            state->Sixteens.V00, state->Sixteens.V01, state->Sixteens.V10, state->Sixteens.V11);
        counts[0] += totals.GetElement(0);
        counts[1] += totals.GetElement(1);
        counts[countStride] += totals.GetElement(2);
        counts[countStride + 1] += totals.GetElement(3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRounds(ulong* left, ulong* right, nint stride, int rounds, State* state)
    {
        ulong* left1 = left + stride;
        ulong* right1 = right + stride;
        Four ones = default;
        Four twos = default;
        Four fours = default;
        state->Eights = default;
        state->Sixteens = default;
        state->Rest = default;
        for (; rounds > 0; rounds--)
        {
            Four first = AddEight(left, left1, right, right1, 0, ref ones, ref twos, ref fours);
            Four second = AddEight(left, left1, right, right1, 8 * TBits.Words, ref ones, ref twos, ref fours);
            CountSixteens(ref state->Eights.V00, first.V00, second.V00, ref state->Sixteens.V00);
            CountSixteens(ref state->Eights.V01, first.V01, second.V01, ref state->Sixteens.V01);
            CountSixteens(ref state->Eights.V10, first.V10, second.V10, ref state->Sixteens.V10);
            CountSixteens(ref state->Eights.V11, first.V11, second.V11, ref state->Sixteens.V11);
            left += Round * TBits.Words;
            left1 += Round * TBits.Words;
            right += Round * TBits.Words;
            right1 += Round * TBits.Words;
        }

        state->Ones = ones;
        state->Twos = twos;
        state->Fours = fours;
    }

    // Fewer than sixteen vectors; what eight, four and two of them carry is counted at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRest(ulong* left, ulong* right, nint stride, int vectors, State* state)
    {
        ulong* left1 = left + stride;
        ulong* right1 = right + stride;
        int at = 0;
        Four ones = state->Ones;
        Four twos = state->Twos;
        Four rest = default;
        if ((vectors & 8) != 0)
        {
            Four fours = state->Fours;
            Count(ref rest, AddEight(left, left1, right, right1, at, ref ones, ref twos, ref fours));
            state->Fours = fours;
            at += 8 * TBits.Words;
        }

        Double(ref rest);
        if ((vectors & 4) != 0)
        {
            Count(ref rest, AddQuad(left, left1, right, right1, at, ref ones, ref twos));
            at += 4 * TBits.Words;
        }

        Double(ref rest);
        if ((vectors & 2) != 0)
        {
            Count(ref rest, AddPair(left, left1, right, right1, at, ref ones));
            at += 2 * TBits.Words;
        }

        Double(ref rest);
        if ((vectors & 1) != 0)
        {
            TVector x0 = TBits.Load(left + at), x1 = TBits.Load(left1 + at);
            TVector y0 = TBits.Load(right + at), y1 = TBits.Load(right1 + at);
            Four both = default;
            both.V00 = TBits.And(x0, y0);
            both.V01 = TBits.And(x0, y1);
            both.V10 = TBits.And(x1, y0);
            both.V11 = TBits.And(x1, y1);
            Count(ref rest, both);
        }

        state->Ones = ones;
        state->Twos = twos;
        state->Rest = rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ref Four sums, Four bits)
    {
        sums.V00 = TBits.AddOnes(sums.V00, bits.V00);
        sums.V01 = TBits.AddOnes(sums.V01, bits.V01);
        sums.V10 = TBits.AddOnes(sums.V10, bits.V10);
        sums.V11 = TBits.AddOnes(sums.V11, bits.V11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Double(ref Four sums)
    {
        sums.V00 = Double(sums.V00);
        sums.V01 = Double(sums.V01);
        sums.V10 = Double(sums.V10);
        sums.V11 = Double(sums.V11);
    }

    // Sums of every byte of all that has not been counted as sixteens, at most 240: 8 times (1 + 2 + 4 + 8) twice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Low(TVector ones, TVector twos, TVector fours, TVector eights, TVector rest)
    {
        TVector sums = TBits.AddOnes(default, eights);
        sums = TBits.AddOnes(Double(sums), fours);
        sums = TBits.AddOnes(Double(sums), twos);
        return TBits.AddBytes(TBits.AddOnes(Double(sums), ones), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Double(TVector sums) => TBits.AddBytes(sums, sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountSixteens(ref TVector eights, TVector x, TVector y, ref TVector sums)
    {
        TVector sum = eights;
        sums = TBits.AddOnes(sums, Add(ref sum, x, y));
        eights = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four AddEight(
        ulong* left, ulong* left1, ulong* right, ulong* right1, int at, ref Four ones, ref Four twos, ref Four fours)
    {
        Four x = AddQuad(left, left1, right, right1, at, ref ones, ref twos);
        Four y = AddQuad(left, left1, right, right1, at + (4 * TBits.Words), ref ones, ref twos);
        return Add(ref fours, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four AddQuad(
        ulong* left, ulong* left1, ulong* right, ulong* right1, int at, ref Four ones, ref Four twos)
    {
        Four x = AddPair(left, left1, right, right1, at, ref ones);
        Four y = AddPair(left, left1, right, right1, at + (2 * TBits.Words), ref ones);
        return Add(ref twos, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four AddPair(ulong* left, ulong* left1, ulong* right, ulong* right1, int at, ref Four ones)
    {
        int next = at + TBits.Words;
        TVector x0 = TBits.Load(left + at), x1 = TBits.Load(left1 + at);
        TVector y0 = TBits.Load(right + at), y1 = TBits.Load(right1 + at);
        TVector u0 = TBits.Load(left + next), u1 = TBits.Load(left1 + next);
        TVector v0 = TBits.Load(right + next), v1 = TBits.Load(right1 + next);
        Four carry = default;
        carry.V00 = AddProducts(ref ones.V00, x0, y0, u0, v0);
        carry.V01 = AddProducts(ref ones.V01, x0, y1, u0, v1);
        carry.V10 = AddProducts(ref ones.V10, x1, y0, u1, v0);
        carry.V11 = AddProducts(ref ones.V11, x1, y1, u1, v1);
        return carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four Add(ref Four sum, Four x, Four y)
    {
        Four carry = default;
        carry.V00 = Add(ref sum.V00, x.V00, y.V00);
        carry.V01 = Add(ref sum.V01, x.V01, y.V01);
        carry.V10 = Add(ref sum.V10, x.V10, y.V10);
        carry.V11 = Add(ref sum.V11, x.V11, y.V11);
        return carry;
    }

    // A full adder in every bit. The carry from the new sum, so that the old one is not needed any more: where x and y are the
    // same it is theirs, else it is what the sum is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(ref TVector sum, TVector x, TVector y)
    {
        sum = TBits.Xor(sum, x, y);
        return TBits.CarryOf(x, y, sum);
    }

    // Adds two products to the ones: x and y of one vector, u and v of the next. Where x & y changes the sum, the sum was not
    // x & y, and u & v decides the carry, which then is what the new sum is not; elsewhere both were what the sum was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddProducts(ref TVector ones, TVector x, TVector y, TVector u, TVector v)
    {
        TVector half = TBits.XorAnd(ones, x, y);
        TVector sum = TBits.XorAnd(half, u, v);
        TVector carry = TBits.ChooseNot(half, sum, ones);
        ones = sum;
        return carry;
    }

    /// <summary>One vector for each of the four pairs: left string 0 or 1 with right string 0 or 1.</summary>
    public struct Four
    {
        public TVector V00;
        public TVector V01;
        public TVector V10;
        public TVector V11;
    }

    /// <summary>What has been counted of four pairs, between the steps of <see cref="AddFour"/>.</summary>
    public struct State
    {
        public Four Ones;
        public Four Twos;
        public Four Fours;
        public Four Eights;

        // Sums of every byte: of what was carried out of the eights, and of what was carried by the last few vectors.
        public Four Sixteens;
        public Four Rest;
    }
}
