using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>There and back: a store that NumPy makes is imported and fitted, and NumPy predicts with what is exported.</summary>
public sealed class NumPyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float16")]
    [InlineData("float64")]
    public void The_weights_that_NumPy_planted_are_found_and_exported_in_its_units(string type)
    {
        // As MadryLab/datamodels does it: arrays of full size first, then a row for each model that is trained.
        Python.Run("numpy", $"""
            import numpy as np
            random = np.random.default_rng(5)
            def array(name, dtype, *shape):
                return np.lib.format.open_memmap(r'{_folder.Path}/' + name + '.npy', 'w+', dtype=dtype, shape=(1000,) + shape)
            masks, margins = array('masks', np.bool_, 50), array('margins', np.{type}, 8)
            completed = array('_completed', np.bool_)
            weight = np.zeros((50, 8))
            for target in range(8):
                weight[random.choice(50, 3, replace=False), target] = 1 + random.random(3)
            for model in range(900):
                masks[model] = random.random(50) < 0.5
                margins[model] = masks[model] @ weight - 2 + 0.05 * random.standard_normal(8)
                completed[model] = 1
            margins[900:] = np.nan
            np.save(r'{_folder.Path}/planted.npy', weight)
            """);

        SubsetTraining run = SubsetTraining.Import(_folder.Path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1000, 900, 50, 8), (run.ModelCount, run.CompletedCount, run.TrainCount, run.TargetCount));
        Assert.InRange(run.Spec.Plan.Alpha, 0.48, 0.52);
        Datamodel[] datamodels = [.. DatamodelFit.Fit(run, new FitOptions(), null, TestContext.Current.CancellationToken)];
        Assert.All(datamodels, datamodel => Assert.Equal(900, datamodel.ModelCount));
        DatamodelArchive.Write(_folder.File("fit.npz"), datamodels, TestContext.Current.CancellationToken);

        Python.Run("numpy", $"""
            import numpy as np
            folder = r'{_folder.Path}/'
            planted, fit = np.load(folder + 'planted.npy'), np.load(folder + 'fit.npz')
            done = np.load(folder + '_completed.npy')
            masks, margins = np.load(folder + 'masks.npy')[done], np.load(folder + 'margins.npy')[done].astype(float)
            strongest = np.sort(np.argsort(-np.abs(fit['weight']), axis=0)[:3], axis=0)
            assert (strongest == np.sort(np.argsort(-planted, axis=0)[:3], axis=0)).all()
            assert np.abs(fit['weight'] - planted).max() < 0.05
            assert np.abs(masks @ fit['weight'] + fit['bias'] - margins).mean() < 0.06
            """);
    }
}
