using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Report;
using Datamodels.Report.Pictures;
using Datamodels.Report.Sections;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Report;

public sealed class DatamodelReportTests : IDisposable
{
    private static readonly string[] s_all =
    [
        "data", "run", "datamodels", "predictions", "brittle", "counterfactuals", "measures", "attribution", "leaks", "embedding",
        "clusters",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TrainingData", "data")]
    [InlineData("SubsetTraining", "run")]
    [InlineData("Datamodel", "run", "datamodels")]
    [InlineData("Influencer", "datamodels")]
    [InlineData("DatamodelPrediction", "run", "predictions")]
    [InlineData("BrittleSet", "run", "brittle")]
    [InlineData("BrittleMeasure", "brittle")]
    [InlineData("Counterfactual", "run", "counterfactuals")]
    [InlineData("CounterfactualMeasure", "counterfactuals")]
    [InlineData("DatamodelMeasure", "run", "measures")]
    [InlineData("AttributionComparison", "attribution")]
    [InlineData("AttributedExample", "attribution")]
    [InlineData("LeakPair", "leaks")]
    [InlineData("EmbeddingComponent", "run", "embedding")]
    [InlineData("ComponentEffect", "run", "embedding")]
    [InlineData("DatamodelGraph", "run", "clusters")]
    [InlineData("DatamodelCluster", "run", "clusters")]
    public void There_is_a_section_for_what_there_is_and_no_other(string kind, params string[] sections)
    {
        XElement page = PageOf(ReportWorld.Everything(_folder.Path)[kind]);
        Assert.Equal(sections, SectionsOf(page));
        Check(page);
    }

    [Fact]
    public void Every_kind_that_is_taken_is_tried_here() => Assert.Equal(
        ReportContent.Kinds.Except(["ExperimentResult"]), ReportWorld.Everything(_folder.Path).Keys);

    [Theory]
    [InlineData(null)]
    [InlineData("2x3")]
    [InlineData("4x2x3")]
    public void Everything_is_one_well_formed_page_in_one_order(string? shape)
    {
        ImageShape? images = shape is null ? null : ImageShape.Parse(shape);
        object[] items = [.. ReportWorld.Everything(_folder.Path, images).SelectMany(kind => kind.Value)];
        XElement page = PageOf(items);
        Check(page);
        Assert.Equal(s_all, SectionsOf(page));
        Assert.Equal(s_all, SectionsOf(PageOf(items.Reverse())));
        Assert.Equal(shape is not null, page.Descendants("img").Any());
        Assert.Equal("Datamodels of noise <&>", page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("span"), span => span.Value == ReportWorld.Classes[0]);
        Assert.Contains(page.Descendants("span"), span => span.Value == "bell \uFFFD");
    }

    [Fact]
    public void The_same_objects_give_the_same_bytes_in_any_culture()
    {
        string first = Html();
        CultureInfo before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = other.NumberFormat.PercentDecimalSeparator = ",";
        other.NumberFormat.NumberGroupSeparator = "'";
        other.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = other;
        try
        {
            Assert.Equal(first, Html());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string Html() => HtmlOf(ReportWorld.ContentOf(
            ReportWorld.Everything(_folder.Path, new ImageShape(2, 3)).SelectMany(kind => kind.Value)));
    }

    [Fact]
    public void Influencers_are_shown_with_sign_number_and_class_the_strongest_target_first()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run"), shape: new ImageShape(2, 3)));
        XElement section = PageOf(datamodels, new ReportOptions { Top = 2 }).Descendants("section").ElementAt(1);
        Assert.Contains(
            section.Descendants("p"), note => note.Value.StartsWith("The first 2 of 6 targets, by", StringComparison.Ordinal));
        XElement[] cards = [.. section.Descendants("article")];
        Datamodel[] strongest =
        [
            .. datamodels.OrderByDescending(datamodel => datamodel.Weights.Max(Math.Abs)).ThenBy(datamodel => datamodel.Target)
                .Take(2),
        ];
        Assert.Equal(
            strongest.Select(datamodel => $"Target {datamodel.Target}"),
            cards.Select(card => card.Descendants("h3").Single().Nodes().OfType<XText>().Single().Value));
        Influencer best = Influencers.Of(strongest[0], 1)[0];
        XElement shown = cards[0].Descendants("span").First(span => span.Attribute("class")?.Value == "example helps");
        Assert.Equal(best.Weight.ToString("+0.000", CultureInfo.InvariantCulture), shown.Element("b")!.Value);
        Assert.StartsWith($"{best.Example}", shown.Element("small")!.Value, StringComparison.Ordinal);
        Assert.Equal($"Picture of training example {best.Example}", shown.Element("img")!.Attribute("alt")!.Value);
        Assert.Contains(
            cards[0].Descendants("b"),
            weight => weight.Parent!.Attribute("class")!.Value == "example hurts" && weight.Value[0] == '−');
    }

    [Fact]
    public void Leaks_have_the_pictures_of_the_datamodels_that_they_were_read_off()
    {
        var images = new ImageShape(2, 3);
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run"), shape: images));
        SubsetTraining other = ReportWorld.Run(_folder.File("self"), shape: images, set: TargetSet.Train);
        object[] pairs = [.. DataLeaks.Find(datamodels)];
        Assert.Equal(2 * pairs.Length, PicturesOf([.. pairs, .. datamodels, other]));
        Assert.Equal(2 * pairs.Length, PicturesOf([.. pairs, datamodels[0].Training]));
        Assert.Equal(0, PicturesOf(pairs));

        static int PicturesOf(object[] items) =>
            PageOf(items).Descendants("section").Last().Descendants("img").Count();
    }

    [Fact]
    public void Influencers_of_many_targets_are_looked_up_at_once()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run"), targets: 5_000));
        ReportContent content = ReportWorld.ContentOf(
            [.. datamodels, .. datamodels.SelectMany(datamodel => Influencers.Of(datamodel, 5))]);
        HtmlOf(ReportWorld.ContentOf(datamodels[..1]));
        var watch = Stopwatch.StartNew();
        HtmlOf(content);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_long_section_is_stopped_within_it()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run")));
        ReportContent content = ReportWorld.ContentOf(datamodels);
        Assert.Throws<OperationCanceledException>(() => DatamodelSection.Of(
            content, new Gallery(content.Runs()), new ReportOptions(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void What_does_not_say_its_run_is_refused_beside_several()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run")));
        SubsetTraining other = ReportWorld.Run(_folder.File("self"), set: TargetSet.Train);
        object[] influencers = [.. Influencers.Of(datamodels[0], 2)];
        object[] leaks = [.. DataLeaks.Find(datamodels)];
        object attributed = ReportWorld.Attributed(rank: 1);
        foreach (object[] items in new[] { influencers, leaks, [attributed] })
        {
            Assert.NotEmpty(HtmlOf(ReportWorld.ContentOf([.. items, datamodels[0].Training])));
            DatamodelException error = AssertRefused([.. items, datamodels[0].Training, other]);
            Assert.Contains("2 runs (run, self)", error.Message, StringComparison.Ordinal);
            Assert.Contains("export each run by itself", error.Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty(HtmlOf(ReportWorld.ContentOf([.. influencers, .. leaks, .. datamodels, other])));
        AssertRefused([attributed, .. datamodels, other]);

        static DatamodelException AssertRefused(object[] items)
        {
            var error = Assert.Throws<DatamodelException>(() => HtmlOf(ReportWorld.ContentOf(items)));
            Assert.Equal("ReportRunUnknown", error.Id);
            return error;
        }
    }

    [Fact]
    public void Influencers_and_ranked_examples_of_two_fits_are_not_mixed()
    {
        Datamodel datamodel = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run")))[0];
        Influencer influencer = Influencers.Of(datamodel, 1)[0];
        var attributed = ReportWorld.Attributed(rank: 1);
        Assert.Equal(
            HtmlOf(ReportWorld.ContentOf([influencer, attributed])),
            HtmlOf(ReportWorld.ContentOf([influencer, attributed, influencer with { }, attributed with { }])));
        foreach (object[] items in new object[][]
        {
            [influencer, influencer with { Weight = influencer.Weight / 2 }],
            [attributed, attributed with { Example = attributed.Example + 1 }],
        })
        {
            Assert.Equal(
                "ReportRunUnknown", Assert.Throws<DatamodelException>(() => HtmlOf(ReportWorld.ContentOf(items))).Id);
        }
    }

    [Fact]
    public void What_was_found_of_two_runs_is_told_apart()
    {
        Datamodel[] one = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("one")));
        Datamodel[] two = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("two"), targets: 5), scale: 2);
        object[] Of(Datamodel[] datamodels) =>
        [
            .. datamodels, .. ReportWorld.Sets(datamodels), .. ReportWorld.Counterfactuals(datamodels),
            .. ReportWorld.Measures(datamodels), .. DataLeaks.Find(datamodels), .. EmbeddingComponents.Of(datamodels, 3),
        ];
        XElement page = PageOf([.. Of(one), .. Of(two)]);
        Check(page);
        string[] both = ["one", "two"];
        Assert.All(
            new[] { "run", "brittle", "measures", "leaks", "embedding" }, id => Assert.Equal(both, HeadingsOf(id)));
        Assert.Equal(
            ["removed, k (one)|6", "removed, k (two)|5"],
            RowsOf(SectionOf("brittle").Descendants("table").First())
                .Select(row => string.Join('|', row.Elements().Take(2).Select(cell => cell.Value))));
        Assert.All(both.Zip(HeadingsOf("datamodels")), pair => Assert.EndsWith(
            $"({pair.First})", pair.Second, StringComparison.Ordinal));
        Assert.Equal(
            both,
            RowsOf(SectionOf("counterfactuals").Descendants("table").Single())
                .Select(row => Regex.Match(row.Elements().ElementAt(1).Value, @"\((\w+)\)$").Groups[1].Value).Distinct());

        XElement SectionOf(string id) =>
            page.Descendants("section").Single(section => section.Attribute("id")!.Value == id);

        IEnumerable<string> HeadingsOf(string id) => SectionOf(id).Elements("h3").Select(heading => heading.Value);
    }

    [Fact]
    public void A_verified_set_stands_for_the_same_set_as_it_was_found()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run")));
        BrittleSet[] verified = ReportWorld.Sets(datamodels);
        BrittleSet[] found = [.. datamodels.Select(datamodel => BrittleFinder.Find(datamodel))];
        string page = HtmlOf(ReportWorld.ContentOf(verified));
        Assert.Equal(page, HtmlOf(ReportWorld.ContentOf([.. found, .. verified])));
        Assert.Equal(page, HtmlOf(ReportWorld.ContentOf([.. verified, .. found, .. verified.Select(set => set with { })])));
        Assert.NotEqual(page, HtmlOf(ReportWorld.ContentOf(found)));
    }

