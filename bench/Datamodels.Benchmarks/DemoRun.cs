using Datamodels.IO;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>Models of the finished demo in out/demo, laid out as the peers' scripts read them.</summary>
internal sealed class DemoRun
{
    private const string Folder = "out/demo";
    private const string ForPeers = "out/bench";

    private DemoRun(RunRows rows)
    {
        Rows = rows;
        Masks = $"{ForPeers}/masks-{rows.Count}.npy";
        Margins = $"{ForPeers}/margins-{rows.Count}.npy";
    }

    /// <summary>The models.</summary>
    public RunRows Rows { get; }

    /// <summary>Masks, uint8 0 or 1 <c>[models, train]</c>.</summary>
    public string Masks { get; }

    /// <summary>Margins, float32 <c>[models, targets]</c>.</summary>
    public string Margins { get; }

    /// <summary>A file of the demo's datamodels.</summary>
    public static string Fitted(string name) => $"{Folder}/datamodels/{name}.npy";

    /// <summary>Opens the run and unpacks its masks.</summary>
    /// <param name="models">How many of its models, the first ones; by default all.</param>
    /// <exception cref="BenchmarkException">There is no finished demo.</exception>
    public static DemoRun Open(int? models = null)
    {
        try
        {
            SubsetTraining training = SubsetTraining.Open($"{Folder}/run");
            if (!training.IsComplete || !File.Exists(Fitted("weights")))
            {
                throw new BenchmarkException($"the demo in {Folder} is not finished; run the verb demo first");
            }

            RunRows rows = training.ReadRows();
            int count = models ?? rows.Count;
            var demo = new DemoRun(new RunRows(
                rows.Models[..count], rows.TrainCount, rows.TargetCount,
                rows.MaskBytes[..(count * Mask.ByteCount(rows.TrainCount))], rows.Outputs[..(count * rows.TargetCount)]));
            demo.WriteForPeers();
            return demo;
        }
        catch (DatamodelException e)
        {
            throw new BenchmarkException($"run the verb demo first ({e.Message})");
        }
    }

    private void WriteForPeers()
    {
        Directory.CreateDirectory(ForPeers);
        File.Delete(Masks);
        File.Delete(Margins);
        using NpyFile margins = NpyFile.Create(Margins, new NpyHeader(NpyType.Single, [Rows.Count, Rows.TargetCount]));
        margins.Write<float>(0, Rows.Outputs);
        using NpyFile masks = NpyFile.Create(Masks, new NpyHeader(NpyType.UInt8, [Rows.Count, Rows.TrainCount]));
        byte[] mask = new byte[Rows.TrainCount];
        for (int row = 0; row < Rows.Count; row++)
        {
            Array.Clear(mask);
            foreach (int example in Rows.MaskOf(row).ToExamples())
            {
                mask[example] = 1;
            }

            masks.Write<byte>(row, mask);
        }
    }
}
