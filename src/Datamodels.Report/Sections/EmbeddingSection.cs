using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>Principal components of the datamodels, and what their ends are.</summary>
internal static class EmbeddingSection
{
    private const int EndsShown = 3;
    private const int ExamplesShown = 4;

    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        IReadOnlyList<ComponentEffect> effects = content.Of<ComponentEffect>();
        EmbeddingComponent[] components = [.. content.Of<EmbeddingComponent>()];
        if (effects.Count + components.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "embedding", "What predictions depend on together",
            "The weights of each target, scaled to length 1, on their principal components: targets near each other depend on "
            + "the same training examples. Coordinates have no unit; "
            + (effects.Count == 0
                ? "what the ends stand for has not been checked by retraining."
                : "what the ends stand for is checked by removing their training examples and retraining."));
        foreach (IGrouping<DatamodelEmbedding, EmbeddingComponent> embedding in components.GroupBy(
            component => component.Embedding, ReferenceEqualityComparer.Instance as IEqualityComparer<DatamodelEmbedding>))
        {
            EmbeddingComponent[] own = [.. embedding.OrderBy(component => component.Component)];
            section.AddHeading(gallery.NameOf(embedding.Key.Training));
            section.Add(Markup.Classed("div", "charts", Charts(embedding.Key)));
            section.Add(Components(embedding.Key, own));
            AddEnds(section, own, gallery.Of(embedding.Key.Training));
        }

        foreach ((SubsetTraining? run, IReadOnlyList<ComponentEffect> own) in gallery.ByRun(
            effects, effect => effect.EmbeddingComponent.Embedding.Training))
        {
            section.Add(Effects(own, gallery.SuffixOf(run), options.Top));
        }

        return section;
    }

    private static IEnumerable<XElement> Charts(DatamodelEmbedding embedding)
    {
        yield return LineChart.Of(
            $"Variance explained by the first components; effective rank {Numbers.Fixed(embedding.Variance.EffectiveRank, 1)}"
            + (embedding.Representation is { } other ? $", of the representation {Numbers.Fixed(other.EffectiveRank, 1)}." : "."),
            "components", "cumulative fraction of the variance",
            [
                CurveOf("datamodels", embedding.Variance),
                .. embedding.Representation is { } beside ? new[] { CurveOf("penultimate representation", beside) } : [],
            ]);
        if (embedding.Variance.Explained.Count > 1)
        {
            yield return ScatterChart.Of(
                $"{Numbers.Count(embedding.Points.Count, "target")} on the first two components, by class.",
                "component 1", "component 2", CloudsOf(embedding));
        }
    }

    // The commonest classes have a look of their own each; beyond them there are no more.
    private static Cloud[] CloudsOf(DatamodelEmbedding embedding)
    {
        string[] classes =
        [
            .. embedding.Points.GroupBy(point => point.Label).OrderByDescending(label => label.Count())
                .ThenBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Key),
        ];
        HashSet<string> own = [.. classes.Take(classes.Length > Plot.Looks ? Plot.Looks - 1 : Plot.Looks)];
        return
        [
            .. from point in embedding.Points
               group point by own.Contains(point.Label) ? point.Label : null into label
               orderby label.Key is null, label.Key?.Length, label.Key
               select new Cloud(
                   label.Key ?? "other classes", [.. label.Select(point => (point.Coordinates[0], point.Coordinates[1]))]),
        ];
    }

    private static Curve CurveOf(string name, VarianceSpectrum spectrum)
    {
        double sum = 0;
        return new Curve(name, [.. spectrum.Explained.Select((explained, i) => new CurvePoint(i + 1, sum += explained))]);
    }

    private static XElement Components(DatamodelEmbedding embedding, IReadOnlyList<EmbeddingComponent> components)
    {
        bool beside = embedding.Representation is not null;
        Column[] columns = [new("Component"), new("Variance"), new("Cumulative"), new("Representation")];
        var table = new Table("Variance of the embedding on each component", columns[..(beside ? 4 : 3)]);
        foreach (EmbeddingComponent component in components)
        {
            table.Add(
                Numbers.Count(component.Component), Numbers.Percent(component.ExplainedVariance, 1),
                Numbers.Percent(component.CumulativeVariance, 1), Numbers.Percent(component.RepresentationCumulativeVariance, 1));
        }

        return table.ToHtml();
    }

    private static void AddEnds(Section section, IReadOnlyList<EmbeddingComponent> components, RunPictures pictures)
    {
        DatamodelEmbedding embedding = components[0].Embedding;
        Dictionary<int, string> labels = embedding.Points.ToDictionary(point => point.Target, point => point.Label);
        SubsetTraining run = embedding.Training;
        section.AddNote(
            (components.Count > EndsShown
                ? $"The two ends of the first {EndsShown} of {components.Count} components: "
                : "The two ends of each component: ")
            + "the targets furthest out, and the training examples with the largest loadings, which help them.");
        section.Add(Markup.Classed("div", "cards", components.Take(EndsShown).SelectMany(component => new[]
        {
            End(component, "+", component.PositiveTargets, component.PositiveExamples),
            End(component, "−", component.NegativeTargets, component.NegativeExamples),
        })));

        XElement End(EmbeddingComponent component, string sign, IEnumerable<int> targets, IEnumerable<int> examples) => new(
            "article",
            new XElement("h3", $"Component {component.Component}, {sign} end"),
            RunPictures.NamedRow("targets", targets.Take(ExamplesShown)
                .Select(target => pictures.Target(target, labels[target]))),
            RunPictures.NamedRow("trained on", examples.Take(ExamplesShown)
                .Select(example => pictures.Example(example, run.ExampleLabel(example)))));
    }

    private static XElement Effects(IReadOnlyList<ComponentEffect> effects, string run, int top)
    {
        var table = new Table(
            $"What the targets at an end lose without its training examples, by retraining, in units of margin{run}",
            Column.OfText("End"), new Column("Removed"), new Column("Loss there"), new Column("Loss elsewhere"),
            new Column("Difference"), new Column("Predicted"), new Column("Retrainings"));
        foreach (ComponentEffect effect in effects.OrderBy(effect => effect.Component).ThenBy(effect => effect.End).Take(top))
        {
            table.Add(
                $"component {effect.Component}, {(effect.End == ComponentEnd.Positive ? "+" : "−")}", Numbers.Count(effect.Size),
                Numbers.Fixed(effect.EndDrop), Numbers.Fixed(effect.OtherDrop),
                Numbers.WithError(effect.Difference, effect.DifferenceError), Numbers.Fixed(effect.PredictedDifference),
                Numbers.Count(effect.RetrainingCount));
        }

        return table.ToHtml();
    }
}
