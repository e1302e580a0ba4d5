using System.Globalization;

namespace Datamodels.Report.Html;

/// <summary>Numbers as a reader sees them, in the invariant culture and with a true minus sign.</summary>
internal static class Numbers
{
    /// <summary>What stands for a number that is not there.</summary>
    public const string None = "–";

    /// <summary>Such as <c>1,497</c>.</summary>
    public static string Count(int count) => Text(count, "N0");

    /// <summary>Such as <c>1 target</c> or <c>1,497 targets</c>.</summary>
    public static string Count(int count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Several, such as <c>10 or 20</c>.</summary>
    public static string Counts(IEnumerable<int> counts) => string.Join(" or ", counts.Select(Count));

    /// <summary>A number with as many decimals as asked for.</summary>
    public static string Fixed(double? value, int decimals = 3) => Text(value, $"F{decimals}");

    /// <summary>A number as short as it can be said to six digits.</summary>
    public static string Short(double? value) => Text(value, "#,0.######");

    /// <summary>A number of any size, such as <c>3.2e-09</c>.</summary>
    public static string Tiny(double? value) => value == 0 ? "0" : Text(value, "0.0e+00");

    /// <summary>Such as <c>+0.634</c>.</summary>
    public static string Signed(double value, int decimals = 3) => (value > 0 ? "+" : "") + Fixed(value, decimals);

    /// <summary>Such as <c>0.884 ± 0.004</c>.</summary>
    public static string WithError(double? value, double? error, int decimals = 3) =>
        value is null || error is null ? Fixed(value, decimals) : $"{Fixed(value, decimals)} ± {Fixed(error, decimals)}";

    /// <summary>A fraction as <c>78 %</c>.</summary>
    public static string Percent(double? fraction, int decimals = 0) =>
        fraction is null ? None : $"{Fixed(100 * fraction, decimals)} %";

    private static string Text(double? value, string format)
    {
        if (value is not { } number || double.IsNaN(number))
        {
            return None;
        }

        // What is rounded to 0 has no sign.
        string text = number.ToString(format, CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') ? text.Replace('-', '−') : text.TrimStart('-');
    }
}
