using System.Runtime.InteropServices;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Regression;

public class GramPanelsTests
{
    private const long Unlimited = long.MaxValue;

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(1, new[] { 513 })]
    [InlineData(63, new[] { 500, 41 })]
    [InlineData(64, new[] { 512 })]
    [InlineData(65, new[] { 30, 0, 1111 })]
    [InlineData(130, new[] { 200, 300, 7 })]
    [InlineData(300, new[] { 1021, 90 })]
    public void Panels_hold_the_dense_gram_less_the_base(int train, int[] segments)
    {
        RunRows rows = Rows(train, segments.Sum());
        using GramPanels gram = Count(Read(rows, segments));
        AssertIsGram(gram, rows, 0, rows.Count);
    }

    [Fact]
    public void More_than_4096_columns_have_panels_of_256()
    {
        RunRows rows = Rows(4100, 70);
        BitMatrix matrix = Read(rows, 70);
        using GramPanels gram = Count(matrix);
        Assert.Equal((256, 17), (gram.PanelWidth, gram.PanelCount));
        AssertIsGram(gram, rows, 0, 70);
        using GramPanels other = Count(matrix, memoryLimit: 5L * 4 * 4100 * 256, threads: 1);
        AssertSame(gram, other);
    }

    [Fact]
    public void A_column_longer_than_a_chunk_is_counted_whole()
    {
        RunRows rows = Rows(5, 70_001);
        using GramPanels gram = Count(Read(rows, 70_001));
        AssertIsGram(gram, rows, 0, 70_001);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Memory_disk_and_threads_give_the_same_bytes(int panelsInMemory)
    {
        RunRows rows = Rows(150, 2000);
        BitMatrix matrix = Read(rows, 1500, 500);
        using GramPanels expected = Count(matrix, threads: 1);
        using GramPanels gram = Count(matrix, panelsInMemory * PanelBytes(150), threads: 3);
        AssertSame(expected, gram);
        foreach (GramPanels each in (GramPanels[])[expected, gram])
        {
            each.Subtract(matrix, 1, TestContext.Current.CancellationToken);
        }

        AssertSame(expected, gram);
    }

    [Theory]
    [InlineData(Unlimited)]
    [InlineData(0)]
    public void A_segment_taken_away_and_added_leaves_what_counting_anew_gives(long memoryLimit)
    {
        RunRows rows = Rows(130, 1000, ones: 0.7);
        BitMatrix matrix = Read(rows, 600, 400);
        using GramPanels gram = Count(matrix, memoryLimit);
        using GramPanels whole = Count(matrix);
        using GramPanels first = Count(Read(rows, 600));
        gram.Subtract(matrix, 1, TestContext.Current.CancellationToken);
        AssertSame(first, gram);
        Assert.NotEqual(whole.Base, gram.Base);
        gram.Add(matrix, 1, TestContext.Current.CancellationToken);
        AssertSame(whole, gram);
    }

    [Fact]
    public void Without_any_row_everything_is_zero()
    {
        BitMatrix matrix = Read(Rows(10, 100), 100);
        using GramPanels gram = Count(matrix);
        gram.Subtract(matrix, 0, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (gram.RowCount, gram.Base));
        Assert.All(gram.Counts, count => Assert.Equal(0, count));
        float[]? buffer = null;
        Assert.All(gram.Panel(0, ref buffer), value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_base_is_what_an_entry_is_expected_to_be()
    {
        RunRows rows = Rows(40, 4000);
        using GramPanels gram = Count(Read(rows, 4000));
        Assert.Equal((int)Math.Round(Math.Pow(gram.Counts.Average(), 2) / 4000), gram.Base);
        float[]? buffer = null;
        Assert.True(Math.Abs(gram.Panel(0, ref buffer)[64]) < 250, "an entry off the diagonal is small");
        Assert.Null(buffer);
    }

    [Fact]
    public void The_greatest_number_of_models_is_below_what_a_float_holds_exactly()
    {
        BitMatrix matrix = BitMatrix.Read(
            new CountedRows(1 << 24, 1), [(1 << 24) - 1, 1], TestContext.Current.CancellationToken);
        DatamodelException refused = Assert.Throws<DatamodelException>(() => Count(matrix));
        Assert.Equal("TooManyModels", refused.Id);
        Assert.Contains("there are 16777216", refused.Message, StringComparison.Ordinal);

        matrix = BitMatrix.Read(new CountedRows((1 << 24) - 1, 2), [(1 << 24) - 1], TestContext.Current.CancellationToken);
        using GramPanels gram = Count(matrix);
        Assert.Equal([(1 << 24) - 1, (1 << 24) - 1], gram.Counts);
        float[]? buffer = null;
        Assert.Equal((1 << 24) - 1, gram.Base + (int)gram.Panel(0, ref buffer)[1]);
    }

    [Fact]
    public void Progress_ascends_to_one()
    {
        var told = new List<double>();
        BitMatrix matrix = Read(Rows(300, 100), 100);
        using GramPanels gram = GramPanels.Count(
            matrix, Unlimited, Path.GetTempPath(), 2, new Told(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal(15, told.Count);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
    }

    [Fact]
    public void Counting_stops_when_it_is_cancelled_and_leaves_no_file()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        using var cancellation = new CancellationTokenSource();
        BitMatrix matrix = Read(Rows(300, 100), 100);
        Assert.ThrowsAny<OperationCanceledException>(() => GramPanels.Count(
            matrix, 0, folder, 2, new Told(_ => cancellation.Cancel()), cancellation.Token));
        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void The_file_is_gone_at_the_latest_when_the_gram_is_disposed_of()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        BitMatrix matrix = Read(Rows(200, 100), 100);
        using (GramPanels gram = GramPanels.Count(
            matrix, PanelBytes(200), folder, 1, null, TestContext.Current.CancellationToken))
        {
            float[]? buffer = null;
            Assert.Equal(200 * 64, gram.Panel(0, ref buffer).Length);
            Assert.Null(buffer);
            Assert.Same(gram.Panel(1, ref buffer), buffer);

            // Even a process that is killed leaves nothing behind: the file has no name, or the system deletes it.
            Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, Directory.GetFiles(folder).Length);
        }

        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void A_folder_that_cannot_hold_the_file_is_named_with_what_is_needed()
    {
        BitMatrix matrix = Read(Rows(200, 100), 100);
        DatamodelException failed = Assert.Throws<DatamodelException>(() => GramPanels.Count(
            matrix, 0, "/no/such/folder", 1, null, TestContext.Current.CancellationToken));
        Assert.Equal(("GramNotWritten", ErrorKind.InputOutput), (failed.Id, failed.Kind));
        Assert.Contains("204.8 kB in '/no/such/folder'", failed.Message, StringComparison.Ordinal);

        failed = Assert.Throws<DatamodelException>(() => new PanelStore(8_000_000, 256, 0, Path.GetTempPath()));
        Assert.Equal("GramNotWritten", failed.Id);
        Assert.Contains("256000 GB", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fixed_size_masks_leave_the_centred_matrix_one_null_direction()
    {
        RunRows rows = new PlantedRun(24, 100, targets: 1).Rows;
        using GramPanels gram = Count(Read(rows, 100));
        float[]? buffer = null;
        float[] panel = gram.Panel(0, ref buffer);
        for (int j = 0; j < 24; j++)
        {
            double centred = 0;
            for (int k = 0; k < 24; k++)
            {
                centred += gram.Base + panel[(j * 64) + k] - ((double)gram.Counts[j] * gram.Counts[k] / 100);
            }

            Assert.Equal(0, centred, 1e-9);
        }
    }

    private static long PanelBytes(int train) => 4L * 64 * train;

    private static BitMatrix Read(RunRows rows, params int[] segments) =>
        BitMatrix.Read(rows, segments, TestContext.Current.CancellationToken);

    private static GramPanels Count(BitMatrix matrix, long memoryLimit = Unlimited, int threads = 2) =>
        GramPanels.Count(
            matrix, memoryLimit, Path.GetTempPath(), threads, null, TestContext.Current.CancellationToken);

    // Random masks; every seventh column is empty, every eleventh full.
    private static RunRows Rows(int train, int models, double ones = 0.5)
    {
        var random = new RandomStream(3, RandomPurpose.Subset, (ulong)train);
        int stride = Mask.ByteCount(train);
        byte[] masks = new byte[models * stride];
        for (int row = 0; row < models; row++)
        {
            for (int j = 0; j < train; j++)
            {
                bool one = j % 7 == 6 ? false : j % 11 == 10 || random.NextSingle() < ones;
                masks[(row * stride) + (j / 8)] |= one ? (byte)(1 << (j % 8)) : (byte)0;
            }
        }

        return new RunRows([.. Enumerable.Range(0, models)], train, 1, masks, new float[models])
        {
            Output = OutputKind.Margin,
        };
    }

    private static void AssertIsGram(GramPanels gram, RunRows rows, int start, int count)
    {
        int n = rows.TrainCount;
        int[,] expected = new int[n, n];
        for (int row = start; row < start + count; row++)
        {
            int[] examples = rows.MaskOf(row).ToExamples();
            foreach (int j in examples)
            {
                foreach (int k in examples)
                {
                    expected[j, k]++;
                }
            }
        }

        Assert.Equal((count, n), (gram.RowCount, gram.ColumnCount));
        Assert.Equal((n + gram.PanelWidth - 1) / gram.PanelWidth, gram.PanelCount);
        Assert.Equal(Enumerable.Range(0, n).Select(j => expected[j, j]), gram.Counts);
        float[]? buffer = null;
        int wrong = 0;
        for (int p = 0; p < gram.PanelCount; p++)
        {
            float[] panel = gram.Panel(p, ref buffer);
            Assert.Equal(n * gram.PanelWidth, panel.Length);
            for (int i = 0; i < panel.Length; i++)
            {
                int j = (p * gram.PanelWidth) + (i % gram.PanelWidth);
                wrong += panel[i] == (j < n ? expected[i / gram.PanelWidth, j] - gram.Base : 0) ? 0 : 1;
            }
        }

        Assert.Equal(0, wrong);
    }

    private static void AssertSame(GramPanels expected, GramPanels actual)
    {
        Assert.Equal(
            (expected.RowCount, expected.ColumnCount, expected.Base, expected.PanelCount),
            (actual.RowCount, actual.ColumnCount, actual.Base, actual.PanelCount));
        Assert.Equal(expected.Counts, actual.Counts);
        float[]? left = null;
        float[]? right = null;
        for (int p = 0; p < expected.PanelCount; p++)
        {
            Assert.True(MemoryMarshal.AsBytes(expected.Panel(p, ref left).AsSpan())
                .SequenceEqual(MemoryMarshal.AsBytes(actual.Panel(p, ref right).AsSpan())));
        }
    }

    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
