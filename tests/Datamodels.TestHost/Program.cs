// A process for tests to kill, to starve of disk and to take permissions from:
//   train <csv> <run folder> <models> <threads> [<shard>]
// trains a run of small networks, or a shard of it, or goes on with it, and writes "done <trained> <damaged>" at the end.
// An error that a user can put right is written to standard error as "<id>: <message>", exit code 2.
//   learn <behaviour> <folder>
// is a learner's program that answers as LearnerProgram says, and leaves a file named for its process in the folder.
using System.Globalization;
using Datamodels;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.TestHost;

if (args is ["learn", string behaviour, string notes])
{
    return LearnerProgram.Run(behaviour, notes);
}

if (args is not ["train", string csv, string folder, string models, string threads, .. string[] shard])
{
    Console.Error.WriteLine("usage: train <csv> <run folder> <models> <threads> [<shard>], or learn <behaviour> <folder>");
    return 1;
}

try
{
    TrainingData data = TrainingDataReader.Read(
        new DataSource { Path = [csv], TestSize = 300, Scaling = FeatureScaling.UnitRange });
    var engine = new PacedEngine(new CpuEngine(int.Parse(threads, CultureInfo.InvariantCulture)));
    var plan = new SubsetPlan(3, 0.25, int.Parse(models, CultureInfo.InvariantCulture));
    var learner = new NetworkLearner { Hidden = [8], Epochs = 2, PeakEpoch = 1 };
    Shard? part = shard is [string text] ? Shard.Parse(text) : null;
    TrainingReport report = SubsetTraining.CreateOrOpen(
        folder, data, learner, plan, engine.Name, shard: part).Train(engine);
    Console.WriteLine($"done {report.Trained} {report.Damaged}");
    return 0;
}
catch (DatamodelException e)
{
    Console.Error.WriteLine($"{e.Id}: {e.Message}");
    return 2;
}
