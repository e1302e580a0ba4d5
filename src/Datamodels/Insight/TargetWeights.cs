using Datamodels.Data;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>
/// The weights of datamodels that are looked at together. Where targets are training examples, the target's own weight is set
/// aside: how much being trained on itself helps an example is the largest weight by far, and says nothing of the others.
/// </summary>
internal static class TargetWeights
{
    /// <summary>Checks that datamodels can be looked at together, and gives the size of their training set, n.</summary>
    /// <exception cref="DatamodelException">There are none, they are of several runs, or a target is there twice.</exception>
    public static int RequireOneRun(IReadOnlyList<Datamodel> datamodels)
    {
        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument, "There are no datamodels to compare; fit at least two targets first.");
        }

        Datamodel first = datamodels[0];
        var targets = new HashSet<int>();
        foreach (Datamodel datamodel in datamodels)
        {
            if (datamodel.Training.Path != first.Training.Path)
            {
                throw new DatamodelException(
                    "RunsDiffer", ErrorKind.InvalidArgument,
                    $"The {datamodel} is of the run '{datamodel.Training.Path}', the first one of '{first.Training.Path}'; "
                    + "compare datamodels of one run at a time.");
            }

            if (!targets.Add(datamodel.Target))
            {
                throw new DatamodelException(
                    "TargetRepeated", ErrorKind.InvalidArgument,
                    $"There are two datamodels of target {datamodel.Target}; give one of each target, of one fit.");
            }
        }

        return first.Training.TrainCount;
    }

    /// <summary>Whether the targets of a datamodel's run are training examples.</summary>
    public static bool IsOfTraining(Datamodel datamodel) =>
        datamodel.Training.Spec.Observation.Targets.Set == TargetSet.Train;

    /// <summary>The examples with a weight, ascending, and their weights, without the target's own.</summary>
    public static (int[] Examples, double[] Weights) Of(Datamodel datamodel)
    {
        int own = IsOfTraining(datamodel) ? datamodel.TargetExample : -1;
        (int Example, double Weight)[] pairs =
            [.. datamodel.Examples.Zip(datamodel.Weights).Where(pair => pair.First != own)];
        return ([.. pairs.Select(pair => pair.Example)], [.. pairs.Select(pair => pair.Weight)]);
    }
}
