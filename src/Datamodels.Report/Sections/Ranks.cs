namespace Datamodels.Report.Sections;

/// <summary>Ranked objects that do not say what run or fit they are of.</summary>
internal static class Ranks
{
    /// <summary>Refuses objects of several fits, which are shown by the same rank twice.</summary>
    /// <param name="items">The objects, each once.</param>
    /// <param name="placeOf">Of what, and at which rank, an object is.</param>
    /// <exception cref="DatamodelException"><c>ReportRunUnknown</c>: there are two of one place.</exception>
    public static void RequireOneFit<T, TPlace>(IEnumerable<T> items, Func<T, TPlace> placeOf)
        where T : notnull
    {
        if (items.GroupBy(placeOf).Select(place => place.Take(2).ToArray()).FirstOrDefault(place => place.Length > 1)
            is [var first, var second])
        {
            throw new DatamodelException(
                "ReportRunUnknown", ErrorKind.InvalidArgument,
                $"'{first}' and '{second}' have the same rank, so that they are of several runs or fits, and nothing says which; "
                + "export each run and fit by itself.");
        }
    }
}