    [Fact]
    public void Sets_are_counted_by_what_is_known_of_them()
    {
        BrittleSet[] sets = ReportWorld.Sets(ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run"))));
        BrittleMeasure measure = Assert.Single(BrittleMeasure.Of(sets));
        XElement section = PageOf(sets).Descendants("section").Last();
        string[] totals = [.. RowsOf(section.Descendants("table").First()).Single().Elements().Select(cell => cell.Value)];
        Assert.Equal("removed, k", totals[0]);
        Assert.Equal($"{measure.Targets}", totals[1]);
        Assert.Equal($"{measure.Flipped}", totals[2]);
        Assert.Equal($"{measure.NotFlipped}", totals[3]);
        Assert.Equal(
            Enumerable.Repeat("flipped", measure.Flipped).Concat(Enumerable.Repeat("not flipped", measure.NotFlipped)),
            RowsOf(section.Descendants("table").Last()).Select(row => row.Elements().ElementAt(1).Value));
    }

    [Fact]
    public void Predictions_are_shown_by_how_much_they_change()
    {
        Datamodel[] datamodels = ReportWorld.Datamodels(ReportWorld.Run(_folder.File("run")));
        DatamodelPrediction[] predictions =
        [
            .. datamodels.SelectMany(datamodel => DatamodelPrediction.Of(
                datamodel, [SubsetSelection.Without([1, 2, 3]), SubsetSelection.Without([])])),
        ];
        XElement section = PageOf(predictions, new ReportOptions { Top = 3 }).Descendants("section").Last();
        Assert.Equal(
            predictions.OrderByDescending(prediction => Math.Abs(prediction.Change)).Take(3).Select(prediction =>
                FormattableString.Invariant($"{prediction.Target}{prediction.Label}|0|21|{prediction.PredictedMargin:F3}")
                    .Replace('-', '−').Replace('\a', '\uFFFD')),
            RowsOf(section).Select(row => string.Join(
                '|', new[] { 0, 1, 2, 4 }.Select(column => row.Elements().ElementAt(column).Value))));
    }

    [Fact]
    public void A_graph_is_summed_up_once_with_or_without_its_clusters()
    {
        DatamodelGraph graph = DatamodelGraph.Of(
            ReportWorld.Datamodels(ReportWorld.Run(_folder.File("self"), set: TargetSet.Train)),
            cancellation: TestContext.Current.CancellationToken);
        object[] clusters =
            [.. DatamodelClusters.Of(graph, count: 3, cancellation: TestContext.Current.CancellationToken)];
        string summary = $"{graph.VertexCount} training examples, {graph.EdgeCount} edges";
        foreach (object[] items in new[] { [graph], clusters, [graph, .. clusters] })
        {
            Assert.Single(PageOf(items).Descendants("dd"), fact => fact.Value == summary);
        }
    }

    [Fact]
    public void Objects_are_taken_once_and_strange_ones_not_at_all()
    {
        var content = new ReportContent();
        SubsetTraining run = ReportWorld.Run(_folder.File("run"));
        content.Add(run);
        content.Add(run);
        Assert.Equal(1, content.Count);
        var error = Assert.Throws<DatamodelException>(() => content.Add(run.Spec.Learner));
        Assert.Equal("ReportKindUnknown", error.Id);
        Assert.Contains(
            "NetworkLearner; it takes TrainingData, SubsetTraining, Datamodel,", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, content.Count);
    }

    [Fact]
    public void A_report_of_nothing_is_refused_and_nothing_is_left_behind()
    {
        string path = _folder.File("report.html");
        AssertRefused("ReportEmpty", new ReportContent(), new ReportOptions());
        ReportContent content = ReportWorld.ContentOf([ReportWorld.Run(_folder.File("run"))]);
        AssertRefused("TopOutOfRange", content, new ReportOptions { Top = 0 });
        Assert.Throws<OperationCanceledException>(
            () => DatamodelReport.Write(path, content, cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(["run"], Directory.GetFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)));
        DatamodelReport.Write(path, content, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetBytes(HtmlOf(content)), File.ReadAllBytes(path));

        void AssertRefused(string id, ReportContent content, ReportOptions options) =>
            Assert.Equal(id, Assert.Throws<DatamodelException>(
                () => DatamodelReport.Write(path, content, options, TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public void Ten_thousand_targets_of_colour_noise_stay_below_two_megabytes()
    {
        // Noise cannot be compressed: no pictures of this size take more.
        SubsetTraining run = ReportWorld.Run(_folder.File("run"), targets: 10_000, shape: new ImageShape(32, 32, 3));
        Datamodel[] datamodels = ReportWorld.Datamodels(run);
        BrittleSet[] sets = ReportWorld.Sets(datamodels);
        string html = HtmlOf(ReportWorld.ContentOf(
        [
            .. datamodels, .. sets, .. ReportWorld.Counterfactuals(datamodels), .. DataLeaks.Find(datamodels),
            .. EmbeddingComponents.Of(datamodels[..300], 10, cancellation: TestContext.Current.CancellationToken),
            .. ReportWorld.Measures(datamodels), .. ReportWorld.Comparisons(),
        ]));
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 500_000, 2_000_000);
        Assert.Contains("The first 20 of 10,000 targets", html, StringComparison.Ordinal);
        Assert.Contains("The first 20 of 10,000 pairs", html, StringComparison.Ordinal);
        Assert.Contains("Of 30,000 points, 2,001 are drawn.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_have_contrast_in_the_light_in_the_dark_and_on_paper()
    {
        string css = PageOf([ReportWorld.Run(_folder.File("run"))]).Descendants("style").Single().Value;
        Match[] themes = [.. Regex.Matches(css, @":root \{[^}]*\}").OfType<Match>()];
        Assert.Equal(3, themes.Length);
        foreach (Match theme in themes)
        {
            Dictionary<string, string> colours = Regex.Matches(theme.Value, "--(\\w+): (#[0-9a-f]{6});")
                .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
            foreach (string ground in new[] { "paper", "card" })
            {
                // WCAG 2.2: 4.5 for text, of which the weights have colours 0 and 1, and 3 for graphics.
                foreach (string text in new[] { "ink", "quiet", "link", "c0", "c1" })
                {
                    Assert.True(Contrast(colours[text], colours[ground]) >= 4.5, $"{text} on {ground}: {theme.Value}");
                }
            }

            foreach (string series in colours.Keys.Where(name => name[0] == 'c' && name != "card"))
            {
                Assert.True(Contrast(colours[series], colours["paper"]) >= 3, $"{series}: {theme.Value}");
            }
        }
    }

    private static XElement PageOf(IEnumerable<object> items, ReportOptions? options = null) =>
        XDocument.Parse(HtmlOf(ReportWorld.ContentOf(items), options)).Root!;

    private static string HtmlOf(ReportContent content, ReportOptions? options = null) =>
        DatamodelReport.ToHtml(content, options, TestContext.Current.CancellationToken);

    private static IEnumerable<string> SectionsOf(XElement page) =>
        page.Descendants("section").Select(section => section.Attribute("id")!.Value);

    private static IEnumerable<XElement> RowsOf(XElement table) => table.Descendants("tbody").Elements("tr");

    // What a page has to keep to that the elements do not by themselves.
    private static void Check(XElement page)
    {
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a").Attributes("href"), href => Assert.Contains(href.Value[1..], ids));

        int level = 0;
        foreach (XElement heading in page.Descendants().Where(element => Regex.IsMatch(element.Name.LocalName, "^h[1-6]$")))
        {
            int next = heading.Name.LocalName[1] - '0';
            Assert.True(next <= level + 1, $"{heading} follows a heading of level {level}.");
            level = next;
        }

        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("img"), img =>
        {
            Assert.StartsWith("data:image/png;base64,", img.Attribute("src")!.Value, StringComparison.Ordinal);
            Assert.NotEmpty(img.Attribute("alt")!.Value);
        });
        Assert.All(page.Descendants("svg"), svg => Assert.True(
            svg.Attribute("aria-hidden")?.Value == "true"
            || (svg.Attribute("role")?.Value == "img"
                && svg.Elements().First() is { Name.LocalName: "title", Value.Length: > 0 })));
        Assert.All(page.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), th => Assert.Contains(th.Attribute("scope")!.Value, new[] { "col", "row" }));
        foreach (XElement table in page.Descendants("table"))
        {
            int columns = table.Descendants("thead").Descendants("th").Count();
            Assert.All(RowsOf(table), row => Assert.Equal(columns, row.Elements().Count()));
        }

        Assert.DoesNotContain(
            page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object");
        Assert.DoesNotContain(
            page.Descendants().Attributes(), attribute => attribute.Value.Contains("://", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"[<>&]|url\(|@import|@font-face", page.Descendants("style").Single().Value);
        Assert.DoesNotContain(
            page.Descendants("path").Attributes("d"), path => path.Value.Contains("NaN", StringComparison.Ordinal));
    }

    private static double Contrast(string one, string other)
    {
        double[] lights = [.. new[] { one, other }.Select(Luminance).Order()];
        return (lights[1] + 0.05) / (lights[0] + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] linear = [.. Enumerable.Range(0, 3).Select(i =>
        {
            double value = Convert.ToInt32(colour.Substring(1 + (2 * i), 2), 16) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        })];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }
}
