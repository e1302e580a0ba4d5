using System.Globalization;
using Datamodels.Attribution;
using Datamodels.Experiments;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Runs;
using Spectre.Console;

namespace Datamodels.Worker;

/// <summary>Shows the result of an experiment as a few tables.</summary>
internal static class ResultReport
{
    private const int TargetsShown = 8;
    private const int InfluencersShown = 3;

    public static void Write(ExperimentResult result, IAnsiConsole console)
    {
        ExperimentSummary summary = result.Summary;
        console.WriteLine();
        console.Write(Run(result));
        console.Write(InfluencerTable(result));
        foreach ((BrittleMode mode, BrittleSummary? brittle) in
            new[] { (BrittleMode.Remove, summary.Brittle), (BrittleMode.Flip, summary.BrittleFlip) })
        {
            if (brittle is not null)
            {
                console.Write(BrittleTable(result, mode));
                console.Write(BrittleTotals(brittle, mode));
            }
        }

        if (result.Measures.Count > 0)
        {
            console.Write(HeldOutTable(result.Measures));
        }

        ExperimentSeconds seconds = summary.Seconds;
        console.WriteLine(
            Invariant($"{seconds.Total:0.0} s in all: training {seconds.Training:0.0}, fit {seconds.Fit:0.0}, ")
            + Invariant($"brittle sets {seconds.Brittle:0.0}, held out {seconds.HeldOut:0.0}; {summary.Threads} threads."));
        console.WriteLine($"Everything is in {result.Experiment.Output}; summary.json has the figures.");
    }

    /// <summary>Shows what of a shard of several runs is done, and of the runs.</summary>
    public static void Write(IReadOnlyList<SubsetTraining> runs, IAnsiConsole console)
    {
        Table table = NewTable($"Models of shard {runs[0].Shard}", "alpha", "of the shard", "in all", "folder");
        foreach (SubsetTraining run in runs)
        {
            Row(
                table, Invariant($"{run.Spec.Plan.Alpha}"),
                Invariant($"{run.ShardCompletedCount:N0} of {run.ShardModelCount:N0}"),
                Invariant($"{run.CompletedCount:N0} of {run.ModelCount:N0}"), run.Path);
        }

        console.WriteLine();
        console.Write(table);
    }

    /// <summary>Says what was trained of a run, or of a shard of it.</summary>
    public static void Write(SubsetTraining run, TrainingReport report, IAnsiConsole console)
    {
        string title = run.Shard is null ? "Models" : $"Models of shard {run.Shard}";
        Table table = NewTable(title, "trained now", "done", "in all", "folder");
        Row(
            table, Invariant($"{report.Trained:N0}"), Invariant($"{run.ShardCompletedCount:N0} of {run.ShardModelCount:N0}"),
            Invariant($"{run.CompletedCount:N0} of {run.ModelCount:N0}"), run.Path);
        console.WriteLine();
        console.Write(table);
    }

    private static Table Run(ExperimentResult result)
    {
        ExperimentSummary summary = result.Summary;
        Table table = NewTable("Models and fit", "", "");
        table.HideHeaders();
        Row(table, "data", result.Training.Data.ToString());
        Row(table, "learner", result.Experiment.Learner.ToString());
        Row(table, "plan", result.Experiment.Plan.ToString());
        Row(table, "models", summary.ModelsPerSecond is { } rate
            ? Invariant($"{summary.Models:N0}, of which {summary.ModelsTrained:N0} trained now at {rate:N0} a second")
            : Invariant($"{summary.Models:N0}, all of them trained before"));
        if (summary.ModelsDamaged > 0)
        {
            Row(table, "damaged", Invariant($"{summary.ModelsDamaged:N0} rows did not match their checksums; trained again"));
        }

        if (summary.TestAccuracy is { } accuracy)
        {
            Row(table, "accuracy", Invariant($"{accuracy:0.0%} of the targets on average"));
        }

        Row(table, "datamodels", Invariant($"{result.Datamodels.Count:N0} targets in {summary.Seconds.Fit:0.0} s, ")
            + Invariant($"{summary.NonzeroWeights:N0} weights each on average")
            + (summary.TargetsNotFitted == 0 ? "" : Invariant($"; {summary.TargetsNotFitted:N0} could not be fitted")));
        if (summary.HeldOutR2 is { } r2)
        {
            Row(table, "held-out R2", Invariant($"{r2:0.000} against single models, on average"));
        }

        string? certificate = summary switch
        {
            { WorstDualityGap: { } gap } => Invariant($"relative duality gap at most {gap:0.0e+0}"),
            { WorstKktResidual: { } residual } => Invariant($"KKT residual at most {residual:0.0e+0}"),
            _ => null,
        };
        if (certificate is not null)
        {
            Row(table, "certificate", certificate + (summary.NotConverged == 0
                ? ""
                : Invariant($"; {summary.NotConverged} targets did not reach the tolerance")));
        }

        return table;
    }

