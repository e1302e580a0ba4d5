using System.Globalization;
using System.Xml.Linq;
using Datamodels.Data;
using Datamodels.Report.Html;
using Datamodels.Runs;

namespace Datamodels.Report.Pictures;

/// <summary>Pictures of the examples of one run with words below; words alone where its features are no pixels.</summary>
internal sealed class RunPictures
{
    /// <summary>Of a run whose examples are no pictures.</summary>
    public static readonly RunPictures None = new(null, null);

    // On the screen, in CSS pixels.
    private const int ShownHeight = 52;

    private readonly TrainingData? _data;
    private readonly TargetSelection? _targets;
    private readonly PixelRange? _range;

    private RunPictures(TrainingData? data, TargetSelection? targets)
    {
        _data = data;
        _targets = targets;
        _range = data is null ? null : PixelRange.Of(data);
    }

    /// <summary>Whether there are pictures.</summary>
    public bool Any => _data is not null;

    /// <summary>The pictures of a run.</summary>
    /// <exception cref="DatamodelException">The data cannot be read again.</exception>
    public static RunPictures Of(SubsetTraining run) =>
        run.Spec.ClassCount > 0 && run.Data.ImageShape is { Channels: 1 or 3 }
            ? new RunPictures(run.Data, run.Spec.Observation.Targets)
            : None;

    /// <summary>A target, by its number in the run.</summary>
    public XElement Target(int target, string label) => Shown(TargetPicture(target), target, label, weight: null);

    /// <summary>The picture of a target without words; null where there is none.</summary>
    public XElement? TargetPicture(int target)
    {
        ExampleSet? set = _targets?.Set == TargetSet.Train ? _data?.Train : _data?.Test;
        return set is null ? null : Image(set.Row(_targets!.ExampleOf(target)), $"target {Invariant(target)}");
    }

    /// <summary>A training example.</summary>
    /// <param name="example">Its index.</param>
    /// <param name="label">Its class name.</param>
    /// <param name="weight">Its weight, signed; null where there is none to say.</param>
    public XElement Example(int example, string label, double? weight = null) =>
        Shown(
            _data is null ? null : Image(_data.Train.Row(example), $"training example {Invariant(example)}"),
            example, label, weight);

    /// <summary>The heading of what is shown of one target.</summary>
    public static XElement Heading(int target, string label) =>
        new("h3", $"Target {Invariant(target)}", Markup.Classed("span", "label", label));

    /// <summary>Several side by side.</summary>
    public static XElement Row(IEnumerable<XElement> pictures) => Markup.Classed("div", "row", pictures);

    /// <summary>Several side by side, and before them what they are.</summary>
    public static XElement NamedRow(string name, IEnumerable<XElement> pictures) =>
        Markup.Classed("div", "named", Markup.Classed("p", "name", name), Row(pictures));

    private static XElement Shown(XElement? picture, int number, string label, double? weight) => Markup.Classed(
        "span", weight switch { > 0 => "example helps", < 0 => "example hurts", _ => "example" },
        picture,
        weight is { } shown ? new XElement("b", Numbers.Signed(shown)) : null,
        new XElement("small", Invariant(number), Markup.Classed("span", "label", label)));

    private XElement Image(ReadOnlySpan<float> features, string what)
    {
        ImageShape shape = _data!.ImageShape!.Value;
        (byte[] pixels, int width, int height) = _range!.Pixels(features);
        string png = Convert.ToBase64String(PngImage.Encode(pixels, width, shape.Channels));
        return new XElement(
            "img",
            new XAttribute("src", $"data:image/png;base64,{png}"),
            new XAttribute("alt", $"Picture of {what}"),
            new XAttribute("width", Invariant(Math.Clamp(ShownHeight * width / height, ShownHeight / 4, ShownHeight * 4))),
            new XAttribute("height", Invariant(ShownHeight)));
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
