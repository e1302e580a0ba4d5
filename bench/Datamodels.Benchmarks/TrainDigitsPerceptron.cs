using Datamodels.Data;
using Datamodels.Learners;

namespace Datamodels.Benchmarks;

/// <summary>A 64-32-10 perceptron on the digits, 20 epochs of batches of 32.</summary>
internal sealed class TrainDigitsPerceptron : TrainNetwork
{
    private const string Digits = "examples/digits/digits.csv.gz";

    public override string Name => "train-digits-mlp";

    protected override string Data => "the digits";

    protected override NetworkLearner Learner { get; } = new() { Hidden = [32], Epochs = 20, BatchSize = 32 };

    protected override int Models => 2000;

    protected override string[] PeerArguments => ["--net", "mlp", "--hidden", "32", .. TrainingArguments(40)];

    protected override double Bar => 5;

    protected override (long Forward, long Gradients) MultiplyAdds => ((64 * 32) + (32 * 10), (64 * 32) + (2 * 32 * 10));

    protected override TrainingData ReadData() => TrainingDataReader.Read(
        new DataSource { Path = [Digits], TestSize = 1797 / 6, Scaling = FeatureScaling.UnitRange });

    protected override string PeerFile(TrainingData data) => Digits;
}
