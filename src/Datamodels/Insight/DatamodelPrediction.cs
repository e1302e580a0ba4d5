using Datamodels.Regression;
using Datamodels.Subsets;

namespace Datamodels.Insight;

/// <summary>What a datamodel predicts of models trained on one subset of the training set.</summary>
public sealed record DatamodelPrediction
{
    /// <summary>The target's datamodel.</summary>
    public required Datamodel Datamodel { get; init; }

    /// <summary>Number of the target in the run.</summary>
    public int Target => Datamodel.Target;

    /// <summary>Class name of the target.</summary>
    public string Label => Datamodel.Label;

    /// <summary>Place of the subset among those given, from 0.</summary>
    public required int Subset { get; init; }

    /// <summary>Number of training examples in the subset, 0..n.</summary>
    public required int Size { get; init; }

    /// <summary>g(S'): the expected margin of models trained on the subset, in units of the datamodel's output.</summary>
    public required double PredictedMargin { get; init; }

    /// <summary>g(S') - g(S): what training on the subset instead of the whole training set changes.</summary>
    public double Change => PredictedMargin - Datamodel.FullMargin;

    /// <summary>Predicts for one target and several subsets, in their order.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="subsets">The subsets.</param>
    /// <exception cref="DatamodelException">A subset is not one of the datamodel's training set.</exception>
    public static IReadOnlyList<DatamodelPrediction> Of(Datamodel datamodel, IReadOnlyList<SubsetSelection> subsets)
    {
        var predictions = new DatamodelPrediction[subsets.Count];
        for (int i = 0; i < predictions.Length; i++)
        {
            Mask mask = subsets[i].MaskOf(datamodel.Training.TrainCount);
            predictions[i] = new DatamodelPrediction
            {
                Datamodel = datamodel,
                Subset = i,
                Size = mask.Count,
                PredictedMargin = datamodel.Predict(mask),
            };
        }

        return predictions;
    }

    /// <summary>The target, the subset and the prediction.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"target {Target} on subset {Subset} of {Size} examples: {PredictedMargin:0.000}");
}
