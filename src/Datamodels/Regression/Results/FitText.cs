using System.Globalization;
using Datamodels.IO;
using Datamodels.Learners;

namespace Datamodels.Regression;

/// <summary>
/// A fit in words, as it stands in a file of datamodels: the settings that its numbers depend on, the output, and the rows.
/// Keys are the properties of <see cref="FitOptions"/> in camelCase.
/// </summary>
/// <param name="Options">The settings.</param>
/// <param name="Output">What was fitted.</param>
/// <param name="Rows">The rows that were fitted on.</param>
internal sealed record FitText(FitOptions Options, OutputKind Output, FittedRows Rows)
{
    // More than any run has: what a damaged or foreign file names beyond is not made room for.
    private const int ModelLimit = 1 << 24;

    private const string InsideZeroOne = "a number inside (0, 1)";

    private static readonly string[] s_keys =
    [
        "method", "output", "modelCount", "l1Ratio", "lambdaCount", "epsilon", "patience", "heldOut", "folds", "pathTolerance",
        "tolerance", "models", "rows",
    ];

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is from, for errors.</param>
    /// <exception cref="DatamodelException">It is not such a text.</exception>
    public static FitText Read(string text, string path)
    {
        YamlSection fit = YamlSection.Read(new StringReader(text), path, s_keys).Complete("modelCount", "patience");
        var options = new FitOptions
        {
            Method = fit.Name("method", default(FitMethod)),
            ModelCount = fit.Has("modelCount") ? fit.Int32("modelCount", min: 1) : null,
            L1Ratio = fit.Number("l1Ratio", null, "a number inside (0, 1]", value => value is > 0 and <= 1),
            LambdaCount = fit.Int32("lambdaCount", min: 2),
            Epsilon = Fraction("epsilon"),
            Patience = fit.Has("patience") ? fit.Int32("patience", min: 1) : null,
            HeldOut = Fraction("heldOut"),
            Folds = fit.Int32("folds"),
            PathTolerance = Fraction("pathTolerance"),
            Tolerance = Fraction("tolerance"),
        };
        EquatableList<int> models = fit.Parsed<EquatableList<int>>(
            "models", FormattableString.Invariant($"ascending ranges, such as 0-99 101, of models below {ModelLimit}"), TryParse);
        return new FitText(options, fit.Name("output", OutputKind.Margin), new FittedRows(models, fit.Text("rows")));

        double Fraction(string key) => fit.Number(key, null, InsideZeroOne, value => value is > 0 and < 1);
    }

    /// <summary>The text.</summary>
    public string Write() => YamlWriter.Write(fit =>
    {
        fit.Text("method", Options.Method.ToString());
        fit.Text("output", Output.ToString());
        if (Options.ModelCount is int modelCount)
        {
            fit.Number("modelCount", modelCount);
        }

        fit.Number("l1Ratio", Options.L1Ratio);
        fit.Number("lambdaCount", Options.LambdaCount);
        fit.Number("epsilon", Options.Epsilon);
        if (Options.Patience is int patience)
        {
            fit.Number("patience", patience);
        }

        fit.Number("heldOut", Options.HeldOut);
        fit.Number("folds", Options.Folds);
        fit.Number("pathTolerance", Options.PathTolerance);
        fit.Number("tolerance", Options.Tolerance);
        // Mostly all models, or all but a few.
        fit.Text("models", AscendingRanges.Format(Rows.Models, ' '));
        fit.Text("rows", Rows.Fingerprint);
    });

    private static bool TryParse(string text, out EquatableList<int> models)
    {
        var found = new List<int>();
        models = [];
        foreach (string range in text.Split(' '))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out int first) || !TryParse(ends[^1], out int last)
                || first > last || (found.Count > 0 && first <= found[^1]))
            {
                return false;
            }

            found.AddRange(Enumerable.Range(first, last - first + 1));
        }

        models = [.. found];
        return true;
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < ModelLimit;
}
