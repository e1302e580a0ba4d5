using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>The class that the examples of a brittle set are given, where it is not the runner-up.</summary>
public static class FlipClass
{
    /// <summary>The class of that name, or of one that differs in letter case only, if there is no more than one.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="name">Name of the class.</param>
    /// <returns>0..classes-1.</returns>
    /// <exception cref="DatamodelException">
    /// There is no such class, or it is the target's own; the data cannot be read any more.
    /// </exception>
    public static int Named(Datamodel datamodel, string name)
    {
        EquatableList<string> classes = datamodel.Training.Data.Classes;
        int found = classes.AsSpan().IndexOf(name);
        if (found < 0)
        {
            int[] alike = [.. Enumerable.Range(0, classes.Count)
                .Where(i => string.Equals(classes[i], name, StringComparison.OrdinalIgnoreCase))];
            found = alike.Length == 1 ? alike[0] : -1;
        }

        if (found < 0)
        {
            throw new DatamodelException(
                "ClassUnknown", ErrorKind.InvalidArgument,
                $"There is no class '{name}' in the data; its classes are {string.Join(", ", classes)}.");
        }

        Check(datamodel, found);
        return found;
    }

    /// <summary>A class drawn uniformly from all but the target's own, fixed by the seed and the target.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <returns>0..classes-1.</returns>
    /// <exception cref="DatamodelException">The data cannot be read any more.</exception>
    public static int Random(Datamodel datamodel, ulong seed)
    {
        int drawn = new RandomStream(seed, RandomPurpose.Relabelling, (ulong)datamodel.Target)
            .NextBelow(datamodel.Training.Data.ClassCount - 1);
        return drawn < ClassOf(datamodel) ? drawn : drawn + 1;
    }

    /// <exception cref="DatamodelException"><c>ClassOfTarget</c>: the class is the target's own.</exception>
    internal static void Check(Datamodel datamodel, int newClass)
    {
        if (newClass == ClassOf(datamodel))
        {
            throw new DatamodelException(
                "ClassOfTarget", ErrorKind.InvalidArgument,
                $"Target {datamodel.Target} is of the class {datamodel.Label} itself, which nothing can be relabelled to "
                + "that is to flip it; expected another class.");
        }
    }

    /// <summary>The target's class, 0..classes-1.</summary>
    internal static int ClassOf(Datamodel datamodel)
    {
        TargetSelection targets = datamodel.Training.Spec.Observation.Targets;
        TrainingData data = datamodel.Training.Data;
        ExampleSet set = targets.Set == TargetSet.Train ? data.Train : data.Test;
        return set.Labels[targets.ExampleOf(datamodel.Target)];
    }
}
