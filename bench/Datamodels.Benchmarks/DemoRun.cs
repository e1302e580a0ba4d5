using Datamodels.IO;
using Datamodels.Runs;

namespace Datamodels.Benchmarks;

/// <summary>The finished demo in out/demo, laid out as the peers' scripts read it.</summary>
internal sealed class DemoRun
{
    private const string Folder = "out/demo";
    private const string ForPeers = "out/bench";

    private DemoRun(SubsetTraining training) => Training = training;

    /// <summary>The run.</summary>
    public SubsetTraining Training { get; }

    /// <summary>Masks, uint8 0 or 1 <c>[models, train]</c>.</summary>
    public string Masks { get; } = $"{ForPeers}/masks.npy";

    /// <summary>Margins, float32 <c>[models, targets]</c>.</summary>
    public string Margins => Path.Combine(Training.Path, "margins.npy");

    /// <summary>A file of the demo's datamodels.</summary>
    public static string Fitted(string name) => $"{Folder}/datamodels/{name}.npy";

    /// <summary>Opens the run and unpacks its masks.</summary>
    /// <exception cref="BenchmarkException">There is no finished demo.</exception>
    public static DemoRun Open()
    {
        try
        {
            var demo = new DemoRun(SubsetTraining.Open($"{Folder}/run"));
            if (!demo.Training.IsComplete || !File.Exists(Fitted("weights")))
            {
                throw new BenchmarkException($"the demo in {Folder} is not finished; run the verb demo first");
            }

            demo.UnpackMasks();
            return demo;
        }
        catch (DatamodelException e)
        {
            throw new BenchmarkException($"run the verb demo first ({e.Message})");
        }
    }

    private void UnpackMasks()
    {
        RunRows rows = Training.ReadRows();
        Directory.CreateDirectory(ForPeers);
        File.Delete(Masks);
        using var file = NpyFile.Create(Masks, new NpyHeader(NpyType.UInt8, [rows.Count, rows.TrainCount]));
        byte[] mask = new byte[rows.TrainCount];
        for (int row = 0; row < rows.Count; row++)
        {
            Array.Clear(mask);
            foreach (int example in rows.MaskOf(row).ToExamples())
            {
                mask[example] = 1;
            }

            file.Write<byte>(row, mask);
        }
    }
}
