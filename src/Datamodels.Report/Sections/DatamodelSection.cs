using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;

namespace Datamodels.Report.Sections;

/// <summary>The datamodels, fit by fit, and the influencers of some targets.</summary>
internal static class DatamodelSection
{
    private const int InfluencersShown = 5;

    public static Section? Of(
        ReportContent content, Gallery gallery, ReportOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<Datamodel> datamodels = content.Of<Datamodel>();
        IReadOnlyList<Influencer> influencers = content.Of<Influencer>();
        if (datamodels.Count + influencers.Count == 0)
        {
            return null;
        }

        var section = new Section(
            "datamodels", "Datamodels and influencers",
            "For each target, a bias and the weights of the training examples that matter: their sum over a subset predicts what "
            + "models trained on it give for the target. A weight is by how much an example's presence raises (+, it helps) or "
            + "lowers (−, it hurts) that, in units of the run's output; weights are verified by R2 on models held out from the "
            + "fit, and by a certificate of how near the optimum they are.");
        IGrouping<(string, OutputKind, FitOptions), Datamodel>[] fits =
            [.. datamodels.GroupBy(datamodel => (datamodel.Training.Path, datamodel.Output, datamodel.Options))];
        foreach (IGrouping<(string, OutputKind, FitOptions), Datamodel> fit in fits)
        {
            if (fits.Length > 1)
            {
                Datamodel first = fit.First();
                section.AddHeading(
                    $"{first.Method} of {Units.NameOf(first.Output)} on {Numbers.Count(first.ModelCount, "model")} "
                    + $"at alpha {Numbers.Short(first.Training.Spec.Plan.Alpha)}{gallery.SuffixOf(first.Training)}");
            }

            AddFit(section, [.. fit], gallery.Of(fit.First().Training), options.Top, cancellation);
        }

        // Those of datamodels that are here are shown with them.
        Influencer[] others = [.. influencers.Distinct().Where(influencer =>
        {
            cancellation.ThrowIfCancellationRequested();
            return content.DatamodelWith(influencer.Target, influencer.Example, influencer.Weight) is null;
        })];
        if (others.Length == 0)
        {
            return section;
        }

        Ranks.RequireOneFit(others, influencer => (influencer.Target, influencer.Weight > 0, influencer.Rank));
        AddTargets(
            section,
            [
                .. others.GroupBy(influencer => influencer.Target)
                    .Select(target => new Subject(target.Key, target.First().TargetLabel, null, [.. target])),
            ],
            gallery.Of(gallery.Only(others[0], "give the datamodels that it was read off, too, or export each run by itself")),
            options.Top);
        return section;
    }

    private static void AddFit(
        Section section, IReadOnlyList<Datamodel> fit, RunPictures pictures, int top, CancellationToken cancellation)
    {
        double[] r2 = [.. fit.Select(datamodel => datamodel.HeldOutR2).OfType<double>()];
        double[] counts = [.. fit.Select(datamodel => (double)datamodel.NonzeroCount)];
        int stuck = fit.Count(datamodel => !datamodel.Converged);
        Datamodel first = fit[0];
        var facts = new Facts();
        facts.Add("Targets", Numbers.Count(fit.Count));
        facts.Add("Fitted by", $"{first.Method}, on {Numbers.Count(first.ModelCount, "model")}");
        facts.Add("Held-out R2", r2.Length == 0 ? null : $"{Numbers.Fixed(r2.Average())} on average, against single models");
        facts.Add("Weights", $"{Numbers.Fixed(counts.Average(), 0)} of {Numbers.Count(first.Training.TrainCount)} on average");
        facts.Add("Certificate", CertificateOf(fit) + (stuck == 0
            ? "; every fit reached its tolerance"
            : $"; {Numbers.Count(stuck, "fit")} did not reach the tolerance"));
        section.Add(facts.ToHtml());
        section.Add(Markup.Classed(
            "div", "charts",
            r2.Length == 0
                ? null
                : Histogram.Of("Held-out R2 of the targets, against single models.", "held-out R2", "target", r2),
            Histogram.Of(
                "Weights other than 0 of the targets.", "training examples with a weight", "target", counts, whole: true)));

        AddTargets(
            section,
            [
                .. fit.Select(datamodel =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    return new Subject(
                        datamodel.Target, datamodel.Label, FiguresOf(datamodel), Influencers.Of(datamodel, InfluencersShown));
                }),
            ],
            pictures, top);
    }

    private static void AddTargets(Section section, IReadOnlyList<Subject> targets, RunPictures pictures, int top)
    {
        if (targets.Count == 0)
        {
            return;
        }

        Selection<Subject> chosen = Selection<Subject>.Of(
            [.. targets.OrderByDescending(target => target.LargestWeight).ThenBy(target => target.Target)], top, "target",
            "by their largest weight on one training example");
        section.AddNote(chosen.Said + (pictures.Any
            ? " Below each picture: its weight, its number and its class; dark is the lowest value in the training set."
            : " Below each weight: the training example's number and class."));
        section.Add(Markup.Classed("div", "cards", chosen.Items.Select(target => new XElement(
            "article",
            Markup.Classed(
                "div", "subject", pictures.TargetPicture(target.Target),
                new XElement(
                    "div", RunPictures.Heading(target.Target, target.Label),
                    target.Figures is null ? null : Markup.Classed("p", "figures", target.Figures))),
            Row("helps", target.Influencers.Where(influencer => influencer.Weight > 0), pictures),
            Row("hurts", target.Influencers.Where(influencer => influencer.Weight < 0), pictures)))));
    }

    private static XElement? Row(string name, IEnumerable<Influencer> influencers, RunPictures pictures)
    {
        Influencer[] first = [.. influencers.OrderBy(influencer => influencer.Rank).Take(InfluencersShown)];
        return first.Length == 0 ? null : RunPictures.NamedRow(
            name, first.Select(influencer => pictures.Example(influencer.Example, influencer.ExampleLabel, influencer.Weight)));
    }

    private static string FiguresOf(Datamodel datamodel) =>
        $"{Numbers.Fixed(datamodel.FullMargin)} predicted with all examples"
        + (datamodel.HeldOutR2 is { } r2 ? $"; held-out R2 {Numbers.Fixed(r2)}" : "")
        + $"; {Numbers.Count(datamodel.NonzeroCount, "weight")}";

    private static string CertificateOf(IReadOnlyList<Datamodel> fit) =>
        fit.Max(datamodel => datamodel.DualityGap) is { } gap ? $"relative duality gap at most {Numbers.Tiny(gap)}"
        : fit.Max(datamodel => datamodel.KktResidual) is { } residual ? $"KKT residual at most {Numbers.Tiny(residual)}"
        : "none, the method solves no problem";

    /// <summary>What is shown of one target.</summary>
    private sealed record Subject(int Target, string Label, string? Figures, IReadOnlyList<Influencer> Influencers)
    {
        public double LargestWeight => Influencers.Select(influencer => Math.Abs(influencer.Weight)).DefaultIfEmpty().Max();
    }
}
