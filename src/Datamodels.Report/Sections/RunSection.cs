using Datamodels.Experiments;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>The runs that everything else is of.</summary>
internal static class RunSection
{
    public static Section? Of(ReportContent content, Gallery gallery)
    {
        IReadOnlyList<SubsetTraining> runs = content.Runs();
        if (runs.Count == 0)
        {
            return null;
        }

        var section = new Section(
            "run", runs.Count == 1 ? "The run" : "The runs",
            "Models trained on random subsets of the training set, on which everything below rests: of what data, how each was "
            + "made, how many, and what was recorded of each. A model counts as done once its row is on the disk with a "
            + "checksum, which is compared whenever rows are read.");
        foreach (SubsetTraining run in runs)
        {
            section.AddHeading(gallery.NameOf(run));
            section.Add(FactsOf(run, content).ToHtml());
            foreach (string warning in ResultOf(run, content)?.Warnings() ?? [])
            {
                section.AddNote(warning);
            }
        }

        return section;
    }

    private static Facts FactsOf(SubsetTraining run, ReportContent content)
    {
        RunSpec spec = run.Spec;
        var facts = new Facts();
        facts.Add(
            "Data",
            spec.ClassCount > 0
                ? DataSection.WordsOf(run.Data)
                : $"{Numbers.Count(spec.TrainCount, "training example")}, not at hand");
        facts.Add("Learner", spec.Learner.ToString());
        facts.Add(
            "Subsets",
            $"{Numbers.Short(100 * spec.Plan.Alpha)} % of the training set in each (alpha {Numbers.Short(spec.Plan.Alpha)}), "
            + FormattableString.Invariant($"seed {spec.Plan.Seed}"));
        facts.Add(
            "Models",
            run.IsComplete
                ? $"{Numbers.Count(run.ModelCount)}, all of them done"
                : $"{Numbers.Count(run.CompletedCount)} done of {Numbers.Count(run.ModelCount)}");
        facts.Add("Recorded", $"{Units.DefinitionOf(spec.Observation.Output)}, on {spec.Observation.Targets}");
        facts.Add("Targets", Numbers.Count(run.TargetCount));
        facts.Add(
            "Right on average",
            ResultOf(run, content)?.Summary.TestAccuracy is { } right ? $"{Numbers.Percent(right, 1)} of the targets" : null);
        facts.Add("Engine", $"{spec.Engine}, version {spec.Version}");
        facts.Add("Folder", run.Path);
        return facts;
    }

    private static ExperimentResult? ResultOf(SubsetTraining run, ReportContent content) =>
        content.Of<ExperimentResult>().FirstOrDefault(result => result.Training.Path == run.Path);
}
