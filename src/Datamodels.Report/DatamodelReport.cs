using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Datamodels.IO;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Report.Sections;

namespace Datamodels.Report;

/// <summary>
/// Writes what was found of a run as one HTML page: no scripts, nothing loaded from elsewhere, readable on a screen of any width,
/// light or dark, and on paper. The same objects give the same bytes.
/// </summary>
public static class DatamodelReport
{
    private static readonly Func<ReportContent, Gallery, ReportOptions, CancellationToken, Section?>[] s_sections =
    [
        (content, _, _, _) => DataSection.Of(content),
        (content, gallery, _, _) => RunSection.Of(content, gallery),
        DatamodelSection.Of,
        (content, gallery, options, _) => PredictionSection.Of(content, gallery, options),
        (content, gallery, options, _) => BrittleSection.Of(content, gallery, options),
        (content, gallery, _, _) => CounterfactualSection.Of(content, gallery),
        (content, gallery, _, _) => MeasureSection.Of(content, gallery),
        (content, gallery, options, _) => AttributionSection.Of(content, gallery, options),
        (content, gallery, options, _) => LeakSection.Of(content, gallery, options),
        (content, gallery, options, _) => EmbeddingSection.Of(content, gallery, options),
        (content, gallery, options, _) => ClusterSection.Of(content, gallery, options),
    ];

    /// <summary>Writes the report; the file is there whole or not at all, and one of that name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="options">What it is to look like.</param>
    /// <param name="cancellation">Stops; nothing is written then.</param>
    /// <exception cref="DatamodelException">
    /// There is nothing to report; <see cref="ReportOptions.Top"/> is under 1; the data of a run cannot be read again; a target
    /// has several brittle sets of one kind; there are several runs, and nothing says which of them an object is of; or the file
    /// cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static void Write(
        string path, ReportContent content, ReportOptions? options = null, CancellationToken cancellation = default)
    {
        byte[] page = Encoding.UTF8.GetBytes(ToHtml(content, options, cancellation));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The report as text; it is well-formed XML, too.</summary>
    /// <inheritdoc cref="Write"/>
    internal static string ToHtml(
        ReportContent content, ReportOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ReportOptions();
        options.Validate();
        if (content.Count == 0)
        {
            throw new DatamodelException(
                "ReportEmpty", ErrorKind.InvalidArgument,
                $"There is nothing to report; give at least one of {string.Join(", ", ReportContent.Kinds)}.");
        }

        var gallery = new Gallery(content.Runs());
        var sections = new List<Section>();
        foreach (Func<ReportContent, Gallery, ReportOptions, CancellationToken, Section?> make in s_sections)
        {
            cancellation.ThrowIfCancellationRequested();
            if (make(content, gallery, options, cancellation) is Section section)
            {
                sections.Add(section);
            }
        }

        return Markup.Render(Page(options.Title ?? TitleOf(content), sections));
    }

    private static string TitleOf(ReportContent content) => content.Runs() switch
    {
        [var run, ..] when run.Spec.ClassCount > 0 => $"Datamodels of {run.Data.Name}",
        _ => "Datamodels",
    };

    private static XElement Page(string title, IReadOnlyList<Section> sections)
    {
        string version = typeof(DatamodelReport).Assembly.GetName().Version!.ToString(3);
        return new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement(
                    "meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("meta", new XAttribute("name", "generator"), new XAttribute("content", $"Datamodels {version}")),
                new XElement("title", title),
                new XElement("style", Style())),
            new XElement(
                "body",
                new XElement(
                    "header",
                    new XElement("h1", title),
                    new XElement(
                        "p", new XAttribute("class", "lead"),
                        "Which training examples drive a model's predictions, as datamodels tell it: sparse linear functions ",
                        "from which examples a model is trained on to what it predicts.")),
                sections.Count < 2 ? null : Contents(sections),
                new XElement("main", sections.Select(section => section.ToHtml())),
                new XElement("footer", $"Made by Datamodels {version}.")));
    }

    private static XElement Contents(IReadOnlyList<Section> sections) => new(
        "nav", new XAttribute("aria-label", "Contents"),
        new XElement("ul", sections.Select(section =>
            new XElement("li", new XElement("a", new XAttribute("href", $"#{section.Id}"), section.Title)))));

    private static string Style()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
