using System.Globalization;

namespace Datamodels.Data;

/// <summary>Turns labels as they are written into classes.</summary>
internal static class ClassNames
{
    private const double LargestExactWhole = 1L << 53;

    /// <summary>
    /// The classes in order, and the class of each example. Where every label is a whole number (<c>3</c>, <c>3.0</c>) the
    /// classes are the numbers, ascending; else the texts, in ordinal order.
    /// </summary>
    public static (string[] Classes, int[] Labels) Of(IReadOnlyList<string> texts)
    {
        string[] names = new string[texts.Count];
        bool whole = true;
        for (int i = 0; whole && i < names.Length; i++)
        {
            whole = double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number == Math.Floor(number) && Math.Abs(number) <= LargestExactWhole;
            names[i] = whole ? ((long)number).ToString(CultureInfo.InvariantCulture) : "";
        }

        if (!whole)
        {
            names = [.. texts];
        }

        string[] classes = [.. names.Distinct()];
        Array.Sort(classes, whole
            ? (a, b) => long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))
            : string.CompareOrdinal);
        var indices = new Dictionary<string, int>(classes.Length);
        for (int c = 0; c < classes.Length; c++)
        {
            indices.Add(classes[c], c);
        }

        return (classes, Array.ConvertAll(names, name => indices[name]));
    }
}
