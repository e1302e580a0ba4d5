using Datamodels.Kernels;

namespace Datamodels.Data;

/// <summary>Draws examples so that every class keeps its share.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Number of test examples of each class: <paramref name="testCount"/> times the class's share, rounded by largest
    /// remainder (ties to the lower class) so that the total is exact, such that each class keeps a training example and,
    /// where <paramref name="testCount"/> reaches, has a test example.
    /// </summary>
    /// <param name="classCounts">Examples of each class, each at least 2, <c>[classes]</c>.</param>
    /// <param name="testCount">1 up to the number of examples less the number of classes.</param>
    public static int[] TestCounts(ReadOnlySpan<int> classCounts, int testCount) => Shares(classCounts, testCount, left: 1);

    /// <summary>As <see cref="TestCounts"/>, where <paramref name="left"/> examples of each class stay undrawn.</summary>
    private static int[] Shares(ReadOnlySpan<int> classCounts, int testCount, int left)
    {
        long total = 0;
        foreach (int count in classCounts)
        {
            total += count;
        }

        int least = testCount >= classCounts.Length ? 1 : 0;
        int[] counts = new int[classCounts.Length];
        int sum = 0;
        for (int c = 0; c < counts.Length; c++)
        {
            int most = classCounts[c] - left;
            counts[c] = Math.Clamp((int)((long)testCount * classCounts[c] / total), Math.Min(least, most), most);
            sum += counts[c];
        }

        // What a class still lacks of its exact share, times `total` to stay in whole numbers.
        long Lack(int c, ReadOnlySpan<int> all) => ((long)testCount * all[c]) - (counts[c] * total);
        for (; sum != testCount; sum += Math.Sign(testCount - sum))
        {
            int step = Math.Sign(testCount - sum);
            int chosen = -1;
            for (int c = 0; c < counts.Length; c++)
            {
                bool possible = step > 0 ? counts[c] < classCounts[c] - left : counts[c] > least;
                if (possible && (chosen < 0 || step * Lack(c, classCounts) > step * Lack(chosen, classCounts)))
                {
                    chosen = c;
                }
            }

            counts[chosen] += step;
        }

        return counts;
    }

    /// <summary>Which examples are test examples: drawn within each class, uniformly, from (seed, class) alone.</summary>
    /// <param name="labels">Class of each example, <c>[examples]</c>.</param>
    /// <param name="classCounts">Examples of each class, <c>[classes]</c>.</param>
    /// <param name="testCount">As in <see cref="TestCounts"/>.</param>
    /// <param name="seed">Seed of the split.</param>
    /// <returns>True for test examples, <c>[examples]</c>.</returns>
    public static bool[] Draw(ReadOnlySpan<int> labels, ReadOnlySpan<int> classCounts, int testCount, ulong seed) =>
        Draw(labels, classCounts, TestCounts(classCounts, testCount), seed, firstStream: 0);

    /// <summary>
    /// Which examples of a set are in a part of it: shares as in <see cref="TestCounts"/>, but that nothing of a class needs to
    /// be left; drawn within each class, uniformly, from (seed, part, class) alone.
    /// </summary>
    /// <param name="labels">Class of each example, <c>[examples]</c>.</param>
    /// <param name="classCounts">Examples of each class, <c>[classes]</c>.</param>
    /// <param name="count">Examples in the part, up to all.</param>
    /// <param name="seed">Seed of the split.</param>
    /// <param name="part">Which part, from 1.</param>
    /// <returns>True for examples in the part, <c>[examples]</c>.</returns>
    public static bool[] DrawPart(
        ReadOnlySpan<int> labels, ReadOnlySpan<int> classCounts, int count, ulong seed, int part) =>
        Draw(labels, classCounts, Shares(classCounts, count, left: 0), seed, part * classCounts.Length);

    private static bool[] Draw(
        ReadOnlySpan<int> labels, ReadOnlySpan<int> classCounts, ReadOnlySpan<int> counts, ulong seed, int firstStream)
    {
        int[][] members = new int[classCounts.Length][];
        for (int c = 0; c < members.Length; c++)
        {
            members[c] = new int[classCounts[c]];
        }

        int[] next = new int[members.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            members[labels[i]][next[labels[i]]++] = i;
        }

        bool[] drawn = new bool[labels.Length];
        for (int c = 0; c < members.Length; c++)
        {
            var random = new RandomStream(seed, RandomPurpose.Split, (ulong)(firstStream + c));
            random.Shuffle(members[c].AsSpan());
            foreach (int example in members[c].AsSpan(0, counts[c]))
            {
                drawn[example] = true;
            }
        }

        return drawn;
    }
}
