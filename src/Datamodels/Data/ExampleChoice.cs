namespace Datamodels.Data;

/// <summary>What an example is used for.</summary>
internal enum ExampleUse : byte
{
    /// <summary>It is not used.</summary>
    None,

    /// <summary>It is trained on.</summary>
    Train,

    /// <summary>It is a test example.</summary>
    Test,
}

/// <summary>
/// Chooses training and test examples: those that the data itself names, or a random part of all as the test set; of each,
/// as many as are asked for. Every class keeps its share.
/// </summary>
internal static class ExampleChoice
{
    private const double DefaultTestFraction = 0.2;

    // Parts of StratifiedSplit.DrawPart.
    private const int TrainPart = 1;
    private const int TestPart = 2;

    /// <summary>Checks that a size is a fraction inside (0, 1) or a count, whatever the data.</summary>
    /// <exception cref="DatamodelException">It is neither.</exception>
    public static void CheckSizes(DataSource source)
    {
        Check("TestSizeInvalid", "test", source.TestSize);
        Check("TrainSizeInvalid", "training", source.TrainSize);

        static void Check(string id, string which, double? size)
        {
            if (size is double given && !(given > 0 && (given < 1 || (given == Math.Floor(given) && given <= int.MaxValue))))
            {
                throw new DatamodelException(
                    id, ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"The {which} size is {given}; give a fraction inside (0, 1), such as 0.2, ")
                    + $"or a whole number of {which} examples, such as 300.");
            }
        }
    }

    /// <summary>Chooses.</summary>
    /// <param name="source">Says how many, and the seed.</param>
    /// <param name="labels">Class of each example, <c>[examples]</c>.</param>
    /// <param name="isTest">Which examples are the test set, <c>[examples]</c>; null where the data does not say.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="place">Where an example is written, for errors.</param>
    /// <returns>The use of each example, <c>[examples]</c>.</returns>
    /// <exception cref="DatamodelException">
    /// There is one class only, a class lacks examples, or there are not so many examples as are asked for.
    /// </exception>
    public static ExampleUse[] Choose(
        DataSource source, int[] labels, bool[]? isTest, string[] classes, Func<int, string> place)
    {
        if (classes.Length == 1)
        {
            throw new DatamodelException(
                "SingleClass", ErrorKind.InvalidData,
                $"Every example of '{source}' has the label '{classes[0]}'; at least two classes are needed. "
                + $"Are these the labels? Of CSV, {LabelsOf(source)}.");
        }

        if (isTest is null)
        {
            int[] counts = Count(labels, classes.Length);
            RequireTwoOfEach(source, labels, counts, classes, place);
            int testCount = TestCount(source, labels.Length, classes.Length);
            isTest = StratifiedSplit.Draw(labels, counts, testCount, source.Seed);
            return KeepTrain(source, labels, isTest, labels.Length, classes);
        }

        RequireTraining(labels, isTest, classes, place);
        ExampleUse[] uses = KeepTrain(source, labels, isTest, isTest.Count(test => !test), classes);
        if (source.TestSize is double size)
        {
            int testTotal = isTest.Count(test => test);
            int count = SizeOf(size, testTotal);
            if (count < 1 || count > testTotal)
            {
                throw new DatamodelException(
                    "TestSizeOutOfRange", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"A test size of {size} takes {count} of the {testTotal} test examples; ")
                    + $"expected 1 to {testTotal}.");
            }

            Keep(uses, ExampleUse.Test, labels, classes.Length, count, source.Seed, TestPart);
        }

        return uses;
    }

    /// <summary>Makes everything else a training example, and drops those beyond the training size.</summary>
    private static ExampleUse[] KeepTrain(DataSource source, int[] labels, bool[] isTest, int drawnFrom, string[] classes)
    {
        ExampleUse[] uses = Array.ConvertAll(isTest, test => test ? ExampleUse.Test : ExampleUse.Train);
        if (source.TrainSize is double size)
        {
            int count = SizeOf(size, drawnFrom);
            int total = uses.Count(use => use == ExampleUse.Train);
            if (count < classes.Length || count > total)
            {
                throw new DatamodelException(
                    "TrainSizeOutOfRange", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"A training size of {size} takes {count} of the {total} examples to train on; ")
                    + $"each of the {classes.Length} classes needs one: {classes.Length} to {total}.");
            }

            Keep(uses, ExampleUse.Train, labels, classes.Length, count, source.Seed, TrainPart);
        }

        return uses;
    }

    private static void Keep(
        ExampleUse[] uses, ExampleUse use, int[] labels, int classCount, int count, ulong seed, int part)
    {
        int[] examples = [.. Enumerable.Range(0, uses.Length).Where(i => uses[i] == use)];
        int[] theirLabels = Array.ConvertAll(examples, i => labels[i]);
        bool[] kept = StratifiedSplit.DrawPart(theirLabels, Count(theirLabels, classCount), count, seed, part);
        for (int i = 0; i < examples.Length; i++)
        {
            uses[examples[i]] = kept[i] ? use : ExampleUse.None;
        }
    }

    private static int[] Count(ReadOnlySpan<int> labels, int classCount)
    {
        int[] counts = new int[classCount];
        foreach (int label in labels)
        {
            counts[label]++;
        }

        return counts;
    }

    // In decimal, so that a fraction such as 0.29 is the number that was written and not the nearest double.
    private static int SizeOf(double size, int of) => size < 1
        ? (int)Math.Round((decimal)size * of, MidpointRounding.AwayFromZero)
        : (int)size;

    private static int TestCount(DataSource source, int exampleCount, int classCount)
    {
        double size = source.TestSize ?? DefaultTestFraction;
        int count = SizeOf(size, exampleCount);
        int most = exampleCount - classCount;
        return count >= 1 && count <= most
            ? count
            : throw new DatamodelException(
                "TestSizeOutOfRange", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"A test size of {size} sets {count} of {exampleCount} examples aside; ")
                + $"it must leave at least one test example and one training example in each of the {classCount} classes: "
                + $"1 to {most}.");
    }

    private static string LabelsOf(DataSource source) => source.LabelColumn == DataSource.LastColumn
        ? "they are taken from the last column; LabelColumn chooses another"
        : $"they are taken from the column '{source.LabelColumn}', as LabelColumn says";

    private static void RequireTwoOfEach(
        DataSource source, int[] labels, int[] counts, string[] classes, Func<int, string> place)
    {
        int single = Array.IndexOf(counts, 1);
        if (single >= 0)
        {
            int others = counts.Count(count => count == 1) - 1;
            string more = others == 0
                ? ""
                : $" (and so have {others} other{(others == 1 ? "" : "s")}: are these the labels? Of CSV, "
                    + $"{LabelsOf(source)})";
            throw new DatamodelException(
                "ClassWithOneExample", ErrorKind.InvalidData,
                $"{place(Array.IndexOf(labels, single))}: class '{classes[single]}' has this one example{more}; "
                + "a class needs at least two, one to train on and one to test. Add examples of it or remove it.");
        }
    }

    private static void RequireTraining(int[] labels, bool[] isTest, string[] classes, Func<int, string> place)
    {
        bool[] trained = new bool[classes.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            trained[labels[i]] |= !isTest[i];
        }

        int missing = Array.IndexOf(trained, false);
        if (missing >= 0)
        {
            throw new DatamodelException(
                "ClassWithoutTraining", ErrorKind.InvalidData,
                $"{place(Array.IndexOf(labels, missing))}: class '{classes[missing]}' is in the test set but not in the training "
                + "set. Remove it, or give its training examples.");
        }
    }
}