    private static Table InfluencerTable(ExperimentResult result)
    {
        Table table = NewTable(
            "Influencers of the first targets: training example (its class) and weight",
            "target", "class", "help most", "hurt most");
        foreach (Datamodel datamodel in result.Datamodels.Take(TargetsShown))
        {
            Influencer[] own = [.. result.Influencers.Where(influencer => influencer.Target == datamodel.Target)];
            Row(
                table, Invariant($"{datamodel.Target}"), datamodel.Label, Few(own.Where(influencer => influencer.Weight > 0)),
                Few(own.Where(influencer => influencer.Weight < 0)));
        }

        return table;

        static string Few(IEnumerable<Influencer> influencers) => string.Join(
            "  ",
            influencers.Take(InfluencersShown)
                .Select(i => Invariant($"{i.Example} ({i.ExampleLabel}) {i.Weight:+0.00;-0.00;0.00}")));
    }

    private static Table BrittleTable(ExperimentResult result, BrittleMode mode)
    {
        BrittleStudy study = result.Experiment.Brittle!;
        (string verb, string with) = mode == BrittleMode.Remove ? ("remove", "without") : ("relabel", "with");
        Table table = NewTable(
            $"Most brittle targets: k examples to {verb}, mean margin after retraining",
            [
                "target", "class", "k", "all of S", .. study.SizeFactors.Select(factor => $"{with} {Multiple(factor)}"),
                .. study.Search ? new[] { $"{with} the least" } : [],
            ]);
        IEnumerable<IGrouping<int, BrittleSet>> most = result.BrittleSets
            .Where(set => set.Mode == mode && set.PredictedSize > 0).GroupBy(set => set.Target)
            .OrderBy(sets => sets.First().PredictedSize).Take(TargetsShown);
        foreach (IGrouping<int, BrittleSet> sets in most)
        {
            BrittleSet first = sets.First();
            Row(
                table,
                [
                    Invariant($"{first.Target}"), first.Label, Invariant($"{first.PredictedSize}"),
                    Invariant($"{first.ControlMargin:0.00}"), .. sets.Select(Verdict),
                ]);
        }

        return table;

        static string Verdict(BrittleSet set) => (set.SizeFactor is null ? Invariant($"{set.Size}: ") : "")
            + Invariant($"{set.RetrainedMargin:0.00} ± {set.RetrainedError:0.00}") + (set.Flipped == true ? " flipped" : "");
    }

    private static Table BrittleTotals(BrittleSummary brittle, BrittleMode mode)
    {
        string change = mode == BrittleMode.Remove ? "removal" : "relabelling";
        Table table = NewTable($"Brittleness in all, by {change}", "", "");
        table.HideHeaders();
        Row(table, "targets", Invariant($"{brittle.Targets}: {brittle.WithSet} with a set, {brittle.NoSet} without any, ")
            + Invariant($"{brittle.AlreadyWrong} predicted wrong already"));
        Row(table, "median k", brittle.MedianSize is { } median ? Invariant($"{median}") : "none");
        foreach (FlippedFraction flipped in brittle.Flipped)
        {
            Row(table, $"flipped at {Multiple(flipped.SizeFactor)}", flipped.Fraction is { } fraction
                ? Invariant($"{fraction:0.0%} of the {brittle.WithSet} with a set, by the mean of {brittle.Retrainings} models")
                : "none");
        }

        if (brittle.Search is { } search)
        {
            Row(
                table, "search",
                Invariant($"{search.Verified} of the {brittle.WithSet} with a set flip, ")
                + Invariant($"{search.VerifiedWithoutSet} of the {brittle.NoSet} without any; ")
                + (search.MedianSize is { } least ? Invariant($"median {least}") : "no median"));
        }

        Row(
            table, "control",
            Invariant($"{brittle.ControlWrong} of the {brittle.WithSet} are wrong after training on all of S too"));
        return table;
    }

    private static Table HeldOutTable(IReadOnlyList<DatamodelMeasure> measures)
    {
        Table table = NewTable("Scores on held-out subsets", "alpha", "subsets", "retrainings", "LDS", "ceiling", "R2");
        foreach (DatamodelMeasure measure in measures)
        {
            Row(
                table, Invariant($"{measure.Alpha}"), Invariant($"{measure.SubsetCount}"),
                Invariant($"{measure.RetrainingCount}"),
                Invariant($"{measure.Lds:0.000}") + (measure.LdsError is { } error ? Invariant($" ± {error:0.000}") : ""),
                measure.LdsCeiling is { } ceiling ? Invariant($"{ceiling:0.000}") : "", Invariant($"{measure.R2:0.000}"));
        }

        return table;
    }

    private static string Multiple(double sizeFactor) => sizeFactor == 1 ? "k" : Invariant($"{sizeFactor} k");

    private static Table NewTable(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(title)) };
        foreach (string column in columns)
        {
            table.AddColumn(Markup.Escape(column));
        }

        return table;
    }

    /// <summary>Adds cells as they are: class names may hold what Spectre reads as markup.</summary>
    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
