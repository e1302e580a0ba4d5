using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Regression;

public sealed class FitStoreTests : IDisposable
{
    private const string Identity = "engine: 1\nmethod: Lasso\n";

    private readonly TemporaryFolder _folder = new();

    private string Folder => Assert.Single(Directory.GetDirectories(_folder.File("fits")));

    private string Log => Path.Combine(Folder, "targets.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_kept_comes_back_to_the_bit()
    {
        double odd = BitConverter.Int64BitsToDouble(0x7FF8000000000123);
        FittedTarget[] fits =
        [
            new([], [], 0.1 + 0.2, null, null, null, null, false),
            new([0, 7, int.MaxValue], [-0.0, double.Epsilon, odd], odd, 1e-300, -0.0, 0, 3e-9, true),
            new([3], [1.5], -1, null, 0.5, null, 1e-12, true),
            new([3], [1.5], -1, 0.25, null, 1e-9, null, false) { ResidualDeviation = 0.1 + 0.7 },
        ];
        var choice = new LambdaChoice(0.1 + 0.2, odd, true);
        using (FitStore store = Open())
        {
            for (int target = 0; target < fits.Length; target++)
            {
                store.Add(target, fits[target]);
                store.Add(target, choice with { Lambda = target, Converged = target % 2 == 0 });
                AssertHolds(store, target, fits[target]);
            }
        }

        using FitStore again = Open();
        for (int target = 0; target < fits.Length; target++)
        {
            AssertHolds(again, target, fits[target]);
            Assert.True(again.TryGetChoice(target, out LambdaChoice found));
            Assert.Equal((target, target % 2 == 0), (found.Lambda, found.Converged));
            Assert.Equal(Bits(odd), Bits(found.HeldOutR2));
        }

        Assert.False(again.TryGetFit(fits.Length, out _));
        Assert.False(again.TryGetChoice(-1, out _));
    }

    [Fact]
    public void A_kill_costs_only_the_record_that_was_being_written()
    {
        long before;
        using (FitStore store = Open())
        {
            store.Add(5, new LambdaChoice(0.5, 0.25, true));
            store.Add(5, Fit(5));
            before = new FileInfo(Log).Length;
            store.Add(6, Fit(6));
        }

        byte[] whole = File.ReadAllBytes(Log);
        for (int length = (int)before; length < whole.Length; length++)
        {
            File.WriteAllBytes(Log, whole[..length]);
            using (FitStore store = Open())
            {
                AssertHolds(store, 5, Fit(5));
                Assert.False(store.TryGetFit(6, out _));
                store.Add(6, Fit(6));
            }

            Assert.Equal(whole, File.ReadAllBytes(Log));
        }
    }

    [Fact]
    public void What_was_added_last_counts()
    {
        using (FitStore store = Open())
        {
            store.Add(1, Fit(1));
            store.Add(1, Fit(2));
            AssertHolds(store, 1, Fit(2));
        }

        using FitStore again = Open();
        AssertHolds(again, 1, Fit(2));
    }

    [Fact]
    public void Another_fit_has_another_folder()
    {
        using FitStore store = Open();
        store.Add(1, Fit(1));
        using FitStore other = FitStore.Open(_folder.File("fits"), Identity + "folds: 5\n", out string reason)!;
        Assert.Equal("", reason);
        Assert.False(other.TryGetFit(1, out _));
        Assert.Equal(2, Directory.GetDirectories(_folder.File("fits")).Length);
    }

    [Fact]
    public void The_folder_says_what_the_fit_is()
    {
        Open().Dispose();
        Assert.Equal(Identity, File.ReadAllText(Path.Combine(Folder, "fit.yaml")));

        // printf 'engine: 1\nmethod: Lasso\n' | sha256sum
        Assert.Equal("1a5c858e661bee06", Path.GetFileName(Folder));
    }

    [Fact]
    public void While_another_writes_nothing_is_kept()
    {
        using FitStore store = Open();
        store.Add(1, Fit(1));
        Assert.Null(FitStore.Open(_folder.File("fits"), Identity, out string reason));
        Assert.StartsWith($"The fit is not kept in '{Folder}': ", reason);
    }

    [Fact]
    public void Where_no_folder_can_be_made_nothing_is_kept()
    {
        _folder.Write("fits", "a file");
        Assert.Null(FitStore.Open(_folder.File("fits"), Identity, out string reason));
        Assert.StartsWith($"The fit is not kept in '{_folder.File("fits")}", reason);
        Assert.Equal("a file", File.ReadAllText(_folder.File("fits")));
    }

    [Fact]
    public void What_may_only_be_read_gives_what_it_holds_and_is_not_changed()
    {
        using (FitStore store = Open())
        {
            store.Add(1, Fit(1));
        }

        File.AppendAllText(Log, "broken");
        byte[] before = File.ReadAllBytes(Log);

        // A reader's lock: others may read, nobody write.
        using (new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            using FitStore store = FitStore.Open(_folder.File("fits"), Identity, out string reason)!;
            Assert.StartsWith($"The fit is not kept in '{Folder}': ", reason);
            AssertHolds(store, 1, Fit(1));
            store.Add(2, Fit(2));
            store.Add(2, new LambdaChoice(1, 1, true));
            Assert.False(store.TryGetFit(2, out _));
            Assert.False(store.TryGetChoice(2, out _));
        }

        Assert.Equal(before, File.ReadAllBytes(Log));
    }

    [Theory]
    [InlineData("fit.yaml", "FitStoreForeign")]
    [InlineData("targets.log", "LogForeign")]
    public void Files_of_another_fit_are_refused_and_left_alone(string name, string id)
    {
        using (FitStore store = Open())
        {
            store.Add(1, Fit(1));
        }

        using FitStore other = FitStore.Open(_folder.File("fits"), "engine: 2\n", out _)!;
        other.Add(1, Fit(2));
        other.Dispose();
        string[] paths = [.. Directory.GetFiles(_folder.File("fits"), name, SearchOption.AllDirectories)];
        byte[][] contents = [.. paths.Select(File.ReadAllBytes)];
        File.WriteAllBytes(paths[0], contents[1]);
        File.WriteAllBytes(paths[1], contents[0]);

        var error = Assert.Throws<DatamodelException>(() => FitStore.Open(_folder.File("fits"), Identity, out _));
        Assert.Equal(id, error.Id);
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(contents[1], File.ReadAllBytes(paths[0]));
        Assert.Equal(contents[0], File.ReadAllBytes(paths[1]));
    }

    [Fact]
    public void A_fit_without_its_description_gets_it_back()
    {
        using (FitStore store = Open())
        {
            store.Add(1, Fit(1));
        }

        File.Delete(Path.Combine(Folder, "fit.yaml"));
        using FitStore again = Open();
        AssertHolds(again, 1, Fit(1));
        Assert.Equal(Identity, File.ReadAllText(Path.Combine(Folder, "fit.yaml")));
    }

    [Fact]
    public void Ten_thousand_targets_from_several_threads()
    {
        const int targets = 10_000;
        using (FitStore store = Open())
        {
            Parallel.For(0, targets, target =>
            {
                store.Add(target, new LambdaChoice(target, 1, true));
                store.Add(target, Fit(target));
                AssertHolds(store, target / 2, Fit(target / 2), mayLack: true);
            });
        }

        using FitStore again = Open();
        Parallel.For(0, targets, target =>
        {
            AssertHolds(again, target, Fit(target));
            Assert.True(again.TryGetChoice(target, out LambdaChoice choice));
            Assert.Equal(target, choice.Lambda);
        });
    }

    private FitStore Open()
    {
        FitStore? store = FitStore.Open(_folder.File("fits"), Identity, out string reason);
        Assert.Equal("", reason);
        return store!;
    }

    private static FittedTarget Fit(int target)
    {
        int[] examples = [.. Enumerable.Range(target, target % 20)];
        return new(examples, [.. examples.Select(j => Math.Sin(j))], target / 3.0, 1.0 / (target + 1), 0.5, 1e-9, 1e-8, true);
    }

    private static void AssertHolds(FitStore store, int target, FittedTarget expected, bool mayLack = false)
    {
        if (!store.TryGetFit(target, out FittedTarget? fit))
        {
            Assert.True(mayLack);
            return;
        }

        Assert.Equal(expected.Examples, fit.Examples);
        Assert.Equal(expected.Weights.Select(w => Bits(w)), fit.Weights.Select(w => Bits(w)));
        Assert.Equal(
            new[] { expected.Bias, expected.Lambda, expected.HeldOutR2, expected.DualityGap, expected.KktResidual }.Select(Bits),
            new[] { fit.Bias, fit.Lambda, fit.HeldOutR2, fit.DualityGap, fit.KktResidual }.Select(Bits));
        Assert.Equal(Bits(expected.ResidualDeviation), Bits(fit.ResidualDeviation));
        Assert.Equal(expected.Converged, fit.Converged);
    }

    private static long? Bits(double? value) => value is double number ? BitConverter.DoubleToInt64Bits(number) : null;
}
