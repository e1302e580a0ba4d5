using System.Globalization;

namespace Datamodels.Data;

/// <summary>Turns labels as they are written into classes.</summary>
internal static class ClassNames
{
    private const double LargestExactWhole = 1L << 53;

    /// <summary>
    /// The classes in order, and the class of each text. Where every label is a whole number (<c>3</c>, <c>3.0</c>) the
    /// classes are the numbers, ascending; else the texts, in ordinal order.
    /// </summary>
    /// <param name="texts">Every label at least once.</param>
    public static (string[] Classes, Dictionary<string, int> ClassOf) Of(IReadOnlyCollection<string> texts)
    {
        var nameOf = new Dictionary<string, string>(texts.Count);
        bool whole = true;
        foreach (string text in texts)
        {
            whole &= double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number == Math.Floor(number) && Math.Abs(number) <= LargestExactWhole;
            nameOf[text] = whole ? ((long)number).ToString(CultureInfo.InvariantCulture) : "";
        }

        string[] classes = [.. whole ? nameOf.Values.Distinct() : nameOf.Keys];
        Array.Sort(classes, whole
            ? (a, b) => long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))
            : string.CompareOrdinal);
        var indexOf = new Dictionary<string, int>(classes.Length);
        foreach (string name in classes)
        {
            indexOf.Add(name, indexOf.Count);
        }

        return (classes, nameOf.Keys.ToDictionary(text => text, text => indexOf[whole ? nameOf[text] : text]));
    }
}
