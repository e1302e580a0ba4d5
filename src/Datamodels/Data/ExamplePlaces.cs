namespace Datamodels.Data;

/// <summary>Where each example of a set was read, so that a user finds it again in the files.</summary>
/// <param name="texts">What stands before and after an example's number, of each file.</param>
/// <param name="files">Index into <paramref name="texts"/> of each example, <c>[examples]</c>.</param>
/// <param name="numbers">Number of each example in its file, <c>[examples]</c>.</param>
internal sealed class ExamplePlaces(IReadOnlyList<(string Before, string After)> texts, int[] files, long[] numbers)
{
    /// <summary>Such as <c>digits.csv, line 250</c>.</summary>
    public string this[int example]
    {
        get
        {
            (string before, string after) = texts[files[example]];
            return FormattableString.Invariant($"{before}{numbers[example]}{after}");
        }
    }
}
