using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Insight;
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

    private static readonly string[] s_fitKeys =
        ["method", "output", "l1Ratio", "lambdaCount", "epsilon", "patience", "heldOut", "folds", "tolerance"];

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
            path, "data", "learner", "subsets", "observe", "fit", "influencers", "brittle", "heldOut", "output");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SubsetPlan plan = ReadPlan(root.Section("subsets", "alpha", "count", "seed"));
        YamlSection? brittle = root.Has("brittle")
            ? root.Section("brittle", "targets", "retrainings", "sizeFactors", "mode", "search", "seed")
            : null;
        var defaults = new Experiment
        {
            Data = DataSourceYaml.Read(root.Section("data", DataSourceYaml.Keys), folder),
            Learner = LearnerYaml.Read(root, folder),
            Plan = plan,
            Output = "",
        };
        Observation observation = root.Has("observe")
            ? ReadObservation(root.Section("observe", ObservationYaml.Keys), brittle is not null)
            : defaults.Observation;
        return defaults with
        {
            Observation = observation,
            Fit = root.Has("fit")
                ? ReadFit(root.Section("fit", s_fitKeys), observation, brittle is not null)
                : defaults.Fit,
            Influencers = root.Int32("influencers", defaults.Influencers, min: 1),
            Brittle = brittle is null ? null : ReadBrittle(brittle),
            HeldOut = ReadHeldOut(root.Sections("heldOut", "alpha", "subsets", "retrainings", "seed"), plan),
            Output = output is null ? Path.GetFullPath(root.Text("output"), folder) : Path.GetFullPath(output),
        };
    }

    private static SubsetPlan ReadPlan(YamlSection section) => new(
        section.Seed("seed", 0),
        section.Number("alpha", null, InsideZeroOne, alpha => alpha is > 0 and < 1),
        section.Int32("count", min: 1));

    // Asked here, so that nobody waits for a training after which there is nothing to find.
    private static Observation ReadObservation(YamlSection section, bool brittle)
    {
        Observation observation = ObservationYaml.Read(section);
        return brittle && observation.Output is not (OutputKind.Margin or OutputKind.Logits)
            ? throw section.OutOfRange("output", "Margin or Logits where there is 'brittle', since brittle sets are of margins")
            : observation;
    }

    private static FitOptions ReadFit(YamlSection section, Observation observation, bool brittle)
    {
        var options = new FitOptions();
        options = options with
        {
            Method = section.Name("method", options.Method),
            Output = section.Has("output") ? section.Name("output", OutputKind.Margin) : null,
            L1Ratio = section.Number("l1Ratio", options.L1Ratio, "a number inside (0, 1]", value => value is > 0 and <= 1),
            LambdaCount = section.Int32("lambdaCount", options.LambdaCount, min: 2),
            Epsilon = section.Number("epsilon", options.Epsilon, InsideZeroOne, value => value is > 0 and < 1),
            Patience = section.Has("patience") ? section.Int32("patience", min: 1) : null,
            HeldOut = section.Number("heldOut", options.HeldOut, InsideZeroOne, value => value is > 0 and < 1),
            Folds = section.Int32("folds", options.Folds, min: 2),
            Tolerance = section.Number("tolerance", options.Tolerance, InsideZeroOne, value => value is > 0 and < 1),
        };
        OutputKind output = section.Make(() =>
        {
            // Its keys are the names of the properties.
            options.RequireUsed([.. s_fitKeys.Where(section.Has).Select(key => char.ToUpperInvariant(key[0]) + key[1..])]);
            return observation.OutputFor(options.Output);
        });
        return brittle && output != OutputKind.Margin
            ? throw section.OutOfRange("output", "Margin where there is 'brittle', since brittle sets are of margins")
            : options;
    }

    private static BrittleStudy ReadBrittle(YamlSection section)
    {
        var study = new BrittleStudy(
            section.Int32("targets", min: 1),
            section.Int32("retrainings", 20, min: 2),
            section.NumberList("sizeFactors", [1], "numbers of at least 1", factor => factor >= 1),
            section.Seed("seed", 0));
        study = study with
        {
            Mode = section.NameList("mode", study.Mode),
            Search = section.Boolean("search", study.Search),
        };
        return !OnceEach(study.SizeFactors) ? throw section.OutOfRange("sizeFactors", "at least one factor, each of them once")
            : !OnceEach(study.Mode) ? throw section.OutOfRange("mode", "Remove, Flip, or both in a list")
            : study;

        static bool OnceEach<T>(EquatableList<T> list) => list.Count > 0 && list.Distinct().Count() == list.Count;
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
