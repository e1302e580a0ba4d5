using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>The file <c>run.yaml</c>.</summary>
internal static class RunSpecYaml
{
    /// <summary>The text of the file.</summary>
    public static string Write(RunSpec spec) => YamlWriter.Write(root =>
    {
        root.Number("format", spec.Format);
        root.Text("version", spec.Version);
        root.Text("engine", spec.Engine);
        root.Section("data", data =>
        {
            data.Text("fingerprint", spec.DataFingerprint);
            data.Number("trainCount", spec.TrainCount);
            data.Number("targetCount", spec.TargetCount);
            data.Number("classCount", spec.ClassCount);
            if (spec.DataSource is DataSource source)
            {
                data.Section("source", section => DataSourceYaml.Write(section, source));
            }
        });
        root.Section("learner", section => LearnerYaml.Write(section, spec.Learner));
        root.Section("observe", section => ObservationYaml.Write(section, spec.Observation));
        root.Section("subsets", subsets =>
        {
            subsets.Number("seed", spec.Plan.Seed);
            subsets.Number("alpha", spec.Plan.Alpha);
            subsets.Number("count", spec.Plan.Count);
            subsets.Number("retrainings", spec.Plan.Retrainings);
        });
    });

    /// <summary>Reads the file.</summary>
    /// <exception cref="DatamodelException">It is not as it was written; the message names file, line and key.</exception>
    public static RunSpec Read(string path)
    {
        YamlSection root = YamlSection.ReadFile(
            path, "format", "version", "engine", "data", "learner", "observe", "subsets").Complete();
        RequireEnd(path);
        root.Int32("format", min: RunSpec.CurrentFormat, max: RunSpec.CurrentFormat);
        YamlSection data = root
            .Section("data", "fingerprint", "trainCount", "targetCount", "classCount", "source")
            .Complete("source");
        return new RunSpec
        {
            Version = root.Text("version"),
            Engine = root.Text("engine"),
            DataFingerprint = data.Text("fingerprint"),
            TrainCount = data.Int32("trainCount", min: 1),
            TargetCount = data.Int32("targetCount", min: 1),
            ClassCount = data.Int32("classCount", min: 2),
            Observation = ObservationYaml.Read(root.Section("observe", ObservationYaml.Keys).Complete("targets")),
            DataSource = data.Has("source")
                ? DataSourceYaml.Read(
                    data.Section("source", DataSourceYaml.Keys).Complete(DataSourceYaml.Optional), Path.GetDirectoryName(path)!)
                : null,
            Learner = LearnerYaml.Read(root, Path.GetDirectoryName(path)!, complete: true),
            Plan = ReadPlan(root.Section("subsets", "seed", "alpha", "count", "retrainings").Complete()),
        };
    }

    /// <summary>A file that is cut short lacks a key, unless it is cut in the last number.</summary>
    private static void RequireEnd(string path)
    {
        if (!File.ReadAllText(path).EndsWith('\n'))
        {
            throw new DatamodelException(
                "RunSpecTruncated", ErrorKind.InvalidData,
                $"'{path}' ends in the middle of a line: it is cut short. Put the whole file back.");
        }
    }

    private static SubsetPlan ReadPlan(YamlSection section)
    {
        ulong seed = section.Seed("seed", 0);
        double alpha = section.Number("alpha", null, "a number inside (0, 1)", alpha => alpha is > 0 and < 1);
        int count = section.Int32("count", min: 1);
        int retrainings = section.Int32("retrainings", min: 1);
        return section.Make(() => new SubsetPlan(seed, alpha, count, retrainings));
    }
}
