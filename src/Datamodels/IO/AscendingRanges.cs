using System.Globalization;
using System.Text;

namespace Datamodels.IO;

/// <summary>Ascending integers written as ranges.</summary>
internal static class AscendingRanges
{
    /// <summary>Such as <c>0-99 101</c>.</summary>
    /// <param name="numbers">The numbers, at least 0, ascending.</param>
    /// <param name="separator">What is between two ranges.</param>
    public static string Format(IReadOnlyList<int> numbers, char separator)
    {
        var text = new StringBuilder();
        for (int first = 0; first < numbers.Count;)
        {
            int last = first;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
            {
                last++;
            }

            if (first > 0)
            {
                text.Append(separator);
            }

            text.Append(CultureInfo.InvariantCulture, $"{numbers[first]}");
            if (last > first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{numbers[last]}");
            }

            first = last + 1;
        }

        return text.ToString();
    }
}
