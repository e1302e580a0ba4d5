using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Subsets;

namespace Datamodels.Experiments;

/// <summary>
/// Reads an <see cref="Experiment"/> from YAML. Keys are the names of the settings in camelCase; a path in the file is
/// relative to the file's own folder; a setting that is left out has the default of its type. examples/digits/experiment.yaml
/// shows every section.
/// </summary>
public static class ExperimentFile
{
    private const string InsideZeroOne = "a number inside (0, 1), such as 0.5";

    /// <summary>Reads an experiment.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="output">Folder for everything the experiment writes, instead of the file's own <c>output</c>.</param>
    /// <exception cref="DatamodelException">
    /// The file is not there, is not YAML, or holds an unknown, missing, repeated or wrong setting; the message names the
    /// file, the line, the column and the key.
    /// </exception>
    public static Experiment Read(string path, string? output = null)
    {
        YamlSection root = YamlSection.ReadFile(
            path, "data", "learner", "subsets", "fit", "influencers", "brittle", "heldOut", "output");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SubsetPlan plan = ReadPlan(root.Section("subsets", "alpha", "count", "seed"));
        var defaults = new Experiment { Data = ReadData(root, folder), Learner = ReadLearner(root), Plan = plan, Output = "" };
        return defaults with
        {
            Fit = root.Has("fit") ? ReadFit(root.Section("fit", "lambdaCount", "epsilon", "heldOut", "tolerance")) : defaults.Fit,
            Influencers = root.Int32("influencers", defaults.Influencers, min: 1),
            Brittle = root.Has("brittle") ? ReadBrittle(root.Section("brittle", "targets", "retrainings", "sizeFactors", "seed")) : null,
            HeldOut = ReadHeldOut(root.Sections("heldOut", "alpha", "subsets", "retrainings", "seed"), plan),
            Output = output is null ? Path.GetFullPath(root.Text("output"), folder) : Path.GetFullPath(output),
        };
    }

    private static DataSource ReadData(YamlSection root, string folder)
    {
        YamlSection data = root.Section("data", "path", "header", "labelColumn", "scaling", "testSize", "seed", "imageShape");
        var source = new DataSource { Path = Path.GetFullPath(data.Text("path"), folder) };
        return source with
        {
            Header = data.Boolean("header", source.Header),
            LabelColumn = data.Text("labelColumn", source.LabelColumn),
            Scaling = data.Name("scaling", source.Scaling),
            TestSize = data.Number(
                "testSize", source.TestSize, "a fraction inside (0, 1) or a whole number of examples",
                size => size > 0 && (size < 1 || size == Math.Floor(size))),
            Seed = data.Seed("seed", source.Seed),
            ImageShape = data.Has("imageShape")
                ? data.Parsed<ImageShape>("imageShape", "height x width such as 8x8, or height x width x channels such as 32x32x3", TryParseShape)
                : null,
        };
    }

    private static bool TryParseShape(string text, out ImageShape shape)
    {
        shape = default;
        string[] parts = text.Split('x');
        int[] sizes = [.. parts.Select(part => int.TryParse(part, out int size) && size >= 1 ? size : 0)];
        if (sizes.Length is not (2 or 3) || sizes.Contains(0))
        {
            return false;
        }

        shape = new ImageShape(sizes[0], sizes[1], sizes.Length == 3 ? sizes[2] : 1);
        return true;
    }

    private static Learner ReadLearner(YamlSection root)
    {
        YamlSection section = root.Section(
            "learner", "kind", "hidden", "epochs", "batchSize", "learningRate", "peakEpoch", "momentum", "weightDecay", "labelSmoothing");
        var learner = new Learner();
        LearnerKind kind = section.Name("kind", learner.Kind);
        learner = learner with
        {
            Kind = kind,
            Hidden = section.Int32List("hidden", kind == LearnerKind.Softmax ? [] : learner.Hidden, min: 1, max: 65536),
            Epochs = section.Int32("epochs", learner.Epochs, min: 1),
            BatchSize = section.Int32("batchSize", learner.BatchSize, min: 1),
            LearningRate = section.Number("learningRate", learner.LearningRate, "a number above 0", value => value > 0),
            PeakEpoch = section.Number("peakEpoch", learner.PeakEpoch, "a number of at least 0", value => value >= 0),
            Momentum = section.Number("momentum", learner.Momentum, "a number from 0 up to but not including 1", value => value is >= 0 and < 1),
            WeightDecay = section.Number("weightDecay", learner.WeightDecay, "a number of at least 0", value => value >= 0),
            LabelSmoothing = section.Number(
                "labelSmoothing", learner.LabelSmoothing, "a number from 0 up to but not including 1", value => value is >= 0 and < 1),
        };
        return section.Make(learner.Validate);
    }

    private static SubsetPlan ReadPlan(YamlSection section) => new(
        section.Seed("seed", 0),
        section.Number("alpha", null, InsideZeroOne, alpha => alpha is > 0 and < 1),
        section.Int32("count", min: 1));

    private static FitOptions ReadFit(YamlSection section)
    {
        var options = new FitOptions();
        return options with
        {
            LambdaCount = section.Int32("lambdaCount", options.LambdaCount, min: 2),
            Epsilon = section.Number("epsilon", options.Epsilon, InsideZeroOne, value => value is > 0 and < 1),
            HeldOut = section.Number("heldOut", options.HeldOut, InsideZeroOne, value => value is > 0 and < 1),
            Tolerance = section.Number("tolerance", options.Tolerance, "a number above 0", value => value > 0),
        };
    }

    private static BrittleStudy ReadBrittle(YamlSection section)
    {
        var study = new BrittleStudy(
            section.Int32("targets", min: 1),
            section.Int32("retrainings", 20, min: 2),
            section.NumberList("sizeFactors", [1], "numbers of at least 1", factor => factor >= 1),
            section.Seed("seed", 0));
        return study.SizeFactors.Count > 0 && study.SizeFactors.Distinct().Count() == study.SizeFactors.Count
            ? study
            : throw section.OutOfRange("sizeFactors", "at least one factor, each of them once");
    }

    private static EquatableList<HeldOutStudy> ReadHeldOut(IReadOnlyList<YamlSection> sections, SubsetPlan plan)
    {
        var studies = new List<HeldOutStudy>();
        foreach (YamlSection section in sections)
        {
            var study = new HeldOutStudy(
                section.Number("alpha", null, InsideZeroOne, alpha => alpha is > 0 and < 1),
                section.Int32("subsets", 100, min: LinearDatamodelingScore.MinimumSubsets),
                section.Int32("retrainings", 20, min: 1),
                section.Seed("seed", HeldOutSubsets.DefaultSeed(plan)));
            if (study.Seed == plan.Seed)
            {
                throw section.OutOfRange("seed", "another seed than that of the subsets that the datamodels are fitted to");
            }

            if (studies.Exists(other => other.Alpha == study.Alpha))
            {
                throw section.OutOfRange("alpha", "each alpha once");
            }

            studies.Add(study);
        }

        return [.. studies];
    }
}
